"""Recomputing the whole log: entries, bundles, tiles, root, signatures, and what others kept.

It reads the entries once, 256 at a time, and keeps of each level of the tree only the tile that
it fills: a log of any length is verified in the same memory.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from archive.canonical import as_kept
from archive.errors import EmeritusError, InputError
from archive.files import read_bounded
from archive.log import entries, merkle, rotations, tiles, witnesses, witnessing
from archive.log.entries import LogEntry
from archive.log.keyring import Keyring
from archive.log.keys import read_verifying_key
from archive.log.notes import Checkpoint, open_note_of
from archive.log.tiles import CHECKPOINT, LONGEST_NOTE, WIDTH, content_of, tile_path
from archive.log.witnesses import LogWitness
from archive.workspace.workspace import Workspace

_SHOWN = 100  # findings that are kept; of more only the number


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was signed."""

    at: str  # a file
    message: str
    index: int | None = None  # of the first entry that it concerns

    def to_text(self) -> str:
        return f"{self.at}: {self.message}"


@dataclass(slots=True)
class Report:
    """What verifying a log found."""

    origin: str
    keys: Sequence[str] = ()  # vkeys, oldest first
    checkpoint: Checkpoint | None = None
    entries: int = 0  # in the database
    destroyed: int = 0  # of which the content is not there
    kept: list[tuple[str, int]] = field(default_factory=list)  # consistent: file, entries
    witnessed: list[LogWitness] = field(default_factory=list)  # what of them holds
    findings: list[Finding] = field(default_factory=list)
    found: int = 0  # findings, also those that are not kept

    def add(self, at: object, message: str, index: int | None = None) -> None:
        """Put a finding on the report."""
        self.found += 1
        if len(self.findings) < _SHOWN:
            self.findings.append(Finding(str(at), message, index))

    def to_json(self) -> dict[str, Any]:
        """Return the report as one JSON document."""
        signed = self.checkpoint
        return {
            "valid": not self.found,
            "origin": self.origin,
            "keys": list(self.keys),
            "size": signed and signed.size,
            "root": signed and signed.root.hex(),
            "entries": self.entries,
            "destroyed": self.destroyed,
            "consistent_with": [{"file": file, "size": size} for file, size in self.kept],
            "witnesses": [
                {"id": row.id, "kind": row.kind, "name": row.name, "size": row.size, "at": row.at}
                for row in self.witnessed
            ],
            "errors": [
                {"file": found.at, "index": found.index, "message": found.message}
                for found in self.findings
            ],
            "errors_found": self.found,
        }

    def to_text(self) -> str:
        """Return the report for a terminal: a line for each finding, then the verdict."""
        lines = [found.to_text() for found in self.findings]
        if self.found > len(self.findings):
            lines.append(f"and {self.found - len(self.findings)} more")
        lines += [f"{file}: grew from its {size} entries" for file, size in self.kept]
        lines += [row.to_text() for row in self.witnessed]
        signed = "no checkpoint" if self.checkpoint is None else f"{self.checkpoint.size} signed"
        lines.append(
            f"{'not valid' if self.found else 'valid'}: {self.origin}, {self.entries} entries, "
            f"{signed}, {self.destroyed} of them without their content"
        )
        return "\n".join(lines)


def verify(workspace: Workspace, kept: Sequence[Path], advance: Callable[[int], None]) -> Report:
    """Recompute everything; `kept` are earlier checkpoints, `advance` is told of entries read.

    Raises:
        InputError: A kept checkpoint or the public key cannot be read.
        ServiceError: The database refused.
    """
    notes = [(str(path), read_kept(path)) for path in kept]
    note = tiles.read_note(workspace.log)  # before the database, which is never behind it
    with workspace.database.reading() as session:
        report = Report(origin=read_verifying_key(workspace.keys).name)
        try:
            keyring = rotations.read_keyring(session, workspace.keys)
        except InputError:
            raise
        except EmeritusError as error:
            report.add(error.at, error.what)
            return report
        report.keys = [key.text for key in keyring.keys]
        report.checkpoint = _opened(workspace.log / CHECKPOINT, note, keyring, report)
        _check_entries(workspace, session, report, advance)
        _check_partial_tiles(workspace.log, report)
        _check_rotations(workspace, session, keyring, report)
        _check_witnesses(workspace, session, keyring, report)
    for name, content in notes:
        _check_kept(workspace.log, name, content, keyring, report)
    return report


def read_kept(path: Path) -> bytes:
    """Return the bytes of a checkpoint that somebody kept.

    Raises:
        InputError: It cannot be read.
    """
    try:
        return read_bounded(path.resolve(), LONGEST_NOTE)
    except ValueError as error:
        raise InputError(
            f"no checkpoint: {error}", at=str(path), mend="Name a file that holds one of this log."
        ) from error
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}",
            at=str(path),
            mend="Name a file that holds a checkpoint of this log.",
        ) from error


