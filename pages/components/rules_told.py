"""The rules of a course in words, before anybody is judged: to attend, for a funded seat, after."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from pages.components.entry import ico
from pages.components.findings import Names, kind_asked, rule_words
from services.screening.screen import CourseRules
from services.screening.stated import stated
from services.screening.verdict import Finding
from services.words import Words, mark

NATIONALS = mark("Funded seats are for nationals; others attend at their own cost.")


def rules_told(
    words: Words, rules: CourseRules, names: Names, *, funded: bool = True
) -> list[Component]:
    """Say who may attend, what a funded seat asks for, and what the certificate asks for."""
    parts: list[Component] = [
        html.H3(words("To attend")),
        rule_list(words, stated(rules.attend), names, "check"),
    ]
    if funded:
        extra = stated(rules.funded_extra)
        parts += [
            html.H3(words("For a funded seat as well")),
            rule_list(words, extra, names, "coin", also=words(NATIONALS)),
        ]
    after = stated(rules.certificate)
    if after is not None:
        parts += [
            html.H3(words("For the certificate, later")),
            rule_list(words, after, names, "card"),
            html.P(
                words("You may attend first; the certificate is issued once these are met."),
                className="sub",
            ),
        ]
    return parts


def rule_list(
    words: Words, tree: Finding | None, names: Names, icon: str, *, also: str = ""
) -> Component:
    """A tree as a list: all of them hold; alternatives stand one step in."""
    lines = _lines(words, tree, names) if tree else []
    if also:
        lines.append(also)
    if not lines:
        lines = [words("Nothing is asked for.")]
    items = [html.Li([ico(icon), html.Div(line)]) for line in lines]
    return html.Ul(items, className="plain told-rules")


def _lines(words: Words, tree: Finding, names: Names) -> list[Any]:
    if tree.kind == "all":
        return [line for part in tree.parts for line in _lines(words, part, names)]
    if tree.kind == "any" and len(tree.parts) == 1:
        return _lines(words, tree.parts[0], names)
    if tree.kind in ("any", "not"):
        head = words("One of these:") if tree.kind == "any" else words("None of these:")
        inner = [html.Li(_alternative(words, part, names)) for part in tree.parts]
        return [[head, html.Ul(inner, className="told-any")]]
    return [_leaf(words, tree, names)]


def _alternative(words: Words, part: Finding, names: Names) -> Any:
    """One way among several; what belongs together in it is joined."""
    lines = _lines(words, part, names)
    if len(lines) == 1:
        return lines[0]
    return [words("All of these:"), html.Ul([html.Li(line) for line in lines])]


def _leaf(words: Words, leaf: Finding, names: Names) -> list[Any]:
    text: list[Any] = [rule_words(words, leaf.rule, leaf.facts, names)]
    counts = kind_asked(words, leaf.facts)
    if counts:
        text.append(html.Span(words("counts: {kind}", kind=counts), className="sub told-kind"))
    return text
