"""what a rebuilt record may lack: when an entry was logged; and what witnesses said of the log."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253  # Alembic itself imports this file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of this version from those of the last."""
    with op.batch_alter_table("log_entry", schema=None) as batch_op:
        batch_op.alter_column("at", existing_type=sa.String(), nullable=True)
    op.create_table(
        "log_witness",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
