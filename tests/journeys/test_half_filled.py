"""A form half-filled when a session ends, or the network does, is still there after logging in again."""

import re

import pytest
from playwright.sync_api import Page, expect

from docs.house import PASSWORD
from tests.journeys.conftest import Opener, open_first_lead

pytestmark = pytest.mark.browser
SHEET, DOOR = "dialog#sheet", "dialog#doorway"


def _lose_session(page: Page) -> None:
    page.context.clear_cookies(name="landfall")


def _come_in_again(page: Page, login: str, form: str) -> None:
    page.fill(f"{form} [name=login]", login)
    page.fill(f"{form} [name=password]", PASSWORD)
    page.click(f"{form} button[type=submit]")


def test_a_sheet_stays_open_behind_the_login_and_can_be_sent_afterwards(sign_in: Opener) -> None:
    page = sign_in("manager")
    page.goto("/leads?stage=negotiating&status=open")
    open_first_lead(page)
    page.locator(".lead-head").get_by_role("link", name="意向签约", exact=True).click()
    field = page.locator(f"{SHEET} textarea, {SHEET} input[type=text]").first
    field.fill("会话失效时写的")
    _lose_session(page)
    page.click(f"{SHEET} button[type=submit]")
    expect(page.locator(DOOR)).to_be_visible()
    _come_in_again(page, "manager", DOOR)
    expect(page.locator(DOOR)).to_be_hidden()
    expect(page.locator(SHEET)).to_be_visible()
    assert field.input_value() == "会话失效时写的"
    page.click(f"{SHEET} button[type=submit]")
    expect(page.locator(DOOR)).to_be_hidden()
    expect(page.locator("#notices")).not_to_contain_text("页面已过期")


def test_a_page_left_to_log_in_again_gets_its_text_and_rows_back(sign_in: Opener) -> None:
    page = sign_in("manager")
    page.goto("/leads/new")
    page.fill("[name=company]", "哈尔滨某某装备有限公司")
    page.click("[data-add]")
    page.fill("[name='contacts.1.name']", "法务负责人")
    _lose_session(page)
    page.goto("/leads/new")
    page.wait_for_url(re.compile("/login"))
    _come_in_again(page, "manager", "#door")
    page.wait_for_url(re.compile("/leads/new"))
    expect(page.locator("[name=company]")).to_have_value("哈尔滨某某装备有限公司")
    expect(page.locator("[name='contacts.1.name']")).to_have_value("法务负责人")
    expect(page.locator("#notices")).to_contain_text("已恢复")


def test_without_a_network_the_page_says_so_and_keeps_what_was_typed(sign_in: Opener) -> None:
    page = sign_in("manager")
    page.goto("/leads/new")
    page.fill("[name=company]", "断网时填写的公司")
    page.select_option("[name=industry]", "C")
    page.select_option("[name=channel]", index=1)
    page.context.set_offline(True)
    page.click("main form button[type=submit]")
    expect(page.locator("#notices")).to_contain_text("连不上服务器")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("[name=company]")).to_have_value("断网时填写的公司")


def test_another_person_does_not_get_it_and_logging_out_throws_it_away(sign_in: Opener) -> None:
    page = sign_in("manager")
    page.goto("/leads/new")
    page.fill("[name=company]", "不给别人看的公司")
    _lose_session(page)
    page.goto("/leads/new")
    _come_in_again(page, "staff", "#door")
    page.wait_for_url(re.compile("/leads/new"))
    expect(page.locator("[name=company]")).to_have_value("")
    page.click(".person summary")
    page.click("form[data-logout] button")
    page.wait_for_url(re.compile("/login"))
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))") == []


def test_passwords_are_never_kept(sign_in: Opener) -> None:
    page = sign_in("auditor")
    page.goto("/account")
    for name in ("old", "password", "again"):
        page.fill(f"[name={name}]", "not-to-be-kept-1")
    assert "not-to-be-kept-1" not in page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
