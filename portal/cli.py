"""The command line: thin; parse, wire, call. Every command says what it did in one line."""

import logging
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from portal import accounts, running, setting_up
from portal.clock import run_clock, run_mailer, tick
from portal.dashboards import dashboards as dashboards_text
from portal.migrate import migrate as migrate_database
from portal.post import text_gateway_for, transport_for
from portal.rulebook import rulebook as rulebook_text
from portal.settings import Settings, SettingsError
from portal.wiring import desk_for
from services.checkpoint_audit import chain_faults, saved_faults
from services.deliver import deliver as deliver_due
from services.examine import keep
from services.invariants import check_invariants
from services.kernel.actor import SYSTEM
from services.text import text_people

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
app.add_typer(accounts.app, name="account")
out = Console()


@app.command()
def setup() -> None:
    """Prepare everything but the start: assets, database, catalogue, demo years."""
    setting_up.set_up(_settings(), out)


@app.command()
def run() -> None:
    """Serve web, clock and mailer together until Ctrl-C."""
    running.run(_settings(), out)


@app.command()
def serve() -> None:
    """Serve the pages only (gunicorn, two workers)."""
    running.serve(_settings())


@app.command()
def clock() -> None:
    """Do what is due, every half minute; any number of these are safe beside each other."""
    run_clock(desk_for(_settings()))


@app.command()
def mailer() -> None:
    """Deliver the outbox, every few seconds."""
    settings = _settings()
    run_mailer(desk_for(settings), settings)


@app.command()
def sweep() -> None:
    """Do once, by hand, what the clock does by itself."""
    done = {name: n for name, n in tick(desk_for(_settings())).items() if n}
    out.print(", ".join(f"{name}: {n}" for name, n in done.items()) or "Nothing was due.")


@app.command()
def deliver() -> None:
    """Deliver the outbox once."""
    settings = _settings()
    desk = desk_for(settings)
    result = deliver_due(desk.office, transport_for(settings), base_url=settings.base_url)
    gateway = text_gateway_for(settings)
    texts = text_people(desk.office, gateway, base_url=settings.base_url) if gateway else 0
    out.print(
        f"sent {result.sent}, to be tried again {result.retried}, dead {result.dead}; texts {texts}"
    )


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    migrate_database(desk_for(_settings()).office.engine)
    out.print("The database is up to date.")


@app.command()
def demo(
    seafarers: Annotated[int, typer.Option(min=50, max=200_000)] = 8000,
    years: Annotated[int, typer.Option(min=1, max=10)] = 4,
    seed: int = 116,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
) -> None:
    """Play the demo years into an empty database."""
    day: date | None = today.date() if today else None
    settings = _settings()
    with setting_up.alone(settings):
        setting_up.prepare(settings)
        setting_up.take_back_half_a_demo(settings, out)
        setting_up.play_demo(settings, out, seafarers=seafarers, years=years, seed=seed, today=day)


@app.command()
def doctor() -> None:
    """Check the invariants of the queue and keep the result; exit 0 only if all hold."""
    office = desk_for(_settings()).office
    with office.look() as look:
        findings, at = check_invariants(look.connection, look.now), look.now
    with office.open(SYSTEM) as work:
        keep(work, findings, at)
    for finding in findings:
        mark = "[green]holds[/]" if finding.holds else "[bold red]BROKEN[/]"
        out.print(f"{finding.number:>3}  {mark}  {finding.looked_at:>9,}  {finding.sentence}")
        for fault in finding.faults:
            out.print(f"          {fault}")
    raise SystemExit(0 if all(finding.holds for finding in findings) else 1)


@app.command()
def audit(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)],
) -> None:
    """Compare checkpoints saved elsewhere with the database; exit 0 only if all holds."""
    with desk_for(_settings()).office.look() as look:
        faults = [
            f"{path}: {fault}"
            for path in files
            for fault in saved_faults(look.connection, path.read_bytes())
        ]
        faults += chain_faults(look.connection)
    for fault in faults:
        out.print(fault, markup=False, highlight=False, soft_wrap=True)
    out.print(
        "[bold red]This database does not hold what was published.[/]"
        if faults
        else f"This database holds exactly the chains of the checkpoints given ({len(files)})."
    )
    raise SystemExit(1 if faults else 0)


@app.command()
def rulebook() -> None:
    """Print the rulebook, generated from the tables the code runs on."""
    sys.stdout.write(rulebook_text())


@app.command()
def dashboards() -> None:
    """Print what each dashboard is for, generated from the boards the code runs on."""
    sys.stdout.write(dashboards_text())


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as refusal:
        out.print(f"[bold red]{refusal}[/]")
        raise SystemExit(2) from None


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    app()
