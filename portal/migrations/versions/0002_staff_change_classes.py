"""staff cancel, move and merge classes, override the order, hear appeals"""

import sqlalchemy as sa
from alembic import op

import services.kernel.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Instant = services.kernel.db.Instant(timezone=True)


def upgrade() -> None:
    op.add_column("registration", sa.Column("overridden_at", Instant, nullable=True))
    op.add_column("review_case", sa.Column("statement", sa.Text(), nullable=True))
    op.execute(  # in place: SQLite would rebuild the table, which other tables point to
        "ALTER TABLE training_class ADD COLUMN merged_into INTEGER"
        " CONSTRAINT fk_training_class_merged_into_training_class REFERENCES training_class (id)"
    )
    op.create_table(
        "seat_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_at", Instant, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by",
            name=op.f("ck_seat_override_two_planners"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)"
            " AND (decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_seat_override_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_seat_override_registration_id_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_seat_override_proposed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_seat_override_decided_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_override")),
    )
    op.create_index(op.f("ix_seat_override_registration_id"), "seat_override", ["registration_id"])
    op.create_index(
        "uq_one_open_override",
        "seat_override",
        ["registration_id"],
        unique=True,
        sqlite_where=sa.text("state != 'refused'"),
        postgresql_where=sa.text("state != 'refused'"),
    )
    op.create_table(
        "overlap_flag",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_overlap_flag_registration_id_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["registration.id"], name=op.f("fk_overlap_flag_other_id_registration")
        ),
        sa.PrimaryKeyConstraint("registration_id", "other_id", name=op.f("pk_overlap_flag")),
    )
    op.create_index("ix_overlap_flag_other", "overlap_flag", ["other_id"])
    op.create_table(
        "class_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("was_starts_on", sa.Date(), nullable=False),
        sa.Column("was_ends_on", sa.Date(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["training_class.id"],
            name=op.f("fk_class_change_class_id_training_class"),
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["training_class.id"], name=op.f("fk_class_change_into_id_training_class")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_change")),
    )
    op.create_index(op.f("ix_class_change_class_id"), "class_change", ["class_id"])


def downgrade() -> None:
    for table in ("class_change", "overlap_flag", "seat_override"):
        op.drop_table(table)
    op.execute("ALTER TABLE training_class DROP COLUMN merged_into")
    op.drop_column("review_case", "statement")
    op.drop_column("registration", "overridden_at")
