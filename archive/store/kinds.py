"""Kinds: what can be sealed in the store and released, and how a wing offers it.

Pure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.store.erasure import Erasure

if TYPE_CHECKING:  # the workspace imports tables; a kind only names them
    from sqlmodel import SQLModel

    from archive.store.writing import Source
    from archive.workspace.workspace import Workspace

SCHEMAS_OBJECT = "urn:uuid:01939f6e-5c00-7000-8000-656d65726974"
"""The object that holds the schemas of all records: the same in every store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What one archival object holds in its next version.

    Equal state gives equal bytes: a deposit that equals the sealed version is not sealed again.
    """

    object_id: str  # urn:uuid:…
    title: str  # the first line of its README.txt
    record: Mapping[str, Any]  # record.json, less its $schema
    files: "Mapping[str, Source]"  # the kind's own files, by their path in the object


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the last version of an archival object holds, for its kind to restore rows from."""

    record: Mapping[str, Any]  # record.json
    paths: Collection[str]  # of all its files
    read: Callable[[str], bytes]  # the bytes of the file at a path


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of thing that is kept: `model`, `session`, `turn`, `post`, `policy`."""

    name: str
    find: "Callable[[Workspace, str], str] | None"
    """Return the subject's id for what a person typed; InputError if there is none such, or
    if it is not in a state to be released. None: nobody names it; it is not released, and
    sealed only with all else."""
    sealable: "Callable[[Workspace], Sequence[str]] | None" = None
    """The subjects that are in a state to be sealed; None: sealed as part of another kind."""
    deposit: "Callable[[Workspace, str], Deposit] | None" = None
    schema: Path | None = None  # the JSON Schema of record.json
    restore: "Callable[[Kept], Iterable[SQLModel]] | None" = None
    """The rows of the database from which the same deposit would be made, in any order; None:
    no row follows from it. KeyError, TypeError or ValueError if it is not what a deposit holds."""
    erasure: Erasure | None = None  # None: nothing of this kind is deleted by itself
    logged: bool = True  # False: the log itself, which cannot hold its own seal
