"""a salt for every line of a queue: what its number is committed to in public"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# 128 bits each; PostgreSQL draws strong random numbers without an extension only as UUIDs
DRAWN = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea),"
    " 'hex'), 32)",
}


def upgrade() -> None:
    op.add_column("registration", sa.Column("salt", sa.String(length=32), nullable=True))
    op.execute(f"UPDATE registration SET salt = {DRAWN[op.get_bind().dialect.name]}")


def downgrade() -> None:
    op.drop_column("registration", "salt")
