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
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("selection", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("drafts_wished", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("corrects", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("form", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("topic_from", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("letter", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("summary", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("tags", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("draft", sa.String(), nullable=False),
        sa.Column("asking", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("sampling", sa.JSON(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("attempt", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.id"]),
        sa.ForeignKeyConstraint(["draft"], ["draft.id"]),
        sa.ForeignKeyConstraint(["attempt"], ["attempt.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_post"), ["post"], unique=False)
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_kind", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reason_class", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("criteria", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("criteria_digest", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("flags", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reason_class", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawal_post"), ["post"], unique=False)
    op.create_table(
        "operator_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("instead_of", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["instead_of"], ["operator_note.id"]),
        sa.ForeignKeyConstraint(["post"], ["post.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("operator_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_note_post"), ["post"], unique=False)
    op.create_table(
        "schedule",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("weekday", sa.String(), nullable=True),
        sa.Column("time", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["model"], ["model.slug"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedule_model"), ["model"], unique=False)
    op.create_table(
        "gap",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["model"], ["model.slug"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model", "slot"),
    )
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_model"), ["model"], unique=False)
