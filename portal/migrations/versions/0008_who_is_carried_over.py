"""who is carried over"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLLUP = ("standing", "tally", "class_tally", "week_tally", "watermark")


def upgrade() -> None:
    for table in ROLLUP:  # taken in anew by the clock, with the new sum
        op.execute(f"DELETE FROM {table}")


def downgrade() -> None:
    op.execute("DELETE FROM tally WHERE kind = 'carried'")
