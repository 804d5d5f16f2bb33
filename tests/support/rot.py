"""Bit rot in each kind of file of a store, and what is logged of a workspace."""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlmodel import select

from archive.log.entries import LogEntry
from archive.workspace.workspace import open_workspace

KINDS: Mapping[str, str] = {
    "inventory": "*/*/*/*/v2/../inventory.json",
    "sidecar": "*/*/*/*/v2/../inventory.json.sha512",
    "version inventory": "*/*/*/*/v1/inventory.json",
    "version sidecar": "*/*/*/*/v1/inventory.json.sha512",
    "last version inventory": "*/*/*/*/v2/inventory.json",
    "content": "*/*/*/*/v2/content/record.json",
    "declaration": "*/*/*/*/0=ocfl_object_1.1",
    "root declaration": "0=ocfl_1.1",
    "layout": "ocfl_layout.json",
    "layout parameters": "extensions/*/config.json",
}
"""A pattern that finds files of each kind in a store with one object of two versions."""


def find(store: Path, kind: str) -> Path:
    """Return a file of that kind: the model's, if there are several."""
    found = sorted(path.resolve() for path in store.glob(KINDS[kind]))
    of_model = [
        path
        for path in found
        if any((folder / "v1/content/history.jsonl").exists() for folder in path.parents)
    ]
    return (of_model or found)[0]


def flip_bit(path: Path, *, at: int = 5) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def logged(workspace: Path, kind: str) -> list[dict[str, Any]]:
    """Return what the log has of one kind of act."""
    with closing(open_workspace(workspace)) as opened, opened.database.reading() as session:
        rows = session.exec(select(LogEntry).where(LogEntry.kind == kind).order_by(LogEntry.index))  # type: ignore[arg-type]  # a column
        return [json.loads(row.content or b"null") for row in rows]
