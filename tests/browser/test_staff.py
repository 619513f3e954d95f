"""The desks: a review with its paper, a call, a roll, the plan and a dashboard."""

from urllib.parse import parse_qs, urlsplit

import pytest
from browser.surfer import Screen, Surfer
from playwright.sync_api import expect
from sqlalchemy import select

from portal.demo.papers import pdf
from services.registration.records import review_case

pytestmark = pytest.mark.browser

DESK, PHONE = Screen(1366, "zh-Hant-TW"), Screen(390, "en")
BOTH = pytest.mark.parametrize("screen", [DESK, PHONE], ids=str)


def registration_of(site, case_id: int) -> int:
    with site.town.office.look() as look:
        statement = select(review_case.c.registration_id).where(review_case.c.id == case_id)
        return int(look.scalar(statement))


def uploads(surfer: Surfer, name: str) -> Surfer:
    paper = {"name": name, "mimeType": "application/pdf", "buffer": pdf("Loading record")}
    surfer.page.set_input_files("#paper", paper)
    return surfer.clicks("Upload the paper")


@BOTH
def test_an_officer_asks_for_a_paper_and_admits_who_sends_it(site, surf, screen):
    who, case = site.town.a_case()
    mine = f"/registrations/{registration_of(site, case)}"
    officer = surf(screen, site.folk.officer)
    assert officer.page.url.endswith("/desk/review")
    officer.opens(f"/desk/review/{case}?act=supplement")
    officer.page.fill("#review-ask", "船長簽署的裝卸證明")
    officer.clicks("Send the request").reads("The paper is asked for. The person is told by when.")
    me = surf(screen, site.town.a_citizen(who)).opens(mine).reads("Paper needed")
    uploads(me, "loading.pdf").reads("Your paper has arrived. The institution will look at it.")
    officer.opens(f"/desk/review/{case}")
    expect(officer.page.locator(".docs")).to_contain_text("loading.pdf")
    officer.page.get_by_label(officer.words("I have seen the original")).check()
    officer.clicks("Approve").reads("Approved. The person is told.")
    me.opens(mine).reads("You have a seat")
    assert me.misfits() + officer.misfits() == []


@BOTH
def test_an_officer_rejects_only_with_a_reason(site, surf, screen):
    who, case = site.town.a_case(paper=True)
    officer = surf(screen, site.folk.officer).opens(f"/desk/review/{case}")
    officer.clicks("Reject").clicks("Reject and free the place").reads("Choose a reason.")
    expect(officer.page.locator(".errors")).to_be_focused()
    officer.page.select_option("#review-reason", "paper_unreadable")
    officer.clicks("Reject and free the place")
    officer.reads("Rejected. The person is told, and a freed seat has moved on.")
    me = surf(screen, site.town.a_citizen(who))
    me.opens(f"/registrations/{registration_of(site, case)}").reads("Not eligible")


def test_the_keys_walk_the_cases_and_can_be_turned_off(site, surf):
    site.town.a_case(), site.town.a_case()
    officer = surf(DESK, site.folk.officer)
    before = officer.page.locator(".cases a[aria-current]").get_attribute("href")
    officer.page.keyboard.press("j")
    current = officer.page.locator(".cases a[aria-current]")
    expect(current).not_to_have_attribute("href", before)
    officer.waits().page.keyboard.press("s")
    officer.reads("What the person is to send")
    officer.clicks("Back").clicks("Keys").page.keyboard.press("r")
    expect(officer.page.locator("#review-reason")).to_have_count(0)


@BOTH
def test_an_officer_notes_a_call_and_writes_the_roll(site, surf, screen):
    first, begun = site.town.people(1), site.town.people(2)
    (asked,) = site.town.a_called_class(*first)
    roll = site.town.a_begun_class(*begun)
    officer = surf(screen, site.folk.officer)
    officer.opens(f"/desk/calls/{site.town.row(asked).class_id}")
    officer.page.locator("main table a").first.click()
    officer.page.select_option("#call-outcome", "yes")
    officer.clicks("Save the call").reads("The call is kept.")
    assert site.town.status(asked).value == "confirmed"
    officer.opens(f"/desk/roll/{roll}")
    marks = officer.page.locator("main table select")
    marks.last.select_option("absent")
    officer.page.locator("#roll-fill").press("Enter")
    officer.waits()
    assert [mark.input_value() for mark in marks.all()] == ["completed", "absent"]
    officer.clicks("Save the roll").reads("The roll is kept; the results go to MTNet.")
    assert officer.misfits() == []


