"""A state machine over every verb and the clock, on a real database beside the reference model."""

from datetime import timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from machine_acts import (
    ALL,
    ANSWERS,
    ASKING,
    DECISIONS,
    FITS,
    LIKELY,
    OUTCOMES,
    PICK,
    SMALL,
    STANDBY,
    STANDING,
    VERBS,
    WARM,
    WHICH,
    WISHES,
)
from machine_changes import Changing
from queue_start import BATCH, CLASSES, KINDS, START, Starts, verdict
from reference_queue import OPEN, Course
from reference_season import go_on, season_of
from sqlalchemy import func, select, update

from services.catalogue.records import training_class
from services.classes import edit_class
from services.inbox import mark_read
from services.kernel.clock import taipei
from services.kernel.errors import DomainError
from services.mtnet.fetch import Fetched
from services.notices.records import notice
from services.phone import record_call
from services.promote import fill_cohort
from services.register import register, register_choices
from services.registration.lifecycle import Track
from services.registration.records import look_again, registration
from services.reorder import reorder
from services.rescreen import rescreen
from services.review import approve, ask_supplement, reject
from services.roll import RESULTS, record_roll
from services.supplements import add


class Queue(Changing):
    """Any order of acts: the database and the reference model must agree after each."""

    starts: Starts  # set by the fixture
    joins = ((3, 0.5), (1, 0.5), (5, 0.4))  # other courses, and how many of the people

    @initialize(
        seed=st.integers(0, 10_000),
        seats=st.integers(1, 3),
        smallest=st.integers(1, 2),
        warm=st.sampled_from(WARM),
    )
    def start_loaded(self, seed, seats, smallest, warm):
        """Most people queue in several classes already and have answered the calls so far."""
        self.world = self.starts()
        self.people = sorted(self.world.records)
        self.facts, self.allowed, self.ids, self.courses = [], [], [], []
        self.now = {}
        caps = {1: {"cap": seats + 1, "min_size": smallest}, 4: {"cap": seats}}
        with self.world.office.open() as work:
            for class_id, values in caps.items():
                work.run(
                    update(training_class).where(training_class.c.id == class_id).values(values)
                )
            for row in work.all(select(training_class).order_by(training_class.c.id)):
                self.courses.append(
                    Course(
                        row.id, row.cohort_id, row.starts_on, row.ends_on,
                        row.cap, row.min_size, row.kind,
                    )
                )  # fmt: skip
        draw = Random(seed)
        self.season, self.told = self.season_begins(), 0
        for n in draw.sample(range(len(self.people)), len(self.people)):
            wishes = draw.choice(((0, 2), (2, 0), (0, 2, 4), (4, 2, 0), (2, 4, 0), (0,), (2,)))
            self.chooses(n, wishes, declared=True, silent=draw.random() < 0.1)
        for which, share in self.joins:
            for n in draw.sample(range(len(self.people)), len(self.people)):
                if draw.random() < share:
                    self.registers(n, which, declared=True, silent=draw.random() < 0.05)
        self.lives_through(warm, draw)

    def season_begins(self):
        return season_of(self.courses, BATCH)

    def lives_through(self, warm, draw):
        """Let these milestones come and most people answer."""
        for days in warm:
            self.world.days_before(1, days)
            self.tick()
            for id_ in self.asked():
                verb = draw.choice(LIKELY[self.now[id_][4]])
                if verb:
                    self.answers(self.ids.index(id_), verb, exactly=True)

    def asked(self):
        self.the_reference_agrees()
        return [id_ for id_, state in self.now.items() if state[4]]

    # acts

    def tried(self, act, fact, *details):
        """Do an act for real and note the fact; both must agree whether it is allowed."""
        try:
            done = act()
        except DomainError:
            done = DomainError
        self.allowed.append(done is not DomainError)
        self.facts.append((self.world.clock.now(), fact, *details))
        return done

    def wish(self, n, which, declared, silent):
        """Give what registering for a class is to MTNet, to the verb and to the reference."""
        k = n % len(self.people)
        who, class_id = self.people[k], self.courses[which].id
        papers = ["letter"] if declared and CLASSES[which][5] else []
        outcome, track = verdict(KINDS[k], which, declared, silent)
        known = self.world.fetched(who)
        answer = Fetched(None, known.as_of) if silent else known
        grounds = (tuple(papers), CLASSES[which][5] is not None)
        owed = verdict(KINDS[k], which, declared, False) if silent else None
        told = (class_id, who, outcome, track, grounds, owed, k != len(KINDS) - 2)
        return who, answer, papers, told

    def registers(self, n, which, declared, silent=False, on_behalf=False):
        who, answer, papers, told = self.wish(n, which, declared, silent)
        actor = self.world.officer() if on_behalf else self.world.seafarer(who)

        def act():
            with self.world.office.open(actor) as work:
                return register(work, answer, class_id=told[0], person_id=who, declared=papers,
                                on_behalf=on_behalf)  # fmt: skip

        given = self.tried(act, "register", 0, *told)
        id_ = -1 if given is DomainError else given.registration_id
        now, fact, _, *details = self.facts[-1]
        self.facts[-1] = (now, fact, id_, *details)
        if id_ > 0 and id_ not in self.ids:
            self.ids.append(id_)

    def chooses(self, n, wishes, declared, silent=False):
        asked = [self.wish(n, which, declared, silent) for which in wishes]
        who, answer, papers, _ = asked[0]

        def act():
            with self.world.office.open(self.world.seafarer(who)) as work:
                return register_choices(work, answer, class_ids=[told[0] for *_, told in asked],
                                        person_id=who, declared=papers)  # fmt: skip

        given = self.tried(act, "choose", [])
        ids = [] if given is DomainError else [receipt.registration_id for receipt in given]
        ids_or_none = [*ids, *[-1] * (len(asked) - len(ids))]
        wished = [(id_, *told) for id_, (*_, told) in zip(ids_or_none, asked, strict=True)]
        self.facts[-1] = (*self.facts[-1][:2], wished)
        self.ids += [id_ for id_ in ids if id_ not in self.ids]

    def tick(self):
        done = self.world.ticks()
        assert done["failed"] == 0
        self.facts.append((self.world.clock.now(), "tick", *self.made_public()))
        self.allowed.append(True)

    def made_public(self):
        """Give what the clock has made public that nobody could have foreseen."""
        return ()

    def answers(self, n, verb, exactly=False):
        if self.ids:
            id_ = self.ids[n] if exactly else self.picked(n, FITS[verb])
            who = self.world.row(id_).person_id
            self.tried(lambda: self.world.does(who, VERBS[verb], id_), verb, id_)

    @rule(n=PICK, which=WHICH, declared=st.booleans(), silent=st.integers(0, 7),
          on_behalf=st.booleans())  # fmt: skip
    def somebody_registers(self, n, which, declared, silent, on_behalf):
        self.registers(n, which, declared, silent == 7, on_behalf)

    @rule(n=PICK, wishes=st.sampled_from(WISHES), declared=st.booleans(), silent=st.integers(0, 7))
    def somebody_chooses(self, n, wishes, declared, silent):
        self.chooses(n, wishes, declared, silent == 7)

    @rule(n=PICK, turn=st.integers(1, 5))
    def somebody_reorders(self, n, turn):
        """Put the choices of somebody who waits in another order."""
        id_ = self.picked(n, lambda state: state[1] == "none" and state[6] is not None)
        if id_ is None:
            return
        mine = self.world.row(id_)
        r = registration.c
        same = (r.cohort_id == mine.cohort_id) & (r.person_id == mine.person_id)
        with self.world.office.look() as look:
            choices = select(r.id).where(same, r.status.in_(OPEN)).order_by(r.preference)
            order = list(look.connection.scalars(choices)) or [id_]
        order = order[turn % len(order) :] + order[: turn % len(order)]
        if turn == 5:
            order = order[1:] or order

        def act():
            with self.world.office.open(self.world.seafarer(mine.person_id)) as work:
                return reorder(work, order)

        self.tried(act, "reorder", tuple(order))

    @rule(n=PICK, verb=st.sampled_from(ANSWERS))
    def somebody_answers(self, n, verb):
        self.answers(n, verb)

    @rule(n=PICK, decision=st.sampled_from(DECISIONS), to=st.sampled_from((None, "funded")))
    def an_officer_decides(self, n, decision, to):
        id_ = self.picked(n, lambda state: state[0] == "in_review") if self.ids else 0
        case = self.case_of(id_)
        if case is None:
            return
        if decision == "upload":
            who, paper = self.world.row(id_).person_id, f"{len(self.facts)}"
            more = {"stored": paper, "kind": "pdf", "size": 1, "sha256": "", "given_name": "a"}
            self.tried(lambda: self.world.does(who, add, case, **more), "upload", id_)
            return
        undecided = KINDS[self.people.index(self.world.row(id_).person_id)]
        settles = decision == "approve" and to and undecided.get("nationality") == "open"
        verb, more = {
            "approve": (approve, {"track": Track(to)} if settles else {}),
            "reject": (reject, {"reason": "paper_not_valid"}),
            "ask_supplement": (ask_supplement, {"ask": f"證明{len(self.facts)}"}),
        }[decision]
        who = self.world.planners[0] if self.appealed(case) else self.world.officer()

        def act():
            with self.world.office.open(who) as work:
                verb(work, case, **more)

        self.tried(act, decision, id_, *([to] if settles else []))
        if decision == "ask_supplement":
            self.world.clock.pass_by(timedelta(seconds=1))  # a second question has its own key

    @rule(n=PICK, outcome=st.sampled_from(OUTCOMES))
    def an_officer_phones(self, n, outcome):
        if self.ids:
            id_ = self.picked(n, lambda state: state[4])

            def act():
                with self.world.office.open(self.world.officer()) as work:
                    record_call(work, id_, outcome=outcome)

            self.tried(act, "call_up", id_, outcome)

    @rule(n=PICK)
    def somebody_reads_the_question(self, n):
        with self.world.office.look() as look:
            asking = look.all(ASKING)
        if asking:
            row = asking[n % len(asking)]
            self.tried(
                lambda: self.world.does(row.person_id, mark_read, row.id),
                "read",
                row.registration_id,
            )

    @rule(which=WHICH, cap=st.integers(1, 4))
    def a_cap_changes(self, which, cap):
        class_id = self.courses[which].id

        def act():
            with self.world.office.open(self.world.officer()) as work:
                version = work.scalar(
                    select(training_class.c.version).where(training_class.c.id == class_id)
                )
                edit_class(work, class_id, version=version, cap=cap)

        self.tried(act, "set_cap", class_id, cap)

    @rule()
    def mtnet_answers(self):
        self.tried(lambda: rescreen(self.world.office, self.world.fetched), "mtnet_answers")

    @rule(which=WHICH, result=st.sampled_from(sorted(RESULTS)))
    def the_roll_is_kept(self, which, result):
        class_id = self.courses[which].id

        def act():
            with self.world.office.open(self.world.officer()) as work:
                on = work.connection.scalars(
                    select(registration.c.id).where(
                        registration.c.class_id == class_id,
                        registration.c.seat.in_(("funded", "self_funded", "spent")),
                    )
                )
                record_roll(work, class_id, dict.fromkeys(on, result))

        self.tried(act, "roll", class_id, result)

    @rule(hours=st.sampled_from((1, 23, 25, 49, 73, 120, 24 * 7, 24 * 15, -30)))
    def time_passes(self, hours):
        self.world.clock.go_to(max(START, self.world.clock.now() + timedelta(hours=hours)))
        self.tick()

    @rule(days=st.sampled_from((28, 21, 14, 11, 7, 6, 5)), which=WHICH)
    def a_milestone_comes(self, days, which):
        moment = taipei(self.courses[which].starts - timedelta(days=days), 9)
        if moment > self.world.clock.now():
            self.world.clock.go_to(moment)
            self.tick()

    @rule(minutes=st.sampled_from((-600, 1)), which=WHICH, seed=st.integers(0, 10_000))
    def the_freeze_is_near_or_just_past_and_the_clock_is_down(self, minutes, which, seed):
        moment = taipei(self.courses[which].starts - timedelta(days=5), 9)
        moment += timedelta(minutes=minutes)
        if moment > self.world.clock.now():
            self.world.clock.go_to(moment)
            self.a_busy_day(seed=seed)

    @rule(minutes=st.sampled_from((1, 600, 60 * 26)))
    def time_passes_while_the_clock_is_down(self, minutes):
        self.world.clock.pass_by(timedelta(minutes=minutes))

    @rule()
    def a_sweep_finds_nothing_left_to_do(self):
        self.tick()
        with self.world.office.open() as work:
            if not work.all(select(look_again)):
                for course in self.courses:
                    assert fill_cohort(work, course.cohort) == []

    @rule(seed=st.integers(0, 10_000))
    def a_busy_day(self, seed):
        """Many acts one after the other, drawn from those that fit."""
        draw = Random(seed)
        for _ in range(8):
            n, act = draw.randrange(61), draw.randrange(9)
            if act < 2:
                self.answers(n, draw.choice(ANSWERS))
            elif act == 2:
                to = draw.choice((None, "funded"))
                self.an_officer_decides(n=n, decision=draw.choice(DECISIONS), to=to)
            elif act == 3:
                self.an_officer_phones(n=n, outcome=draw.choice(OUTCOMES))
            elif act == 4:
                self.somebody_reorders(n=n, turn=draw.randint(1, 5))
            elif act == 5:
                self.chooses(n, draw.choice(WISHES), draw.random() < 0.8)
            elif act == 6:
                self.registers(n, draw.choice(ALL), draw.random() < 0.8)
            elif act == 7:
                self.somebody_in_charge_acts(draw)
            else:
                self.a_cap_changes(which=draw.choice(ALL), cap=draw.randint(1, 4))
            self.the_reference_agrees()

    # promises

    @invariant()
    def the_reference_agrees(self):
        if not hasattr(self, "world"):
            return
        season, told = self.season, self.told
        self.told = len(self.facts)
        assert go_on(season, self.facts[told:]) == self.allowed[told:]
        wanted = {
            p.id: (p.status, p.seat, p.passed if p.open else None, p.claims,
                   p.ask.kind if p.ask else None, p.ask.deadline if p.ask else None,
                   p.preference if p.open else None, p.yes, p.rank)
            for p in season.places.values()
        }  # fmt: skip
        with self.world.office.look() as look:
            rows = look.all(STANDING)
            skips = look.scalar(select(func.count()).where(notice.c.kind == "skipped"))
            standby, small = (look.connection.scalars(each).all() for each in (STANDBY, SMALL))
        got = {
            r.id: (r.status, r.seat, r.skip_reason if r.status in OPEN else None,
                   r.claimed_at is not None, r.kind, r.deadline,
                   r.preference if r.status in OPEN else None, r.standing_yes_at is not None,
                   r.rank)
            for r in rows
        }  # fmt: skip
        odd = {id_ for id_ in got | wanted if got.get(id_) != wanted.get(id_)}
        assert not odd, [(id_, got.get(id_), wanted.get(id_)) for id_ in odd] + self.facts
        self.now = got
        assert skips == len(season.skips_told)
        assert sorted(small) == sorted(id_ for id_, _ in season.small)
        assert sorted(standby) == sorted(id_ for id_, _ in season.standby)

    @invariant()
    def every_invariant_holds(self):
        if hasattr(self, "world"):
            assert self.world.broken() == []

    def teardown(self):
        if hasattr(self, "world"):
            self.world.office.engine.dispose()
