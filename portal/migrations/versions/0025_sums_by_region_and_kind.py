"""sums of persons by region and by kind of class"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ROLLUP = ("standing", "several", "tally", "class_tally", "week_tally", "book", "entry", "watermark")


def upgrade() -> None:
    """Empty the rollup: it is taken in anew by the clock."""
    for table in ROLLUP:
        op.execute(f"DELETE FROM {table}")


def downgrade() -> None:
    upgrade()
