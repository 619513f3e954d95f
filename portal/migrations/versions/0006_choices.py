"""choices: skips kept with their reason, one open review for a person and cohort"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "skip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("since_seq", sa.Integer(), nullable=False),
        sa.Column("until_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_skip_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_skip_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skip")),
    )
    op.create_index(op.f("ix_skip_registration_id"), "skip", ["registration_id"])
    op.create_index("ix_skip_cohort", "skip", ["cohort_id", "until_seq"])
    op.execute(  # whoever was passed over stays so: noted as of the events so far
        "INSERT INTO skip (registration_id, cohort_id, reason, code, since_seq) "
        "SELECT id, cohort_id, skip_reason, '', 0 FROM registration "
        "WHERE skip_reason IS NOT NULL"
    )
    op.execute(  # of several open cases of a person and cohort the first one stays
        "UPDATE review_case SET state = 'void', decided_at = opened_at "
        "WHERE state IN ('open', 'supplement') AND statement IS NULL AND EXISTS (SELECT 1 FROM review_case b "
        "WHERE b.cohort_id = review_case.cohort_id AND b.person_id = review_case.person_id "
        "AND b.statement IS NULL AND b.state IN ('open', 'supplement') AND b.id < review_case.id)"
    )
    waits = sa.text("state IN ('open', 'supplement') AND statement IS NULL")
    op.create_index(
        "uq_one_open_case",
        "review_case",
        ["cohort_id", "person_id"],
        unique=True,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_index("uq_one_open_case", "review_case")
    op.drop_table("skip")
