"""who waits: a review that ended does not wait for a decision, and who is under review for a seat

In a closed book nothing waits for a decision: what is open there has ended.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

REVIEWED = """
    UPDATE class_tally SET waiting = waiting {sign} reviewed.n FROM (
        SELECT class_id, count(*) AS n FROM standing
        WHERE status = 'in_review' AND seat = 'none' AND until_day = 9999999 GROUP BY class_id
    ) AS reviewed WHERE reviewed.class_id = class_tally.class_id
"""


def upgrade() -> None:
    _rename("open", "ended")
    op.execute(REVIEWED.format(sign="-"))


def downgrade() -> None:
    _rename("ended", "open")
    op.execute(REVIEWED.format(sign="+"))


def _rename(old: str, new: str) -> None:
    for table in ("entry", "shelf"):
        op.execute(
            f"UPDATE {table} SET key = '{new}' || substr(key, {len(old) + 1}) "
            f"WHERE kind = 'reviews' AND substr(key, 1, {len(old)}) = '{old}'"
        )
