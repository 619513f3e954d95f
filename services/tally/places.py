"""Places: whose classes sums of persons are kept for, each named by a text.

All classes, those of an institution, of a region, of a kind; and each class by itself, of who has
no other registration. A person with several counts once in each, so no place is the sum of others.
"""

from sqlalchemy import ColumnElement, FromClause, String, cast, literal, select

from services.catalogue.records import institution, training_class

ALL = ""
_REGION, _KIND, _CLASS = "~", "=", "#"  # no code of an institution begins so
WIDE = ("at_all", "at_institution", "at_region", "at_kind")  # the columns of `lying`


def in_region(region: str) -> str:
    """Name the place of all classes of a region."""
    return f"{_REGION}{region}"


def of_kind(kind: str) -> str:
    """Name the place of all classes of a kind: funded, self_funded."""
    return f"{_KIND}{kind}"


def of_class(class_id: ColumnElement[int]) -> ColumnElement[str]:
    """Name a class as the place of who is in no other."""
    return _text(_CLASS).concat(cast(class_id, String)).label("place")


def is_class(place: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether a place is a single class."""
    return place.startswith(_CLASS)


def everywhere(class_id: int, wide: tuple[str, ...]) -> tuple[str, ...]:
    """Give all places who is in no other class counts in."""
    return (*wide, f"{_CLASS}{class_id}")


def lying() -> FromClause:
    """Give the wide places in which each class lies, in the columns WIDE."""
    c, i = training_class.alias("c").c, institution.alias("i").c
    at = (_text(ALL), c.institution, _text(_REGION).concat(i.region), _text(_KIND).concat(c.kind))
    named = (place.label(name) for place, name in zip(at, WIDE, strict=True))
    found = select(c.id.label("class_id"), *named)
    return found.join_from(c.id.table, i.code.table, i.code == c.institution).subquery("lying")


def _text(value: str) -> ColumnElement[str]:
    return literal(value, String)
