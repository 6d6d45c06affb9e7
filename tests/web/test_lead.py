"""One lead's page: what it shows, what can be done on it, what it answers to bad input, stale forms and double clicks."""

import re
from uuid import uuid4

import pytest

from domain.person import Role
from tests.web.book import bring, sign, work
from web.pages.lead_commands import LEAD_FORMS

CHINESE = re.compile("[\u4e00-\u9fff]+")
NAMES = (
    "长春示例装备有限公司", "用地与税收", "框架协议〔2026〕1号", "投资协议〔2026〕1号",
    "北京联络中心", "李经理", "驻北京招商专员", "切换到中文", "中文", "驻<", "亿", "万",
)  # fmt: skip
"""What stays Chinese on an English page: names, what was typed, and the switch to Chinese."""
PDF = b"%PDF-1.7\n" + b"x" * 200


@pytest.fixture
def centre(office):
    return office.centre()


@pytest.fixture
def staff(login, centre):
    return login(Role.STAFF, channel=centre)


@pytest.fixture
def lead(office, centre):
    found = bring(office, centre, contacts=[{"id": uuid4(), "name": "李经理", "phone": "13800000000"}])
    office.catch_up()
    return found


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def test_a_contact_is_logged_in_one_small_form_without_leaving_the_page(lead, staff):
    page = staff.htmx(
        f"/leads/{lead}/contacts?quick=1",
        data={"kind": "wechat", "note": "要地价测算", "next_action": "发测算表", "next_due": "2030-01-02"},
    ).text
    assert page.lstrip().startswith('<main id="main"')
    for said in (
        "微信接洽",
        "要地价测算",
        "发测算表",
        "2030-01-02",
        "进入「在谈」还需要",
        "就具体内容洽谈",
        "洽谈内容",
    ):
        assert said in page


def test_a_next_action_is_told_though_the_note_has_the_same_word(lead, staff):
    told = {"kind": "phone", "note": "下周拜访", "next_action": "拜访", "next_due": "2030-01-02"}
    page = staff.htmx(f"/leads/{lead}/contacts?quick=1", data=told).text
    assert '<span class="quiet">下一步</span> 拜访' in page
    assert page.count("下周拜访") == 1


def test_half_a_next_action_comes_back_in_the_same_small_form(lead, staff):
    answer = staff.htmx(
        f"/leads/{lead}/contacts?quick=1", data={"kind": "phone", "note": "聊了", "next_action": "回电"}
    )
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#quick"
    assert "下一步和截止日期要一起填写" in answer.text
    assert "聊了" in answer.text


def test_every_step_to_landing_works_by_plain_posts_too(lead, staff):
    for noun, values in (
        ("contacts", {"kind": "phone"}),
        ("negotiation", {"subject": "用地与税收"}),
        ("intent", {"document": "框架协议"}),
        ("contract", {"amount.amount": "2亿", "document": "投资协议"}),
        ("landing", {"how": "registered", "where": "东盛园区", "entity": "长春示例装备有限公司"}),
    ):
        sheet = staff.get(f"/leads/{lead}/{noun}")
        assert sheet.status_code == 200
        assert '<dialog id="sheet" class="sheet" open' in sheet.text
        page = staff.post(f"/leads/{lead}/{noun}", values)
        assert page.status_code == 200
    assert "落地：长春示例装备有限公司（东盛园区）" in page.text
    assert "2亿元" in page.text
    assert f"/leads/{lead}/loss" not in page.text, "a landed lead cannot be lost, so it is not offered"


def test_every_command_has_a_sheet_that_opens_and_refuses_nonsense_at_its_fields(lead, login):
    manager = login(Role.MANAGER)
    for noun, form in LEAD_FORMS.items():
        sheet = manager.htmx(f"/leads/{lead}/{noun}?fact=1", "dialog#sheet")
        assert (noun, sheet.status_code) == (noun, 200)
        assert "data-opens" in sheet.text
        if any(info.is_required() for info in form.model_fields.values()):
            again = manager.htmx(f"/leads/{lead}/{noun}", data={"occurred_on": "never"})
            assert (noun, again.status_code) == (noun, 422)
            assert "field-error" in again.text or "form-error" in again.text


def test_a_stale_form_shows_what_others_did_and_keeps_what_was_typed(office, lead, staff):
    seen = hidden(staff.get(f"/leads/{lead}/details").text, "version")
    work(office, lead, "details", details={"jobs": 300, "region": "吉林省"})
    answer = staff.htmx(
        f"/leads/{lead}/details",
        data={"version": seen, "details.jobs": "250", "details.region": "", "details.company": "长春示例装备有限公司"},
    )
    assert answer.status_code == 409
    for said in ("别人做了这些", "修改了预计用工", 'value="250"', "现为", "<strong>300</strong>"):
        assert said in answer.text
    values = {name: hidden(answer.text, name) for name in ("version", "command")}
    kept = re.search(r'name="details.region"[^>]*>|<[^>]*value="吉林省"[^>]*>', answer.text)[0]
    assert 'value="吉林省"' in kept, "what was not touched takes what others recorded"
    page = staff.post(f"/leads/{lead}/details", {**values, "details.jobs": "250", "details.region": "吉林省"})
    assert page.status_code == 200
    assert "<dd>250</dd>" in page.text
    assert "<dd>吉林省</dd>" in page.text


