"""The criteria by which a text is reviewed: published, versioned, and cited by every veto.

Pure. `blog.criteria.reading` reads the file: the operator's own, or the one that ships.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.canonical import sha256
from archive.errors import InputError, Place
from archive.identifiers import check_slug

OTHER = "other"
FURTHER: Mapping[str, str] = {
    "model-wish": "the model's own wish",
    OTHER: "another reason",
}
"""Classes of a veto or a withdrawal that are no criterion, with their names."""

FEWEST_WORDS, MOST_WORDS = 8, 1000
"""A shorter run of words is anybody's."""

DEFAULT_WORDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that a text is read for."""

    id: str
    name: str
    means: str
    words: int = DEFAULT_WORDS  # of "overlap": the shortest run that is flagged


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """One version of the criteria."""

    version: int
    sha256: str  # of the file
    criteria: Sequence[Criterion]

    @property
    def classes(self) -> dict[str, str]:
        """The classes that a veto or a withdrawal may have, with their names."""
        return {one.id: one.name for one in self.criteria} | dict(FURTHER)

    def criterion(self, identifier: str) -> Criterion | None:
        """Return the criterion with that id, if it is one of them."""
        return next((one for one in self.criteria if one.id == identifier), None)

    def check_class(self, named: str) -> str:
        """Return the class `named`.

        Raises:
            InputError: There is none such.
        """
        if named in self.classes:
            return named
        raise InputError(
            f"no such class: {named!r}",
            at="--class",
            mend=f"The classes are {', '.join(self.classes)}; `emeritus post criteria` explains them.",
        )


def parse(source: bytes, *, name: str) -> Criteria:
    """Return the criteria that the file `name` holds.

    Raises:
        InputError: It is no TOML, or something in it is missing or of the wrong kind.
    """
    try:
        document = tomllib.loads(source.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"not TOML: {error}", at=name, mend="Correct the line that the message names."
        ) from error
    if unknown := document.keys() - {"version", "criterion"}:
        raise _wrong("no such field", name, min(unknown), "There are version and [[criterion]].")
    version, rows = document.get("version"), document.get("criterion")
    if not isinstance(version, int) or isinstance(version, bool) or not 0 < version < 2**31:
        raise _wrong("not a number from 1 on", name, "version", "Write version = 1, and raise it.")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _wrong("there is none", name, "criterion", "Write at least one [[criterion]].")
    criteria = [_criterion(row, name, number) for number, row in enumerate(rows)]
    ids = [one.id for one in criteria]
    for number, identifier in enumerate(ids):
        if identifier in FURTHER or identifier in ids[:number]:
            raise _wrong("is taken", name, f"criterion[{number}].id", "Give it an id of its own.")
    return Criteria(version=version, sha256=sha256(source), criteria=criteria)


def _criterion(row: Mapping[str, Any], name: str, number: int) -> Criterion:
    field = f"criterion[{number}]"
    if unknown := row.keys() - {"id", "name", "means", "words"}:
        mend = "A criterion has id, name, means and words."
        raise _wrong("no such field", name, f"{field}.{min(unknown)}", mend)
    for key in ("id", "name", "means"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise _wrong("missing", name, f"{field}.{key}", f'Give it {key} = "…".')
    words = row.get("words", DEFAULT_WORDS)
    if type(words) is not int or not FEWEST_WORDS <= words <= MOST_WORDS:
        mend = f"Write a number from {FEWEST_WORDS} to {MOST_WORDS}."
        raise _wrong("not a number of words", name, f"{field}.words", mend)
    return Criterion(
        id=check_slug(row["id"], at=f"{name}: {field}.id"),
        name=row["name"],
        means=row["means"],
        words=words,
    )


def _wrong(what: str, name: str, field: str, mend: str) -> InputError:
    return InputError(what, at=Place(name, field=field), mend=mend)
