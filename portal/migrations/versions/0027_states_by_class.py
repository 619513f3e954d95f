"""states by class, on PostgreSQL: the few that were still on the way on a past day"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_standing_class", "standing", ["class_id", "until_day"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_standing_class", table_name="standing")
