"""visits at the counter"""

import sqlalchemy as sa
from alembic import op

import services.kernel.db

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Instant = services.kernel.db.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        "counter_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("declared", sa.JSON(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["training_class.id"],
            name=op.f("fk_counter_visit_class_id_training_class"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_counter_visit_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_counter_visit_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_visit")),
    )
    for column in ("class_id", "person_id"):
        op.create_index(op.f(f"ix_counter_visit_{column}"), "counter_visit", [column])


def downgrade() -> None:
    op.drop_table("counter_visit")