def _opened(path: Path, note: bytes | None, keyring: Keyring, report: Report) -> Checkpoint | None:
    if note is None:
        report.add(path, "is not there: nothing says how many entries were signed")
        return None
    try:
        return keyring.open_checkpoint(note, at=str(path))
    except EmeritusError as error:
        report.add(path, error.what)
        return None


def _check_entries(
    workspace: Workspace, session: Session, report: Report, advance: Callable[[int], None]
) -> None:
    """Check the entries against what was signed, and the tree over them against its tiles."""
    log, database = workspace.log, workspace.database.name
    signed = 0 if report.checkpoint is None else report.checkpoint.size
    tree = _Tree(log, report)
    report.entries = size = entries.size(session)
    for start in range(0, max(signed, size), WIDTH):
        rows = {row.index: row for row in _rows(session, start)}
        end = min(start + WIDTH, max(signed, size))
        missing = [index for index in range(start, end) if index not in rows]
        if missing:
            report.add(database, _gone(missing, signed), missing[0])
        for row in rows.values():
            report.destroyed += row.content is None
            if (damage := entries.damage(row)) is not None:
                report.add(database, f"entry {row.index}: {damage}", row.index)
        width = min(WIDTH, signed - start)
        if width > 0:
            ours = [
                merkle.leaf_hash(rows[index].leaf) if index in rows else None
                for index in range(start, start + width)
            ]
            for leaf in _agreed(workspace, start, ours, report):
                tree.add(leaf)
        session.expunge_all()
        advance(len(rows))
    tree.finish()
    if report.checkpoint and tree.root(signed) != report.checkpoint.root:
        report.add(log / CHECKPOINT, "its root is not that of the entries")


def _rows(session: Session, start: int) -> Sequence[LogEntry]:
    index = col(LogEntry.index)
    rows = select(LogEntry).where(index >= start, index < start + WIDTH).order_by(index)
    return session.exec(rows).all()


def _gone(missing: Sequence[int], signed: int) -> str:
    first, last = missing[0], missing[-1]
    which = f"entry {first} is" if first == last else f"entries from {first} to {last} are"
    return f"{which} not there{', but signed' if first < signed else ''}"


def _agreed(
    workspace: Workspace, start: int, ours: Sequence[bytes | None], report: Report
) -> Iterator[bytes]:
    """Yield the leaf hash of each entry; of database, bundle and tile two outvote the third."""
    log, number, width = workspace.log, start // WIDTH, len(ours)
    bundle = _read_bundle(log, number, width, report)
    hashes = _read_hashes(log, 0, number, width, report)
    for index, (row, entry, stored) in enumerate(zip(ours, bundle, hashes, strict=True), start):
        held = None if entry is None else merkle.leaf_hash(entry)
        voices = [voice for voice in (stored, held, row) if voice is not None]
        agreed = max(voices, key=voices.count, default=merkle.EMPTY_ROOT)
        changed = f"entry {index} is not the one that was signed"
        if row not in {None, agreed}:
            report.add(workspace.database.name, changed, index)
        if held not in {None, agreed}:
            report.add(log / tile_path("entries", number, width), changed, index)
        if stored not in {None, agreed}:
            at = log / tile_path(0, number, width)
            report.add(at, f"the hash of entry {index} is wrong", index)
        yield agreed


def _read_bundle(log: Path, number: int, width: int, report: Report) -> list[bytes | None]:
    try:
        return list(tiles.read_bundle(log, number, width))
    except EmeritusError as error:
        report.add(error.at, error.what, number * WIDTH)
        return [None] * width


def _read_hashes(
    log: Path, level: int, number: int, width: int, report: Report
) -> list[bytes | None]:
    try:
        return list(tiles.read_tile(log, level, number, width))
    except EmeritusError as error:
        report.add(error.at, error.what, number * WIDTH ** (level + 1))
        return [None] * width


class _Tree:
    """The tree over the leaves so far: of each level the hashes of its last tile."""

    def __init__(self, log: Path, report: Report) -> None:
        self._log, self._report = log, report
        self._open: list[list[bytes]] = []
        self._full: list[int] = []

    def add(self, found: bytes, level: int = 0) -> None:
        """Take the next hash of a level; a tile that it fills is checked."""
        if level == len(self._open):
            self._open.append([])
            self._full.append(0)
        row = self._open[level]
        row.append(found)
        if len(row) == WIDTH:
            self._check(level, row)
            self.add(merkle.full_root(row), level + 1)
            self._full[level] += 1
            row.clear()

    def finish(self) -> None:
        """Check the last tile of each level."""
        for level, row in enumerate(self._open):
            if row:
                self._check(level, row)

    def root(self, size: int) -> bytes:
        """Return the root over the leaves, of which there are `size`."""

        def subtree(height: int, index: int) -> bytes:
            level, rest = divmod(height, 8)
            start = (index << rest) % WIDTH
            return merkle.full_root(self._open[level][start : start + (1 << rest)])

        return merkle.root(size, subtree)

    def _check(self, level: int, row: Sequence[bytes]) -> None:
        if level == 0:  # compared with its entries before
            return
        number, span = self._full[level], WIDTH**level
        stored = _read_hashes(self._log, level, number, len(row), self._report)
        for at, (there, due) in enumerate(zip(stored, row, strict=True), number * WIDTH):
            if there not in {None, due}:
                path = self._log / tile_path(level, number, len(row))
                message = (
                    f"the hash over the entries from {at * span} to {(at + 1) * span - 1} is wrong"
                )
                self._report.add(path, message, at * span)


