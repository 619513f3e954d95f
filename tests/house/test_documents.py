"""What the house tells about itself is true: rulebook, README, runbook, decisions, help texts."""

import re
from pathlib import Path

import pytest
import typer
from tree import ROOT, tracked

from analytics.boards import BOARDS
from portal.cli import app
from portal.dashboards import dashboards
from portal.rulebook import rulebook
from portal.settings import Settings

MAKEFILE = (ROOT / "Makefile").read_text()
DECISIONS = sorted((ROOT / ".docs/decisions").glob("*.md"))


def targets() -> dict[str, str]:
    """Give the make targets a person types, with their help."""
    found = re.findall(r"^([a-z][a-z-]*):(?!=)[^#\n]*(?:##(.*))?$", MAKEFILE, re.MULTILINE)
    return {name: text.strip() for name, text in found}


def test_the_rulebook_is_fresh():
    written = (ROOT / ".docs/rulebook.md").read_text(encoding="utf-8")
    assert written == rulebook(), "the tables have changed: make rulebook"


def test_what_is_told_of_the_dashboards_is_fresh_and_leads_to_every_definition():
    written = (ROOT / ".docs/dashboards.md").read_text(encoding="utf-8")
    assert written == dashboards(), "the boards have changed: make rulebook"
    places = re.findall(r"rulebook\.md#([\w-]+)", written)
    assert len(places) > len(BOARDS)
    assert [place for place in places if f'id="{place}"' not in rulebook()] == []


def test_every_dashboard_has_its_picture_and_none_is_heavy():
    sheets = {path.stem: path.stat().st_size for path in (ROOT / ".docs/dashboards").iterdir()}
    assert set(sheets) == set(BOARDS), "the boards have changed: make pictures"
    assert max(sheets.values()) <= 250_000
    assert sum(sheets.values()) < 2_000_000


def test_every_make_target_has_help_and_is_phony():
    phony = re.search(r"^\.PHONY:(.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert sorted(phony[1].split()) == sorted(targets())
    assert [name for name, text in targets().items() if len(text) < 10] == []


def test_the_readme_names_every_make_target():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in targets() if f"make {name}" not in readme] == []


def test_every_command_says_what_it_does():
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert len(commands) > 8
    assert [name for name, command in commands.items() if not (command.help or "").strip()] == []


def environment_names() -> set[str]:
    names = set()
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        names.add(str(alias.choices[0]) if alias else f"PORTAL_{name.upper()}")
    return names


def test_the_runbook_names_every_setting_and_no_other():
    runbook = (ROOT / ".docs/runbook.md").read_text(encoding="utf-8")
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", runbook, re.MULTILINE))
    assert table == environment_names()


@pytest.mark.parametrize("page", DECISIONS, ids=[page.stem for page in DECISIONS])
def test_a_decision_says_context_choice_and_price(page):
    text = page.read_text(encoding="utf-8")
    number = page.name[:4]
    assert text.startswith(f"# {number} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Choice", "Price"]
    assert text.count("\n") <= 60


def test_decisions_are_numbered_without_a_gap():
    assert [page.name[:4] for page in DECISIONS] == [
        f"{n:04}" for n in range(1, len(DECISIONS) + 1)
    ]


@pytest.mark.parametrize(
    "page", [path for path in tracked() if path.suffix == ".md"], ids=lambda path: path.name
)
def test_a_link_to_a_file_leads_somewhere(page: Path):
    text = re.sub(r"<!--.*?-->", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    named = re.findall(r"`((?:portal|callbacks|pages|analytics|services|tests)/[\w/.]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []
