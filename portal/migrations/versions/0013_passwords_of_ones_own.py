"""passwords of one's own"""

import sqlalchemy as sa
from alembic import op

import services.kernel.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Instant = services.kernel.db.Instant(timezone=True)


def upgrade() -> None:
    op.add_column("account", sa.Column("temporary_until", Instant, nullable=True))
    op.create_table(
        "old_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_old_password_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_password")),
    )
    op.create_index(op.f("ix_old_password_account_id"), "old_password", ["account_id"])


def downgrade() -> None:
    op.drop_table("old_password")
    op.drop_column("account", "temporary_until")
