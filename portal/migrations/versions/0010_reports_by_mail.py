"""reports by mail"""

import sqlalchemy as sa
from alembic import op

import services.kernel.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Instant = services.kernel.db.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_report_subscription_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_subscription")),
    )
    op.create_index(
        "uq_one_subscription",
        "report_subscription",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "report_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=10), nullable=False),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant, nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("sent_at", Instant, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["report_subscription.id"],
            name=op.f("fk_report_letter_subscription_id_report_subscription"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_letter")),
        sa.UniqueConstraint(
            "subscription_id", "week", name=op.f("uq_report_letter_subscription_id_week")
        ),
    )
    op.create_index("ix_report_letter_due", "report_letter", ["mail", "next_try_at"])


def downgrade() -> None:
    op.drop_table("report_letter")
    op.drop_table("report_subscription")
