"""Tell a demo that was begun and never finished from a whole one."""

from shutil import rmtree

from sqlalchemy import delete, insert, select

from portal.settings import Settings
from services.kernel.records import heartbeat
from services.kernel.work import Office, Work
from services.schema import metadata

PLAYING = "demo"  # this heartbeat stands from the first invented person to the last account


def begin(work: Work) -> None:
    """Note, together with the first people, that the demo is not whole yet."""
    work.run(insert(heartbeat), {"process": PLAYING, "at": work.now})


def end(work: Work) -> None:
    """Note, together with the last accounts, that the demo is whole."""
    work.run(delete(heartbeat).where(heartbeat.c.process == PLAYING))


def begun(office: Office) -> bool:
    """Tell whether a demo was begun and never finished."""
    with office.look() as look:
        found = select(heartbeat.c.process).where(heartbeat.c.process == PLAYING)
        return look.one_or_none(found) is not None


def clear(office: Office, settings: Settings) -> None:
    """Take back everything a broken-off demo has written; the schema stays."""
    with office.open() as work:
        for table in reversed(metadata.sorted_tables):
            work.run(delete(table))
    rmtree(settings.uploads, ignore_errors=True)
