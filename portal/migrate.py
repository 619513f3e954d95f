"""Bring a database to today's schema, and tell how far it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from services.kernel.db import writing

FOLDER = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration without a file of its own."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def migrate(engine: Engine) -> None:
    """Migrate to the newest schema; an up-to-date database is left as it is."""
    with writing(engine) as connection, connection.begin():
        command.upgrade(config(connection), "head")


def is_current(connection: Connection) -> bool:
    """Tell whether the database stands at the newest migration."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
