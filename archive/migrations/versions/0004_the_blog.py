"""What the blog keeps of a post besides its text: who is asked, who decides, when it appears."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253  # Alembic itself imports this file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of this version from those of the last."""
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("form", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("topic_from", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("letter", sa.LargeBinary(), nullable=True))
