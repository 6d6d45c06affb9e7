"""Somebody replays the funnel and a lead: plays, pauses, uses the keys, and sends the link on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from docs.house import PHONE

pytestmark = pytest.mark.browser

PLAY = "[data-replay] [data-play]"
SLIDER = "[data-replay] input[type=range]"


def stands(page: Page) -> int:
    """The stop at which the slider stands."""
    return int(page.locator(SLIDER).input_value())


def shown(page: Page) -> int:
    """The stop that the figures are of."""
    return int(page.locator("[data-stop]").get_attribute("data-stop") or 0)


def figures(page: Page) -> str:
    """Everything that the page shows below the slider, in words."""
    return page.locator("[data-stop]").inner_text()


def settled(page: Page, stop: int) -> None:
    expect(page.locator("[data-stop]")).to_have_attribute("data-stop", str(stop))
    expect(page.locator(SLIDER)).to_have_value(str(stop))


def longest_history(page: Page) -> str:
    """The history of a lead of which much is recorded."""
    page.goto("/leads?stage=landed")
    found = re.findall(r'href="(/leads/[0-9a-f-]{36})"', page.content())
    assert found
    return f"{found[0]}/history"


def history(page: Page) -> str:
    return f"{longest_history(page)}?version=3"


def funnel(_: Page) -> str:
    return "/funnel?group_by=kind"


EITHER = pytest.mark.parametrize("place", [funnel, history])
Place = Callable[[Page], str]


@EITHER
def test_keys_move_the_slider_and_the_link_sends_what_is_seen(sign_in, place: Place):
    page = sign_in("manager")
    page.goto(place(page))
    page.locator(SLIDER).focus()
    page.keyboard.press("End")
    last = int(page.locator(SLIDER).get_attribute("max") or 0)
    settled(page, last)
    page.keyboard.press("Home")
    first = int(page.locator(SLIDER).get_attribute("min") or 0)
    settled(page, first)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    settled(page, first + 2)
    page.locator("h1").click()  # the arrows work from anywhere on the page
    page.keyboard.press("ArrowLeft")
    settled(page, first + 1)
    page.locator("[data-step='1']").click()
    settled(page, first + 2)
    page.locator("[data-replay] [name=clock]:not(:checked) + span").click()
    clock = page.locator("[data-replay] [name=clock]:checked").get_attribute("value")
    expect(page.locator("[data-stop]")).to_have_attribute("data-clock", clock or "")
    expect(page).to_have_url(re.compile("known_at=|clock=today"))
    settled(page, first + 2)

    other = sign_in("auditor")
    other.goto(page.url)
    settled(other, first + 2)
    assert other.locator("[data-replay] [name=clock]:checked").get_attribute("value") == clock
    seen = figures(page)
    assert [line for line in figures(other).splitlines() if line in seen.splitlines()] == figures(other).splitlines()
    other.reload()
    settled(other, first + 2)


@EITHER
def test_it_plays_to_the_end_one_request_at_a_time_and_can_be_paused(sign_in, place: Place):
    page = sign_in("manager")
    page.goto(place(page))
    flying, most, steps = set(), [0], []

    def sent(request):
        if request.resource_type == "fetch":
            flying.add(request)
            steps.append(request.url)
            most[0] = max(most[0], len(flying))

    def answered(request):
        flying.discard(request)

    page.on("request", sent)
    page.on("requestfinished", answered)
    page.on("requestfailed", answered)
    last = int(page.locator(SLIDER).get_attribute("max") or 0)
    page.locator(SLIDER).focus()
    page.keyboard.press("Home")
    first = int(page.locator(SLIDER).get_attribute("min") or 0)
    settled(page, first)
    page.locator(PLAY).click()
    expect(page.locator(PLAY)).to_contain_text("暂停")
    settled(page, first + 2)
    page.locator(PLAY).click()
    expect(page.locator(PLAY)).to_contain_text("播放")
    page.wait_for_timeout(1500)
    at = stands(page)
    assert at <= first + 3
    assert shown(page) == at, "paused means paused"

    page.locator(SLIDER).focus()
    page.keyboard.press("End")
    settled(page, last)
    page.keyboard.press("ArrowLeft")
    settled(page, last - 1)
    page.keyboard.press(" ")
    settled(page, last)
    expect(page.locator(PLAY)).to_contain_text("播放")
    assert most[0] == 1, "a step is asked for once the last is answered"
    assert len(steps) <= 10


@EITHER
def test_going_back_leaves_a_replay_with_one_step(sign_in, place: Place):
    page = sign_in("manager")
    page.goto(place(page))
    came_from, first = page.url, stands(page)
    page.locator(SLIDER).focus()
    for step in (1, 2):
        page.keyboard.press("ArrowLeft")
        settled(page, first - step)
    page.go_back()
    expect(page).to_have_url(came_from)
    settled(page, first)


@EITHER
def test_on_a_phone_and_without_script_it_is_there_as_well(sign_in, place: Place):
    page = sign_in("manager", size=PHONE)
    page.goto(place(page))
    for control in (PLAY, SLIDER, "[data-step='-1']", "[data-replay] [name=clock] + span >> nth=0"):
        expect(page.locator(control)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    stop = stands(page)
    page.locator("[data-step='-1']").click()
    settled(page, stop - 1)

    plain = sign_in("manager", script=False)
    plain.goto(place(plain))
    expect(plain.locator(PLAY)).to_be_hidden()
    stop = stands(plain)
    plain.locator("[data-step='-1']").click()
    settled(plain, stop - 1)
    plain.locator(SLIDER).focus()
    plain.keyboard.press("ArrowLeft")
    plain.get_by_role("button", name="显示").click()
    settled(plain, stop - 2)


def test_what_changed_is_struck_through_beside_what_it_became(sign_in):
    page = sign_in("manager")
    path = longest_history(page)
    page.goto(path)
    page.locator(SLIDER).focus()
    page.keyboard.press("Home")
    settled(page, 1)
    last = int(page.locator(SLIDER).get_attribute("max") or 0)
    for version in range(2, last + 1):
        page.keyboard.press("ArrowRight")
        settled(page, version)
        changed = page.locator(".version[aria-current] .diff ins, .version[aria-current] .diff del").count()
        marked = page.locator("#stood mark, #stood del").count()
        assert bool(changed) <= bool(marked), version
    page.goto(path.removesuffix("/history"))
    page.locator(".lead-head .why .badge").first.click()
    expect(page.locator(".version:target")).to_be_visible()
    expect(page.locator(".version:target")).to_have_attribute("aria-current", "true")
