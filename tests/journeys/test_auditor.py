"""An auditor steps through a history, and can change nothing."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import open_first_lead

pytestmark = pytest.mark.browser


def test_stepping_through_a_history_shows_the_lead_as_it_then_stood(sign_in):
    page = sign_in("auditor")
    page.goto("/leads?stage=landed")
    path = open_first_lead(page)
    page.get_by_role("link", name="历史").first.click()
    page.wait_for_url("**/history*")
    latest = page.locator("main").inner_text()
    page.goto(f"{path}/history?version=1")
    first = page.locator("main").inner_text()
    assert latest != first
    expect(page.locator("main")).to_contain_text("登记线索")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**version=2*")


def test_an_auditor_is_offered_nothing_that_changes(sign_in):
    page = sign_in("auditor")
    page.goto("/leads?stage=landed")
    open_first_lead(page)
    expect(page.locator("main form[method=post]")).to_have_count(0)
    answer = page.context.request.post(page.url + "/notes", form={"note": "x"})
    assert answer.status == 403
