"""what registrations count as: reviews decide all choices, moved classes ask anew, own-cost seats

How a seat came says from now on that its person pays, where a review or a merge gave it. What is
kept in the rollup is taken in anew by the clock.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ROLLUP = (
    "standing", "several", "tally", "class_tally", "week_tally", "book", "entry", "shelf",
    "watermark",
)  # fmt: skip
OWN = """
    UPDATE registration SET how_seated = how_seated || '_own'
    WHERE how_seated IN ('review', 'merge')
      AND class_id IN (SELECT id FROM training_class WHERE kind = 'funded')
      AND (seat = 'self_funded' OR (seat = 'spent' AND EXISTS (
          SELECT 1 FROM registration_event e WHERE e.registration_id = registration.id
          AND e.held = 'self_funded' AND e.takes = 'spent')))
"""
ANSWERED = """
    UPDATE registration SET confirmed_at = NULL
    WHERE confirmed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM registration_event e WHERE e.registration_id = registration.id
        AND e.event IN ('reopen', 'appeal', 'reschedule') AND e.at > registration.confirmed_at)
"""


def upgrade() -> None:
    op.create_index("ix_review_case_choices", "review_case", ["cohort_id", "person_id"])
    op.execute(OWN)
    op.execute(ANSWERED)
    _empty()


def downgrade() -> None:
    op.drop_index("ix_review_case_choices", "review_case")
    for how in ("review", "merge"):
        op.execute(f"UPDATE registration SET how_seated = '{how}' WHERE how_seated = '{how}_own'")
    _empty()


def _empty() -> None:
    for table in ROLLUP:
        op.execute(f"DELETE FROM {table}")
