"""The one migration tree, over the tables of all wings."""

import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import URL

KNOWN = ("0001", "0002", "0003", "0004")
"""Every revision, oldest first: known without importing Alembic, which takes half a second."""

HEAD = KNOWN[-1]


def upgrade(url: "URL") -> None:
    """Bring a database, new or old, to the tables of this version."""
    command = pkgutil.resolve_name("alembic.command")
    config = pkgutil.resolve_name("alembic.config:Config")()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    command.upgrade(config, "head")
