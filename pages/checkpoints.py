"""Queue checkpoints (佇列存證): where the record of every queue stood, to keep and compare."""

from functools import cache
from pathlib import Path
from types import ModuleType

from dash import html
from dash.development.base_component import Component

from pages.components.checking import Step, check_panel, file_link
from pages.components.entry import cell, head, nothing, page_number, pages_nav, row_head, table
from pages.visit import Visit
from services.checkpoints import check_checkpoints
from services.checkpoints.kept import PER_PAGE, Checkpoint, checkpoints, newest
from services.registration import check_queue
from services.words import Words

PATH = "/checkpoints"
QUERY = ("page",)
SCRIPT, QUEUE_SCRIPT = f"{PATH}/check_checkpoints.py", f"{PATH}/check_queue.py"


def layout(visit: Visit) -> Component:
    """List the checkpoints, the newest first."""
    words, look = visit.words, visit.look
    lead = words(
        "In every hour in which something happened, the portal writes down where each queue "
        "stands, links that to the checkpoint before and signs it. Keep a copy: nothing older can "
        "then be rewritten without your copy showing it. Compare later: the same number must still "
        "have the same root."
    )
    top, last = head(words("Queue checkpoints"), lead), newest(look)
    if last is None:
        text = words("The first one follows the first registration.")
        none = nothing(words("No checkpoint yet"), text)
        return html.Div([top, none, _check_queue(words)], className="stack-m")
    pages = -(-last.number // PER_PAGE)
    page = min(page_number(visit.query.get("page", "")), pages)
    return html.Div(
        [
            top,
            html.Section(
                [
                    _list(words, checkpoints(look, page)),
                    pages_nav(words, lambda n: f"{PATH}?page={n}", page, pages),
                ],
                className="panel stack",
            ),
            _check(words, last),
            _check_queue(words),
        ],
        className="stack-m",
    )


def address(number: int) -> str:
    """Give the address of a checkpoint's file."""
    return f"{PATH}/{number}.json"


def _list(words: Words, found: list[Checkpoint]) -> Component:
    columns = [
        (words("Checkpoint number"), False),
        (words("Made"), False),
        (words("Events"), True),
        (words("Root"), False),
        (words("File"), False),
    ]
    return table(words("Queue checkpoints"), columns, [_row(words, one) for one in found])


def _row(words: Words, one: Checkpoint) -> Component:
    return html.Tr(
        [
            row_head(html.Span(words("No. {n}", n=one.number), className="num")),
            cell(words("Made"), words.deadline(one.made_at)),
            cell(words("Events"), words.number(one.events), right=True),
            cell(words("Root"), html.Code(one.root, className="check-root")),
            cell(words("File"), html.A("JSON", href=address(one.number), download=_name(one))),
        ],
        id=f"no-{one.number}",
    )


def _name(one: Checkpoint) -> str:
    return f"checkpoint-{one.number}.json"


def _check(words: Words, last: Checkpoint) -> Component:
    rule = words(
        "A root is the SHA-256 of the root before it, the number, the moment and one line for each "
        "course and year: its id, how many events its queues have had, and a fingerprint of all "
        "of them. Nothing of any person can be read out of it."
    )
    steps: list[Step] = [
        [
            words("Save files today and later, or the roots in your letters. The newest:"),
            " ",
            file_link(address(last.number), _name(last)),
        ],
        [
            words("Save the script, or write your own:"),
            " ",
            file_link(SCRIPT, "check_checkpoints.py"),
        ],
        [
            words("Run it with any Python 3; it needs nothing else:"),
            " ",
            html.Code("python3 check_checkpoints.py checkpoint-*.json"),
        ],
        [
            words("Roots are signed with Ed25519; the public key:"),
            " ",
            html.Code(last.public_key, className="check-root"),
        ],
        [
            words(
                "Something differs? Show both files to somebody you trust. The operator compares a "
                "file with the database:"
            ),
            " ",
            html.Code("portal audit checkpoint-*.json"),
        ],
    ]
    return check_panel(words, rule, steps, source(check_checkpoints))


def _check_queue(words: Words) -> Component:
    rule = words(
        "The file of a class tells every number with its steps and a fingerprint: the SHA-256 of "
        "receipt code, class, number and ID number. Only whoever has the receipt can tell whose it "
        "is, and prove it."
    )
    steps: list[Step] = [
        [words("Save the file of a class today and later: it is linked below its public queue.")],
        [
            words("Save the script, or write your own:"),
            " ",
            file_link(QUEUE_SCRIPT, "check_queue.py"),
        ],
        [
            words(
                "Run it with any Python 3. It finds numbers that are missing, more people than "
                "seats, seats given past a better rank without a recorded reason, and lines that "
                "were changed between two files:"
            ),
            " ",
            html.Code("python3 check_queue.py queue-*.json"),
        ],
        [
            words(
                "With number and code of your receipt it finds your own line; it asks for your ID "
                "number and sends nothing:"
            ),
            " ",
            html.Code(words("python3 check_queue.py queue-*.json NUMBER CODE")),
        ],
    ]
    title = words("Check a queue, and your own line in it")
    script = source(check_queue)
    return check_panel(words, rule, steps, script, title=title, ident="check-queue")


@cache
def source(script: ModuleType) -> str:
    """Give the text of a script everybody can run."""
    return Path(str(script.__file__)).read_text(encoding="utf-8")
