"""What staff change, as acts of the state machine: classes, overrides, appeals."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from machine_acts import ALL, PICK, WHICH
from sqlalchemy import func, select

from services.appeal import appeal
from services.cancel_class import cancel_class
from services.catalogue.records import training_class
from services.merge_classes import merge_classes
from services.move_class import NewDays, move_class
from services.override import approve_override, propose_override
from services.registration.records import registration, review_case

DAYS = (-14, -7, -2, 1, 7, 14, 28)
PAIRS = ((2, 0), (2, 0), (4, 0), (4, 0), (4, 2), (2, 4), (0, 4), (1, 5), (5, 1), (0, 1), (3, 3))
WHY = {"reason": "portal_error", "note": "櫃檯登錄延誤"}
STATEMENT = {"statement": "我的體檢證明仍在效期內，請再查。"}


class Changing(RuleBasedStateMachine):
    """Acts that end or move classes, or go past the order by rule; see the machine for the rest."""

    def picked(self, n, fits=lambda _state: True):
        """Pick somebody whom the act fits; where it fits nobody, or now and then, anybody."""
        fitting = [id_ for id_ in self.ids if id_ in self.now and fits(self.now[id_])]
        among = fitting if fitting and n % 6 else self.ids
        return among[n % len(among)] if among else None

    def planners_see_to(self, _draw):
        """Let planners do what this plan asks of them between the steps of a walk."""

    def staff(self, verb, class_id, *args, **more):
        with self.world.office.open(self.world.officer()) as work:
            return verb(work, class_id, *args, **more)

    @rule(which=WHICH)
    def a_class_is_cancelled(self, which):
        class_id = self.courses[which].id
        self.tried(lambda: self.staff(cancel_class, class_id), "cancel_class", class_id)

    @rule(which=WHICH, days=st.sampled_from(DAYS))
    def a_class_is_moved(self, which, days):
        class_id = self.courses[which].id
        with self.world.office.look() as look:
            row = look.all(select(training_class).where(training_class.c.id == class_id))[0]
        to = NewDays(row.starts_on + timedelta(days=days), row.ends_on + timedelta(days=days))
        self.tried(
            lambda: self.staff(move_class, class_id, to, version=row.version),
            "move_class",
            class_id,
            days,
        )
        self.world.clock.pass_by(timedelta(seconds=1))  # what is due by new days is due before

    @rule(pair=st.sampled_from(PAIRS))
    def a_class_is_merged(self, pair):
        which, other = pair
        class_id, into = self.courses[which].id, self.courses[other].id
        entered = {}

        def act():
            before = self.registered(into)
            self.staff(merge_classes, class_id, into=into)
            new = {id_: who for id_, who in self.registered(into).items() if id_ not in before}
            entered.update({who: id_ for id_, who in new.items()})

        self.tried(act, "merge", class_id, into, entered)
        self.ids += sorted(entered.values())

    def registered(self, class_id):
        r = registration.c
        with self.world.office.look() as look:
            return {row.id: row.person_id for row in look.all(
                select(r.id, r.person_id).where(r.class_id == class_id))}  # fmt: skip

    @rule(n=PICK)
    def two_planners_override(self, n):
        id_ = self.picked(n, lambda state: state[0] in ("waitlisted", "offered"))
        if id_ is None:
            return
        one, two = self.world.planners

        def act():
            office = self.world.office
            with office.open(one) as work:
                proposal = propose_override(work, id_, **WHY)
            with office.open(two) as work:
                approve_override(work, proposal)

        self.tried(act, "override", id_)

    @rule(n=PICK)
    def somebody_appeals(self, n):
        id_ = self.picked(n, lambda state: state[0] == "ineligible")
        if id_ is None:
            return
        row = self.world.row(id_)
        self.tried(
            lambda: self.world.does(row.person_id, appeal, id_, **STATEMENT),
            "appeal",
            id_,
            str(row.failing),
        )

    def somebody_in_charge_acts(self, draw):
        """Do one of these acts, drawn; single registrations more often than whole classes."""
        act, n = draw.randrange(10), draw.randrange(61)
        if act < 2:
            self.two_planners_override(n=n)
        elif act < 4:
            self.somebody_appeals(n=n)
        elif act < 6:
            self.a_class_is_moved(which=draw.choice(ALL), days=draw.choice(DAYS))
        elif act < 8:
            self.a_class_with_room_takes_another(draw)
        else:
            self.a_class_is_cancelled(which=draw.choice(ALL))

    def a_class_with_room_takes_another(self, draw, cap=4):
        """Raise the cap first, or hardly any fits into another."""
        pair = draw.choice(PAIRS)
        self.a_cap_changes(which=pair[1], cap=cap)
        self.a_class_is_merged(pair=pair)

    def case_of(self, id_):
        with self.world.office.look() as look:
            return look.scalar(
                select(func.max(review_case.c.id)).where(review_case.c.registration_id == id_)
            )

    def appealed(self, case):
        with self.world.office.look() as look:
            this = review_case.c.id == case
            return look.scalar(select(review_case.c.statement).where(this)) is not None
