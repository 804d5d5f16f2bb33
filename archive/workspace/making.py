"""Making a workspace: folders, roster, database, log key; the settings file last.

A folder without the settings file is no workspace, so an init that was killed half-way left
none, and the next one goes on from what is there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from archive.errors import InputError
from archive.files import publish, sync_folder
from archive.identifiers import new_id
from archive.log.keys import make_signing_key
from archive.store.writing import open_root
from archive.times import now, to_text
from archive.workspace import identity, people, settings
from archive.workspace.database import Database
from archive.workspace.settings import DatabaseSettings, Identity, Operator, Settings, SiteSettings
from archive.workspace.workspace import Workspace

_FOLDERS = ("keys", "locks", "log", "pages", "protocols")

_HEADER = """\
# Settings of this archive. A value that is empty or missing is *not stated*: the public site is
# not built until every field of [operator] is stated. EMERITUS_SITE_URL in the environment overrides url in [site],
# and so on for each field of [operator], [site] and [database]. An empty url in [database] means
# the file emeritus.db here; for PostgreSQL write one without a password: postgresql://user@host/name.
"""

_ROSTER_HEADER = """\
# Who may decide here. One section per person:
#   [people.ana]
#   name = "Ana Ruiz"        # shown: a name or a pseudonym
#   roles = ["reviewer"]
"""


def make_workspace(
    root: Path,
    operator: Operator,
    site: SiteSettings,
    roster: Iterable[people.Person],
    database: DatabaseSettings = DatabaseSettings(),  # noqa: B008  # it cannot change
) -> Workspace:
    """Make a workspace at `root` and return it.

    Raises:
        InputError: `root` is a workspace already, or the database holds another's record.
        ServiceError: The database refused.
        OSError: The disk refused; the folder is then no workspace yet.
    """
    file = root / settings.FILE_NAME
    if file.exists():
        raise InputError(
            "already a workspace",
            at=str(root),
            mend=f"Change its settings in {settings.FILE_NAME}, or name another folder.",
        )
    itself = Identity(id=new_id(), created=to_text(now()))
    written = Settings(workspace=itself, operator=operator, site=site, database=database)
    workspace = Workspace(root, written)
    place = workspace.database  # a URL that cannot be used is refused before anything is made
    make_folders(root)
    make_signing_key(root / "keys", name=f"emeritus.invalid/{itself.id}")
    try:
        _make_tables(place, itself.id)
        open_root(root / "store")
        publish(root / people.FILE_NAME, _roster_text(roster).encode())
        publish(file, settings_text(written).encode())
        workspace.bring_log_up_to_date()
    except BaseException:
        workspace.close()
        raise
    return workspace


def make_folders(root: Path) -> None:
    """Make a workspace's folder and those in it.

    Raises:
        OSError: The disk refused.
    """
    root.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold what is not released
    for name in _FOLDERS:
        (root / name).mkdir(exist_ok=True, mode=0o700 if name == "keys" else 0o755)
    sync_folder(root)


def _make_tables(database: Database, workspace: str) -> None:
    """Make the tables of the workspace with that id; a file that a killed init left is gone on with."""
    if database.file is not None:
        database.file.touch(mode=0o600)  # SQLite gives the files beside it the same rights
    database.upgrade()
    with database.writing() as session:
        if database.file is None and identity.owner(session) is not None:
            raise InputError(
                "it holds the record of another workspace",
                at=database.name,
                mend="Name an empty database; if an init was stopped half-way, make it anew.",
            )
        identity.take(session, workspace)


def settings_text(written: Settings) -> str:
    """Return `emeritus.toml` for these settings, every field in it."""
    sections = (f"[{name}]\n{_fields(values)}" for name, values in asdict(written).items())
    return "\n".join([_HEADER, *sections])


def _roster_text(roster: Iterable[people.Person]) -> str:
    sections = [_ROSTER_HEADER]
    for person in roster:
        values: dict[str, object] = {"name": person.name, "roles": list(person.roles)}
        if person.program:
            values["program"] = True
        sections.append(f"[people.{person.id}]\n{_fields(values)}")
    return "\n".join(sections)


def _fields(values: Mapping[str, object]) -> str:
    # JSON's strings, lists of strings and booleans are TOML's too; only DEL must be escaped
    lines = (
        f"{key} = {json.dumps('' if value is None else value, ensure_ascii=False)}\n"
        for key, value in values.items()
    )
    return "".join(lines).replace("\x7f", "\\u007f")
