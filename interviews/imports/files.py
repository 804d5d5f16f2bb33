"""Files that are imported: which there are, in which form each is, and what it holds."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from interviews.imports.bounded import LARGEST, UnreadableError
from interviews.imports.chat_lines import read_lines
from interviews.imports.conversations import Conversation, Unread, plain
from interviews.imports.inspect_logs import read_eval, read_json
from interviews.imports.named_text import WHOLE, read_text

SUFFIXES = {".eval", ".json", ".jsonl", ".ndjson", ".txt"}
"""What is taken of a folder."""

Reader = Callable[[Path], Iterator[Conversation | Unread]]
_ZIP = b"PK"
_HEAD = 1 << 16  # bytes that the form is found by
_INSPECT = re.compile(rb'"(?:eval|samples|version)"\s*:')
_CHAT = re.compile(rb'"(?:messages|role)"\s*:')


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file as it is to be read."""

    path: Path
    sha256: str
    form: str

    @property
    def name(self) -> str:
        """Its name, as it is put on record."""
        return plain(self.path.name)

    def read(self) -> Iterator[Conversation | Unread]:
        """Yield what it holds."""
        return FORMS[self.form](self.path)


def files_of(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files; of a folder all below it that may be of one of the forms, in order."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, below, names in os.walk(path):
            below.sort()
            for name in sorted(names):
                if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                    yield Path(folder, name)


def open_source(path: Path, form: str | None) -> SourceFile | Unread:
    """Return a file with its digest and its form; None: the form is to be found."""
    if path.exists() and not path.is_file():  # a pipe would wait for ever
        return Unread(
            file=plain(str(path)),
            place=WHOLE,
            what="is no regular file",
            mend="Save what it gives to a file, and name that.",
        )
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Unread(
            file=plain(str(path)),
            place=WHOLE,
            what=f"cannot be read: {error.strerror}",
            mend="Name a file that is there and that you may read.",
        )
    return SourceFile(path=path, sha256=digest, form=form or form_of(head))


def form_of(head: bytes) -> str:
    """Return in which form a file is that begins so."""
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins.startswith(_ZIP):
        return INSPECT
    if not begins.startswith((b"{", b"[")):
        return TEXT
    line, _, _ = begins.partition(b"\n")
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        log, chat = _INSPECT.search(begins), _CHAT.search(begins)
        is_log = log is not None and (chat is None or log.start() < chat.start())
        return INSPECT if is_log else JSONL
    return INSPECT if isinstance(first, dict) and "eval" in first else JSONL


def _read_inspect(path: Path) -> Iterator[Conversation | Unread]:
    with path.open("rb") as file:
        packed = file.read(len(_ZIP)) == _ZIP
    return read_eval(path) if packed else read_json(path)


def _read_named_text(path: Path) -> Iterator[Conversation | Unread]:
    try:
        yield read_text(_whole(path))
    except UnreadableError as error:
        yield Unread(
            file=plain(path.name),
            place=WHOLE,
            what=str(error),
            mend="Save it as UTF-8; or say which form it is with --format inspect, jsonl or text.",
        )


def _whole(path: Path) -> bytes:
    if (size := path.stat().st_size) > LARGEST:
        raise UnreadableError(f"{size:,} bytes; at most {LARGEST:,} are read")
    return path.read_bytes()


INSPECT, JSONL, TEXT = "inspect", "jsonl", "text"
FORMS: dict[str, Reader] = {
    INSPECT: _read_inspect,
    JSONL: read_lines,
    TEXT: _read_named_text,
}
