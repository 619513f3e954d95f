"""what the nightly examination found"""

import sqlalchemy as sa
from alembic import op

import services.kernel.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "examination",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", services.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_examination")),
    )


def downgrade() -> None:
    op.drop_table("examination")
