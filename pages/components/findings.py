"""Rules and what was found: verdict, sentence, source, what to do; what needs attention first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import ico, mark_of
from services.catalogue.names import AREAS, DEPARTMENTS, FAMILIES, RANKS, SHIPS, VOYAGES
from services.preview import Preview
from services.screening.leaves import ALL_CERTIFICATES
from services.words import Words, mark

VERDICTS = {
    "fail": (mark("Not met"), "problem", "warn", ""),
    "unknown": (mark("To be reviewed"), "reviewing", "eye", "st-others"),
    "pass": (mark("Met"), "confirmed", "check", ""),
}
_FIRST = ("fail", "unknown", "pass")
_SOURCES = {
    "min_age": mark("MTNet, date of birth"),
    "medical_certificate_valid": mark("MTNet, medical certificate"),
    "seamans_book_valid": mark("MTNet, seaman's book"),
    "holds_certificate": mark("MTNet, certificates"),
    "completed_course": mark("MTNet, certificates; courses in this portal"),
    "rank_any_of": mark("MTNet, certificates of competency"),
    "sea_service_months": mark("MTNet, sea service"),
    "manual_evidence": mark("Your declaration"),
    "nationality": mark("MTNet, nationality"),
}
_TO_DO = {
    "medical_certificate_valid": mark(
        "Have a medical examination; the hospital reports it to MTNet."
    ),
    "seamans_book_valid": mark("Renew the seaman's book at MPB's seafarer section."),
    "holds_certificate": mark("Take or renew the certificate named here first."),
    "completed_course": mark("Take the course named here first."),
    "manual_evidence": mark(
        "If you have the paper, declare it when you register and upload it later."
    ),
    "sea_service_months": mark("Have missing service entered in MTNet with your service record."),
}
_UPLOAD = mark("Upload it on the page of your registration.")
Names = Mapping[str, tuple[str, str]]


def leaves(findings: Any) -> Iterator[Mapping[str, Any]]:
    """Give every judged rule of a kept screening, in order."""
    for tree in ("attend", "funded"):
        yield from ({**leaf, "tree": tree} for leaf in _below(findings.get(tree)))


def _below(node: Any) -> Iterator[Mapping[str, Any]]:
    if not isinstance(node, Mapping):
        return
    if node.get("parts"):
        alternative = node["kind"] == "any" and len(node["parts"]) > 1
        for part in node["parts"]:
            for leaf in _below(part):
                worse = _FIRST.index(leaf["verdict"]) < _FIRST.index(node["verdict"])
                if not (alternative and worse):  # a better way is open: this one decides nothing
                    yield {**leaf, "alternative": alternative or leaf.get("alternative", False)}
    elif node.get("rule"):
        yield node


def rules_panel(
    words: Words, findings: Mapping[str, Any], as_of: datetime, *, title: str, names: Names
) -> Component | None:
    """Every rule with its verdict, what was found, the source, and what to do."""
    found = [({**leaf, "first": findings.get("first_date")}, "") for leaf in leaves(findings)]
    version = findings.get("version", 1)
    return rules_listed(words, found, as_of, title=title, names=names, version=version)


def rules_listed(
    words: Words,
    found: Sequence[tuple[Mapping[str, Any], str]],
    as_of: datetime,
    *,
    title: str,
    names: Names,
    version: int,
) -> Component | None:
    """Judged rules, what needs attention first; each with what it is about, if not everything."""
    if not found:
        return None
    source = words(
        "MTNet as of {moment}, rules version {version}",
        moment=words.deadline(as_of),
        version=version,
    )
    ordered = sorted(found, key=lambda each: _FIRST.index(each[0]["verdict"]))
    return html.Section(
        [
            html.Div(
                [html.H2(title), html.Span(source, className="asof")],
                className="section-head panel-top",
            ),
            html.Ul(
                [_rule(words, leaf, about, names) for leaf, about in ordered], className="plain"
            ),
        ],
        className="panel panel-flush",
    )


def _rule(words: Words, leaf: Mapping[str, Any], about: str, names: Names) -> Component:
    verdict, first = leaf["verdict"], leaf["first"]
    text, tone, icon, form = VERDICTS[verdict]
    body: list[Any] = [
        html.H3(rule_words(words, leaf["rule"], leaf["facts"], names)),
        html.P(rule_words(words, leaf["sentence"], leaf["facts"], names)),
    ]
    if leaf["tree"] == "funded" and leaf["kind"] != "nationality":
        body.append(html.P(words("Only needed for a funded seat."), className="sub"))
    if leaf.get("alternative"):
        body.append(html.P(words("One way among several."), className="sub"))
    if verdict == "fail" and first and leaf["tree"] == "attend":
        when = words("You qualify from {day} on", day=words.date(date.fromisoformat(first)))
        body.append(html.P([ico("cal"), html.Span(when)], className="when"))
    return html.Li(
        [
            html.Div(
                [
                    mark_of(words(text), tone, icon, form),
                    html.Div(about, className="rule-about") if about else None,
                ]
            ),
            html.Div(body),
            html.Dl(_source(words, leaf), className="src"),
        ],
        className="rule",
    )


def _source(words: Words, leaf: Mapping[str, Any]) -> list[Component]:
    pairs = [(words("Source"), words(_SOURCES.get(leaf["kind"], mark("MTNet"))))]
    counts = kind_asked(words, leaf["facts"])
    if counts:
        pairs.append((words("Counts"), counts))
    if leaf["verdict"] != "pass" and leaf["kind"] in _TO_DO:
        declared = leaf["kind"] == "manual_evidence" and leaf["verdict"] == "unknown"
        pairs.append((words("What to do"), words(_UPLOAD if declared else _TO_DO[leaf["kind"]])))
    return [part for name, text in pairs for part in (html.Dt(name), html.Dd(text))]


def kind_asked(words: Words, facts: Mapping[str, Any]) -> str:
    """Say which sea service counts, where the rule limits it."""
    if "months" not in facts:
        return ""
    parts = [words(SHIPS[code]) for code in facts.get("ship_types") or () if code in SHIPS]
    parts += [words(RANKS[code]) for code in facts.get("ranks") or () if code in RANKS]
    for key, table in (("department", DEPARTMENTS), ("voyage", VOYAGES), ("area", AREAS)):
        if facts.get(key) in table:
            parts.append(words(table[facts[key]]))
    if facts.get("role") == "oow":
        parts.append(words("As officer in charge of a watch or higher"))
    if facts.get("min_gt"):
        parts.append(words("{n} GT or more", n=words.number(facts["min_gt"])))
    if facts.get("min_kw"):
        parts.append(words("{n} kW or more", n=words.number(facts["min_kw"])))
    return ("、" if words.zh else ", ").join(parts)


def rule_words(words: Words, sentence: str, facts: Mapping[str, Any], names: Names) -> str:
    """Say a rule or what was found; codes become names, days are written as the language does."""
    which = 0 if words.zh else 1
    last = mark(" and ") if sentence == ALL_CERTIFICATES else mark(" or ")
    told: dict[str, Any] = dict(facts)
    for key in ("reached_on", "issued_on", "until"):
        if isinstance(facts.get(key), str):
            told[key] = bare_date(words, date.fromisoformat(facts[key]))
    if "courses" in facts:
        called = [names.get(code, (code, code))[which] for code in facts["courses"]]
        told["courses"] = joined(words, called, last)
    if "ranks" in facts:
        told["ranks"] = joined(words, rank_names(words, facts["ranks"]), last)
    if "label_zh" in facts:
        told["label"] = facts["label_zh"] if words.zh else facts["label_en"]
    return words(sentence if words.zh else _singular(sentence, facts), **told)


def _singular(sentence: str, facts: Mapping[str, Any]) -> str:
    """Write one day, month or year of an English sentence as one: findings are kept as plurals."""
    return re.sub(
        r"(\{(\w+)\} (?:day|month|year))s\b",
        lambda found: found[1] if facts.get(found[2]) == 1 else found[0],
        sentence,
    )


def rank_names(words: Words, codes: Sequence[str]) -> list[str]:
    """Name ranks; a rank asked for in all its classes is named once."""
    left = list(codes)
    named = []
    for family, members in FAMILIES.items():
        if set(members) <= set(left):
            named.append(words(family))
            left = [code for code in left if code not in members]
    return named + [words(RANKS.get(code, code)) for code in left]


def joined(words: Words, parts: Sequence[str], last: str) -> str:
    """Write a list as a sentence does: A, B or C."""
    if len(parts) < 2:
        return "".join(parts)
    comma = "、" if words.zh else ", "
    return comma.join(parts[:-1]) + words(last) + parts[-1]


def bare_date(words: Words, day: date) -> str:
    """Write a date on a paper: with its year, without the weekday."""
    text = words.date(day)
    return text.partition("（")[0] if words.zh else text.partition(" ")[2]


def outcome_of(seen: Preview) -> str:
    """Name what sending now would give: a status, or a place in a draw still ahead."""
    drawn = seen.would.value == "waitlisted" and seen.draw is not None and seen.draw.ahead
    return "drawn" if drawn else seen.would.value


def verdict_panel(words: Words, seen: Preview) -> Component:
    """What sending now would give, in one sentence and with its count."""
    head, more, badge = OUTCOMES[outcome_of(seen)]
    found = list(leaves(seen.judgement.screening.to_json()))
    met = sum(leaf["verdict"] == "pass" for leaf in found)
    count = words("{met} of {n} rules are met.", met=met, n=len(found))
    parts = [words(head, place=seen.place)]
    return html.Section(
        [
            html.Div(
                [html.H2(parts), mark_of(words(badge[0]), *badge[1:])],
                className="line line-between",
            ),
            html.P([count, "" if words.zh else " ", words(more)]),
            html.P(words(PLACE_COUNTS), className="sub")
            if outcome_of(seen) == "waitlisted"
            else None,
            html.P(words(_PAYS)) if _pays(seen) else None,
        ],
        className="panel",
    )


PLACE_COUNTS = mark(
    "The place counts everyone ahead of you on your list, funded or self-funded, who has no seat, "
    "also people whom seats pass by for now."
)
_PAYS = mark("You may attend, but not on a funded seat: you are on the self-funded list.")


def _pays(seen: Preview) -> bool:
    return seen.judgement.track.value == "self_funded" and seen.would.value != "ineligible"


OUTCOMES: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "admitted": (
        mark("You would get a seat now"),
        mark("We ask you four weeks before the class whether you will come."),
        (mark("Admitted"), "admitted", "user"),
    ),
    "waitlisted": (
        mark("You would be number {place} on the waiting list"),
        mark("When someone cancels, the first person waiting gets the seat at once."),
        (mark("Waitlisted"), "waiting", "hourglass"),
    ),
    "drawn": (
        mark("You would get a number; the ranks are still to be drawn"),
        mark("Seats are given by the ranks drawn."),
        (mark("Seats are drawn"), "waiting", "card"),
    ),
    "offered": (
        mark("Only self-funded seats are left"),
        mark("You may claim one after sending."),
        (mark("Self-funded only"), "selffunded", "coin"),
    ),
    "in_review": (
        mark("You can send it; the institution will review it"),
        mark("You keep number and place during the review."),
        (mark("To be reviewed"), "reviewing", "eye", "st-others"),
    ),
    "ineligible": (
        mark("You do not meet the rules on the first class day"),
        mark("Sent now, it would be refused at once. What is missing stands below."),
        (mark("Not eligible"), "problem", "warn"),
    ),
}


def papers_panel(
    words: Words,
    papers: Mapping[str, Mapping[str, str]],
    declared: Sequence[str],
    ident: str,
    button: str,
) -> Component | None:
    """Papers no record shows: say that you have them, then the institution looks at them."""
    if not papers:
        return None
    options = [{"label": words.name(rule, "label"), "value": code} for code, rule in papers.items()]
    return html.Section(
        [
            html.H2(words("Papers you have")),
            html.P(
                words(
                    "No register shows these. Tick what you have; you upload it after "
                    "sending, and the institution looks at it."),
                className="sub",
            ),
            dbc.Checklist(id=ident, options=options, value=list(declared)),
            html.Div(
                dbc.Button(words("Check again with these papers"), id=button, outline=True,
                           color="primary"),
                className="line",
            ),
        ],
        className="panel stack-s",
    )  # fmt: skip
