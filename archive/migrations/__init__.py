"""The one migration tree, over the tables of all wings."""

import pkgutil
from pathlib import Path

KNOWN = ("0001",)
"""Every revision, oldest first: known without importing Alembic, which takes half a second."""

HEAD = KNOWN[-1]


def upgrade(database: Path) -> None:
    """Bring the SQLite file `database`, new or old, to the tables of this version."""
    command = pkgutil.resolve_name("alembic.command")
    config = pkgutil.resolve_name("alembic.config:Config")()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("sqlalchemy.url", f"sqlite:///{database}")
    command.upgrade(config, "head")
