"""The one table of rooms: routing, menu and access are read from it."""

from collections.abc import Callable
from dataclasses import dataclass

from dash.development.base_component import Component

from pages import (
    accessibility,
    account,
    accounts,
    apply,
    calendar,
    calls,
    checkpoints,
    class_change,
    class_entry,
    class_page,
    classes,
    counter,
    courses,
    dashboards,
    definitions,
    draw_value,
    draws,
    eligible,
    home,
    how,
    inbox,
    login,
    my_registrations,
    overrides,
    plan,
    privacy,
    progress,
    reports,
    review,
    roll,
    search,
    statistics,
    undelivered,
)
from services.kernel.actor import Role
from services.words import mark

EVERYBODY: frozenset[Role] = frozenset()
SEAFARER = frozenset({Role.SEAFARER})
OFFICER = frozenset({Role.INSTITUTION})
PLANNER = frozenset({Role.PLANNER})
DESK = OFFICER | PLANNER
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
VISITORS = frozenset({Role.VISITOR})
FRONT = VISITORS | SEAFARER  # whose menu begins with the public rooms


@dataclass(frozen=True, slots=True)
class Room:
    """One page: its address, what renders it, who may enter, which query names it reads."""

    path: str
    title: str
    layout: Callable[..., Component]
    roles: frozenset[Role] = EVERYBODY
    query: tuple[str, ...] = ()
    menu: frozenset[Role] = frozenset()  # whose menu shows it
    under: str = ""  # the room whose place in the menu it shares, where the address does not tell

    def open_to(self, role: Role) -> bool:
        """Tell whether a role may enter."""
        return not self.roles or role in self.roles

    def in_menu_of(self, role: Role) -> bool:
        """Tell whether a role's menu shows it."""
        return role in self.menu


ROOMS: tuple[Room, ...] = (
    Room(home.PATH, mark("Home"), home.layout, menu=VISITORS),
    Room(calendar.PATH, mark("Calendar"), calendar.layout, query=calendar.QUERY, menu=FRONT),
    Room(
        calendar.PATH_DAY,
        mark("Calendar"),
        calendar.one,
        query=calendar.QUERY,
    ),
    Room(search.PATH, mark("Find a class"), search.layout, query=search.QUERY, menu=FRONT),
    Room(courses.PATH, mark("Courses"), courses.layout, query=("q", "open"), menu=FRONT),
    Room(courses.PATH_ONE, mark("Course"), courses.one),
    Room(how.PATH, mark("How it works"), how.layout, menu=FRONT),
    Room(draws.PATH, mark("Draws"), draws.layout, under=how.PATH),
    Room(draws.PATH_ONE, mark("Draw"), draws.one, query=draws.QUERY),
    Room(
        checkpoints.PATH,
        mark("Queue checkpoints"),
        checkpoints.layout,
        query=checkpoints.QUERY,
        under=how.PATH,
    ),
    Room(accessibility.PATH, mark("Accessibility"), accessibility.layout),
    Room(privacy.PATH, mark("Privacy and use of data"), privacy.layout),
    Room("/login", mark("Log in"), login.layout, query=("next", "wait")),
    Room(account.PATH, mark("Change the password"), account.layout),
    Room(
        class_page.PATH,
        mark("Class"),
        class_page.layout,
        query=("page", "show"),
    ),
    Room(apply.PATH, mark("Register"), apply.layout, SEAFARER, apply.QUERY, under=search.PATH),
    Room(eligible.PATH, mark("What may I attend?"), eligible.layout, SEAFARER, menu=SEAFARER),
    Room(
        my_registrations.PATH,
        mark("My registrations"),
        my_registrations.layout,
        SEAFARER,
        menu=SEAFARER,
    ),
    Room(
        progress.PATH,
        mark("My registration"),
        progress.layout,
        SEAFARER,
        under=my_registrations.PATH,
    ),
    Room(inbox.PATH, mark("Notices"), inbox.layout, SEAFARER),
    Room(inbox.PATH_ONE, mark("Notice"), inbox.one, SEAFARER),
    Room(review.PATH, mark("Review desk"), review.layout, DESK, ("show", "paper", "act"), DESK),
    Room(review.PATH_ONE, mark("Review desk"), review.one, DESK, ("show", "paper", "act")),
    Room(
        overrides.PATH,
        mark("Overrides"),
        overrides.layout,
        PLANNER,
        overrides.QUERY,
        under=review.PATH,
    ),
    Room(
        classes.PATH, mark("Class upkeep"), classes.layout, DESK, ("page", "state", "course"), DESK
    ),
    Room(class_entry.PATH_NEW, mark("New class"), class_entry.new, DESK, ("year", "course")),
    Room(class_entry.PATH_ONE, mark("Class"), class_entry.one, DESK, ("page",)),
    Room(class_change.PATH, mark("Change a class"), class_change.layout, DESK, class_change.QUERY),
    Room(counter.PATH, mark("Counter"), counter.layout, DESK, under=classes.PATH),
    Room(counter.PATH_ONE, mark("Counter"), counter.one, DESK, under=classes.PATH),
    Room(calls.PATH, mark("Confirmation calls"), calls.layout, DESK, menu=OFFICER),
    Room(calls.PATH_ONE, mark("Confirmation calls"), calls.one, DESK, ("person",)),
    Room(
        undelivered.PATH,
        mark("Letters that came back"),
        undelivered.layout,
        DESK,
        under=calls.PATH,
    ),
    Room(roll.PATH, mark("Roll"), roll.layout, DESK, menu=OFFICER),
    Room(roll.PATH_ONE, mark("Roll"), roll.one, DESK),
    *(
        Room(
            f"/{tab.code}",
            tab.title,
            dashboards.layout,
            dashboards.READERS,
            (*dashboards.QUERY, dashboards.PAGE),
            tab.menu,
        )
        for tab in dashboards.TABS
    ),
    Room(statistics.PATH, mark("Public statistics"), statistics.layout, query=statistics.QUERY),
    Room(reports.PATH, mark("Weekly report"), reports.layout, DESK),
    Room(definitions.PATH, mark("Definitions of the numbers"), definitions.layout),
    Room(
        accounts.PATH,
        mark("Accounts"),
        accounts.layout,
        ADMINISTRATOR,
        accounts.QUERY,
        ADMINISTRATOR,
    ),
    Room(plan.PATH, mark("Annual plan"), plan.layout, PLANNER, menu=PLANNER),
    Room(draw_value.PATH, mark("Public value of the draw"), draw_value.layout, PLANNER),
    Room(plan.PATH_ONE, mark("Annual plan"), plan.one, PLANNER, ("course", "institution")),
)
