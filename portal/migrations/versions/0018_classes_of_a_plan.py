"""dashboards find the classes of a plan year by an index that holds all they are chosen by"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NAME, OF = "ix_training_class_plan", "training_class"
COLUMNS = ["year", "starts_on", "state", "institution", "course", "kind", "cap", "version"]


def upgrade() -> None:
    op.create_index(NAME, OF, COLUMNS)


def downgrade() -> None:
    op.drop_index(NAME, OF)