def test_a_command_id_used_for_something_else_is_a_conflict(lead, staff):
    command = str(uuid4())
    assert staff.post(f"/leads/{lead}/notes", {"command": command, "note": "一"}).status_code == 200
    assert staff.post(f"/leads/{lead}/notes", {"command": command, "note": "一"}).status_code == 200
    assert staff.post(f"/leads/{lead}/notes", {"command": command, "note": "二"}).status_code == 409
    assert staff.get(f"/leads/{lead}").text.count('class="prose-of">一<') == 1


def test_a_file_is_attached_and_given_back_only_as_a_download(lead, staff, login, office):
    def send(name: str, content: bytes) -> int:
        data = {"csrf": staff.csrf()}
        return staff.client.post(f"/leads/{lead}/documents", data=data, files={"file": (name, content)}).status_code

    assert send("项目 计划书.pdf", PDF) == 200
    page = staff.get(f"/leads/{lead}").text
    href = re.search(r'href="(/leads/[^"]+/documents/[0-9a-f]{64})"', page)[1]
    answer = staff.get(href)
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "项目 计划书.pdf" in page
    assert [send(*bad) for bad in (("a.html", b"<script>"), ("a.pdf", b"MZ"), ("a.pdf", b""), ("twice.pdf", PDF))] == [
        422
    ] * 4
    assert staff.post(f"/leads/{lead}/documents").status_code == 422
    other = login(Role.STAFF, channel=office.centre("上海联络中心"))
    assert other.get(href).status_code == 403
    assert staff.get(href[:-1] + "0").status_code == 404


def test_a_lead_merges_into_another_shows_where_it_went_and_comes_back(office, centre, lead, staff):
    survivor = bring(office, centre, "长春示例装备集团有限公司")
    office.catch_up()
    assert "长春示例装备集团有限公司" in staff.get(f"/leads/{lead}/merger").text
    merged = staff.post(f"/leads/{lead}/merger", {"into": str(survivor), "reason": "同一项目"}).text
    assert "已合并到" in merged
    assert f"/leads/{lead}/contacts" not in merged
    assert "已并入的线索" in staff.get(f"/leads/{survivor}").text
    assert "已合并到" not in staff.post(f"/leads/{lead}/unmerger", {"reason": "并错了"}).text


def test_who_may_do_what(office, lead, login):
    auditor, admin, manager = (login(role) for role in (Role.AUDITOR, Role.ADMIN, Role.MANAGER))
    for reader in (auditor, admin):
        page = reader.get(f"/leads/{lead}")
        assert page.status_code == 200
        assert "李经理" in page.text
        assert f"/leads/{lead}/details" not in page.text
        assert reader.post(f"/leads/{lead}/notes", {"note": "x"}).status_code == 403
    assert manager.post(f"/leads/{lead}/notes", {"note": "请跟进"}).status_code == 200
    assert manager.get(f"/leads/{uuid4()}").status_code == 404
    assert manager.get("/leads/none").status_code == 404
    assert manager.post(f"/leads/{uuid4()}/notes", {"note": "x"}).status_code == 404


def test_the_page_speaks_english_throughout(office, lead, staff):
    sign(office, lead)
    staff.client.cookies.set("language", "en")
    page = staff.get(f"/leads/{lead}").text
    for said in ("Contract signed: CNY 200m", "Still needed for “Landed”", "Next action", "What happened"):
        assert said in page
    for name in NAMES:
        page = page.replace(name, "")
    assert CHINESE.findall(re.sub(r'data-[a-z]+="[^"]*"', "", page)) == []


def test_a_claim_is_ruled_on_by_a_leader_and_the_page_says_who_is_protected_until_when(office, lead, staff, login):
    other = office.centre("上海联络中心")
    assert "尚未进入在谈" in staff.get(f"/leads/{lead}").text
    work(office, lead, "negotiation", subject="供地")
    work(office, lead, "investment", amount="1亿")
    work(office, lead, "claims", channel=other, reason="先接洽")
    page = staff.get(f"/leads/{lead}").text
    assert "保护" in page
    assert f"/leads/{lead}/rulings" not in page
    assert staff.post(f"/leads/{lead}/rulings", {"channel": str(other)}).status_code == 403
    leader = login(Role.MANAGER)
    assert f"/leads/{lead}/rulings?channel={other}" in leader.get(f"/leads/{lead}").text
    typed = {"channel": str(other), "outcome": "moved", "reason": "按接洽记录"}
    ruled = leader.post(f"/leads/{lead}/rulings", typed).text
    assert "改归申报渠道" in ruled
    assert re.search(r"首报首谈：<strong>上海联络中心</strong>", ruled)
    assert "没有待裁定的申报" in leader.post(f"/leads/{lead}/rulings", typed).text
