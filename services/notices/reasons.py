"""Why a review says no, in words the person can act on."""

from collections.abc import Mapping

from services.words import mark

REJECT_REASONS: Mapping[str, str] = {
    "sea_service_short": mark("The sea service does not reach the requirement."),
    "paper_not_valid": mark("The paper is not valid on the first class day."),
    "paper_unreadable": mark("The paper cannot be read or is incomplete."),
    "not_the_required_rank": mark("The certificate of competency is for another rank."),
    "not_entitled": mark("The conditions for this course are not met."),
}
