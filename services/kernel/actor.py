"""Who acts: the role and the scope that every verb and question is handed."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The five kinds of people of rules.md 2, and the clock."""

    VISITOR = "visitor"
    SEAFARER = "seafarer"
    INSTITUTION = "institution"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


STAFF = frozenset({Role.INSTITUTION, Role.PLANNER, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting person: a seafarer carries a person id, an officer an institution code."""

    role: Role
    account_id: int | None = None
    person_id: int | None = None
    institution: str | None = None
    name: str = ""


VISITOR = Actor(Role.VISITOR)
SYSTEM = Actor(Role.SYSTEM, name="system")
