"""The inventory of weight files, and each time that one was read again.

Weights stay where they are and are named by digest.
"""

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from archive.identifiers import new_id


class WeightFile(SQLModel, table=True):
    """One file as it was when it was registered."""

    __tablename__ = "weight_file"
    __table_args__ = (UniqueConstraint("model", "path"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    model: str = Field(foreign_key="model.slug", index=True)
    path: str  # absolute, on the operator's machine: never published
    name: str  # the file's own name: published
    bytes: int
    sha256: str
    sha512: str
    format: str  # gguf, safetensors, pickle (never opened), other
    facts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  # from its header
    needs: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))  # to run it
    registered_at: str


class FixityCheck(SQLModel, table=True):
    """One reading of one file, kept whatever it found."""

    __tablename__ = "fixity_check"

    id: str = Field(default_factory=new_id, primary_key=True)
    file: str = Field(foreign_key="weight_file.id", index=True)
    expected: str  # sha256, hex
    found: str | None  # None: the file was not there or could not be read
    checked_at: str

    @property
    def sound(self) -> bool:
        return self.found == self.expected


def weight_files_of(session: Session, slug: str) -> list[WeightFile]:
    """Return a model's weight files by path."""
    rows = select(WeightFile).where(WeightFile.model == slug)
    return list(session.exec(rows.order_by(WeightFile.path)))


def last_check(session: Session, file: str) -> FixityCheck | None:
    """Return the last reading of a file; its registration is the first."""
    rows = select(FixityCheck).where(FixityCheck.file == file)
    return session.exec(
        rows.order_by(col(FixityCheck.checked_at).desc(), col(FixityCheck.id).desc())
    ).first()
