"""Every page of every role: an empty console under the real policy, no axe violation, no misfit."""

from collections.abc import Iterator

import pytest
from browser.surfer import Screen, open_surfer

from pages.directory import ROOMS, Room
from services.kernel.actor import Role

pytestmark = pytest.mark.browser

SCREENS = (
    Screen(1366, "zh-Hant-TW", "light"),
    Screen(390, "zh-Hant-TW", "dark"),
    Screen(1366, "en", "dark"),
    Screen(390, "en", "light"),
)
# Who has the most pages comes first, so that two workers end at the same time.
ROLES = ("planner", "institution", "visitor", "seafarer", "administrator")
# A room whose example is another than its name says, and the states a query opens.
INSTEAD = {
    "/desk/calls/<class_id>": "called",
    "/desk/roll/<class_id>": "begun",
}
MORE = {
    "institution": (
        "/desk/review/{case_id}?act=supplement",
        "/desk/review/{case_id}?act=reject",
        "/desk/review?show=decided",
        "/desk/classes/new?year={year}&course=BST",
    ),
    "seafarer": (
        *(f"/apply/{{class_id}}/{step}" for step in (2, 3, 4)),
        "/apply/{judged}/3",
        "/registrations/{supplement}",
    ),
    "visitor": ("/nothing-here", "/login?told=wrong_checksum"),
}


def addresses(role: str, examples: dict[str, str]) -> Iterator[str]:
    """The rooms of a role (a visitor: the public ones), with an example for each part of a path."""
    known = {**examples, "step": "1"}
    for room in ROOMS:
        if Role(role) in room.roles or (role == "visitor" and not room.roles):
            parts = [_example(room, part, known) for part in room.path.split("/")]
            yield "/".join(parts)
    for extra in MORE.get(role, ()):
        yield extra.format(**examples)


def _example(room: Room, part: str, known: dict[str, str]) -> str:
    if not part.startswith("<"):
        return part
    name = INSTEAD.get(room.path, part.strip("<>"))
    assert name in known, f"the town has no example of {part} for {room.path}"
    return known[name]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_every_page_fits_and_passes_axe(chromium, site, sessions, role, screen):
    """Every page is reached by a link, as within the portal, and its console is empty too."""
    faults = []
    window = open_surfer(chromium, site.address, screen, state=sessions[role])
    window.opens("/how")
    for path in addresses(role, site.folk.examples):
        window.follows(path)
        assert window.words("Something went wrong on our side") not in window.title(), path
        faults += window.misfits() + window.violations()
    window.context.close()
    faults += _unexpected(window.complaints)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_leaves_the_console_empty_under_the_real_policy(chromium, site, sessions, role):
    """Every page is opened as from a bookmark."""
    window = open_surfer(chromium, site.address, Screen(), state=sessions[role])
    for path in addresses(role, site.folk.examples):
        window.opens(path)
    window.context.close()
    faults = _unexpected(window.complaints)
    assert not faults, "\n".join(faults)


def _unexpected(complaints: list[str]) -> list[str]:
    return [text for text in complaints if "404 (NOT FOUND)" not in text]
