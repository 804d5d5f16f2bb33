"""Which files were imported whole, so that an import of thousands that is typed again is quick.

It is no part of the record: without it the files are read again, and add nothing.
"""

from sqlmodel import Field, SQLModel


class ImportedFile(SQLModel, table=True):
    """A file of which all was read: it need not be read again."""

    __tablename__ = "imported_file"

    model: str = Field(foreign_key="model.slug", primary_key=True)
    sha256: str = Field(primary_key=True)
    format: str = Field(primary_key=True)
    sessions: int  # how many it holds
