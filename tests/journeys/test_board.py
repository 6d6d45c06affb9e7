"""The board under a hand: a card is dragged, taken back, moved for good; and moved without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from domain.funnel import Stage

pytestmark = pytest.mark.browser


def count(page: Page, stage: Stage) -> int:
    return int(page.locator(f"#column-{stage} > header .count").inner_text())


def drag(page: Page, start: Stage, end: Stage) -> str:
    """Drag the first card of one column to the top of another; its company."""
    card = page.locator(f"#column-{start} .lead-card.movable").first
    name = card.locator(".name").inner_text()
    here, there = card.bounding_box(), page.locator(f"#column-{end} .cards").bounding_box()
    assert here
    assert there
    page.mouse.move(here["x"] + 60, here["y"] + here["height"] - 12)
    page.mouse.down()
    page.mouse.move(here["x"] + 70, here["y"] + 40, steps=4)
    page.mouse.move(there["x"] + 60, there["y"] + 60, steps=12)
    expect(page.locator(f"#column-{end} .lead-card.ghost")).to_be_visible()
    page.mouse.up()
    expect(page.locator("#sheet")).to_be_visible()
    return name


def test_a_dragged_card_asks_for_its_evidence_and_goes_back_when_that_is_not_given(sign_in):
    page = sign_in("manager")
    page.goto("/board")
    before = count(page, Stage.CONTACTED), count(page, Stage.NEGOTIATING)
    name = drag(page, Stage.CONTACTED, Stage.NEGOTIATING)
    page.locator("#sheet header [data-close]").click()
    expect(page.locator(f"#column-{Stage.CONTACTED} .lead-card .name").first).to_have_text(name)
    assert drag(page, Stage.CONTACTED, Stage.NEGOTIATING) == name
    page.locator("#sheet [name=subject]").fill("用地与税收")
    page.locator("#sheet button[type=submit]").click()
    expect(page.locator(f"#column-{Stage.NEGOTIATING} .lead-card .name").first).to_have_text(name)
    expect(page.locator(f"#column-{Stage.NEGOTIATING} > header .count")).to_have_text(str(before[1] + 1))
    assert count(page, Stage.CONTACTED) == before[0] - 1


def test_dragged_back_it_asks_whether_it_fell_back_or_never_happened(sign_in):
    page = sign_in("manager")
    page.goto("/board")
    before = count(page, Stage.NEGOTIATING)
    drag(page, Stage.NEGOTIATING, Stage.REGISTERED)
    page.get_by_text("退回了").click()
    page.locator("#sheet [name=reason]").fill("对方换了负责人")
    page.locator("#sheet button[type=submit]").click()
    expect(page.locator(f"#column-{Stage.NEGOTIATING} > header .count")).to_have_text(str(before - 1))


def test_every_card_can_be_moved_by_keyboard_and_on_a_phone(sign_in):
    page = sign_in("manager")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/board")
    page.locator(".stage-tabs a").nth(1).click()
    card = page.locator(f"#column-{Stage.CONTACTED} .lead-card.movable").first
    card.locator("a.move").focus()
    page.keyboard.press("Enter")
    page.locator(f"#sheet a[data-to={Stage.INTENT_SIGNED}]").press("Enter")
    expect(page.locator("#sheet h2")).to_have_text(re.compile("意向签约"))
    expect(page.locator("#sheet [name=document]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
