"""Parts of staff pages: labelled controls with their problems, heads, tables, badges."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from services.kernel.errors import NotFound
from services.words import Words

Problems = Mapping[str, tuple[str, Mapping[str, Any]]]


def say(words: Words, sentence: str, facts: Mapping[str, Any]) -> str:
    """Say a sentence with its facts as the reader's language writes them."""
    return words(sentence, **{name: _written(words, name, value) for name, value in facts.items()})


def _written(words: Words, name: str, value: Any) -> str:
    if isinstance(value, tuple):
        return words.period(*value)
    if isinstance(value, datetime):
        return words.deadline(value)
    if isinstance(value, date):
        return words.date(value)
    if isinstance(value, int):
        return words.year(value) if name == "year" else words.number(value)
    return str(value)


def attrs(**names: str) -> dict[str, Any]:
    """Write aria_label and the like as the attributes they are: aria-label."""
    return {name.replace("_", "-"): value for name, value in names.items()}


def ico(name: str) -> Component:
    """An icon; the word beside it says what it means."""
    return html.Span(className=f"ico ico-{name}", **attrs(aria_hidden="true"))


def mark_of(text: str, tone: str, icon: str, form: str = "") -> Component:
    """A badge: icon and word in a tone."""
    return html.Span([ico(icon), text], className=f"st tone-{tone} {form}".strip())


def field(
    words: Words, control: Any, label: str, problems: Problems, *, hint: str = ""
) -> Component:
    """A control with its label above, its problem between them and its hint below.

    `assets/app.js` ties both to the control, so that a screen reader says them with it.
    """
    name = _name(control.id)
    found = problems.get(name)
    parts: list[Component] = [html.Label(label, htmlFor=dom_id(control.id), className="form-label")]
    if found:
        parts.append(
            html.P([ico("warn"), say(words, *found)], id=f"{name}-problem", className="field-error")
        )
    parts.append(control)
    if hint:
        parts.append(html.Div(hint, id=f"{name}-hint", className="form-text"))
    return html.Div(parts, className="field-bad" if found else "")


def line(
    ident: Any,
    value: Any = "",
    *,
    kind: str = "text",
    problems: Problems | None = None,
    **more: Any,
) -> dbc.Input:
    """A one-line control; numbers are typed as text so that a slip stays readable."""
    bad = _name(ident) in (problems or {})
    if kind == "number":
        kind, more = "text", {"inputMode": "numeric", "style": {"maxWidth": "12rem"}} | more
    return dbc.Input(
        id=ident, type=kind, value="" if value is None else value, invalid=bad or None, **more
    )


def choice(
    ident: Any, options: Sequence[tuple[str, str]], value: Any, problems: Problems | None = None
) -> dbc.Select:
    """A list of options, each a value and its words; one without a value asks for a choice."""
    asking = [text for key, text in options if not key]
    return dbc.Select(
        id=ident,
        options=[{"value": key, "label": text} for key, text in options if key],
        value=value or None,
        placeholder=asking[0] if asking else None,
        invalid=_name(ident) in (problems or {}) or None,
    )


def push_button(content: Any, ident: Any, look: str = "primary") -> Component:
    """A button that a hand of the house answers; look is its kind in the vendor's words."""
    return html.Button(content, id=ident, type="button", className=f"btn btn-{look}")


def summary(
    words: Words, problems: Problems, prefix: str, labels: Mapping[str, str] | None = None
) -> Component | None:
    """What is to be corrected, with links to the fields (`<prefix>-<field>`, or only `<field>`)."""
    if not problems:
        return None
    colon = "：" if words.zh else ": "
    items = []
    for name, problem in problems.items():
        label = (labels or {}).get(name, "")
        text = (label + colon if label else "") + say(words, *problem)
        ident = f"{prefix}-{name.replace('_', '-')}" if prefix else name
        items.append(html.Li(html.A(text, href=f"#{ident}")))
    title = words.many("{n} place to correct", "{n} places to correct", len(problems))
    return html.Div(
        [html.H2(title), html.Ul(items, className="plain")],
        className="errors",
        role="alert",
        tabIndex=-1,
    )


def refusal(text: str) -> Component:
    """A refusal that belongs to no field."""
    return html.Div(
        [ico("warn"), html.Div(text)], className="note tone-problem", role="alert", tabIndex=-1
    )


