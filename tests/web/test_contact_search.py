"""Finding leads by their contact persons: for whoever may see these, and never with a name in an address."""

from urllib.parse import unquote
from uuid import UUID, uuid4

import pytest

from crm.master import Master, make_mark
from crm.projecting import NameReader
from domain.lead import Register
from domain.person import Role
from domain.values import ContactPerson, Industry
from tests.web.conftest import Browser, Office
from tests.web.past import EARLY, Past

NAME, PHONE = "欧阳某甲", "13800001111"


class Found:
    """Two leads, one with a contact person; both of one centre."""

    def __init__(self, office: Office) -> None:
        with office.crm.pool.connection() as conn:
            make_mark(conn, office.crm.settings.wrapping_key())
        office.projector.conn.reader = NameReader(Master(office.crm.settings.wrapping_key()))  # type: ignore[attr-defined]
        self.office = office
        self.centre, self.elsewhere = office.centre(), office.centre("上海联络中心")
        contact = ContactPerson(id=uuid4(), name=NAME, phone=PHONE)
        for company, persons in (("某某装备有限公司", (contact,)), ("欧阳集团", ())):
            form = Register(company=company, industry=Industry.C, channel=self.centre, contacts=persons)
            office.crm.register(office.by(), form)
        office.catch_up()

    def browser(self, *roles: Role, channel: UUID | None = None) -> Browser:
        return self.office.browser(self.office.person(*roles, channel=channel))


@pytest.fixture
def found(office: Office) -> Found:
    return Found(office)


def typed(browser: Browser, **data: str) -> tuple[str, str]:
    """The address one comes to, and the page there."""
    answer = browser.post("/leads/find", data, follow=False)
    assert answer.status_code == 303
    address = answer.headers["location"]
    return unquote(address), browser.get(address).text


@pytest.mark.parametrize("text", [NAME, "欧阳某", PHONE, "+86 138 0000 1111"])
def test_a_lead_is_found_by_its_contact_person(found: Found, text: str) -> None:
    address, shown = typed(found.browser(Role.MANAGER), contact=text)
    assert "某某装备有限公司" in shown
    assert "欧阳集团" not in shown
    assert "按姓名或号码" in shown
    assert text not in address
    assert NAME not in shown
    assert PHONE not in shown


def test_the_one_box_on_every_page_finds_companies_first_and_then_persons(found: Found) -> None:
    browser = found.browser(Role.MANAGER)
    address, shown = typed(browser, q="欧阳某甲")
    assert "contact=" in address
    assert "某某装备有限公司" in shown
    address, shown = typed(browser, q="欧阳")
    assert address.endswith("q=欧阳")
    assert "欧阳集团" in shown
    assert "另有 1 条线索的联系人与之相符" in shown


@pytest.mark.parametrize("text", ["没有这人", "13999998888", "nobody@example.invalid"])
def test_what_finds_nothing_may_be_a_name_and_stands_in_no_address(found: Found, text: str) -> None:
    address, shown = typed(found.browser(Role.MANAGER), q=text)
    assert text not in address
    assert text not in shown
    assert "没有企业、项目或联系人与所输入的相符" in shown
    elsewhere = found.browser(Role.STAFF, channel=found.elsewhere)
    assert NAME not in typed(elsewhere, q=NAME)[0], "nor the name of somebody whom one may not see"


def test_no_more_is_looked_for_than_an_address_holds(found: Found) -> None:
    assert "看不懂" not in typed(found.browser(Role.MANAGER), contact="".join(map(chr, range(0x4E00, 0x4F00))))[1]


def test_only_who_may_see_the_contacts_finds_by_them(found: Found) -> None:
    for browser, finds in (
        (found.browser(Role.STAFF, channel=found.centre), True),
        (found.browser(Role.STAFF, channel=found.elsewhere), False),
        (found.browser(Role.AUDITOR), True),
    ):
        _, shown = typed(browser, contact=NAME)
        assert ("某某装备有限公司" in shown) is finds
        assert ("另有" in browser.get("/leads?q=欧阳").text) is finds


def test_a_link_made_by_one_finds_nothing_for_another_who_may_not(found: Found) -> None:
    address, _ = typed(found.browser(Role.MANAGER), contact=NAME)
    assert "某某装备有限公司" not in found.browser(Role.STAFF, channel=found.elsewhere).get(address).text
    export = address.replace("/leads?", "/leads/export.csv?")
    assert "某某装备" not in found.browser(Role.STAFF, channel=found.elsewhere).get(export).text
    assert "某某装备" in found.browser(Role.MANAGER).get(export).text


@pytest.mark.parametrize("text", ["欧", "", "1380000"[:6]])
def test_too_short_is_said(found: Found, text: str) -> None:
    _, shown = typed(found.browser(Role.MANAGER), contact=text)
    assert ("请输入联系人姓名中相连的两个字" in shown) is (text != "")


@pytest.mark.parametrize("token", ["x", "AAAA", "!!!!", "A" * 5000])
def test_a_token_nobody_made_filters_nothing_and_says_so(found: Found, token: str) -> None:
    answer = found.browser(Role.MANAGER).get(f"/leads?contact={token}")
    assert answer.status_code == 200
    assert "看不懂，未作筛选" in answer.text


def test_in_a_replay_nobody_is_found_and_that_is_said(office: Office) -> None:
    past = Past(office)
    with office.crm.pool.connection() as conn:
        make_mark(conn, office.crm.settings.wrapping_key())
    past.replay()
    manager = office.person(Role.MANAGER)
    browser = office.browser(manager)
    assert "回放里不能按联系人查找" not in typed(browser, contact=NAME)[1]
    browser.post("/audit/replays/then/visit", follow=False)
    for data in ({"contact": NAME}, {"q": NAME}):
        shown = typed(browser, **data)[1]
        assert "回放里不能按联系人查找" in shown, data
        assert "没有企业、项目或联系人" not in shown, data
    assert "回放里不能按联系人查找" not in typed(browser, q=EARLY)[1]
    headers = {"authorization": f"Bearer {office.token(manager)}"}
    asked = "/api/v1/contact-searches?replay=then"
    answer = office.anonymous().client.post(asked, json={"text": NAME}, headers=headers)
    assert (answer.status_code, "回放里" in answer.text) == (422, True), answer.text


def test_programs_look_in_two_steps(found: Found) -> None:
    browser = found.office.anonymous()
    key = found.office.token(found.office.person(Role.MANAGER))
    headers = {"authorization": f"Bearer {key}"}
    answer = browser.client.post("/api/v1/contact-searches", json={"text": NAME}, headers=headers)
    assert answer.status_code == 200
    leads = browser.client.get("/api/v1/leads", params=answer.json(), headers=headers).json()
    assert [lead["company"] for lead in leads["leads"]] == ["某某装备有限公司"]
    short = browser.client.post("/api/v1/contact-searches", json={"text": "欧"}, headers=headers)
    assert short.status_code == 422
