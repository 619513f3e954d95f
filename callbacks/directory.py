"""The hands, in the order in which they are tied."""

from callbacks import apply, calls, classes, dashboards, inbox, plan, progress, review, roll

HANDS = (apply, progress, inbox, review, classes, calls, roll, plan, dashboards)
