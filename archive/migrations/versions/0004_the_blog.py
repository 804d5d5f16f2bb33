"""What the blog keeps of a post besides its text; what else has come to be noted."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253  # Alembic itself imports this file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of this version from those of the last."""
    op.add_column("deletion", sa.Column("source", sa.String(), nullable=True))
    op.execute(
        "UPDATE deletion SET source = (SELECT session.source FROM session WHERE session.id = deletion.subject)"
        " WHERE kind = 'session'"
    )
    op.add_column("snapshot", sa.Column("headers_refused", sa.JSON(), nullable=True))
