"""A click that gets no answer is never silent: the reader is told what happened and led on."""

from urllib.parse import unquote

import pytest
from browser.surfer import Screen
from playwright.sync_api import expect

from services.identity.sessions import end_session

pytestmark = pytest.mark.browser

SCREENS = [Screen(1366, "zh-Hant-TW"), Screen(390, "en")]
FAILED, ANSWERS = "#failed", "**/_dash-update-component*"


@pytest.fixture(params=SCREENS, ids=str)
def asked(request, site, surf):
    """A person in front of a question; the console speaks of what fails and of nothing else."""
    who = site.town.a_citizen()
    mine, _ = site.town.a_called_class(who.person_id, site.town.a_citizen().person_id)
    me = surf(request.param, who).opens(f"/registrations/{mine}")
    yield me
    me.forgives()


def logged_out(site, me):
    [token] = [c["value"] for c in me.page.context.cookies() if c["name"] == "sid"]
    with site.town.office.open() as work:
        end_session(work, token)


def test_who_was_logged_out_meanwhile_reads_so_and_comes_back_after_logging_in(site, asked):
    logged_out(site, asked)
    here = asked.page.url
    asked.clicks("Cancel this registration")
    asked.reads("You were logged out because nothing was done for a while. Nothing was changed.")
    assert asked.misfits() == []
    asked.page.locator(FAILED).get_by_role("link").click()
    asked.arrives("/login")
    assert here.endswith(unquote(asked.page.url.partition("next=")[2]))


def test_who_is_out_of_reach_reads_so_and_may_try_again(asked):
    asked.page.context.set_offline(True)
    asked.clicks("Yes, I will come")
    asked.reads("No answer came; the connection may be down. Try again in a moment.")
    asked.page.context.set_offline(False)
    asked.clicks("Yes, I will come").reads("You have confirmed. The seat is yours.")
    expect(asked.page.locator(FAILED)).to_be_empty()


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, "The page is too old; load it again. Nothing was changed."),
        (502, "Something went wrong on our side. Try again in a moment."),
    ],
)
def test_a_refused_or_broken_answer_leads_back_to_the_page(asked, status, says):
    asked.page.route(ANSWERS, lambda route: route.fulfill(status=status))
    asked.clicks("Cancel this registration").reads(says)
    asked.page.unroute(ANSWERS)
    asked.page.locator(FAILED).get_by_role("link").click()
    asked.arrives("/registrations/")
    expect(asked.page.locator(FAILED)).to_be_empty()
