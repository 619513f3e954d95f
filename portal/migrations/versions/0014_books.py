"""books of classes that are over, traits, and indexes of what is rare"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ROLLUP = ("standing", "tally", "class_tally", "week_tally", "watermark")
RARE = "event IN ('override', 'merge', 'reopen', 'appeal', 'reschedule')"
HERE, SKIPPED = "until_day = 9999999", "skip_reason IS NOT NULL"


def upgrade() -> None:
    for table in ROLLUP:  # taken in anew by the clock, with traits
        op.execute(f"DELETE FROM {table}")
    op.create_table(
        "book",
        sa.Column("class_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_book")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("class_id", "kind", "key", name=op.f("pk_entry")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("class_tally", schema=None) as batch_op:
        for name in ("registered", "by_staff", "reviewing"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False))
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("traits", sa.Integer(), nullable=False))
        batch_op.create_index("ix_standing_class", ["class_id"], **_where(HERE))
    op.drop_index("ix_registration_rescreen", "registration")
    due = {"sqlite_where": sa.text("rescreen_due = 1"), "postgresql_where": sa.text("rescreen_due")}
    op.create_index("ix_registration_rescreen", "registration", ["screened_at"], **due)
    op.create_index("ix_registration_skipped", "registration", ["skip_reason"], **_where(SKIPPED))
    op.create_index("ix_registration_event_rare", "registration_event", ["event"], **_where(RARE))
    op.create_index(
        "ix_notice_skipped", "notice", ["registration_id"], **_where("kind = 'skipped'")
    )


def _where(text: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(text), "postgresql_where": sa.text(text)}


def downgrade() -> None:
    op.drop_index("ix_notice_skipped", "notice")
    op.drop_index("ix_registration_event_rare", "registration_event")
    op.drop_index("ix_registration_skipped", "registration")
    op.drop_index("ix_registration_rescreen", "registration")
    op.create_index("ix_registration_rescreen", "registration", ["rescreen_due"])
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.drop_index("ix_standing_class")
        batch_op.drop_column("traits")
    with op.batch_alter_table("class_tally", schema=None) as batch_op:
        for name in ("reviewing", "by_staff", "registered"):
            batch_op.drop_column(name)
    op.drop_table("entry")
    op.drop_table("book")