@BOTH
def test_a_planner_reads_a_dashboard_and_edits_the_plan(site, surf, screen):
    planner = surf(screen, site.folk.planner)
    assert planner.page.url.endswith("/fill-rate")
    planner.page.locator(".js-plotly-plot").first.wait_for()
    table = planner.page.locator("details", has=planner.page.locator("table")).first
    table.locator("summary").click()
    expect(table.locator("table")).to_be_visible()
    planner.opens(f"/plan/{site.town.year + 1}")
    planner.page.fill("#plan-seats-cap", "many")
    planner.clicks("Save the numbers")
    expect(planner.page.locator(".errors")).to_be_focused()
    planner.page.fill("#plan-seats-cap", "6,200" if screen is DESK else "6,300")
    planner.clicks("Save the numbers").reads("The plan is saved.")
    assert planner.misfits() == []


@pytest.mark.parametrize("language", ["zh-Hant-TW", "en"])
def test_the_numbers_of_a_dashboard_stand_high_and_its_list_is_scrolled_by_the_page(
    site, surf, language
):
    me = surf(Screen(1366, language), site.folk.planner).opens("/fill-rate")
    expect(me.page.locator(".plot svg.main-svg").first).to_be_visible()
    bottoms = "parts => new Set(parts.map(e => Math.round(e.getBoundingClientRect().bottom))).size"
    assert (
        me.page.locator("#board .filters select, #board .filters input").evaluate_all(bottoms) == 1
    )
    top = "each => each.getBoundingClientRect().top + scrollY"
    assert me.page.locator(".kpi").first.evaluate(top) < 420
    assert me.page.locator("#board .filter-act").evaluate(top) < 340
    filled = """plots => plots.every(each => {
        const drawn = each.querySelector('svg.main-svg').getBoundingClientRect();
        return Math.abs(drawn.height - each.getBoundingClientRect().height) < 2; })"""
    assert me.page.locator(".plot").evaluate_all(filled)
    me.opens("/drill")
    scrolls = "each => getComputedStyle(each).maxHeight"
    assert me.page.locator("#classes .table-scroll").evaluate(scrolls) == "none"


def test_on_a_phone_the_numbers_stand_on_the_first_screen_and_the_filters_unfold(site, surf):
    me = surf(PHONE, site.folk.planner).opens("/drill")
    expect(me.page.locator(".kpi").nth(1)).to_be_visible()
    ends = "cards => Math.max(...cards.map(each => each.getBoundingClientRect().bottom))"
    assert me.page.locator(".kpi:nth-child(-n + 2)").evaluate_all(ends) < 844
    expect(me.page.locator(".boards [aria-current]")).to_be_in_viewport(ratio=1)  # the last tab
    year, summary = me.page.locator("#filter-year"), me.page.locator(".filterbar summary")
    assert summary.bounding_box()["height"] >= 44
    expect(year).to_be_hidden()
    summary.press("Enter")
    expect(year).to_be_visible()
    summary.press("Enter")
    me.page.set_viewport_size({"width": 1366, "height": 850})  # folded, and a desk shows it
    expect(year).to_be_visible()
    expect(summary).to_be_hidden()
    expect(me.button("Export XLSX")).to_be_visible()


def test_the_files_of_a_figure_unfold_on_a_phone_and_stand_open_on_a_desk(site, surf):
    me = surf(PHONE, site.folk.planner).opens("/demand")
    foot = me.page.locator("#sign-up .fig-foot")
    csv, more = foot.get_by_text("CSV"), foot.locator("summary")
    expect(csv).to_be_hidden()
    assert more.bounding_box()["height"] >= 44
    more.click()
    expect(csv).to_be_visible()
    assert me.misfits() == []
    more.click()
    me.page.set_viewport_size({"width": 1366, "height": 850})
    expect(csv).to_be_visible()
    expect(more).to_be_hidden()


