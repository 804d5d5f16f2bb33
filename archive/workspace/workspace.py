"""The workspace: where each part of the record lies, and how to open and make one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from sqlalchemy import inspect, text
from sqlmodel import Session

from archive import migrations
from archive.errors import InputError, Place
from archive.log import entries, signing, tiles
from archive.log.keys import read_signing_key
from archive.log.rotations import read_keyring
from archive.workspace import identity, settings
from archive.workspace import people as roster
from archive.workspace.database import Database
from archive.workspace.people import Person, read_people

DATABASE = "emeritus.db"
"""The record, unless it is kept in PostgreSQL."""


@dataclass(frozen=True)
class Workspace:
    """An open workspace."""

    root: Path
    settings: settings.Settings

    @cached_property
    def database(self) -> Database:
        """The database."""
        url = self.settings.database.url
        return Database(self.root / DATABASE if url is None else url)

    @cached_property
    def people(self) -> dict[str, Person]:
        """The roster by id."""
        return read_people(self.root / roster.FILE_NAME)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    @property
    def store(self) -> Path:
        """The OCFL storage root."""
        return self.root / "store"

    @property
    def log(self) -> Path:
        """The transparency log, as others read it."""
        return self.root / "log"

    @property
    def keys(self) -> Path:
        """The key that signs the log, and its public half."""
        return self.root / "keys"

    @property
    def protocols(self) -> Path:
        """The operator's own protocols."""
        return self.root / "protocols"

    @property
    def pages(self) -> Path:
        """The operator's own pages, in Markdown."""
        return self.root / "pages"

    @property
    def public(self) -> Path:
        """Where the site is built, unless told otherwise."""
        return self.root / "public"

    def lock(self, name: str) -> Path:
        """The lock file of `name`."""
        return self.root / "locks" / name

    def person(self, identifier: str) -> Person:
        """Return the person on the roster.

        Raises:
            InputError: Nobody there has that id.
        """
        try:
            return self.people[identifier]
        except KeyError as error:
            known = ", ".join(sorted(self.people)) or "nobody"
            raise InputError(
                f"no such person: {identifier!r}",
                at=Place(str(self.root / roster.FILE_NAME)),
                mend=f'Add [people.{identifier}] with a name = "…". The roster has: {known}.',
            ) from error

    @contextmanager
    def deciding(self) -> Iterator[Session]:
        """One transaction that writes to the log; the log's tiles follow its commit.

        A crash between the two leaves tiles that the next call brings up to date. Nothing is
        decided where the log could not take it.

        Raises:
            ServiceError: The database or the disk refused.
            InputError: The log's key is missing or damaged.
            FaultError: The log's tiles disagree with its entries.
        """
        with self.database.writing() as session:
            self.check_log_in(session)
            yield session
        self.bring_log_up_to_date()

    def check_log(self) -> None:
        """Refuse where the log could not take what is to be done, before it is begun.

        Raises:
            InputError: The log's key is missing or damaged.
            FaultError: The log's tiles disagree with its entries.
        """
        with self.database.reading() as session:
            self.check_log_in(session)

    def bring_log_up_to_date(self) -> None:
        """Write the log's tiles and its checkpoint up to the last entry; finish a rotation.

        Raises:
            InputError: The log's key is missing or damaged.
            FaultError: The tiles disagree with the entries.
        """
        signing.bring_up_to_date(self.database, self.log, self.keys)

    def check_log_in(self, session: Session) -> None:
        """The same as `check_log`, in the caller's transaction."""
        read_signing_key(self.keys)
        keyring = read_keyring(session, self.keys)
        tiles.check(self.log, partial(entries.leaves, session), keyring)


def find_workspace(start: Path) -> Path:
    """Return the nearest folder from `start` upward that is a workspace.

    Raises:
        InputError: There is none.
    """
    for folder in (start, *start.parents):
        if (folder / settings.FILE_NAME).is_file():
            return folder
    raise InputError(
        "no workspace here",
        at=str(start),
        mend="Make one with `emeritus init`, or name one with --workspace DIR.",
    )


def open_workspace(named: Path | None = None) -> Workspace:
    """Open the workspace `named`, or that of EMERITUS_WORKSPACE, or the nearest one upward.

    Its database is brought to this version's tables.

    Raises:
        InputError: There is none, its settings are wrong, or a newer version wrote it.
    """
    chosen = named or os.environ.get("EMERITUS_WORKSPACE")
    if chosen:
        root = Path(chosen).resolve()
        if not (root / settings.FILE_NAME).is_file():
            raise InputError(
                "no workspace here",
                at=str(root),
                mend=f"Make one with `emeritus init {chosen}`, or name another folder.",
            )
    else:
        root = find_workspace(Path.cwd())
    workspace = Workspace(root, settings.read_settings(root / settings.FILE_NAME))
    try:
        _check_version(workspace)
    except BaseException:
        workspace.close()
        raise
    return workspace


_BRING_BACK = "Bring it back from a backup, or rebuild it: emeritus preserve restore."


def _check_version(workspace: Workspace) -> None:
    database = workspace.database
    if database.file is not None and not database.file.is_file():
        raise InputError("the database is not there", at=database.name, mend=_BRING_BACK)
    with database.reading() as session:
        if not inspect(session.connection()).has_table("alembic_version"):
            raise InputError(
                "not the database of a workspace",
                at=database.name,
                mend=_BRING_BACK,
            )
        found = session.connection().execute(text("SELECT version_num FROM alembic_version"))
        version = found.scalar_one()
        if version == migrations.HEAD:
            _check_owner(workspace, session)
            return
    if version not in migrations.KNOWN:
        raise InputError(
            f"written by a newer version of Emeritus (tables {version}, this one knows "
            f"{migrations.HEAD})",
            at=database.name,
            mend="Install that version or a later one; nothing was changed.",
        )
    database.upgrade()


def _check_owner(workspace: Workspace, session: Session) -> None:
    owner = identity.owner(session)
    if owner is None:
        raise InputError(
            "it was not rebuilt to its end",
            at=workspace.database.name,
            mend="Begin anew: emeritus preserve restore.",
        )
    if owner != workspace.settings.workspace.id:
        raise InputError(
            "it belongs to another workspace",
            at=workspace.database.name,
            mend=f"See [database] in {workspace.root / settings.FILE_NAME} and EMERITUS_DATABASE_URL.",
        )
