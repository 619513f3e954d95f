"""seats that were cut after the confirmation call: the fill rate goes on being measured by them"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(  # in place: SQLite would rebuild the table, which other tables point to
        "ALTER TABLE training_class ADD COLUMN cut_from INTEGER CONSTRAINT "
        "ck_training_class_cut_from CHECK (cut_from > cap)"
    )
    op.add_column("class_day", sa.Column("cut_from", sa.Integer()))


def downgrade() -> None:
    op.drop_column("class_day", "cut_from")
    op.execute("ALTER TABLE training_class DROP COLUMN cut_from")
