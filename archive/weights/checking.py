"""Reading weight files again, where they were registered or in a copy elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import EmeritusError, InputError, ServiceError
from archive.records.models import load_model
from archive.times import now, to_text
from archive.weights.finding import find_in
from archive.weights.inventory import (
    FixityCheck,
    Outcome,
    WeightFile,
    folders_of,
    weight_files_of,
)
from archive.weights.reading import OnBytes, read_weight_file
from archive.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one look at one file found."""

    path: str
    name: str
    outcome: Outcome
    expected: str | None = None  # sha256, hex; None: it is not on record
    found: str | None = None  # sha256, hex; None: it was not read
    why: str | None = None  # it could not be read
    at: str


def files_to_check(workspace: Workspace, slug: str) -> list[WeightFile]:
    """Return a model's weight files.

    Raises:
        InputError: There is no such model, or it has none.
    """
    with workspace.database.reading() as session:
        load_model(session, slug)
        files = [WeightFile(**file.model_dump()) for file in weight_files_of(session, slug)]
    if not files:
        raise InputError(
            "no weight file is registered",
            at=slug,
            mend=f"Register one with `emeritus weights register {slug} PATH`.",
        )
    return files


def verify(workspace: Workspace, slug: str, *, on_bytes: OnBytes) -> Iterator[Checked]:
    """Read every weight file of a model again, then name what its folders hold besides.

    Each reading is kept as it is made, whatever it found; one that failed stops no other.

    Raises:
        InputError: There is no such model, or it has no weight file.
    """
    files = files_to_check(workspace, slug)
    for file in files:
        yield verify_file(workspace, file, on_bytes=on_bytes)
    yield from _extras(workspace, slug, {file.path for file in files})


def verify_file(workspace: Workspace, file: WeightFile, *, on_bytes: OnBytes) -> Checked:
    """Read one weight file again where it was registered, and keep what was found."""
    checked = check(file, Path(file.path), on_bytes=on_bytes)
    row = FixityCheck(
        file=file.id,
        expected=file.sha256,
        found=checked.found,
        outcome=checked.outcome,
        checked_at=checked.at,
    )
    with workspace.database.writing() as session:
        session.add(row)
    return checked


def check(file: WeightFile, path: Path, *, on_bytes: OnBytes) -> Checked:
    """Read the copy of `file` that should stand at `path`."""
    outcome, found, why = Outcome.SOUND, None, None
    try:
        reading = read_weight_file(path, on_bytes=on_bytes)
        found = reading.sha256
        if (reading.sha256, reading.sha512) != (file.sha256, file.sha512):
            outcome = Outcome.CHANGED
    except (InputError, ServiceError) as error:
        outcome, why = _without_bytes(error), error.what
    return Checked(
        path=str(path),
        name=file.name,
        outcome=outcome,
        expected=file.sha256,
        found=found,
        why=why,
        at=to_text(now()),
    )


def _without_bytes(error: EmeritusError) -> Outcome:
    gone = isinstance(error.__cause__, FileNotFoundError | NotADirectoryError)
    return Outcome.MISSING if gone else Outcome.UNREADABLE


def _extras(workspace: Workspace, slug: str, known: set[str]) -> Iterator[Checked]:
    with workspace.database.reading() as session:
        folders = [Path(folder.path) for folder in folders_of(session, slug)]
    for folder in filter(Path.is_dir, folders):
        found = find_in(folder)
        named = [(str(file.path), None) for file in found.files]
        for path, why in [*named, *((refusal.at.name, refusal.what) for refusal in found.refused)]:
            if path not in known:
                known.add(path)
                name = path.removeprefix(f"{folder}/")
                yield Checked(
                    path=path, name=name, outcome=Outcome.EXTRA, why=why, at=to_text(now())
                )
