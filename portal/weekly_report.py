"""The weekly report as a letter: the numbers of the reader's dashboards, and the way out.

Written from the same questions as the pages, as the reader: an institution gets its own numbers.
"""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from html import escape

from itsdangerous import BadSignature, URLSafeSerializer

from analytics.asking import ask_sign_up
from analytics.boards import BOARDS, Board
from analytics.exports import export_of
from analytics.filters import Filters, choices, parse
from analytics.licence import INTERNAL
from analytics.number import Number
from analytics.questions import QUESTIONS
from analytics.source import true_as_of
from pages.dashboards import TITLES
from portal.post import transport_for
from portal.settings import Settings
from portal.web.tables import defined_at, holding, written
from services.checkpoints.kept import line_of
from services.kernel.work import Look, Office
from services.notices.gateway import Outcome
from services.send_reports import Due
from services.words import Words, words_for

SALT = "weekly report"
TELLS = ("fill-rate", "demand", "qualification", "queues")
WEEKS = 12
BLOCKS = "▁▂▃▄▅▆▇█"


def token_of(settings: Settings, subscription_id: int) -> str:
    """Sign a subscription's number, so that its link works without logging in."""
    return str(URLSafeSerializer(settings.secret_key, SALT).dumps(subscription_id))


def subscription_in(settings: Settings, token: str) -> int | None:
    """Read a signed subscription's number; None where the signature is not ours."""
    try:
        found = URLSafeSerializer(settings.secret_key, SALT).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def post_report(office: Office, settings: Settings, letter: Due) -> tuple[Outcome, str]:
    """Write one letter as its reader and hand it to the mail server."""
    with office.look(letter.actor) as look:
        message = compose(look, letter, settings)
    return transport_for(settings).send(message)


def compose(look: Look, letter: Due, settings: Settings) -> EmailMessage:
    """Write the letter: text, the same as a table, the classes that need somebody as a file."""
    words = words_for(letter.locale)
    filters, _ = parse({}, choices(look.connection), look.today)
    filters = filters.locked_to(look.actor)
    leave = f"{settings.base_url}/reports/unsubscribe/{token_of(settings, letter.subscription_id)}"
    told = [(BOARDS[code], BOARDS[code].numbers(look, filters, words)) for code in TELLS]
    trends = _trends(look, filters, words)
    as_of = words("As of {moment}", moment=words.deadline(true_as_of(look)))
    message = EmailMessage()
    message["From"], message["To"] = settings.mail_from, letter.email
    message["Subject"] = words(
        "Weekly report of {day}: seafarer training", day=words.date(look.today)
    )
    message["Message-ID"] = f"<{letter.key}@portal.example>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{leave}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    kept = line_of(look, words, settings.base_url)
    message.set_content(_text(told, trends, filters, words, settings.base_url, as_of, kept, leave))
    message.add_alternative(
        _html(told, trends, filters, words, settings.base_url, as_of, kept, leave), subtype="html"
    )
    due = export_of("attention", look, filters, words)
    if due is not None and due.sheet.rows:
        defined = defined_at(settings.base_url, due.measure)
        holds = holding(due.as_of, defined, filters, words(INTERNAL), words)
        message.add_attachment(
            written(due.sheet, words, holds).encode(), maintype="text", subtype="csv",
            filename=f"attention_{letter.week}.csv",
        )  # fmt: skip
    return message


Told = Sequence[tuple[Board, Sequence[Number]]]
Trends = Mapping[str, tuple[str, str, str]]  # of a dashboard: what it is, its bars, its values


def _trends(look: Look, filters: Filters, words: Words) -> Trends:
    """Give how the numbers came to where they are: as bars, and as values for who hears them."""
    weeks = [n for n in ask_sign_up(look, filters).value.now if n is not None][-WEEKS:]
    months = QUESTIONS["fill-by-month"].ask(look, filters).value.whole_by_month
    counts = "、".join if words.zh else ", ".join
    return {
        "demand": (
            words("Registrations of each week, the latest {n}", n=len(weeks)),
            bars(weeks),
            counts(words.number(n) for n in weeks),
        ),
        "fill-rate": (
            words("Fill rate of each month, the latest {n}", n=len(months)),
            bars(months),
            counts(words.percent(rate, 0) for rate in months),
        ),
    }


def bars(values: Sequence[float]) -> str:
    """Draw values as letters, from zero to the highest: mail shows them without a picture."""
    most = max(values, default=0) or 1
    return "".join(BLOCKS[round(value / most * (len(BLOCKS) - 1))] for value in values)


def _link(base_url: str, board: Board, filters: Filters) -> str:
    return f"{base_url}/{board.code}?year={filters.year}"


def _text(
    told: Told, trends: Trends, filters: Filters, words: Words, base_url: str, as_of: str,
    kept: str | None, leave: str,
) -> str:  # fmt: skip
    def gap(unit: str) -> str:
        return "" if words.zh or unit == "%" else " "

    lines = [as_of, ""]
    for board, numbers in told:
        lines += [words(TITLES[board.code])]
        lines += [f"  {n.name}: {n.value}{gap(n.unit)}{n.unit}  {n.delta}{n.note}" for n in numbers]
        what, drawn, values = trends.get(board.code, ("", "", ""))
        lines += [f"  {what}: {drawn} {values}"] if drawn else []
        lines += [f"  {_link(base_url, board, filters)}", ""]
    lines += [words("What the numbers mean: {link}", link=f"{base_url}/definitions")]
    lines += [kept] if kept else []
    lines += [words("Stop this report: {link}", link=leave)]
    return "\n".join(lines) + "\n"


def _html(
    told: Told, trends: Trends, filters: Filters, words: Words, base_url: str, as_of: str,
    kept: str | None, leave: str,
) -> str:  # fmt: skip
    """Write tables only, without colours, pictures or scripts: every mail program shows them."""
    parts = [f"<p>{escape(as_of)}</p>"]
    for board, numbers in told:
        link = escape(_link(base_url, board, filters))
        parts.append(f'<h2><a href="{link}">{escape(words(TITLES[board.code]))}</a></h2>')
        rows = "".join(
            f'<tr><th align="left" scope="row">{escape(n.name)}</th><td align="right"><b>'
            f"{escape(n.value)}</b> {escape(n.unit)}</td><td>{escape(n.delta + n.note)}</td></tr>"
            for n in numbers
        )
        what, drawn, values = trends.get(board.code, ("", "", ""))
        if drawn:
            rows += (
                f'<tr><th align="left" scope="row">{escape(what)}</th><td align="right">'
                f'<span aria-hidden="true">{drawn}</span></td><td>{escape(values)}</td></tr>'
            )
        parts.append(f'<table cellpadding="6">{rows}</table>')
    parts += [f"<p>{escape(kept)}</p>"] if kept else []
    meaning, stop = words("What the numbers mean"), words("Stop this report")
    parts.append(
        f'<p><a href="{escape(base_url)}/definitions">{escape(meaning)}</a> · '
        f'<a href="{escape(leave)}">{escape(stop)}</a></p>'
    )
    return f'<html lang="{words.locale}"><body>{"".join(parts)}</body></html>'
