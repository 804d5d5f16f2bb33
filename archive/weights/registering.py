"""Registering weight files: each file is one transaction, so that a crash loses at most one."""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from archive.errors import FaultError, InputError, ServiceError
from archive.times import now, to_text
from archive.weights.finding import Candidate, Found, find
from archive.weights.formats import Format
from archive.weights.inventory import WeightFile, WeightFolder, weight_files_of
from archive.weights.opening import state_of
from archive.weights.reading import Description, OnBytes, describe_weight_file
from archive.weights.shard_index import disagreements
from archive.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Registered:
    """A file as it stands on record."""

    file: WeightFile
    was_read: bool  # False: it stands as it did when it was read before


def find_all(workspace: Workspace, paths: tuple[Path, ...]) -> Found:
    """Return what stands at `paths`, before anything is read.

    Raises:
        InputError: One names nothing that can be registered, or a folder around the workspace.
    """
    everything = Found()
    for path in paths:
        if path.is_dir() and workspace.root.is_relative_to(path.resolve()):
            raise InputError(
                "holds the workspace itself", at=str(path), mend="Name the folder of the weights."
            )
        found = find(path)
        everything.files.extend(found.files)
        everything.refused.extend(found.refused)
        everything.hidden.extend(found.hidden)
    return everything


def register(
    workspace: Workspace,
    slug: str,
    candidate: Candidate,
    *,
    on_bytes: OnBytes,
    again: bool = False,
) -> Registered:
    """Put one file into the inventory of the model `slug`.

    A file that is registered and was not written to since is not read, unless `again`.

    Raises:
        InputError: It is no longer there, or its header is damaged.
        FaultError: Other bytes are registered under this path.
        ServiceError: It changed while it was read, or the disk failed.
    """
    with workspace.database.reading() as session:
        known = _registered(session, slug, candidate)
        # a file that was registered by itself takes its place in a folder that is named later
        placed = known is not None and (known.folder is not None or candidate.folder is None)
        if known and placed and not again and known.state == _present_state(candidate.path):
            return Registered(_detached(known), was_read=False)
    found = describe_weight_file(candidate.path, name=candidate.name, on_bytes=on_bytes)
    with workspace.database.writing() as session:
        known = _registered(session, slug, candidate)
        if known and known.sha512 != found.reading.sha512:
            raise FaultError(
                "other bytes are registered under this path",
                at=str(candidate.path),
                mend="What is registered stays. Keep the new file under another name.",
            )
        file = known or _new_file(slug, candidate, found)
        file.state = found.reading.state
        if candidate.folder is not None and file.folder is None:
            file.folder = _folder(session, slug, candidate.folder).id
            file.name = candidate.name
        session.add(file)
        return Registered(_detached(file), was_read=True)


def incomplete(workspace: Workspace, slug: str) -> list[tuple[str, str]]:
    """Return how the shards of a model disagree with their index: the index's path, and how.

    Only headers are read.
    """
    with workspace.database.reading() as session:
        indexes = [
            file.path
            for file in weight_files_of(session, slug)
            if file.format == Format.SHARD_INDEX
        ]
    found = list[tuple[str, str]]()
    for path in indexes:
        try:
            found += [(path, how) for how in disagreements(Path(path))]
        except (InputError, ServiceError) as error:
            found.append((path, error.what))
    return found


def _new_file(slug: str, candidate: Candidate, found: Description) -> WeightFile:
    return WeightFile(
        model=slug,
        path=str(candidate.path),
        name=candidate.name,
        bytes=found.reading.bytes,
        sha256=found.reading.sha256,
        sha512=found.reading.sha512,
        format=found.format,
        facts=found.facts,
        needs=found.needs,
        registered_at=to_text(now()),
    )


def _folder(session: Session, slug: str, path: Path) -> WeightFolder:
    rows = select(WeightFolder).where(WeightFolder.model == slug, WeightFolder.path == str(path))
    folder = session.exec(rows).first() or WeightFolder(model=slug, path=str(path))
    session.add(folder)
    session.flush()
    return folder


def _registered(session: Session, slug: str, candidate: Candidate) -> WeightFile | None:
    rows = select(WeightFile).where(
        WeightFile.model == slug, WeightFile.path == str(candidate.path)
    )
    return session.exec(rows).first()


def _present_state(path: Path) -> str | None:
    try:
        return state_of(path.lstat())
    except OSError:
        return None  # reading it says why


def _detached(file: WeightFile) -> WeightFile:
    """Return a copy that outlives its database session."""
    return WeightFile(**file.model_dump())
