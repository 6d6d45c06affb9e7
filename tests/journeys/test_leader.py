"""A leader opens the funnel, and the leads behind its numbers; every number on every page can be opened."""

import re
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import open_first_lead

pytestmark = pytest.mark.browser

PAGES = (
    "/", "/leads", "/board", "/channels", "/funnel", "/funnel?group_by=kind", "/funnel?group_by=channel",
    "/funnel?group_by=industry", "/funnel?group_by=country", "/funnel?group_by=owner", "/funnel?group_by=month",
    "/funnel?group_by=band",
)  # fmt: skip


def opened(page: Page, path: str) -> str:
    """The page at `path`, as the signed-in person is answered."""
    answer = page.context.request.get(path)
    assert answer.ok, path
    return answer.text()


def numbers(text: str) -> dict[str, int]:
    """The numbers of a page that open something: where they lead, and what they say."""
    found = re.findall(r'<a\b[^>]*data-count="(\d+)"[^>]*>', text)
    links = [re.search(r'href="([^"]+)"', tag) for tag in re.findall(r'<a\b[^>]*data-count="\d+"[^>]*>', text)]
    return {unescape(link[1]): int(count) for link, count in zip(links, found, strict=True) if link}


def behind(text: str) -> int | None:
    """How many there are, as the page says that was opened."""
    shown = re.search(r'data-total="(\d+)"', text)
    return int(shown[1]) if shown else None


def test_from_the_funnel_to_the_leads_behind_a_number(sign_in):
    page = sign_in("manager")
    page.goto("/funnel")
    link = page.locator("a[data-count]").nth(1)
    count = int(link.get_attribute("data-count") or 0)
    link.click()
    expect(page.locator("[data-total]").first).to_have_attribute("data-total", str(count))
    open_first_lead(page)
    expect(page.locator("h1")).not_to_be_empty()


@pytest.mark.parametrize("login", ["manager", "staff"])
def test_every_number_on_every_page_equals_the_list_behind_it(sign_in, login):
    page = sign_in(login)
    seen: dict[str, int] = {}
    for path in (*PAGES, *channels(page)):
        seen |= numbers(opened(page, path))
    assert len(seen) > 20
    said = {href: behind(opened(page, href)) for href in seen}
    assert {href: (seen[href], said[href]) for href in seen if said[href] != seen[href]} == {}


def channels(page: Page) -> list[str]:
    """Some channels' own pages."""
    return sorted(set(re.findall(r'href="(/channels/[0-9a-f-]{36})"', opened(page, "/channels"))))[:6]


def test_the_funnel_is_readable_without_script_and_adds_up(sign_in):
    page = sign_in("manager", script=False)
    page.goto("/funnel")
    said = page.locator("main").inner_text()
    for stage in ("线索", "接洽", "在谈", "意向签约", "正式签约", "落地"):
        assert stage in said
