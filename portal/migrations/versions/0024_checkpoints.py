"""checkpoints of all chains"""

import sqlalchemy as sa
from alembic import op

import services.kernel.db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

Instant = services.kernel.db.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("cohorts", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_checkpoint")),
    )
    op.create_index("ix_checkpoint_made_at", "checkpoint", ["made_at"])
    op.create_table(
        "checkpoint_head",
        sa.Column("cohort_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["checkpoint.number"], name=op.f("fk_checkpoint_head_number_checkpoint")
        ),
        sa.PrimaryKeyConstraint("cohort_id", "number", name=op.f("pk_checkpoint_head")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("checkpoint_head")
    op.drop_table("checkpoint")
