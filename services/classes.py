"""Class upkeep: an institution enters dated training classes against the plan, MPB publishes them.

The dates of a published class change only by moving it, which tells everybody. Seats added after
the self-funded call are self-funded: claims get them by rank.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from services.catalogue.caps import check_caps
from services.catalogue.checks import UNKEPT, Checks, keepable
from services.catalogue.records import (
    cohort,
    training_class,
)
from services.catalogue.scope import require_own
from services.kernel.errors import DomainError
from services.kernel.work import Work
from services.milestones import CALLED
from services.promote import fill_cohort
from services.publish import (
    StaleVersion,
    check_notice,
    plan_of,
    policy_of,
    publish_class,
)
from services.registration.lifecycle import Seat, Status
from services.registration.records import registration
from services.registration.seats import ClassFacts, hold_class, lock_cohort
from services.words import mark

KINDS = ("funded", "self_funded")
LARGEST, DEAREST, LONGEST_DAYS, MOST_LABELS = 500, 1_000_000, 120, 12


class ClassFixed(DomainError):
    """The class is frozen, opened or cancelled."""

    code = "catalogue.class_fixed"
    sentence = mark(
        "By law a class is fixed from {freeze_days} days before it starts. Nothing was changed."
    )


def create_class(
    work: Work,
    *,
    year: int,
    course: str,
    institution: str,
    starts_on: date,
    ends_on: date,
    cap: int,
    min_size: int = 1,
    kind: str = "funded",
    fee: int | None = None,
    labels: Sequence[str] = (),
    place_zh: str = "",
    place_en: str = "",
) -> int:
    """Enter a draft class against the plan of its year; return its id.

    Raises:
        InvalidInput: fields that cannot be used, or a cap of the plan that would break.
        NotFound, NotPermitted: not the actor's institution.
    """
    require_own(work.actor, institution)
    checks = Checks()
    found = work.one_or_none(select(cohort).where(cohort.c.year == year, cohort.c.course == course))
    if found is None:
        checks.refuse("course", mark("This course is not in the plan of that year."))
        checks.settle()
    assert found is not None
    lock_cohort(work, found.id)
    values = {
        "cap": cap,
        "min_size": min_size,
        "kind": kind,
        "fee": found.fee if fee is None else fee,
        "labels": list(labels),
        "place_zh": place_zh,
        "place_en": place_en,
    }
    _check_dates(work, checks, year, kind, starts_on, ends_on)
    _check_facts(checks, values)
    check_caps(
        work,
        checks,
        cohort_id=found.id,
        institution=institution,
        seats=cap,
        funded=kind != "self_funded",
    )
    checks.settle()
    return int(
        work.run(
            insert(training_class),
            {
                **values,
                "code": _next_code(work, found),
                "cohort_id": found.id,
                "year": year,
                "course": course,
                "institution": institution,
                "starts_on": starts_on,
                "ends_on": ends_on,
            },
        ).inserted_primary_key[0]
    )


def edit_class(work: Work, class_id: int, *, version: int, **changes: Any) -> None:
    """Change a class as far as its plan, its people and the calendar still allow.

    changes: starts_on, ends_on, kind (drafts only), cap, min_size, fee, labels, place_zh, place_en.

    Raises:
        InvalidInput: fields that cannot be used, or a cap of the plan that would break.
        StaleVersion: somebody saved since that version was read.
        ClassFixed: the class is frozen, opened or cancelled.
    """
    facts = hold_class(work, class_id)
    require_own(work.actor, facts.institution)
    row = work.one_or_none(select(training_class).where(training_class.c.id == class_id))
    assert row is not None
    _check_open(work, facts, row.version, version)
    values = {name: getattr(row, name) for name in EDITABLE} | _known(changes)
    checks = Checks()
    _check_facts(checks, values)
    _check_against_people(work, checks, facts, row, values)
    if facts.state == "draft":
        _check_dates(
            work, checks, facts.year, values["kind"], values["starts_on"], values["ends_on"]
        )
    if values["kind"] == "funded" and (
        row.kind != values["kind"] or values["cap"] > facts.cap or facts.state == "draft"
    ):
        check_caps(
            work,
            checks,
            cohort_id=facts.cohort_id,
            institution=facts.institution,
            seats=values["cap"],
            class_id=class_id,
        )
    checks.settle()
    work.run(
        update(training_class)
        .where(training_class.c.id == class_id)
        .values(**values, cut_from=_cut_from(facts, row, values["cap"]), version=version + 1)
    )
    if facts.state == "published" and values["cap"] > facts.cap:
        fill_cohort(work, facts.cohort_id)


def _cut_from(facts: ClassFacts, row: Row[Any], cap: int) -> int | None:
    """Give the most seats a called class had, if it has fewer now: the fill rate is of these.

    Source: analytics.md 2.5, trap 10. A plan may be made smaller before its call.
    """
    if cap == facts.cap:
        return row.cut_from
    most = max(facts.cap, row.cut_from or 0)
    return most if facts.stage >= CALLED and cap < most else None


EDITABLE = (
    "starts_on",
    "ends_on",
    "kind",
    "cap",
    "min_size",
    "fee",
    "labels",
    "place_zh",
    "place_en",
)


def _next_code(work: Work, of: Row[Any]) -> str:
    taken = work.scalar(select(func.count()).where(training_class.c.cohort_id == of.id))
    return f"{of.year - 1911}-{of.course}-{taken + 1:02d}"


def check_days(checks: Checks, year: int, starts_on: date, ends_on: date) -> None:
    """Refuse days outside the plan year or in the wrong order, and a class without an end."""
    if starts_on.year != year:
        checks.refuse(
            "starts_on",
            mark("The first day must lie in the plan year {year}."),
            year=year,
        )
    if ends_on < starts_on:
        checks.refuse("ends_on", mark("The last day lies before the first day."))
    elif ends_on > starts_on + timedelta(days=LONGEST_DAYS):
        checks.refuse("ends_on", mark("A class lasts at most {days} days."), days=LONGEST_DAYS)


def _check_dates(
    work: Work, checks: Checks, year: int, kind: str, starts_on: date, ends_on: date
) -> None:
    check_days(checks, year, starts_on, ends_on)
    check_notice(checks, policy_of(plan_of(work, year)), starts_on, kind, work.now)


def _check_facts(checks: Checks, values: Mapping[str, Any]) -> None:
    checks.within("cap", values["cap"], 1, LARGEST)
    checks.within("min_size", values["min_size"], 1, LARGEST)
    if values["min_size"] > values["cap"]:
        checks.refuse(
            "min_size",
            mark("The minimum size is larger than the {cap} seats."),
            cap=values["cap"],
        )
    checks.within("fee", values["fee"], 0, DEAREST)
    checks.short("place_zh", values["place_zh"], 80)
    checks.short("place_en", values["place_en"], 120)
    if values["kind"] not in KINDS:
        checks.refuse("kind", mark("Please choose one of the options."))
    if not all(keepable(label) for label in values["labels"]):
        checks.refuse("labels", UNKEPT)
    if len(values["labels"]) > MOST_LABELS or any(len(label) > 24 for label in values["labels"]):
        checks.refuse(
            "labels",
            mark("At most {most} labels of at most {long} characters each."),
            most=MOST_LABELS,
            long=24,
        )


def _check_open(work: Work, facts: ClassFacts, current: int, version: int) -> None:
    if facts.state in ("opened", "cancelled") or (
        facts.state == "published" and work.now >= facts.freeze_at
    ):
        raise ClassFixed(freeze_days=facts.policy.freeze_days)
    if current != version:
        raise StaleVersion


def _check_against_people(
    work: Work,
    checks: Checks,
    facts: ClassFacts,
    row: Row[Any],
    values: Mapping[str, Any],
) -> None:
    """What a published class has promised to people stays."""
    promised = facts.seats_held + _standing_claims(work, facts)
    if values["cap"] < min(promised, facts.cap):
        checks.refuse(
            "cap",
            mark("{held} seats are held or claimed; the cap cannot be lower."),
            held=promised,
        )
    if facts.state == "draft":
        return
    for field in ("starts_on", "ends_on"):
        if values[field] != getattr(row, field):
            checks.refuse(
                field,
                mark(
                    "People were told the dates of a published class: move it, and they are told."
                ),
            )
    if values["kind"] != row.kind:
        checks.refuse("kind", mark("A published class keeps its kind."))
    if values["fee"] != row.fee and facts.numbers_given:
        checks.refuse(
            "fee",
            mark("People have registered at this fee; it cannot change any more."),
        )


_CLAIMS = select(func.count()).where(
    registration.c.class_id == bindparam("class_id"),
    registration.c.status.in_((Status.OFFERED.value, Status.IN_REVIEW.value)),
    registration.c.seat == Seat.NONE.value,
    registration.c.claimed_at.is_not(None),
)


def _standing_claims(work: Work, facts: ClassFacts) -> int:
    return int(work.scalar(_CLAIMS, {"class_id": facts.id}))


def _known(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Keep only what may be edited; None means unchanged."""
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"no such field of a class: {sorted(unknown)}")
    return {name: value for name, value in changes.items() if value is not None}


__all__ = ["KINDS", "create_class", "edit_class", "publish_class"]
