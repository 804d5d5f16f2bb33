"""what a rebuilt record may lack: when an entry was logged."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253  # Alembic itself imports this file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of this version from those of the last."""
    with op.batch_alter_table("log_entry", schema=None) as batch_op:
        batch_op.alter_column("at", existing_type=sa.String(), nullable=True)
