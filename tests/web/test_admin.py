"""Administration: people and their doors, a leaver's book, the clocks, API tokens, and who may only read it."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from domain.channel import Channel, ChannelKind, OpenChannel
from domain.lead import Contact, Lead, Register
from domain.person import Person, RenamePerson, Role
from tests.web.conftest import PASSWORD, Browser, Office

Login = Callable[..., Browser]
ONCE = re.compile(r'class="once"><code>([^<]+)</code>')


def enter(office: Office, name: str, password: str) -> Browser:
    """A browser in which somebody came in by the login page."""
    browser = office.anonymous()
    browser.post("/login", {"login": name, "password": password})
    return browser


def book_of(office: Office, owner: UUID, count: int) -> list[UUID]:
    centre, found = office.centre(), []
    for number in range(count):
        form = Register(company=f"第{number}公司", industry="C", channel=centre, owner=owner)
        found.append(office.crm.register(office.by(Role.MANAGER), form).id)
    office.crm.change(office.by(Role.MANAGER), Lead, found[0], Contact(kind="phone"))
    office.catch_up()
    return found


def test_a_person_is_added_with_a_password_that_is_shown_once(office: Office, login: Login) -> None:
    admin = login(Role.ADMIN)
    page = admin.post("/admin/people", {"name": "驻广州招商专员", "login": "guangzhou1", "role": "staff"})
    assert page.status_code == 200
    password = ONCE.search(page.text)
    assert password
    newcomer = enter(office, "guangzhou1", password[1])
    assert newcomer.get("/").headers["location"].endswith("/account")  # they choose their own first
    assert "guangzhou1" in admin.get("/admin/people").text
    assert password[1] not in admin.get("/admin/people").text


def test_a_person_is_not_added_with_a_mistake(office: Office, login: Login) -> None:
    office.person(Role.STAFF, login="taken")
    admin = login(Role.ADMIN)
    for given, said in (
        ({"name": "", "login": "x1", "role": "staff"}, "请填写"),
        ({"name": "某岗", "login": "taken", "role": "staff"}, "已有人使用"),
        ({"name": "某岗", "login": "x1", "role": "king"}, "请从列表中选择"),
    ):
        answer = admin.post("/admin/people", given)
        assert answer.status_code == 422, given
        assert said in answer.text


def test_roles_are_granted_and_withdrawn_but_not_ones_own(login: Login) -> None:
    admin, staff = login(Role.ADMIN), login(Role.STAFF)
    page = admin.post(f"/people/{staff.person}/roles", {"role": "manager"}).text
    assert "授予角色：区领导/主管" in page
    assert admin.post(f"/people/{staff.person}/roles", {"role": "manager"}).status_code == 422
    assert admin.post(f"/people/{staff.person}/role-withdrawals", {"role": "staff"}).status_code == 200
    assert "至少保留一个角色" in admin.post(f"/people/{staff.person}/role-withdrawals", {"role": "manager"}).text
    admin.post(f"/people/{admin.person}/roles", {"role": "auditor"})
    own = admin.post(f"/people/{admin.person}/role-withdrawals", {"role": "admin"})
    assert own.status_code == 422
    assert "收回自己的管理员角色，请由另一位管理员操作" in own.text


def test_a_leavers_book_goes_to_somebody_else_with_all_that_hangs_on_it(office: Office, login: Login) -> None:
    admin, leaver, heir = login(Role.ADMIN), login(Role.STAFF), login(Role.STAFF)
    leads = book_of(office, UUID(str(leaver.person)), 3)
    assert "3 条线索" in admin.get(f"/people/{leaver.person}/deactivation").text
    page = admin.post(f"/people/{leaver.person}/deactivation", {"reason": "调离", "taker": str(heir.person)})
    assert page.status_code == 200
    assert "已停用" in page.text
    for lead in leads:
        assert office.crm.lead(lead).attribute("owner") == heir.person
    assert office.crm.lead(leads[0]).standing.stage == "contacted"
    assert leaver.get("/").status_code == 303  # signed out at once
    assert not office.crm.aggregate(Person, UUID(str(leaver.person))).active


def test_a_leaver_is_withdrawn_from_where_they_were_posted(office: Office, login: Login) -> None:
    centre = office.centre()
    admin, leaver = login(Role.ADMIN), login(Role.STAFF, channel=centre)
    admin.post(f"/people/{leaver.person}/deactivation", {"reason": "退休"})
    assert "暂无派驻" in admin.get("/channels").text


def test_a_person_is_posted_from_their_own_page_and_withdrawn_again(office: Office, login: Login) -> None:
    centre = office.centre()
    admin, staff = login(Role.ADMIN), login(Role.STAFF)
    assert "北京联络中心" in admin.get(f"/admin/people/{staff.person}/posting").text
    page = admin.post(f"/admin/people/{staff.person}/posting", {"channel": str(centre)})
    assert "已派驻" in page.text
    assert "北京联络中心" in page.text
    again = admin.post(f"/admin/people/{staff.person}/posting", {"channel": str(centre)})
    assert again.status_code == 422
    assert "已派驻在这里" in again.text
    back = f"/admin/people/{staff.person}"
    assert (
        admin.post(f"/channels/{centre}/withdrawals?back={back}", {"person": str(staff.person)}).request.url.path
        == back
    )
    admin.post(f"/people/{staff.person}/deactivation", {"reason": "调离"})
    assert admin.post(f"/admin/people/{staff.person}/posting", {"channel": str(centre)}).status_code == 422


def test_nobody_deactivates_themselves(login: Login) -> None:
    admin = login(Role.ADMIN)
    answer = admin.post(f"/people/{admin.person}/deactivation", {"reason": "x"})
    assert answer.status_code == 422
    assert "不能停用自己" in answer.text


def test_managers_hand_over_a_book_too(office: Office, login: Login) -> None:
    manager, giver, taker = login(Role.MANAGER), login(Role.STAFF), login(Role.STAFF)
    book_of(office, UUID(str(giver.person)), 2)
    assert "2 项" in manager.get(f"/leads/hand-over?giver={giver.person}").text
    page = manager.post(
        "/leads/hand-over", {"giver": str(giver.person), "taker": str(taker.person), "reason": "分工调整"}
    )
    assert page.status_code == 200
    assert "已移交 2 条线索" in page.text
    same = manager.post("/leads/hand-over", {"giver": str(taker.person), "taker": str(taker.person)})
    assert same.status_code == 422
    assert "不能是本人" in same.text
    nobody = manager.post("/leads/hand-over", {"giver": str(taker.person), "taker": str(uuid4())})
    assert nobody.status_code == 422
    assert login(Role.STAFF).get("/leads/hand-over").status_code == 403


def test_a_password_is_reset_and_sessions_end(office: Office, login: Login) -> None:
    admin = login(Role.ADMIN)
    person = office.person(Role.STAFF, login="beijing9")
    browser = enter(office, "beijing9", PASSWORD)
    assert browser.get("/").status_code == 200
    assert "让其退出" in admin.get(f"/admin/people/{person}").text
    admin.post(f"/admin/people/{person}/sessions")
    assert browser.get("/").status_code == 303
    page = admin.post(f"/admin/people/{person}/password")
    password = ONCE.search(page.text)
    assert password
    assert enter(office, "beijing9", PASSWORD).get("/").status_code == 303
    assert enter(office, "beijing9", password[1]).get("/").headers["location"].endswith("/account")


def test_clocks_are_set_and_every_change_is_kept(login: Login) -> None:
    admin = login(Role.ADMIN)
    given = {"answer_days": "2", "judge_days": "3", "judge_major_days": "7", "major_amount.amount": "2亿",
             "feedback_days": "7", "report_days": "14", "staff_reading": "none"}  # fmt: skip
    page = admin.post("/admin/settings", given).text
    assert "<del>1</del> → <strong>2</strong>" in page
    assert "2亿元" in page
    assert "没有改动任何设置" in admin.post("/admin/settings", given).text
    late = admin.post("/admin/settings", {**given, "answer_days": "400"})
    assert late.status_code == 422
    assert "应在 1 到 365 天之间" in late.text
    assert 'value="400"' in late.text
    stale = admin.post("/admin/settings", {**given, "answer_days": "5", "version": "0"})
    assert stale.status_code == 409


def test_a_token_is_shown_once_works_and_is_revoked(office: Office, login: Login) -> None:
    admin = login(Role.ADMIN)
    page = admin.post("/admin/tokens", {"name": "统计报表", "person": str(admin.person)})
    token = ONCE.search(page.text)
    assert token
    listed = admin.get("/admin/tokens").text
    assert "统计报表" in listed
    assert token[1] not in listed
    asking = {"authorization": f"Bearer {token[1]}"}
    assert office.anonymous().get("/metrics", **asking).status_code == 200
    revoke = re.search(r'action="(/admin/tokens/[^"]+/revocation)"', listed)
    assert revoke
    assert "密钥已停用" in admin.post(revoke[1]).text
    assert office.anonymous().get("/metrics", **asking).status_code == 401


def test_a_token_needs_a_purpose_and_a_person(login: Login) -> None:
    admin = login(Role.ADMIN)
    for given in ({"name": ""}, {"name": "长" * 81}, {"name": "a\u202eb"}, {"name": "x", "person": "nobody"}):
        answer = admin.post("/admin/tokens", {"person": str(admin.person), **given})
        assert answer.status_code == 422, given
        assert "field-error" in answer.text


def test_auditors_read_all_of_it_and_change_nothing(login: Login) -> None:
    auditor, staff = login(Role.AUDITOR), login(Role.STAFF)
    for path in (
        "/admin",
        "/admin/people",
        "/admin/settings",
        "/admin/tokens",
        f"/admin/people/{staff.person}",
    ):
        page = auditor.get(path)
        assert page.status_code == 200, path
        main = page.text.partition("<main")[2]
        assert "<form" not in re.sub(r'<form class="filters".*?</form>', "", main, flags=re.DOTALL), path
        assert staff.get(path).status_code == 403, path
    for path in ("/admin/people", f"/people/{staff.person}/roles", "/admin/settings", "/admin/tokens"):
        assert auditor.post(path, {"role": "admin"}).status_code == 403, path


def test_people_who_do_not_exist_are_not_found(login: Login) -> None:
    admin = login(Role.ADMIN)
    for path in (
        f"/admin/people/{uuid4()}",
        f"/people/{uuid4()}/deactivation",
        f"/people/{uuid4()}/roles",
        "/admin/people/x",
    ):
        assert admin.get(path).status_code == 404, path
    assert admin.post(f"/admin/people/{uuid4()}/password").status_code == 404


def test_in_english_no_page_of_ours_is_left_in_chinese(office: Office, login: Login) -> None:
    centre = office.centre("Beijing centre")
    mission = OpenChannel(
        kind=ChannelKind.OVERSEAS_MISSION, name="Mission to Italy", country="IT", starts_on=date(2026, 5, 1)
    )
    occasion = office.crm.create(office.by(), Channel, mission).id
    boss, keeper = login(Role.MANAGER, channel=centre), login(Role.ADMIN)
    for browser in (boss, keeper):
        office.crm.change(office.by(), Person, UUID(str(browser.person)), RenamePerson(name="Head of office"))
        browser.get("/language/en")
    form = Register(company="Alpha GmbH", industry="C", channel=centre, owner=boss.person, country="DE")
    office.crm.register(office.by(Role.MANAGER), form)
    office.catch_up()
    shared = ("/", "/?view=mine", "/?kind=judge", "/funnel?group_by=kind", "/funnel?group_by=band&show=conversion",
              "/funnel/leads?measure=registered", "/channels", "/channels/new", f"/channels/{centre}", f"/channels/{occasion}",
              f"/channels/{occasion}/outcome", "/leads/hand-over")  # fmt: skip
    kept = ("/admin", "/admin/people", "/admin/people/new", f"/admin/people/{boss.person}", f"/people/{boss.person}/roles",
            f"/people/{boss.person}/deactivation", "/admin/settings", "/admin/tokens")  # fmt: skip
    for browser, paths in ((boss, shared), (keeper, kept)):
        for path in paths:
            page = browser.get(path)
            assert page.status_code == 200, path
            main = re.sub(
                r"<option.*?</option>|5000万|[\d.]+亿|区领导|系统管理员",
                "",
                page.text.partition("</header>")[2],
                flags=re.DOTALL,
            )
            assert re.findall("[\u4e00-\u9fff]+", main) == [], path
