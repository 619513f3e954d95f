"""claims stand in the order of the chain of events, whatever the clocks say"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registration", sa.Column("claimed_seq", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE registration SET claimed_seq = (SELECT COUNT(*) FROM registration_event e "
        "WHERE e.cohort_id = registration.cohort_id AND e.at <= registration.claimed_at) "
        "WHERE claimed_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("registration", "claimed_seq")
