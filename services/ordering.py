"""Choose how a draft plan orders its queues: by number, or by a window lottery (rules.md 7)."""

from sqlalchemy import update

from services.catalogue.checks import Checks
from services.catalogue.records import annual_plan, plan_window
from services.catalogue.scope import require_planner
from services.commissions import PlanPublished, hold_plan
from services.kernel.work import Work
from services.lottery.rules import FIRST_COME, LOTTERY
from services.publish import StaleVersion
from services.words import mark


def set_ordering(
    work: Work, year: int, *, version: int, policy: str, source_zh: str = "", source_en: str = ""
) -> None:
    """Set the policy of a draft; a lottery names its public value now, so that nobody can choose.

    Raises:
        PlanPublished: people registered under it.
        StaleVersion: somebody saved since that version was read.
        InvalidInput: no such policy, or a lottery without a named source.
    """
    require_planner(work.actor)
    plan = hold_plan(work, year)
    if plan.published_at is not None:
        raise PlanPublished
    if plan.version != version:
        raise StaleVersion
    checks, lottery = Checks(), policy == LOTTERY
    if policy not in (FIRST_COME, LOTTERY):
        checks.refuse("policy", mark("Please choose one of the options."))
    for field, text in (("source_zh", source_zh), ("source_en", source_en)):
        checks.short(field, text, 200)
        if lottery and not text.strip():
            checks.refuse(field, mark("Name the public value, and when it is first known."))
    checks.settle()
    work.run(
        update(annual_plan)
        .where(annual_plan.c.year == year)
        .values(
            ordering_policy=policy,
            draw_source_zh=source_zh.strip() if lottery else None,
            draw_source_en=source_en.strip() if lottery else None,
            version=version + 1,
        )
    )
    if not lottery:
        work.run(update(plan_window).where(plan_window.c.year == year).values(closes_at=None))
