"""the window lottery"""

import sqlalchemy as sa
from alembic import op

import services.kernel.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = services.kernel.db.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        "draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=False),
        sa.Column("committed_at", INSTANT, nullable=False),
        sa.Column("seed", sa.String(length=64)),
        sa.Column("tickets", sa.Integer()),
        sa.Column("list_hash", sa.String(length=64)),
        sa.Column("closed_at", INSTANT),
        sa.Column("value", sa.String(length=80)),
        sa.Column("drawn_at", INSTANT),
        sa.CheckConstraint(
            "state IN ('committed', 'revealed', 'drawn')", name=op.f("ck_draw_state")
        ),
        sa.CheckConstraint(
            "(state = 'committed') = (seed IS NULL) AND (seed IS NULL) = (closed_at IS NULL) "
            "AND (seed IS NULL) = (list_hash IS NULL) AND (seed IS NULL) = (tickets IS NULL)",
            name=op.f("ck_draw_revealed_when_closed"),
        ),
        sa.CheckConstraint(
            "(state = 'drawn') = (drawn_at IS NOT NULL) "
            "AND (state <> 'drawn' OR value IS NOT NULL OR tickets = 0)",
            name=op.f("ck_draw_drawn_with_a_value"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_draw_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["plan_window.id"], name=op.f("fk_draw_window_id_plan_window")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("cohort_id", "window_id", name=op.f("uq_draw_cohort_id_window_id")),
    )
    op.create_index(op.f("ix_draw_window_id"), "draw", ["window_id"])
    op.create_table(
        "draw_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("rank", sa.Integer()),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_draw_ticket_rank")),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_ticket_draw_id_draw")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_draw_ticket_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_ticket")),
        sa.UniqueConstraint("draw_id", "person_id", name=op.f("uq_draw_ticket_draw_id_person_id")),
        sa.UniqueConstraint("draw_id", "code", name=op.f("uq_draw_ticket_draw_id_code")),
        sa.UniqueConstraint("draw_id", "rank", name=op.f("uq_draw_ticket_draw_id_rank")),
    )
    op.create_table(
        "draw_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("confirmed_by", sa.Integer()),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("replaced_at", INSTANT),
        sa.CheckConstraint("confirmed_by <> entered_by", name=op.f("ck_draw_value_two_people")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_draw_value_confirmed")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR replaced_at IS NULL",
            name=op.f("ck_draw_value_confirmed_stands"),
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["plan_window.id"], name=op.f("fk_draw_value_window_id_plan_window")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_draw_value_entered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_draw_value_confirmed_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_value")),
    )
    op.create_index(
        "uq_one_standing_value",
        "draw_value",
        ["window_id"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "draw_event",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_event_draw_id_draw")),
        sa.PrimaryKeyConstraint("draw_id", "seq", name=op.f("pk_draw_event")),
    )
    op.add_column("annual_plan", sa.Column("draw_source_zh", sa.String(length=200)))
    op.add_column("annual_plan", sa.Column("draw_source_en", sa.String(length=200)))
    instant = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    # plain SQL: a batch would make these tables anew and lose their other CHECKs on SQLite
    op.execute(
        f"ALTER TABLE plan_window ADD COLUMN closes_at {instant} CONSTRAINT "
        "ck_plan_window_closes_later CHECK (closes_at IS NULL OR closes_at > opens_at)"
    )
    op.execute(
        "ALTER TABLE training_class ADD COLUMN draw_id INTEGER CONSTRAINT "
        "fk_training_class_draw_id_draw REFERENCES draw (id)"
    )
    op.create_index("ix_training_class_draw", "training_class", ["draw_id"])
    op.execute(
        "ALTER TABLE registration ADD COLUMN ticket_id INTEGER CONSTRAINT "
        "fk_registration_ticket_id_draw_ticket REFERENCES draw_ticket (id)"
    )
    op.create_index(
        "ix_registration_ticket",
        "registration",
        ["ticket_id"],
        sqlite_where=sa.text("ticket_id IS NOT NULL"),
        postgresql_where=sa.text("ticket_id IS NOT NULL"),
    )
    with op.batch_alter_table("staff_task") as batch:
        batch.alter_column("institution", existing_type=sa.String(length=16), nullable=True)
        batch.alter_column("class_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("window_id", sa.Integer()))
        batch.create_foreign_key(
            op.f("fk_staff_task_window_id_plan_window"), "plan_window", ["window_id"], ["id"]
        )


def downgrade() -> None:
    op.execute("DELETE FROM staff_task WHERE class_id IS NULL")
    with op.batch_alter_table("staff_task") as batch:
        batch.drop_constraint(op.f("fk_staff_task_window_id_plan_window"), type_="foreignkey")
        batch.drop_column("window_id")
        batch.alter_column("class_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("institution", existing_type=sa.String(length=16), nullable=False)
    op.drop_index("ix_registration_ticket", "registration")
    op.execute("ALTER TABLE registration DROP COLUMN ticket_id")
    op.drop_index("ix_training_class_draw", "training_class")
    op.execute("ALTER TABLE training_class DROP COLUMN draw_id")
    op.execute("ALTER TABLE plan_window DROP COLUMN closes_at")
    op.drop_column("annual_plan", "draw_source_en")
    op.drop_column("annual_plan", "draw_source_zh")
    for table in ("draw_event", "draw_value", "draw_ticket", "draw"):
        op.drop_table(table)
