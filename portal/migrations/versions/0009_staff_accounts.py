"""staff accounts are opened, locked and renewed, and it is kept by whom"""

import sqlalchemy as sa
from alembic import op

import services.kernel.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", services.kernel.db.Instant(timezone=True), nullable=False),
        sa.Column("by_account", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_change_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["by_account"], ["account.id"], name=op.f("fk_account_change_by_account_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_change")),
    )
    op.create_index(op.f("ix_account_change_account_id"), "account_change", ["account_id"])


def downgrade() -> None:
    op.drop_table("account_change")
