"""A state machine over every verb and the clock, on a real database beside the reference model."""

from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from queue_start import CLASSES, KINDS, Starts, verdict
from reference_queue import Course
from reference_season import replay
from sqlalchemy import func, select, update

from services.cancel import cancel
from services.catalogue.records import training_class
from services.claim import claim, unclaim
from services.classes import edit_class
from services.confirm import confirm, decline
from services.inbox import mark_read
from services.kernel.clock import taipei
from services.kernel.errors import DomainError
from services.mtnet.fetch import Fetched
from services.notices.records import notice
from services.phone import record_call
from services.promote import fill_cohort
from services.register import register
from services.registration.lifecycle import Track
from services.registration.records import look_again, registration, request, review_case
from services.rescreen import rescreen
from services.review import approve, ask_supplement, reject
from services.roll import RESULTS, record_roll
from services.supplements import add

VERBS = {"cancel": cancel, "confirm": confirm, "decline": decline, "claim": claim,
         "unclaim": unclaim}  # fmt: skip
ANSWERS = ("confirm", "confirm", "confirm", "cancel", "decline", "claim", "claim", "unclaim")
DECISIONS = ("approve", "approve", "reject", "ask_supplement", "upload")
WARM = ((), (28,), (28, 21), (28, 21, 14), (28, 21, 14, 11))  # milestones lived through before
OUTCOMES = ("yes", "no", "spoken", "no_answer")
PICK = st.integers(0, 60)
LIKELY = {"confirm": ("confirm", "confirm", "decline", None), "claim": ("claim", None, None)}
FITS = {  # status, seat, skipped, claims, question, deadline
    "cancel": lambda state: state[1] in ("reserved", "funded", "self_funded"),
    "confirm": lambda state: state[4] == "confirm",
    "decline": lambda state: state[4] is not None,
    "claim": lambda state: state[0] == "offered",
    "unclaim": lambda state: state[0] == "offered" and state[3],
}


