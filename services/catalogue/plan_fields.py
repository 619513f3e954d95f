"""The numbers of an annual plan that a planner may set: their limits and when they stand (pure)."""

LIMITS: dict[str, tuple[int, int]] = {
    "seats_cap": (0, 100_000),
    "subsidy_percent": (0, 100),
    "confirm_days": (7, 90),
    "promote_days": (6, 80),
    "self_fund_days": (5, 70),
    "settle_days": (4, 60),
    "size_check_days": (3, 50),
    "freeze_days": (1, 40),
    "milestone_hour": (0, 23),
    "max_choices": (1, 5),
    "batch_size": (1, 1_000),
    "response_hours": (24, 240),
    "late_response_hours": (12, 120),
    "review_days": (1, 30),
    "supplement_days": (1, 60),
    "appeal_days": (1, 60),
}
MILESTONE_FIELDS = (
    "confirm_days",
    "promote_days",
    "self_fund_days",
    "settle_days",
    "size_check_days",
    "freeze_days",
)
FIXED_ONCE_PUBLISHED = frozenset(
    {
        *MILESTONE_FIELDS,
        "milestone_hour",
        "response_hours",
        "late_response_hours",
        "subsidy_percent",
    }
)
DEFAULTS: dict[str, int] = {
    "seats_cap": 0,
    "subsidy_percent": 30,
    "confirm_days": 28,
    "promote_days": 21,
    "self_fund_days": 14,
    "settle_days": 11,
    "size_check_days": 7,
    "freeze_days": 5,
    "milestone_hour": 9,
    "max_choices": 3,
    "batch_size": 100,
    "response_hours": 72,
    "late_response_hours": 24,
    "review_days": 5,
    "supplement_days": 7,
    "appeal_days": 14,
}