def _check_partial_tiles(log: Path, report: Report) -> None:
    """Check the tiles that older checkpoints need: each is the beginning of the widest one."""
    for folder in (log / "tile").rglob("*.p"):
        written = (path for path in folder.iterdir() if not path.name.startswith("."))
        parts = sorted(written, key=lambda path: (len(path.name), path.name))
        full = folder.with_suffix("")
        widest = content_of(full if full.is_file() else parts[-1]) if parts else b""
        for part in parts:
            content = content_of(part)
            if not content or not widest.startswith(content):
                report.add(part, "is not the beginning of the tile that followed it")


def _check_rotations(
    workspace: Workspace, session: Session, keyring: Keyring, report: Report
) -> None:
    """Follow the keys from the first: each names the next in the log, and both sign that."""
    previous = keyring.keys[0].text
    for row in rotations.handovers(session):
        at = f"{workspace.database.name}: hand-over at entry {row.index}"
        entry = session.get(LogEntry, row.index)
        if row.old != previous or entry is None or entry.kind != rotations.KIND:
            report.add(at, "does not follow from the key before it", row.index)
        elif not _names(entry, row):
            report.add(at, "the log's entry names other keys", row.index)
        elif _signed_by_both(row, keyring, at, report):
            _check_kept(workspace.log, at, row.note.encode(), keyring, report, remark=False)
        previous = row.new


def _signed_by_both(row: rotations.LogHandover, keyring: Keyring, at: str, report: Report) -> bool:
    try:
        _, signers = open_note_of(row.note.encode(), keyring.keys, at=at)
    except EmeritusError as error:
        report.add(at, error.what, row.index)
        return False
    if not {row.old, row.new} <= {key.text for key in signers}:
        report.add(at, "was not signed by both keys", row.index)
        return False
    return True


def _names(entry: LogEntry, row: rotations.LogHandover) -> bool:
    if entry.content is None:  # destroyed; the leaf holds the id of the new key still
        return True
    stated = json.loads(as_kept(entry.content))
    return (stated["old"], stated["new"]) == (row.old, row.new)


def _check_witnesses(
    workspace: Workspace, session: Session, keyring: Keyring, report: Report
) -> None:
    """Check what witnesses said, that it is of this log, and that all of it is there."""
    rows = session.exec(select(LogEntry).where(LogEntry.kind == witnesses.KIND))
    stated = {entry.subject: entry for entry in rows}
    for row in witnesses.witnesses(session):
        at = f"{workspace.database.name}: witness {row.id}"
        entry = stated.pop(row.id, None)
        index = None if entry is None else entry.index
        if fault := entries.disagreement(entry, row.statement):
            report.add(at, fault, index)
            continue
        try:
            witnessing.check(row, keyring, at=at)
        except EmeritusError as error:
            report.add(error.at, error.what, index)
            continue
        before = report.found
        _check_kept(workspace.log, at, row.checkpoint.encode(), keyring, report, remark=False)
        if report.found == before:
            report.witnessed.append(row)
    for subject, entry in stated.items():
        if entry.content is None:  # logged after the last sealing, and the database was rebuilt
            continue
        at = f"{workspace.database.name}: witness {subject}"
        report.add(at, "is not there, but the log states it", entry.index)


def _check_kept(
    log: Path, name: str, note: bytes, keyring: Keyring, report: Report, *, remark: bool = True
) -> None:
    """Prove that the log grew from the checkpoint in `note` (RFC 6962, 2.1.2)."""
    try:
        old = keyring.open_checkpoint(note, at=name)
        now = report.checkpoint
        if now is None:
            return
        if old.size > now.size:
            what = f"of a longer log: {old.size} entries were signed, {now.size} are signed now"
            report.add(name, what, now.size)
            return
        hashes = tiles.stored_hashes(log, now.size)
        proof = merkle.consistency_proof(old.size, now.size, hashes)
        if not merkle.verify_consistency(old.size, now.size, proof, old.root, now.root):
            what = f"a fork: the log of now did not grow from its {old.size} entries"
            report.add(name, what)
        elif remark:
            report.kept.append((name, old.size))
    except EmeritusError as error:
        report.add(error.at, error.what)
