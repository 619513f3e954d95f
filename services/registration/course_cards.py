"""Courses as everybody sees them: what each is, and how many seats are open now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from services.catalogue.load import assumed_fields, renewal_rule, statutory_item
from services.catalogue.records import annual_plan, cohort, course, training_class
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.registration.offers import Offer, offers, open_now
from services.screening.screen import CourseRules

LONGEST_QUERY = 60
_PLAIN = (
    "code", "name_zh", "name_en", "stcw_ref", "category", "statutory_item", "audience", "hours",
    "days", "validity_years", "refresher_of", "assumption",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One course of the list; the counts are over the classes that take registrations now."""

    code: str
    name_zh: str
    name_en: str
    stcw_ref: str | None
    category: str
    statutory_item: int | None
    audience: str | None
    hours: float | None
    days: int
    validity_years: int | None  # None: the certificate does not run out
    refresher_of: str | None
    assumption: bool
    open_classes: int = 0
    free_seats: int = 0  # funded and self-funded
    next_id: int | None = None
    next_on: date | None = None

    @property
    def group(self) -> str:
        """The category; a refresher stands with the course it refreshes."""
        return self.category.removesuffix("_refresher")


@dataclass(frozen=True, slots=True)
class CoursePage:
    """One course with its rules, price and classes."""

    line: CourseLine
    item_zh: str  # the statutory item, as the rules name it
    item_en: str
    year: int | None  # the latest published plan year that has the course
    fee: int | None
    subsidy_percent: int | None
    rules: CourseRules
    renewal: Mapping[str, Any] | None  # service at sea that renews without training
    assumed: tuple[str, ...]  # names of the values nobody has confirmed
    refreshes: tuple[str, str, str] | None  # code, zh, en of the course this one refreshes
    refreshers: tuple[tuple[str, str, str], ...]
    classes: tuple[Offer, ...]  # of the running and the next plan year


def course_lines(look: Look, *, query: str = "", only_open: bool = False) -> list[CourseLine]:
    """List the courses whose code, name or STCW reference holds the query, in statutory order."""
    wanted = query.strip()[:LONGEST_QUERY].lower()
    statement = _lines(look).order_by(
        course.c.statutory_item, course.c.refresher_of.is_not(None), course.c.code
    )
    if wanted:
        fields = (course.c.code, course.c.name_zh, course.c.name_en, course.c.stcw_ref)
        holds = (func.lower(field).contains(wanted, autoescape=True) for field in fields)
        statement = statement.where(or_(*holds))
    found = [CourseLine(**row._mapping) for row in look.all(statement)]
    return [line for line in found if line.open_classes] if only_open else found


def course_page(look: Look, code: str) -> CoursePage:
    """Read one course with its classes of the running and the next plan year.

    Raises:
        NotFound: there is no such course.
    """
    row = look.one_or_none(_lines(look).where(course.c.code == code))
    if row is None:
        raise NotFound()
    line = CourseLine(**row._mapping)
    plan = _latest(look, code)
    rules = plan.rules if plan else look.scalar(select(course.c.rules).where(course.c.code == code))
    kin = look.all(
        select(course.c.code, course.c.name_zh, course.c.name_en).where(
            or_(course.c.refresher_of == code, course.c.code == (line.refresher_of or ""))
        )
    )
    item_zh, item_en = statutory_item(line.statutory_item)
    return CoursePage(
        line=line,
        item_zh=item_zh,
        item_en=item_en,
        year=plan.year if plan else None,
        fee=plan.fee if plan else None,
        subsidy_percent=plan.subsidy_percent if plan else None,
        rules=CourseRules.from_json(rules, version=plan.rules_version if plan else 1),
        renewal=renewal_rule(code),
        assumed=assumed_fields(code) if line.assumption else (),
        refreshes=next((tuple(k) for k in kin if k.code == line.refresher_of), None),
        refreshers=tuple(tuple(k) for k in kin if k.code != line.refresher_of),
        classes=tuple(
            offers(
                look,
                training_class.c.course == code,
                training_class.c.year.in_((look.today.year, look.today.year + 1)),
            )
        ),
    )


def _lines(look: Look) -> Select[Any]:
    """Select courses with the sums over their open classes, each class read once."""
    place = func.row_number().over(
        partition_by=training_class.c.course,
        order_by=(training_class.c.starts_on, training_class.c.id),
    )
    now = (
        select(
            training_class.c.course,
            training_class.c.id,
            training_class.c.starts_on,
            (training_class.c.cap - training_class.c.seats_held).label("free"),
            place.label("place"),
        )
        .where(open_now(look))
        .subquery()
    )
    first = now.c.place == 1
    sums = (
        select(
            now.c.course,
            func.count().label("open_classes"),
            func.sum(now.c.free).label("free_seats"),
            func.min(now.c.id).filter(first).label("next_id"),
            func.min(now.c.starts_on).label("next_on"),
        )
        .group_by(now.c.course)
        .subquery()
    )
    return select(
        *(course.c[name] for name in _PLAIN),
        func.coalesce(sums.c.open_classes, 0).label("open_classes"),
        func.coalesce(sums.c.free_seats, 0).label("free_seats"),
        sums.c.next_id,
        sums.c.next_on,
    ).outerjoin(sums, sums.c.course == course.c.code)


def _latest(look: Look, code: str) -> Any:
    """Give the rules and price of the latest plan year that is published and has the course."""
    return look.one_or_none(
        select(
            cohort.c.year,
            cohort.c.rules,
            cohort.c.rules_version,
            cohort.c.fee,
            annual_plan.c.subsidy_percent,
        )
        .join(annual_plan, annual_plan.c.year == cohort.c.year)
        .where(cohort.c.course == code, annual_plan.c.published_at.is_not(None))
        .order_by(cohort.c.year.desc())
        .limit(1)
    )
