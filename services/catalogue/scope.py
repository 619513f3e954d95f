"""Whose institution: an officer reads and changes only the own one, MPB and the clock every one."""

from services.kernel.actor import Actor, Role
from services.kernel.errors import NotFound, NotPermitted

_EVERYWHERE = frozenset({Role.PLANNER, Role.SYSTEM})


def require_own(actor: Actor, institution: str) -> None:
    """Refuse another institution's things as if they were not there.

    Raises:
        NotFound: it belongs to another institution.
        NotPermitted: the actor is no staff.
    """
    if actor.role in _EVERYWHERE:
        return
    if actor.role is not Role.INSTITUTION:
        raise NotPermitted
    if actor.institution != institution:
        raise NotFound


def require_planner(actor: Actor) -> None:
    """Let only MPB's planners and the clock go on."""
    if actor.role not in _EVERYWHERE:
        raise NotPermitted


def scope_of(actor: Actor) -> str | None:
    """Give the one institution an actor may see, or None for all of them.

    Raises:
        NotPermitted: the actor is no staff.
    """
    if actor.role in _EVERYWHERE:
        return None
    if actor.role is not Role.INSTITUTION or actor.institution is None:
        raise NotPermitted
    return actor.institution
