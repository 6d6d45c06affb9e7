"""A manager pins two meetings and prints the second: A4, nothing cut off, the same however often it is printed."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from crm import clock
from docs.house import PHONE

pytestmark = pytest.mark.browser

A4_POINTS = (595, 842)
PRINTED_WIDTH = 673
"""The width of A4 between its margins, in CSS pixels: 178 mm."""


def pin(page: Page, name: str, as_at: date) -> str:
    """Pin a meeting with the sheet; the address of its page."""
    page.goto("/meetings")
    page.get_by_role("link", name=re.compile("固定")).first.click()
    sheet = page.locator("dialog#sheet[open]")
    sheet.get_by_label("会议名称").fill(name)
    sheet.get_by_label("数据截至").fill(as_at.isoformat())
    sheet.get_by_role("button", name="固定为会议").click()
    expect(page.locator("h1")).to_have_text(name)
    return page.url


def article(page: Page, meeting: str) -> str:
    page.goto(f"{meeting}/pack")
    expect(page.locator(".seal")).to_have_text("与当次会议一致")
    return page.locator("article").inner_html()


def test_a_meeting_is_pinned_compared_and_printed(sign_in):
    page = sign_in("manager")
    first = pin(page, "上半月调度会", clock.today() - timedelta(15))
    second = pin(page, "下半月调度会", clock.today())
    expect(page.get_by_role("link", name="上半月调度会")).to_be_visible()
    before = article(page, second)
    assert "上半月调度会" in before
    page.goto(first)
    page.get_by_role("link", name="改名").click()
    page.locator("dialog#sheet[open]").get_by_label("会议名称").fill("十一月第一次调度会")
    page.locator("dialog#sheet[open]").get_by_role("button", name="修改会议名称").click()
    expect(page.locator("h1")).to_have_text("十一月第一次调度会")
    assert article(page, second) == before

    page.emulate_media(media="print")
    boxes = re.findall(rb"/MediaBox *\[([^\]]+)\]", page.pdf(prefer_css_page_size=True))
    assert len(boxes) > 1
    for box in boxes:
        left, bottom, right, top = map(float, box.split())
        assert (round(right - left), round(top - bottom)) == A4_POINTS
    page.set_viewport_size({"width": PRINTED_WIDTH, "height": 950})
    assert wider_than_the_paper(page) == []


def wider_than_the_paper(page: Page) -> list[str]:
    """What stands out over the printed width, or out of its own box."""
    found: list[str] = page.eval_on_selector_all(
        "article *, footer *",
        """(all, width) => all
            .filter(one => one.getBoundingClientRect().right > width + 1 || one.scrollWidth > one.clientWidth + 1 && one.clientWidth)
            .map(one => one.outerHTML.slice(0, 120))""",
        PRINTED_WIDTH,
    )
    return found


def test_a_meeting_is_read_on_a_phone_and_without_script(sign_in):
    page = sign_in("manager")
    meeting = pin(page, "调度会", clock.today() - timedelta(60))
    phone = sign_in("auditor", size=PHONE, script=False)
    for path in ("/meetings", meeting, f"{meeting}/pack"):
        phone.goto(path)
        expect(phone.locator("h1")).to_be_visible()
        assert phone.locator("html").bounding_box()["width"] <= PHONE[0]
