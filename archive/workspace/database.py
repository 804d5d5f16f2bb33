"""The database of a workspace: transactions, durability, and its errors in plain words.

SQLite in WAL mode with synchronous=FULL: when a transaction returns, it is on the disk.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from archive.errors import EmeritusError, FaultError, ServiceError

BUSY_SECONDS = 5  # how long a transaction waits for another's

_REFUSALS: dict[str, tuple[str, str]] = {
    "SQLITE_BUSY": ("the database is locked", "Another process writes to it: try again."),
    "SQLITE_LOCKED": ("the database is locked", "Another process writes to it: try again."),
    "SQLITE_READONLY": ("the database is read-only", "Give yourself the right to write to it."),
    "SQLITE_FULL": ("the disk is full", "Free some space; what was recorded before is kept."),
    "SQLITE_IOERR": ("the disk failed", "Check the disk; what was recorded before is kept."),
    "SQLITE_CANTOPEN": ("cannot be opened", "Give yourself the right to read and write it."),
}


class Database:
    """One SQLite file, opened lazily."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = _engine(path)

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and writes nothing.

        Raises:
            ServiceError: The database is locked, or cannot be opened or read.
        """
        with self._errors(), Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it is on the disk when the block ends, or none of it.

        It holds the only write lock from its start, so what it reads cannot change under it.

        Raises:
            ServiceError: The database is locked or read-only, or the disk is full or failed.
        """
        with self._errors(), self._transaction() as connection, Session(connection) as session:
            yield session
            session.flush()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The same as `writing` without the object mapper, for hot paths."""
        with self._errors(), self._transaction() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection.execution_options(emeritus_writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise in_plain_words(error, self.path) from error


def in_plain_words(error: DBAPIError, path: Path) -> EmeritusError:
    """Return what a database error means for the person who meets it."""
    name = getattr(error.orig, "sqlite_errorname", "")
    for prefix, (what, mend) in _REFUSALS.items():
        if name.startswith(prefix):
            return ServiceError(what, at=str(path), mend=mend)
    if name in {"SQLITE_NOTADB", "SQLITE_CORRUPT"}:
        return FaultError(
            "the database is damaged", at=str(path), mend="Bring it back from a backup."
        )
    if isinstance(error, IntegrityError):
        return FaultError(
            f"the record cannot hold this beside what it has: {error.orig}",
            at=str(path),
            mend="Nothing was changed. See what is on record, then try again.",
        )
    raise error


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy begins, not the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a transaction that reads first and writes later could find the lock taken half-way
        writes = connection.get_execution_options().get("emeritus_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
