"""Which workspace a database belongs to: a URL can be mistyped, a file put in another's place."""

from sqlmodel import Field, Session, SQLModel, delete, select


class Belonging(SQLModel, table=True):
    """The one row that names the workspace whose record this is."""

    __tablename__ = "workspace"

    id: str = Field(primary_key=True)  # as [workspace] in emeritus.toml has it


def take(session: Session, identifier: str) -> None:
    """Say that the database belongs to the workspace, in the caller's transaction."""
    session.exec(delete(Belonging))
    session.add(Belonging(id=identifier))


def owner(session: Session) -> str | None:
    """Return the id of the workspace that the database belongs to; None: nobody's yet."""
    return session.exec(select(Belonging.id)).first()
