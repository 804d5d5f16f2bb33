"""campaigns, pilots, probes, replays and imports; what each attempt was for and what it took."""

import sqlalchemy as sa
from alembic import op  # noqa: TID253  # Alembic itself imports this file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of this version from those of the last."""
    op.create_table(
        "campaign",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("pilot", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("plan_digest", sa.String(), nullable=False),
        sa.Column("planned_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["model"], ["model.slug"]),
        sa.ForeignKeyConstraint(["protocol"], ["protocol_version.digest"]),
        sa.PrimaryKeyConstraint("slug"),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_model"), ["model"], unique=False)
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.alter_column("protocol", existing_type=sa.String(), nullable=True)
        batch_op.add_column(
            sa.Column("pilot", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("campaign", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("slot", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("again", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("branch_of", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("checks", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("origin", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(), nullable=True))
        batch_op.create_foreign_key("session_campaign_fkey", "campaign", ["campaign"], ["slug"])
        batch_op.create_unique_constraint("session_slot_key", ["campaign", "slot", "again"])
        batch_op.create_unique_constraint("session_source_key", ["model", "source"])
        batch_op.create_index(batch_op.f("ix_session_branch_of"), ["branch_of"], unique=False)
        listed = ["started_at", "id", "campaign", "protocol", "state", "validity", "pilot"]
        batch_op.create_index("ix_session_listing", listed, unique=False)
        batch_op.create_index("ix_session_listing_of_model", ["model", *listed], unique=False)
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("role", sa.String(), nullable=False, server_default="participant")
        )
        batch_op.add_column(sa.Column("address", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("question", sa.String(), nullable=True))
        for name in (
            "reserved_input_tokens",
            "reserved_output_tokens",
            "input_tokens",
            "output_tokens",
            "cache_read_tokens",
            "cache_write_tokens",
        ):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("headers", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "probe",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("judged", sa.String(), nullable=True),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("raw_digest", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"]),
        sa.PrimaryKeyConstraint("session", "position", "number"),
    )
    op.create_table(
        "imported_file",
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["model"], ["model.slug"]),
        sa.PrimaryKeyConstraint("model", "sha256", "format"),
    )
