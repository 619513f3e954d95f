"""who has several registrations"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ROLLUP = ("standing", "tally", "class_tally", "week_tally", "book", "entry", "watermark")


def upgrade() -> None:
    for table in ROLLUP:  # taken in anew by the clock, with the sums of classes
        op.execute(f"DELETE FROM {table}")
    op.drop_index("ix_standing_class", "standing")
    op.create_table(
        "several",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "cohort_id", "person_id", "registration_id", name=op.f("pk_several")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_several_class", "several", ["class_id"])


def downgrade() -> None:
    op.drop_table("several")
    for table in ROLLUP:
        op.execute(f"DELETE FROM {table}")
    here = sa.text("until_day = 9999999")
    op.create_index(
        "ix_standing_class", "standing", ["class_id"], sqlite_where=here, postgresql_where=here
    )
