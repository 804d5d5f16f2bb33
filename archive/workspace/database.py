"""The database of a workspace: transactions, durability, and its errors in plain words.

SQLite in WAL mode with synchronous=FULL, or PostgreSQL as it is set up: when a transaction
returns, it is on the disk. One transaction writes at a time, in both.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlmodel import Session

from archive import migrations
from archive.errors import EmeritusError, FaultError, InputError, ServiceError

BUSY_SECONDS = 5  # how long a transaction waits for another's

_REFUSALS: dict[str, tuple[str, str]] = {
    "SQLITE_BUSY": ("the database is locked", "Another process writes to it: try again."),
    "SQLITE_LOCKED": ("the database is locked", "Another process writes to it: try again."),
    "SQLITE_READONLY": ("the database is read-only", "Give yourself the right to write to it."),
    "SQLITE_FULL": ("the disk is full", "Free some space; what was recorded before is kept."),
    "SQLITE_IOERR_SHM": ("the disk is full", "Free some space; what was recorded before is kept."),
    "SQLITE_IOERR": ("the disk failed", "Check the disk; what was recorded before is kept."),
    "SQLITE_CANTOPEN": ("cannot be opened", "Give yourself the right to read and write it."),
    # PostgreSQL's, by SQLSTATE and its classes
    "55P03": ("the database is locked", "Another process writes to it: try again."),
    "25006": ("the database is read-only", "Name the server that may be written to."),
    "42501": ("the database refuses this user", "Give it the right to read and write the tables."),
    "53": ("the database's disk or memory is full", "Free some; what was recorded before is kept."),
    "58": ("the database's disk failed", "Check it; what was recorded before is kept."),
}
_GONE = ("08", "57P")  # connection exceptions, and a server that shuts down

WRITES = {"emeritus_writes": True}
"""Options of a connection whose transactions write."""

ALONE = {"emeritus_alone": True}
"""Options of a connection whose statements stand in no transaction."""

_WRITER = 0x656D65726974  # names the lock that writing transactions take on PostgreSQL


class Database:
    """One SQLite file or one PostgreSQL database, opened lazily.

    Args:
        place: The file, or the URL of a PostgreSQL database.

    Raises:
        InputError: The URL is none of PostgreSQL, or holds a password.
    """

    def __init__(self, place: Path | str) -> None:
        self.file = place if isinstance(place, Path) else None
        self.name = str(place)
        self._url = _url(place)
        self.engine = open_engine(self._url)

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    def upgrade(self) -> None:
        """Bring the database, new or old, to the tables of this version.

        Raises:
            ServiceError: It refused; its tables are those that were.
        """
        with self._errors():
            migrations.upgrade(self._url)

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

    def scrub(self) -> None:
        """Write the database anew, so that no byte of its files holds what is no longer in it.

        Raises:
            ServiceError: Others use it just now, or the disk is full; what it holds is as it was.
        """
        with self._errors(), self.engine.connect() as connection:
            if self.file is None:
                connection.execution_options(isolation_level="AUTOCOMMIT", **ALONE)
                connection.exec_driver_sql(f"SET lock_timeout = '{BUSY_SECONDS}s'")
                quote = connection.dialect.identifier_preparer.quote
                for table in inspect(connection).get_table_names():
                    # ANALYZE: the statistics hold samples of what columns held
                    connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {quote(table)}")
                # and of the statistics, those of before
                connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
                connection.exec_driver_sql("RESET lock_timeout")
                return
            connection.execution_options(**ALONE)
            connection.exec_driver_sql("VACUUM")
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            what, mend = _REFUSALS["SQLITE_BUSY"]
            raise ServiceError(what, at=self.name, mend=mend)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection.execution_options(**WRITES)
            with connection.begin():
                yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise in_plain_words(error, self.name) from error


def open_engine(url: URL) -> Engine:
    """Return the engine of a database; it connects when it is first used."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, connect_args={"connect_timeout": BUSY_SECONDS})
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def in_plain_words(error: DBAPIError, name: str) -> EmeritusError:
    """Return what a database error means for the person who meets it."""
    code = _code(error)
    for prefix, (what, mend) in _REFUSALS.items():
        if code.startswith(prefix):
            return ServiceError(what, at=name, mend=mend)
    if code in {"SQLITE_NOTADB", "SQLITE_CORRUPT"}:
        return FaultError("the database is damaged", at=name, mend="Bring it back from a backup.")
    if error.connection_invalidated or code.startswith(_GONE):
        return ServiceError(
            f"the database cannot be reached: {_first_line(error)}",
            at=name,
            mend="See that its server is up. What was committed is kept; then try again.",
        )
    if isinstance(error, IntegrityError):
        return FaultError(
            f"the record cannot hold this beside what it has: {error.orig}",
            at=name,
            mend="Nothing was changed. See what is on record, then try again.",
        )
    raise error


def _code(error: DBAPIError) -> str:
    """Return the driver's own name for an error; PostgreSQL gives none if it was not reached."""
    sqlite = getattr(error.orig, "sqlite_errorname", None)
    return str(sqlite or getattr(error.orig, "sqlstate", "") or _GONE[0])


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0]


def _url(place: Path | str) -> URL:
    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place))
    mend = "Write postgresql://USER@HOST/NAME."
    try:
        url = make_url(place)
    except ArgumentError as error:
        raise InputError("not a database's URL", at="[database] url", mend=mend) from error
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise InputError(f"no PostgreSQL: {url.drivername}", at="[database] url", mend=mend)
    if url.password:
        raise InputError(
            "holds a password, and secrets are not stored",
            at="[database] url",
            mend="Take it out: PostgreSQL's client reads it from ~/.pgpass or PGPASSWORD.",
        )
    return url.set(drivername="postgresql+psycopg")


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if _has(connection, ALONE):
        return
    # a transaction that reads first and writes later could find the lock taken half-way
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _has(connection, WRITES) else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if _has(connection, ALONE):
        return
    if _has(connection, WRITES):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _has(connection: Connection, options: Mapping[str, bool]) -> bool:
    return bool(connection.get_execution_options().get(*options))
