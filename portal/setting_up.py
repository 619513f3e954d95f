"""Set the portal up: assets, schema, catalogue, demo years; a second time changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.demo.accounts import DemoAccount, demo_accounts, make_accounts
from portal.demo.begun import begun, clear
from portal.demo.play import Stage, play
from portal.front_end import build
from portal.migrate import migrate
from portal.settings import Settings
from portal.wiring import desk_for, keys_for
from services.catalogue.load import load_catalogue
from services.identity.records import person
from services.kernel.clock import WallClock, taipei_day
from services.kernel.db import engine_for
from services.kernel.work import Office


def set_up(settings: Settings, out: Console) -> None:
    """Prepare everything; play the demo years when the database is empty and demo mode is on."""
    with alone(settings):
        build()
        prepare(settings)
        take_back_half_a_demo(settings, out)
        if settings.demo and not _people(settings):
            play_demo(settings, out)
    if settings.demo:
        _introduce(settings, out)


def take_back_half_a_demo(settings: Settings, out: Console) -> None:
    """Empty a database whose demo was begun and never finished; leave every other as it is."""
    if settings.demo and begun(_office(settings)):
        out.print("An earlier set-up was broken off; the demo years are played anew.")
        clear(_office(settings), settings)
        prepare(settings)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Keep a second set-up of the same folder out; a killed one leaves nothing locked."""
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
        file = (settings.var / "setup.lock").open("w")
    except OSError as refusal:
        raise SystemExit(f"{settings.var} cannot be written: {refusal.strerror}.") from None
    with file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except OSError:
            raise SystemExit(f"Another set-up is at work in {settings.var}; wait for it.") from None
        yield


def prepare(settings: Settings) -> None:
    """Migrate the database and load the catalogue."""
    try:
        office = _office(settings)
        migrate(office.engine)
        with office.open() as work:
            load_catalogue(work)
    except OperationalError as refusal:
        raise SystemExit(f"The database cannot be used: {refusal.orig}") from None


def play_demo(
    settings: Settings,
    out: Console,
    *,
    seafarers: int = 8000,
    years: int = 4,
    seed: int = 116,
    today: date | None = None,
) -> None:
    """Play the demo years with a progress bar a year; refused in production."""
    if not settings.demo:
        raise SystemExit("Demo people are never put into a production database.")
    if _people(settings):
        raise SystemExit("The database already holds people; the demo is only for an empty one.")
    began = monotonic()
    desk = desk_for(settings, engine=engine_for(settings.database_url, durable=False))
    columns = (TextColumn("Playing {task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as bars:
        tasks: dict[str, TaskID] = {}

        def show(name: str, share: float) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=1.0)
            bars.update(tasks[name], completed=share)

        day = today or last_day(WallClock().now())
        stage = Stage(desk, keys_for(settings), settings.uploads, seafarers, years, seed, day, show)
        season = play(stage)
    make_accounts(stage.office, stage.keys, stage.people)
    done = ", ".join(f"{name} {season.done[name]:,}" for name in ("registered", "notices"))
    out.print(f"Demo years played in {monotonic() - began:.0f} s: {done}.")


def last_day(now: datetime) -> date:
    """Give the last day whose morning is over: the demo ends a minute after nine, never ahead."""
    return taipei_day(now - timedelta(hours=9, minutes=1))


def _office(settings: Settings) -> Office:
    return desk_for(settings).office


def _people(settings: Settings) -> int:
    with _office(settings).look() as look:
        return int(look.scalar(select(func.count()).select_from(person)))


def _introduce(settings: Settings, out: Console) -> None:
    """Print the demo accounts of every role and where mail goes."""
    out.print("\n[bold]Demo accounts[/] (invented people; demo mode only)")
    for account in demo_accounts(_office(settings), keys_for(settings)):
        out.print(_line(account), highlight=False)
    out.print(f"Mail is written to {settings.mail_place}, text messages to {settings.text_place}")


def _line(account: DemoAccount) -> str:
    return f"  {account.id_number}  {account.password}  {account.title}"
