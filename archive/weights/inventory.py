"""The inventory of weight files, and each time that one was read again.

Weights stay where they are and are named by digest.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from archive.identifiers import new_id


class WeightFolder(SQLModel, table=True):
    """A folder that was registered: what is in it and not on record is extra."""

    __tablename__ = "weight_folder"
    __table_args__ = (UniqueConstraint("model", "path"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    path: str  # absolute, on the operator's machine: never published


class WeightFile(SQLModel, table=True):
    """One file as it was when it was registered."""

    __tablename__ = "weight_file"
    __table_args__ = (UniqueConstraint("model", "path"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    path: str  # absolute, on the operator's machine: never published
    folder: str | None = Field(default=None, foreign_key="weight_folder.id")
    name: str  # the file's own name, or its path in its folder: published
    bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    sha256: str
    sha512: str
    state: str = ""  # of the file when it was last read, to tell whether it was written to since
    format: str  # gguf, safetensors, safetensors index, pickle (never opened), other
    facts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  # from its header
    needs: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  # to run it
    registered_at: str


class Outcome(StrEnum):
    """What one reading found of a file."""

    SOUND = "sound"  # its bytes are those that were registered
    MISSING = "missing"
    CHANGED = "changed"
    UNREADABLE = "unreadable"
    EXTRA = "extra"  # it stands in a registered folder, and is not on record


class FixityCheck(SQLModel, table=True):
    """One reading of one file, kept whatever it found."""

    __tablename__ = "fixity_check"

    id: str = Field(default_factory=new_id, primary_key=True)
    file: str = Field(foreign_key="weight_file.id", index=True)
    expected: str  # sha256, hex
    found: str | None  # None: the file was not there or could not be read
    outcome: str  # an Outcome
    checked_at: str

    @property
    def sound(self) -> bool:
        return self.outcome == Outcome.SOUND


def weight_files_of(session: Session, slug: str) -> list[WeightFile]:
    """Return a model's weight files by path."""
    rows = select(WeightFile).where(WeightFile.model == slug)
    return list(session.exec(rows.order_by(WeightFile.path)))


def folders_of(session: Session, slug: str) -> list[WeightFolder]:
    """Return a model's registered folders by path."""
    rows = select(WeightFolder).where(WeightFolder.model == slug)
    return list(session.exec(rows.order_by(WeightFolder.path)))


def record_of(file: WeightFile) -> dict[str, Any]:
    """Return a file as records show it: without what only this machine can use."""
    return file.model_dump(exclude={"model", "folder", "state"})


def last_check(session: Session, file: str) -> FixityCheck | None:
    """Return the last reading of a file; its registration is the first."""
    rows = select(FixityCheck).where(FixityCheck.file == file)
    return session.exec(
        rows.order_by(col(FixityCheck.checked_at).desc(), col(FixityCheck.id).desc())
    ).first()
