"""The spine: workspaces, films, shots, nodes, the log, talk and work."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything from nothing."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    # The driver's own cursor: the file holds many statements, and percent signs and colons that mean themselves.
    op.get_bind().connection.cursor().execute(statements)