def staff_page(*parts: Component | None, title: str = "") -> Component:
    """A staff page: compact type, parts below each other; a title where it shows one thing."""
    names = attrs(data_density="compact") | (attrs(data_title=title) if title else {})
    return html.Div(list(parts), className="stack-m", **names)


def head(title: str, sub: Any = None, right: Any = None, *, above: Any = None) -> Component:
    """The head of a page: codes and state, name, one line of facts, one thing to do."""
    codes = html.Div(above, className="line codes") if above else None
    facts = html.P(sub, className="sub") if sub else None
    left = html.Div([codes, html.H1(title, tabIndex=-1), facts])
    return html.Div([left, right], className="line line-between pagehead")


def crumb(words: Words, *steps: tuple[str, str], here: str = "") -> Component:
    """The way back; `here` names the page itself."""
    present = [html.Li(here, **attrs(aria_current="page"))] if here else []
    return html.Nav(
        html.Ol([*(html.Li(dcc.Link(text, href=href)) for text, href in steps), *present]),
        className="crumbs",
        **attrs(aria_label=words("Where you are")),
    )


def nothing(title: str, text: str, action: Component | None = None) -> Component:
    """An empty state: what was looked for and the nearest thing that exists."""
    mark = html.Div(className="empty-mark", **attrs(aria_hidden="true"))
    return html.Div([mark, html.H2(title), html.P(text), action], className="empty")


def row_head(*content: Any) -> Component:
    """The first cell of a row: what the row is about."""
    return html.Th(list(content), scope="row", className="cell-head")


def cell(label: str, content: Any, *, right: bool = False) -> Component:
    """A table cell that knows its column, so that a phone can show it as a line of a card."""
    return html.Td(content, className="r num" if right else None, **attrs(data_th=label))


def table(
    caption: str, columns: Sequence[tuple[str, bool]], rows: Sequence[Component]
) -> Component:
    """A table that becomes cards on a phone; columns are (words, is it a number)."""
    header = [
        html.Th(text, scope="col", className="r" if number else None) for text, number in columns
    ]
    return html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr(header)),
            html.Tbody(list(rows)),
        ],
        className="table table-cards",
    )


def pages_nav(words: Words, href: Any, page: int, last: int) -> Component | None:
    """Turn the pages of a list: one back or on, to either end; href gives the address of a page."""
    if last <= 1:
        return None
    near = [n for n in range(1, last + 1) if n in (1, last) or abs(n - page) <= 1]
    items: list[Component] = []
    if page > 1:
        items.append(_turn(words("Previous page"), href(page - 1)))
    for before, n in pairwise([0, *near]):
        if n > before + 1:
            items.append(_stay("…", "disabled", aria_hidden="true"))
        here = n == page
        items.append(_stay(str(n), "active", aria_current="page") if here else _turn(n, href(n)))
    if page < last:
        items.append(_turn(words("Next page"), href(page + 1)))
    label = words("Pages")
    return html.Nav(html.Ul(items, className="pagination"), **attrs(aria_label=label))


def _turn(text: Any, href: str) -> Component:
    return html.Li(dcc.Link(str(text), href=href, className="page-link"), className="page-item")


def _stay(text: str, look: str, **names: str) -> Component:
    part = html.Span(text, className="page-link", **attrs(**names))
    return html.Li(part, className=f"page-item {look}")


def page_number(text: str) -> int:
    """Read a page number out of an address; anything odd is the first page."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= 5 else 1


def path_id(text: str) -> int:
    """Read an id out of an address.

    Raises:
        NotFound: it is no plain number.
    """
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    raise NotFound


def dom_id(ident: Any) -> str:
    """The id as it stands in the page; a pattern id is written with sorted keys."""
    if isinstance(ident, str):
        return ident
    parts = ",".join(
        f'"{key}":{value if isinstance(value, int) else chr(34) + str(value) + chr(34)}'
        for key, value in sorted(ident.items())
    )
    return "{" + parts + "}"


def _name(ident: Any) -> str:
    """The field's name in problems: `class-cap` -> `cap`, a pattern id -> `from_0`."""
    if isinstance(ident, str):
        return ident.split("-", 1)[-1].replace("-", "_")
    return f"{ident['type'].split('-', 1)[-1]}_{ident['n']}"
