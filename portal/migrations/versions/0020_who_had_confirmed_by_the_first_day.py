"""who had confirmed by the first day"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ROLLUP = ("standing", "several", "tally", "class_tally", "week_tally", "book", "entry", "watermark")


def upgrade() -> None:
    """Empty the rollup: it is taken in anew by the clock, and counts the first day by the times."""
    for table in ROLLUP:
        op.execute(f"DELETE FROM {table}")


def downgrade() -> None:
    upgrade()