def test_a_unit_stands_in_one_line_and_an_empty_cell_is_left_out_of_a_card_on_a_phone(site, surf):
    me = surf(PHONE, site.folk.planner).opens("/demand")
    expect(me.page.locator(".kpi-value small").first).to_be_visible()
    lines = "units => Math.max(...units.map(each => each.getClientRects().length))"
    high = "units => Math.max(...units.map(e => e.getBoundingClientRect().height / 13))"
    assert me.page.locator(".kpi-value small").evaluate_all(lines) == 1
    assert me.page.locator(".kpi-value small").evaluate_all(high) < 2
    me.opens("/freshness")
    cells = me.page.locator("#sources td")
    expect(cells.first).to_be_attached()
    shown = [cell.inner_text() for cell in cells.all() if cell.is_visible()]
    assert shown
    assert "–" not in shown
    assert me.misfits() == []


@pytest.mark.parametrize(
    ("path", "figure", "mark", "sets"),
    [
        ("/fill-rate", "fill-rate", ".barlayer .point path", {"course"}),
        ("/fill-rate", "fill-by-month", ".annotation-text", {"course", "from", "to"}),  # of a cell
        ("/institutions", "institution-fill", ".scatterlayer .points path", {"institution"}),
    ],
    ids=["bar", "cell", "dot"],
)
def test_a_click_on_a_mark_filters_and_a_second_one_takes_it_back(
    site, surf, path, figure, mark, sets
):
    planner = surf(DESK, site.folk.planner).opens(path)

    def clicks_the_mark() -> None:
        there = planner.page.locator(f"#{figure}:has([data-clicks='1']) {mark}").first
        there.scroll_into_view_if_needed()
        box = there.bounding_box()
        planner.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def query(url: str) -> dict[str, list[str]]:
        return parse_qs(urlsplit(url).query)

    clicks_the_mark()
    planner.page.wait_for_url(lambda url: query(url).keys() & {"from", *sets} == sets)
    chosen = query(planner.page.url)
    assert chosen.get("from") == chosen.get("to")
    whole = {("from", "1"), ("to", "12")} & {(name, chosen[name][0]) for name in sets}
    expect(planner.waits().page.locator(".chip")).to_have_count(len(sets - dict(whole).keys()))
    clicks_the_mark()
    planner.page.wait_for_url(lambda url: not query(url).keys() & sets)
    expect(planner.waits().page.locator(".chip")).to_have_count(0)


def test_the_link_of_a_dashboard_says_to_what_its_reader_is_locked_and_of_which_day(site, surf):
    officer = surf(DESK, site.folk.officer).opens("/fill-rate?from=2")
    expect(officer.page.locator(".onpaper-address")).to_have_count(1)
    officer.page.evaluate("navigator.clipboard.writeText = text => (window.taken = text)")
    officer.page.locator("[data-copy-link]").click()
    taken = parse_qs(urlsplit(officer.page.evaluate("window.taken")).query)
    assert set(taken) == {"year", "from", "institution", "asof"}


def test_a_dashboard_on_paper_stands_as_on_a_desk_with_nothing_to_click(site, surf):
    me = surf(DESK, site.folk.planner).opens("/demand")
    expect(me.page.locator(".plot svg.main-svg").first).to_be_visible()
    me.page.emulate_media(media="print")
    me.page.set_viewport_size({"width": 1032, "height": 710})  # A4 across, within its margins
    tops = "boxes => new Set(boxes.map(each => each.getBoundingClientRect().top)).size"
    assert me.page.locator(".kpi").evaluate_all(tops) == 1
    for control in (".mainnav", ".filterbar", ".fig-tools", ".board-tools"):
        expect(me.page.locator(control).first).to_be_hidden()
    inside = """plots => plots.every(each => each.getBoundingClientRect().right
        <= each.closest('.fig').getBoundingClientRect().right)"""
    assert me.page.locator(".plot").evaluate_all(inside)
    breaks = "figs => figs.every(each => getComputedStyle(each).breakInside === 'avoid')"
    assert me.page.locator(".fig:has(.plot)").evaluate_all(breaks)


def test_a_paper_carries_the_closed_tables_what_they_mean_and_whose_they_are(site, surf):
    me = surf(DESK, site.folk.planner).opens("/fill-rate")
    expect(me.page.locator(".plot svg.main-svg").first).to_be_visible()
    closed = me.page.locator(".fig details:not([open]) table").count()
    paper = me.page.locator(".onpaper")
    expect(paper).to_be_hidden()
    me.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    me.page.emulate_media(media="print")
    expect(paper.locator("table")).to_have_count(closed)
    expect(paper.locator("table").first).to_be_visible()
    expect(paper.locator(".onpaper-address")).to_contain_text("http")
    me.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(paper.locator("table")).to_have_count(0)
