"""what registrations of somebody with several count as"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ROLLUP = ("standing", "tally", "class_tally", "week_tally", "book", "entry", "watermark")


def upgrade() -> None:
    _anew(
        sa.Column("said", sa.BigInteger(), nullable=False),
        sa.Column("here", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("registered_day", sa.Integer(), nullable=False),
        sa.Column("traits", sa.Integer(), nullable=False),
        sa.Column("last", sa.String(length=180), nullable=False),
    )


def downgrade() -> None:
    _anew()


def _anew(*columns: sa.Column) -> None:
    """Empty the rollup: it is taken in anew by the clock."""
    for table in ROLLUP:
        op.execute(f"DELETE FROM {table}")
    op.drop_table("several")
    op.create_table(
        "several",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(
            "cohort_id", "person_id", "registration_id", name=op.f("pk_several")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_several_class", "several", ["class_id"])
