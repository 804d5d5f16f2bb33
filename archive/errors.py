"""The errors that people see: what, where, the mend; split by whose move is next.

`archive.cli.main` alone prints them and turns them into exit codes.
"""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is wrong: a file or a thing's name, its line and field if known."""

    name: str
    line: int | None = None
    field: str | None = None

    @override
    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        field = "" if self.field is None else f": {self.field}"
        return f"{self.name}{line}{field}"


class EmeritusError(Exception):
    """An error that a person can act on.

    Args:
        what: What is wrong, in one line.
        at: Where: a file, a record, a setting or an argument.
        mend: What to do about it, in one line or a few.
    """

    exit_code: ClassVar[int]

    def __init__(self, what: str, *, at: Place | str, mend: str) -> None:
        self.what = what
        self.at = at if isinstance(at, Place) else Place(at)
        self.mend = mend
        super().__init__(f"{self.at}: {what}\n  {mend}")

    @override
    def __reduce__(self) -> tuple[object, ...]:
        # so that one that another process raised is the same here
        return partial(type(self), at=self.at, mend=self.mend), (self.what,)


class FaultError(EmeritusError):
    """It ran and the answer is no: a check failed, or something was refused by rule."""

    exit_code = 1


class InputError(EmeritusError):
    """What someone wrote cannot be used."""

    exit_code = 2


class ServiceError(EmeritusError):
    """A service or a resource refused, or was not there."""

    exit_code = 3
