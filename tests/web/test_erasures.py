"""Erasing a contact person on the pages: asked for on one, approved on another, and gone from all."""

from uuid import UUID, uuid4

import pytest

from crm.master import Master, make_mark
from crm.projecting import NameReader
from domain.lead import AddNote, Lead, Register
from domain.person import Role
from domain.values import ContactPerson, Industry
from tests.web.conftest import Browser, Office

NAME, PHONE = "欧阳某甲", "13800001111"


@pytest.fixture
def case(office: Office) -> "Case":
    return Case(office)


class Case:
    """A lead with a contact person, a note and a document that name them; two administrators."""

    def __init__(self, office: Office) -> None:
        with office.crm.pool.connection() as conn:
            make_mark(conn, office.crm.settings.wrapping_key())
        office.projector.conn.reader = NameReader(Master(office.crm.settings.wrapping_key()))  # type: ignore[attr-defined]
        self.office = office
        self.person = uuid4()
        self.channel = office.centre()
        contact = ContactPerson(id=self.person, name=NAME, phone=PHONE, position="总经理")
        form = Register(company="某某装备有限公司", industry=Industry.C, channel=self.channel, contacts=(contact,))
        self.lead = office.crm.register(office.by(), form).id
        office.crm.change(office.by(), Lead, self.lead, AddNote(note=f"{NAME}说下周答复"))
        office.crm.attach(office.by(), self.lead, "名片.txt", f"{NAME} {PHONE}".encode())
        office.catch_up()
        self.one, self.other = (office.browser(office.person(Role.ADMIN)) for _ in range(2))
        self.page = f"/admin/erasures/{self.person}"

    def sha256(self) -> str:
        return next(iter(self.office.crm.lead(self.lead).documents))

    def ask(self, browser: Browser, **more: object) -> str:
        data = {"ground": "consent", "file_number": "二信〔2026〕3号", "command": str(uuid4())} | more
        answer = browser.post(f"{self.page}/requests", data)
        assert answer.status_code == 200, answer.text
        return answer.text

    def approve(self, browser: Browser, version: int = 1) -> object:
        return browser.post(f"{self.page}/approval", {"command": str(uuid4()), "version": str(version)})


def test_it_is_asked_for_from_the_lead_and_what_names_them_is_ticked(case: Case) -> None:
    assert f'href="{case.page}"' in case.one.get(f"/leads/{case.lead}").text
    shown = case.one.get(case.page).text
    assert NAME in shown
    assert f'value="{case.lead}" checked' in shown
    assert f'value="{case.lead}:{case.sha256()}" checked' in shown
    assert "<title>" in shown
    assert NAME not in shown.partition("</title>")[0]


def test_one_asks_another_approves_and_every_page_shows_it(case: Case) -> None:
    case.ask(case.one, texts=str(case.lead), documents=f"{case.lead}:{case.sha256()}")
    assert "须由另一位管理员批准" in case.one.get(case.page).text
    assert case.approve(case.one).status_code == 422  # type: ignore[attr-defined]
    assert NAME in case.other.get(case.page).text
    assert "已删除，不能恢复" in case.approve(case.other).text  # type: ignore[attr-defined]
    for path in (case.page, f"/leads/{case.lead}", f"/leads/{case.lead}/history"):
        shown = case.other.get(path).text
        assert "[已删除]" in shown, path
        assert NAME not in shown, path
        assert PHONE not in shown, path
    shown = case.other.get(f"/leads/{case.lead}").text
    assert f"/documents/{case.sha256()}" not in shown, "no link that would answer 404"
    assert '<span class="quiet">[已删除]</span>' in shown
    key = case.office.token(case.office.person(Role.MANAGER))
    told = case.one.client.get(f"/api/v1/leads/{case.lead}", headers={"authorization": f"Bearer {key}"}).json()
    assert [one["name"] for one in told["documents"]] == ["[已删除]"]
    assert case.other.get(f"/leads/{case.lead}/documents/{case.sha256()}").status_code == 404
    assert 'data-count="1"' in case.other.get("/admin/erasures").text


