"""states are found by person: their second index goes; books say exactly since when they hold"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_standing_registration", "standing")
    for table in ("book", "entry"):  # closed anew by the clock
        op.execute(f"DELETE FROM {table}")


def downgrade() -> None:
    op.create_index("ix_standing_registration", "standing", ["registration_id"])
