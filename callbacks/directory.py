"""The hands, in the order in which they are tied."""

from callbacks import (
    accounts,
    apply,
    calls,
    class_change,
    classes,
    counter,
    dashboards,
    definitions,
    draws,
    inbox,
    overrides,
    plan,
    progress,
    review,
    roll,
    statistics,
)

HANDS = (
    apply,
    progress,
    inbox,
    review,
    overrides,
    classes,
    class_change,
    calls,
    counter,
    roll,
    plan,
    draws,
    dashboards,
    definitions,
    statistics,
    accounts,
)
