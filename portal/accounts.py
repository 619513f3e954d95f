"""Open a staff account from the command line: the first administrator has nobody else to ask."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from portal.settings import Settings
from portal.wiring import desk_for, keys_for
from services.identity.national_id import validate
from services.kernel.actor import SYSTEM
from services.kernel.errors import DomainError, InvalidInput
from services.staff_accounts import add_account, one_time_password

app = typer.Typer(no_args_is_help=True, help=__doc__)
out = Console()


@app.callback()
def _accounts() -> None:
    """Staff accounts."""


@app.command()
def add(
    role: Annotated[str, typer.Option(help="officer, planner or administrator")],
    name: Annotated[str, typer.Option(help="how the pages greet the person")],
    id_number: Annotated[str, typer.Option("--id", prompt="ID number", hide_input=True)],
    institution: Annotated[str, typer.Option(help="of an officer, such as NTOU")] = "",
    password_stdin: Annotated[bool, typer.Option(help="read the password, else make one")] = False,
) -> None:
    """Open an account; without --password-stdin a password is made and printed once."""
    settings = Settings.load()
    desk, index = desk_for(settings), keys_for(settings).index
    password = sys.stdin.readline().rstrip("\n") if password_stdin else one_time_password()
    try:
        with desk.office.open(SYSTEM) as work:
            made = add_account(
                work,
                role="institution" if role == "officer" else role,
                institution=institution or None,
                name=name,
                login_index=index.of(validate(id_number)),
                password=password,
                temporary=not password_stdin,
            )
    except InvalidInput as refused:
        for field, (sentence, facts) in refused.problems.items():
            out.print(f"[bold red]{field}[/]: {sentence.format(**facts)}")
        raise SystemExit(1) from None
    except DomainError as refused:
        out.print(f"[bold red]{refused.sentence.format(**refused.facts)}[/]")
        raise SystemExit(1) from None
    out.print(f"Account {made} is open for {name}.")
    if not password_stdin:
        out.print(f"Password, shown only now: {password}", highlight=False)
        out.print("It counts for three days and is changed at the first log-in.")
