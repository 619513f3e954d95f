"""Every sentence of the product is said in both languages, with the same blanks."""

import ast
import re
import string
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, meta
from tree import called, modules

from analytics import equity
from analytics.published import PUBLIC
from services.notices.kinds import SUBJECTS
from services.notices.letters import FOLDER as TEMPLATES
from services.registration.lifecycle import Notice
from services.words.catalogue import FOLDER, ZH_HANT, merged, words_for

ONE_MEANING = {  # heads of tables of numbers that other rooms say too, and mean the same
    "Absent": "缺訓",
    "Class": "開班",
    "Classes": "班數",
    "Counted": "分子",
    "Course": "課程",
    "Decided": "已決定",
    "Divided by": "分母",
    "Empty seats": "空位",
    "Fill rate": "招滿率",
    "First day": "開課日",
    "Got a seat": "取得名額",
    "Institution": "訓練機構",
    "Overrides": "優先遞補",
    "People waiting": "備取",
    "Qualified": "符合",
    "Seats": "名額",
    "Seats held": "已占名額",
    "Self-funded": "自費",
    "State": "狀態",
    "Why": "原因",
}
ZH = words_for(ZH_HANT)
SAYS = {"words": 0, "mark": 0, "refuse": 1}  # which argument is the sentence


def literals(node: ast.expr) -> Iterator[str]:
    """Give the sentences an argument may be; both sides of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def said(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """Find the sentences of a module; two together are singular and plural."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = called(node)
            if name == "many" and len(node.args) >= 2:
                yield tuple(text for part in node.args[:2] for text in literals(part))
            elif name in SAYS and len(node.args) > SAYS[name]:
                yield from ((text,) for text in literals(node.args[SAYS[name]]))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "sentence":
            yield from ((text,) for text in literals(node.value))  # DomainError.sentence
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "sentence":
            yield from ((text,) for text in literals(node.value)) if node.value else ()


@cache
def in_code() -> dict[tuple[str, ...], str]:
    return {ids: name for name, tree in modules() for ids in said(tree) if ids and any(ids)}


@cache
def in_catalogue() -> dict[tuple[str, ...], tuple[str, ...]]:
    found = {}
    for message in merged():
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            texts = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            found[ids] = texts
    return found


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def apart(found: Iterable[tuple[str, ...]]) -> set[str]:
    return {text for ids in found for text in ids}


def test_every_sentence_has_a_translation():
    known, pairs = apart(in_catalogue()), {ids for ids in in_code() if len(ids) == 2}
    missing = {ids: name for ids, name in in_code().items() if not known.issuperset(ids)}
    assert missing == {}
    assert pairs - set(in_catalogue()) == set()
    assert [ids for ids, texts in in_catalogue().items() if not all(texts)] == []


def test_every_translation_is_used():
    assert sorted(apart(in_catalogue()) - apart(in_code())) == []


def test_a_translation_has_the_blanks_of_its_sentence():
    odd = {
        ids: texts
        for ids, texts in in_catalogue().items()
        for text in texts
        if blanks(text) != set().union(*(blanks(part) for part in ids))
    }
    assert odd == {}


def test_a_sentence_has_one_translation_and_nothing_is_doubtful():
    seen: dict[object, object] = {}
    several, doubtful = [], []
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hant_TW"):
                if not message.id:
                    continue
                if message.fuzzy:
                    doubtful.append(message.id)
                if seen.setdefault(message.id, message.string) != message.string:
                    several.append((message.id, path.name))
    assert several == []
    assert doubtful == []


def heads() -> set[str]:
    """Give what stands over columns of numbers: of the public tables and of all dashboards."""
    found = {table.heading for table in PUBLIC.values()}
    found |= {part.name for table in PUBLIC.values() for part in table.parts}
    for _, tree in modules("analytics"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in ("Column", "Part"):
                found |= {text for (text,) in said(node)}
    return found


def test_no_head_of_a_table_of_numbers_borrows_a_word_that_means_something_else():
    """The rank of a seafarer is no place in a queue, nor is anybody who waits a case to decide."""
    elsewhere = {
        text
        for room in ("portal", "callbacks", "pages", "services")
        for _, tree in modules(room)
        for text in apart(said(tree))
    }
    borrowed = {head: ZH(head) for head in heads() & elsewhere}
    assert borrowed == {head: zh for head, zh in ONE_MEANING.items() if head in borrowed}
    assert set(ONE_MEANING) <= set(borrowed)


def test_what_counts_once_a_course_is_never_called_persons():
    """Who wants two courses is two persons and courses (人次); a registration is neither."""
    sentences = {text for _, tree in modules("analytics") for text in apart(said(tree))}
    bare = {text for text in sentences if re.search(r"\b[Pp]ersons\b(?! and courses)", text)}
    assert bare == {text for text in sentences if text.startswith("Courses with fewer than 5 pers")}
    twice = {text for text in sentences if re.search(r"[Pp]ersons and courses", text)}
    assert [text for text in twice if not re.search("人次|同人同課程", ZH(text))] == []


def test_a_trait_has_one_name_on_the_public_page_and_on_the_dashboard():
    named = {code: ZH(table.heading) for code, table in PUBLIC.items() if "seats" in code}
    assert named == {
        "seats-region": "地區", "seats-rank": "職級", "seats-age": "年齡", "seats-sex": "性別",
    }  # fmt: skip
    assert ZH(PUBLIC["waiting"].parts[0].name) == ZH(equity.PARTS[1].name) == "還在等"


def test_no_sentence_is_glued_together():
    """A sentence is one literal with blanks: never an f-string, never a sum of pieces."""
    glued = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and called(node) in SAYS
        and len(node.args) > SAYS[called(node)]
        and isinstance(node.args[SAYS[called(node)]], ast.JoinedStr | ast.BinOp)
    ]
    assert glued == []


def test_a_forgotten_translation_would_be_found():
    tree = ast.parse(
        "words('Sail {n}' if fair else 'Stay')\nwords.many('{n} knot', '{n} knots', 2)"
    )
    assert set(said(tree)) == {("Sail {n}",), ("Stay",), ("{n} knot", "{n} knots")}


@pytest.mark.parametrize("folder", ["zh_Hant", "en"])
def test_every_notice_has_a_letter_in_both_languages(folder):
    written = {path.stem for path in (TEMPLATES / folder).iterdir()}
    assert written == {kind.value for kind in Notice}
    assert set(SUBJECTS) == set(Notice)


@pytest.mark.parametrize("kind", [kind.value for kind in Notice])
def test_a_letter_tells_the_same_facts_in_both_languages(kind):
    facts = [
        meta.find_undeclared_variables(Environment().parse(path.read_text(encoding="utf-8")))
        for path in (TEMPLATES / folder / f"{kind}.txt" for folder in ("zh_Hant", "en"))
    ]
    assert facts[0] == facts[1]
