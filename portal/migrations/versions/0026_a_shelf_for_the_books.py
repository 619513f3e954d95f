"""a shelf for the books: what they hold, added up by place"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _open_the_books()
    op.create_table(
        "shelf",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cohort_id", "place", "kind", "key", name=op.f("pk_shelf")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("shelf")
    _open_the_books()


def _open_the_books() -> None:
    """Throw the books away: the clock closes them anew."""
    op.execute("DELETE FROM entry")
    op.execute("DELETE FROM book")