class Queue(RuleBasedStateMachine):
    """Any order of acts: the database and the reference model must agree after each."""

    starts: Starts  # set by the fixture

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
        for which, share in ((0, 0.8), (3, 0.6), (1, 0.5), (2, 0.5)):
            for n in draw.sample(range(len(self.people)), len(self.people)):
                if draw.random() < share:
                    self.registers(n, which, declared=True, silent=draw.random() < 0.05)
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

    def registers(self, n, which, declared, silent=False, on_behalf=False):
        k = n % len(self.people)
        who, class_id = self.people[k], self.courses[which].id
        papers = ["letter"] if declared and CLASSES[which][5] else []
        outcome, track = verdict(KINDS[k], which, declared, silent)
        known = self.world.fetched(who)
        answer = Fetched(None, known.as_of) if silent else known
        actor = self.world.officer() if on_behalf else self.world.seafarer(who)

        def act():
            with self.world.office.open(actor) as work:
                return register(work, answer, class_id=class_id, person_id=who, declared=papers,
                                on_behalf=on_behalf)  # fmt: skip

        grounds = (tuple(papers), CLASSES[which][5] is not None)
        owed = verdict(KINDS[k], which, declared, False) if silent else None
        given = self.tried(act, "register", 0, class_id, who, outcome, track, grounds, owed,
                           k != len(KINDS) - 2)  # fmt: skip
        id_ = -1 if given is DomainError else given.registration_id
        now, fact, _, *details = self.facts[-1]
        self.facts[-1] = (now, fact, id_, *details)
        if id_ > 0 and id_ not in self.ids:
            self.ids.append(id_)

    def tick(self):
        done = self.world.ticks()
        assert done["failed"] == 0
        self.facts.append((self.world.clock.now(), "tick"))
        self.allowed.append(True)

    def picked(self, n, fits=lambda _state: True):
        """Pick somebody whom the act fits; where it fits nobody, or now and then, anybody."""
        fitting = [id_ for id_ in self.ids if id_ in self.now and fits(self.now[id_])]
        among = fitting if fitting and n % 6 else self.ids
        return among[n % len(among)]

    def answers(self, n, verb, exactly=False):
        if self.ids:
            id_ = self.ids[n] if exactly else self.picked(n, FITS[verb])
            who = self.world.row(id_).person_id
            self.tried(lambda: self.world.does(who, VERBS[verb], id_), verb, id_)

    @rule(n=PICK, which=st.integers(0, 3), declared=st.booleans(), silent=st.integers(0, 7),
          on_behalf=st.booleans())  # fmt: skip
    def somebody_registers(self, n, which, declared, silent, on_behalf):
        self.registers(n, which, declared, silent == 7, on_behalf)

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
        self.tried(lambda: self.world.decides(id_, verb, **more), decision, id_,
                   *([to] if settles else []))  # fmt: skip
        if decision == "ask_supplement":
            self.world.clock.pass_by(timedelta(seconds=1))  # a second question has its own key

    def case_of(self, id_):
        with self.world.office.look() as look:
            return look.scalar(
                select(func.max(review_case.c.id)).where(review_case.c.registration_id == id_)
            )

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
            asking = look.all(
                select(notice.c.id, notice.c.registration_id, notice.c.person_id)
                .join(request, request.c.registration_id == notice.c.registration_id)
                .where(
                    notice.c.asks,
                    request.c.closed_at.is_(None),
                    notice.c.made_at == request.c.asked_at,
                )
            )
        if asking:
            row = asking[n % len(asking)]
            self.tried(
                lambda: self.world.does(row.person_id, mark_read, row.id),
                "read",
                row.registration_id,
            )

    @rule(which=st.integers(0, 3), cap=st.integers(1, 4))
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

    @rule(which=st.integers(0, 3), result=st.sampled_from(sorted(RESULTS)))
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
        self.world.clock.pass_by(timedelta(hours=hours))
        self.tick()

    @rule(days=st.sampled_from((28, 21, 14, 11, 7, 6, 5)), which=st.integers(0, 3))
    def a_milestone_comes(self, days, which):
        moment = taipei(self.courses[which].starts - timedelta(days=days), 9)
        if moment > self.world.clock.now():
            self.world.clock.go_to(moment)
            self.tick()

    @rule(minutes=st.sampled_from((-600, 1)), which=st.integers(0, 3), seed=st.integers(0, 10_000))
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
            n, act = draw.randrange(61), draw.randrange(6)
            if act < 2:
                self.answers(n, draw.choice(ANSWERS))
            elif act == 2:
                to = draw.choice((None, "funded"))
                self.an_officer_decides(n=n, decision=draw.choice(DECISIONS), to=to)
            elif act == 3:
                self.an_officer_phones(n=n, outcome=draw.choice(OUTCOMES))
            elif act == 4:
                self.registers(n, draw.randrange(4), draw.random() < 0.8)
            else:
                self.a_cap_changes(which=draw.randrange(4), cap=draw.randint(1, 4))
            self.the_reference_agrees()

    # promises

    @invariant()
    def the_reference_agrees(self):
        if not hasattr(self, "world"):
            return
        season, allowed = replay(self.courses, self.facts)
        assert allowed == self.allowed
        wanted = {
            p.id: (p.status, p.seat, p.skipped, p.claims, p.ask.kind if p.ask else None,
                   p.ask.deadline if p.ask else None)
            for p in season.places.values()
        }  # fmt: skip
        with self.world.office.look() as look:
            rows = look.all(
                select(registration, request.c.kind, request.c.deadline).outerjoin(
                    request,
                    (request.c.registration_id == registration.c.id)
                    & request.c.closed_at.is_(None),
                )
            )
            skips = look.scalar(select(func.count()).where(notice.c.kind == "skipped"))
        got = {
            r.id: (r.status, r.seat, r.skip_reason is not None, r.claimed_at is not None, r.kind,
                   r.deadline)
            for r in rows
        }  # fmt: skip
        odd = {id_ for id_ in got | wanted if got.get(id_) != wanted.get(id_)}
        assert not odd, [(id_, got.get(id_), wanted.get(id_)) for id_ in odd] + self.facts
        self.now = got
        assert skips == len(season.skips_told)

    @invariant()
    def every_invariant_holds(self):
        if hasattr(self, "world"):
            assert self.world.broken() == []

    def teardown(self):
        if hasattr(self, "world"):
            self.world.office.engine.dispose()


RUN = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # shrinking with a database takes minutes: do it by hand
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
