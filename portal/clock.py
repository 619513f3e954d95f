"""The clock process: APScheduler as a mere tick; the truth about what is due is in the database."""

import logging
from collections import Counter

from apscheduler.schedulers.blocking import BlockingScheduler

from callbacks.desk import Desk
from portal.garbage import collecting_rarely
from portal.post import text_gateway_for, transport_for
from portal.settings import Settings
from portal.weekly_report import post_report
from services.deliver import deliver
from services.examine import examine
from services.hand_over import hand_over
from services.kernel.db import upsert
from services.kernel.records import heartbeat
from services.kernel.work import Office
from services.make_checkpoint import make_checkpoint
from services.reconcile import reconcile_if_due
from services.rescreen import rescreen
from services.screen_again import screen_again
from services.send_reports import send_reports
from services.sweep import sweep
from services.take_in import take_in
from services.text import text_people

log = logging.getLogger("portal.clock")
EVERY_SECONDS = 30
MAIL_EVERY_SECONDS = 1


def tick(desk: Desk) -> Counter[str]:
    """Do everything that is due now, then leave a heartbeat."""
    done = sweep(desk.office)
    done["checkpoints"] = make_checkpoint(desk.office)
    done["screened again"] = rescreen(desk.office, desk.fetch)
    done["screened again"] += screen_again(desk.office, desk.fetch)
    done["handed over"] = hand_over(desk.office, desk.mtnet, desk.unseal)
    done["examined"] = examine(desk.office)
    done["taken in"] = take_in(desk.office)
    done["sums unequal"] = reconcile_if_due(desk.office)
    beat(desk.office, "clock")
    return done


def mail(desk: Desk, settings: Settings) -> int:
    """Deliver what is due in the outbox, then leave a heartbeat."""
    sent = deliver(desk.office, transport_for(settings), base_url=settings.base_url).sent
    gateway = text_gateway_for(settings)
    if gateway is not None:
        sent += text_people(desk.office, gateway, base_url=settings.base_url)
    sent += send_reports(desk.office, lambda due: post_report(desk.office, settings, due))
    beat(desk.office, "mailer")
    return sent


def beat(office: Office, process: str) -> None:
    """Note that a process is alive."""
    with office.open() as work:
        here = upsert(work.connection.dialect.name, heartbeat).values(process=process, at=work.now)
        newer = {"at": here.excluded.at}
        work.run(here.on_conflict_do_update(index_elements=["process"], set_=newer))


def run_clock(desk: Desk) -> None:
    """Tick until stopped."""
    with collecting_rarely(after=50_000):
        _forever(lambda: _quietly(tick, desk), EVERY_SECONDS)


def run_mailer(desk: Desk, settings: Settings) -> None:
    """Deliver until stopped."""
    _forever(lambda: _quietly(mail, desk, settings), MAIL_EVERY_SECONDS)


def _quietly(act, *arguments) -> None:  # type: ignore[no-untyped-def]
    try:
        act(*arguments)
    except Exception:
        log.exception("a tick failed; the next one tries again")


def _forever(act, seconds: int) -> None:  # type: ignore[no-untyped-def]
    """Run at once, then at an interval; late ticks are made up by one, never by many."""
    scheduler = BlockingScheduler(timezone="Asia/Taipei")
    scheduler.add_job(
        act, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True, max_instances=1
    )
    act()
    scheduler.start()
