"""An officer brings a lead in and takes it all the way to landing, in the browser."""

import re
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
COMPANY = "长春𠮷林示范装备有限公司"


def register(page: Page, company: str) -> str:
    """Register a lead; the path of its page."""
    page.goto("/leads/new")
    page.fill("[name=company]", company)
    page.select_option("[name=industry]", "C")
    page.fill("[name='investment.amount']", "1.2亿")
    page.select_option("[name=channel]", index=1)
    page.click("main form button[type=submit]")
    page.wait_for_url(re.compile(r"/leads/[0-9a-f-]{36}"))
    expect(page.locator("h1")).to_have_text(company)
    return urlparse(page.url).path


def sheet(page: Page, button: str, **values: str) -> None:
    """Open a command's sheet from the head of the page, fill it in, send it."""
    page.locator(".lead-head").get_by_role("link", name=button, exact=True).click()
    form = page.locator("dialog#sheet form")
    for name, value in values.items():
        field = form.locator(f"[name='{name.replace('__', '.')}']")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()
    expect(page.locator("dialog#sheet[open]")).to_have_count(0)


def stands_in(page: Page, stage: str) -> None:
    expect(page.locator(".lead-head .badge.stage")).to_have_text(stage)


def test_from_registration_to_landing(sign_in):
    page = sign_in("staff")
    path = register(page, COMPANY)
    stands_in(page, "线索")

    page.fill("#quick [name=note]", "介绍了园区情况")
    page.click("#quick button[type=submit]")
    stands_in(page, "接洽")
    expect(page.locator(".story")).to_contain_text("介绍了园区情况")

    sheet(page, "进入在谈", subject="厂房租赁条件")
    stands_in(page, "在谈")
    sheet(page, "意向签约", document="框架协议")
    stands_in(page, "意向签约")
    sheet(page, "正式签约", amount__amount="9800万", document="投资协议")
    stands_in(page, "正式签约")
    expect(page.locator(".lead-head")).to_contain_text("9,800万元")
    sheet(page, "确认落地", how="registered", where="东部产业园", entity="示范装备（长春）有限公司")
    stands_in(page, "落地")

    page.goto("/leads?q=" + "吉林示范")
    expect(page.locator("#results")).not_to_contain_text(COMPANY)
    page.goto("/leads?q=" + "𠮷林")
    expect(page.locator("#results")).to_contain_text(COMPANY)
    page.goto(f"{path}/history")
    expect(page.locator("main")).to_contain_text("落地：示范装备（长春）有限公司")


def test_the_same_way_works_without_script(sign_in):
    page = sign_in("staff", script=False)
    register(page, "无脚本装备有限公司")
    page.fill("#quick [name=note]", "电话沟通")
    page.click("#quick button[type=submit]")
    stands_in(page, "接洽")
    page.locator(".lead-head").get_by_role("link", name="进入在谈", exact=True).click()
    page.fill("[name=subject]", "用地条件")
    page.locator("form.sheet-form button[type=submit]").click()
    stands_in(page, "在谈")


def test_bad_input_is_answered_at_its_field_and_nothing_is_lost(sign_in):
    page = sign_in("staff")
    page.goto("/leads/new")
    page.fill("[name=company]", "金额写错有限公司")
    page.select_option("[name=industry]", "C")
    page.select_option("[name=channel]", index=1)
    page.fill("[name='investment.amount']", "很多钱")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("看不懂金额「很多钱」")
    expect(page.locator("[name=company]")).to_have_value("金额写错有限公司")
    expect(page.locator("[name='investment.amount']")).to_have_value("很多钱")


def test_a_note_half_written_when_the_session_ends_is_still_there_after_logging_in_again(sign_in):
    page = sign_in("staff")
    register(page, "会话过期有限公司")
    page.fill("#quick [name=note]", "写到一半的内容")
    page.context.clear_cookies(name="landfall")
    page.click("#quick button[type=submit]")
    page.fill("#door [name=login]", "staff")
    from docs.house import PASSWORD

    page.fill("#door [name=password]", PASSWORD)
    page.click("#door button[type=submit]")
    expect(page.locator("#quick [name=note]")).to_have_value("写到一半的内容")
    page.click("#quick button[type=submit]")
    expect(page.locator(".story")).to_contain_text("写到一半的内容")


def test_a_double_click_logs_one_contact(sign_in):
    page = sign_in("staff")
    register(page, "双击提交有限公司")
    page.fill("#quick [name=note]", "只此一次")
    page.dblclick("#quick button[type=submit]")
    expect(page.locator(".story")).to_contain_text("只此一次")
    page.reload()
    expect(page.locator(".story")).to_contain_text("只此一次")
    assert page.locator(".story").inner_text().count("只此一次") == 1
