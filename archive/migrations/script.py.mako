"""${message}."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253  # Alembic itself imports this file

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Make the tables of this version."""
    ${upgrades if upgrades else "pass"}