def test_what_was_overlooked_is_asked_for_afterwards(case: Case) -> None:
    case.ask(case.one)
    case.approve(case.other)
    shown = case.one.get(case.page).text
    assert "补充申请删除" in shown
    assert f'value="{case.lead}"><span' in shown, "offered, and not ticked: nothing can be searched for any more"
    assert case.one.post(f"{case.page}/requests", {"ground": "consent", "command": str(uuid4())}).status_code == 422
    case.ask(case.one, texts=str(case.lead), documents=f"{case.lead}:{case.sha256()}")
    assert 'data-total="1"' in case.other.get("/admin/erasures?state=more").text
    waits = case.other.get(case.page).text
    assert "补充待批准" in waits
    assert f"附件 {NAME}" not in waits
    assert "附件 名片.txt" in waits
    assert "已删除，不能恢复" in case.approve(case.other, 3).text  # type: ignore[attr-defined]
    assert NAME not in case.one.get(f"/leads/{case.lead}").text
    gone = case.one.get(case.page).text
    assert "附件 [已删除]" in gone
    assert "已补充删除" in gone


def test_the_list_counts_what_it_shows(case: Case) -> None:
    case.ask(case.one)
    shown = case.other.get("/admin/erasures?state=waiting").text
    assert 'data-total="1"' in shown
    assert "二信〔2026〕3号" in shown
    assert "没有记录" in case.other.get("/admin/erasures?state=erased").text


def test_a_hold_is_placed_and_lifted_on_the_page(case: Case) -> None:
    case.ask(case.one)
    held = case.other.post(f"{case.page}/hold", {"basis": "dispute", "command": str(uuid4()), "version": "1"}).text
    assert "依法保留：诉讼、仲裁或信访" in held
    assert case.approve(case.other, 2).status_code == 422  # type: ignore[attr-defined]
    case.other.post(f"{case.page}/release", {"command": str(uuid4()), "version": "2"})
    assert "已删除，不能恢复" in case.approve(case.other, 3).text  # type: ignore[attr-defined]


def test_it_is_turned_down_with_a_reason(case: Case) -> None:
    case.ask(case.one)
    answer = case.other.post(f"{case.page}/rejection", {"why": "identity", "command": str(uuid4()), "version": "1"})
    assert "不予批准删除：未能核实申请人身份" in answer.text
    assert "申请删除" in case.one.get(case.page).text


def test_a_form_that_cannot_be_taken_comes_back_with_what_was_ticked(case: Case) -> None:
    answer = case.one.post(f"{case.page}/requests", {"ground": "", "texts": str(case.lead), "command": str(uuid4())})
    assert answer.status_code == 422
    assert f'value="{case.lead}" checked' in answer.text
    assert f'{case.lead}:{case.sha256()}" checked' not in answer.text
    named = case.one.post(f"{case.page}/requests", {"ground": "consent", "file_number": NAME, "command": str(uuid4())})
    assert "请只写编号" in named.text


@pytest.mark.parametrize("ticked", [{"texts": "x"}, {"documents": "nonsense"}, {"imports": str(uuid4())}])
def test_what_was_not_offered_cannot_be_ticked(case: Case, ticked: dict[str, str]) -> None:
    answer = case.one.post(f"{case.page}/requests", {"ground": "consent", "command": str(uuid4()), **ticked})
    assert answer.status_code == 422


def test_auditors_read_and_staff_do_not(case: Case) -> None:
    auditor = case.office.browser(case.office.person(Role.AUDITOR))
    case.ask(case.one)
    shown = auditor.get(case.page).text
    assert "批准后立即删除" in shown
    assert "/approval" not in shown
    staff = case.office.browser(case.office.person(Role.STAFF, channel=case.channel))
    assert staff.get(case.page).status_code == 403
    assert case.page not in staff.get(f"/leads/{case.lead}").text


def test_somebody_else_is_unknown(case: Case) -> None:
    assert case.one.get(f"/admin/erasures/{uuid4()}").status_code == 404
    assert case.one.get(f"/admin/erasures/{UUID(int=0)}").status_code == 404


def test_texts_that_cannot_be_opened_are_answered_with_what_to_do(case: Case) -> None:
    """As after a new CRM_MASTER_KEY that this process does not know yet."""
    with case.office.crm.pool.connection() as conn:
        conn.execute(
            "UPDATE sealing_key SET wrapped = decode(repeat('00', 60), 'hex') WHERE subject = %s", (case.person,)
        )
    case.office.crm.forget([case.person])
    answer = case.one.get(f"/leads/{case.lead}")
    assert answer.status_code == 503
    assert "请告知管理员重新启动服务" in answer.text
    key = case.office.token(case.office.person(Role.MANAGER))
    told = case.one.client.get(f"/api/v1/leads/{case.lead}", headers={"authorization": f"Bearer {key}"})
    assert (told.status_code, told.json()["type"]) == (503, "urn:landfall:sealed")
