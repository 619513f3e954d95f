"""Tables of the catalogue and the annual plan."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from services.kernel.db import Instant, metadata

course = Table(
    "course",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("name_zh", String(80), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("stcw_ref", String(120)),
    Column("category", String(24), nullable=False),
    Column("statutory_item", Integer),
    Column("audience", String(24)),
    Column("hours", Float),
    Column("days", Integer, nullable=False),
    Column("class_size", Integer, nullable=False),
    Column("validity_years", Integer),  # None: the certificate does not run out
    Column("refresher_of", String(16)),
    Column("rules", JSON, nullable=False),  # prerequisites, funded_extra, certificate_conditions
    Column("auto_screenable", Boolean, nullable=False),
    Column("assumption", Boolean, nullable=False),  # values nobody has confirmed: say so
)

institution = Table(
    "institution",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("name_zh", String(80), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("short_zh", String(16), nullable=False),  # for charts and cells
    Column("short_en", String(24), nullable=False),
    Column("city_zh", String(16)),
    Column("city_en", String(32)),
    Column("region", String(8), nullable=False),
    Column("commissioned", Boolean, nullable=False),
)

annual_plan = Table(
    "annual_plan",
    metadata,
    Column("year", Integer, primary_key=True),
    Column("published_at", Instant),  # None: a draft that only MPB sees
    Column("ordering_policy", String(16), nullable=False, default="first_come"),
    Column("max_choices", Integer, nullable=False, default=1),
    Column("seats_cap", Integer, nullable=False),  # funded seats of the whole year
    Column("subsidy_percent", Integer, nullable=False, default=30),
    Column("confirm_days", Integer, nullable=False, default=28),
    Column("promote_days", Integer, nullable=False, default=21),
    Column("self_fund_days", Integer, nullable=False, default=14),
    Column("settle_days", Integer, nullable=False, default=11),
    Column("size_check_days", Integer, nullable=False, default=7),
    Column("freeze_days", Integer, nullable=False, default=5),  # law: five days before the class
    Column("milestone_hour", Integer, nullable=False, default=9),
    Column("batch_size", Integer, nullable=False, default=100),
    Column("response_hours", Integer, nullable=False, default=72),
    Column("late_response_hours", Integer, nullable=False, default=24),
    Column("review_days", Integer, nullable=False, default=5),  # working days
    Column("supplement_days", Integer, nullable=False, default=7),
    Column("appeal_days", Integer, nullable=False, default=14),
    Column("draw_source_zh", String(200)),  # which public value a lottery is drawn with
    Column("draw_source_en", String(200)),
    Column("version", Integer, nullable=False, default=1),  # two planners never overwrite silently
    CheckConstraint(
        "confirm_days > promote_days AND promote_days > self_fund_days AND "
        "self_fund_days > settle_days AND settle_days > size_check_days AND "
        "size_check_days > freeze_days AND freeze_days >= 1",
        name="milestones_in_order",
    ),
    CheckConstraint("batch_size >= 1 AND max_choices >= 1", name="positive"),
    CheckConstraint("ordering_policy IN ('first_come', 'window_lottery')", name="policy"),
)

plan_window = Table(
    "plan_window",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", ForeignKey("annual_plan.year"), nullable=False),
    Column("classes_from", Date, nullable=False),  # classes starting in this span ...
    Column("classes_to", Date, nullable=False),
    Column("opens_at", Instant, nullable=False),  # ... open for registration at this minute
    Column("closes_at", Instant),  # a lottery: who registers before this takes part in the draw
    UniqueConstraint("year", "classes_from"),
    CheckConstraint("classes_to >= classes_from", name="span"),
    CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name="closes_later"),
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", ForeignKey("annual_plan.year"), nullable=False),
    Column("course", ForeignKey("course.code"), nullable=False),
    Column("rules", JSON, nullable=False),  # what applies this year; kept when the catalogue moves
    Column("rules_version", Integer, nullable=False, default=1),
    Column("fee", Integer, nullable=False),  # full fee in NT$
    Column("events", Integer, nullable=False, default=0),  # length of the event chain
    Column("head", String(64), nullable=False, default=""),  # its last hash
    UniqueConstraint("year", "course"),
)

commission = Table(
    "commission",
    metadata,
    Column("cohort_id", ForeignKey("cohort.id"), primary_key=True),
    Column("institution", ForeignKey("institution.code"), primary_key=True),
    Column("classes_cap", Integer, nullable=False),
    Column("seats_cap", Integer, nullable=False),
    CheckConstraint("classes_cap >= 0 AND seats_cap >= 0", name="not_negative"),
)

training_class = Table(
    "training_class",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(32), nullable=False, unique=True),  # 116-PSCRB-07
    Column("cohort_id", ForeignKey("cohort.id"), nullable=False, index=True),
    Column("year", Integer, nullable=False),
    Column("course", ForeignKey("course.code"), nullable=False),
    Column("institution", ForeignKey("institution.code"), nullable=False, index=True),
    Column("kind", String(12), nullable=False, default="funded"),  # or a wholly self_funded class
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("opens_at", Instant),  # registration; set when published
    Column("draw_id", Integer, ForeignKey("draw.id")),  # whose order it follows; None: the number
    Column("cap", Integer, nullable=False),
    Column("cut_from", Integer),  # the seats before a cut after the confirmation call
    Column("min_size", Integer, nullable=False),
    Column("seats_held", Integer, nullable=False, default=0),  # reserved + seated, under the lock
    Column("numbers_given", Integer, nullable=False, default=0),
    Column("fee", Integer, nullable=False),
    Column(
        "labels", JSON, nullable=False, default=list
    ),  # flags and class societies recognising it
    Column("place_zh", String(80)),
    Column("place_en", String(120)),
    Column("schedule", Integer, nullable=False, default=1),  # a moved class gets the next number
    Column("state", String(12), nullable=False, default="draft"),
    Column("published_at", Instant),
    Column("ended_at", Instant),  # opened at the freeze, or cancelled
    Column("merged_into", ForeignKey("training_class.id")),  # cancelled: its seated went there
    Column("version", Integer, nullable=False, default=1),
    CheckConstraint("seats_held >= 0 AND seats_held <= cap", name="seats_within_cap"),
    CheckConstraint("cut_from > cap", name="cut_from"),
    CheckConstraint("min_size >= 1 AND min_size <= cap", name="min_size"),
    CheckConstraint("ends_on >= starts_on", name="dates"),
    CheckConstraint("kind IN ('funded', 'self_funded')", name="kind"),
    CheckConstraint("state IN ('draft', 'published', 'opened', 'cancelled')", name="state"),
    Index("ix_training_class_calendar", "state", "starts_on"),
    Index("ix_training_class_draw", "draw_id"),
    Index(
        "ix_training_class_plan",  # all by which dashboards choose classes, and what of them moves
        *("year", "starts_on", "state", "institution", "course", "kind", "cap", "version"),
    ),
)

milestone = Table(
    "milestone",
    metadata,
    Column("class_id", ForeignKey("training_class.id"), primary_key=True),
    Column("schedule", Integer, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("reached_at", Instant),  # None: still ahead
    Column("outcome", String(12)),  # done | skipped
    Column("facts", JSON, nullable=False, default=dict),
    CheckConstraint("reached_at IS NULL OR reached_at >= due_at", name="never_early"),
    Index("ix_milestone_due", "reached_at", "due_at"),
)
