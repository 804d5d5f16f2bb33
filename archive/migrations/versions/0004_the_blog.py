"""What the blog keeps of a post besides its text: who is asked, who decides, when it appears."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of this version from those of the last."""
