"""when a past class ended"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM class_day")  # noted anew by the clock
    with op.batch_alter_table("class_day", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("class_day", schema=None) as batch_op:
        batch_op.drop_column("ends_on")
