"""Registering weight files and reading them again: each file is one transaction."""

from collections.abc import Iterator
from pathlib import Path

from sqlmodel import Session, select

from archive.errors import FaultError, InputError, ServiceError
from archive.records.models import load_model
from archive.times import now, to_text
from archive.weights.inventory import FixityCheck, WeightFile, weight_files_of
from archive.weights.reading import OnBytes, describe_weight_file, read_weight_file
from archive.workspace.workspace import Workspace


def register(workspace: Workspace, slug: str, path: Path, *, on_bytes: OnBytes) -> WeightFile:
    """Read the file at `path` and put it into the inventory of the model `slug`.

    A file that is registered already, with the same bytes, is returned as it stands.

    Raises:
        InputError: There is no such model or file, or a GGUF is cut, damaged or none.
        FaultError: Other bytes are registered under this path.
        ServiceError: The file changed while it was read, or the disk failed.
    """
    where = path.resolve()
    with workspace.database.reading() as session:
        load_model(session, slug)
    found = describe_weight_file(where, on_bytes=on_bytes)
    with workspace.database.writing() as session:
        if known := _registered(session, slug, where):
            if known.sha256 == found.reading.sha256:
                return _detached(known)
            raise FaultError(
                "other bytes are registered under this path",
                at=str(where),
                mend="What is registered stays. Keep the new file under another name.",
            )
        file = WeightFile(
            model=slug,
            path=str(where),
            name=where.name,
            bytes=found.reading.bytes,
            sha256=found.reading.sha256,
            sha512=found.reading.sha512,
            format=found.format,
            facts=found.facts,
            needs=found.needs,
            registered_at=to_text(now()),
        )
        session.add(file)
        return _detached(file)


def verify(
    workspace: Workspace, slug: str, *, on_bytes: OnBytes
) -> Iterator[tuple[WeightFile, FixityCheck, str | None]]:
    """Read every weight file of a model again; yield each with what was found, and why not.

    Every reading is kept, whatever it found; one that failed does not stop the others.

    Raises:
        InputError: There is no such model, or it has no weight file.
    """
    with workspace.database.reading() as session:
        load_model(session, slug)
        files = [_detached(file) for file in weight_files_of(session, slug)]
    if not files:
        raise InputError(
            "no weight file is registered",
            at=slug,
            mend=f"Register one with `emeritus weights register {slug} PATH`.",
        )
    for file in files:
        found, why = _read_again(Path(file.path), on_bytes)
        check = FixityCheck(
            file=file.id, expected=file.sha256, found=found, checked_at=to_text(now())
        )
        with workspace.database.writing() as session:
            session.add(FixityCheck(**check.model_dump()))
        yield file, check, why


def _read_again(path: Path, on_bytes: OnBytes) -> tuple[str | None, str | None]:
    try:
        return read_weight_file(path, on_bytes=on_bytes).sha256, None
    except (InputError, ServiceError) as error:
        return None, error.what


def _registered(session: Session, slug: str, path: Path) -> WeightFile | None:
    rows = select(WeightFile).where(WeightFile.model == slug, WeightFile.path == str(path))
    return session.exec(rows).first()


def _detached(file: WeightFile) -> WeightFile:
    """Return a copy that outlives its database session."""
    return WeightFile(**file.model_dump())
