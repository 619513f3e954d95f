"""a class called off is nobody's no"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BOOKS = ("book", "entry")
ENDED = (
    "SELECT r.id FROM registration r WHERE r.id = request.registration_id "
    "AND r.ended_at = request.closed_at"
)


def upgrade() -> None:
    op.execute(
        "UPDATE request SET answer = 'void' WHERE answer = 'no' "
        f"AND EXISTS ({ENDED} AND r.reason IN ('class_cancelled', 'merged'))"
    )
    op.execute(
        "UPDATE request SET answer = 'lapsed' WHERE answer = 'void' AND kind = 'claim' "
        f"AND EXISTS ({ENDED} AND r.status = 'unplaced')"
    )
    _anew()


def downgrade() -> None:
    op.execute("UPDATE request SET answer = 'void' WHERE answer = 'lapsed' AND kind = 'claim'")
    _anew()


def _anew() -> None:
    """Open the books: the clock counts them anew."""
    for table in BOOKS:
        op.execute(f"DELETE FROM {table}")
