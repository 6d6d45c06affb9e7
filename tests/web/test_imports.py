"""A ledger through the pages: handed in, looked over, imported, undone; and who may."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response

from crm.application import By
from crm.imports.choices import Choices, Source
from crm.imports.kinds import KINDS
from crm.imports.records import Records
from crm.imports.template import template
from domain.lead import AddNote, Lead
from domain.person import Role
from projections import leads
from projections.leads import LeadFilters
from tests.crm.imports.ledgers import messy, plain, workbook
from tests.web.conftest import Browser, Office

Login = Callable[..., Browser]
CENTRE = "北京招商联络中心"


def hand_in(browser: Browser, data: bytes, name: str = "台账.xlsx", of: str = "") -> Response:
    answer: Response = browser.client.post(
        "/imports", data={"csrf": browser.csrf(), "of": of}, files={"file": (name, data)}, follow_redirects=False
    )
    browser.office.catch_up()
    return answer


def handed_in(browser: Browser, data: bytes, name: str = "台账.xlsx", of: str = "") -> str:
    answer = hand_in(browser, data, name, of)
    assert answer.status_code == 303, answer.text
    return settled(browser, answer.headers["location"])


def settled(browser: Browser, path: str) -> str:
    """The page's path once nothing runs there any more."""
    for _ in range(600):
        if 'class="card running"' not in browser.get(f"{path}/progress").text:
            browser.office.catch_up()
            return path
    raise AssertionError("the run does not end")


def companies(office: Office) -> set[str]:
    with office.crm.pool.connection() as conn:
        return {row.company for row in leads.every(conn, LeadFilters())}


def posted(browser: Browser, path: str, data: dict[str, Any] | None = None) -> str:
    answer = browser.post(path, data or {}, follow=False)
    assert answer.status_code == 303, answer.text
    return settled(browser, answer.headers["location"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_ledger_is_shown_before_anything_is_written(office: Office, login: Login, language: str) -> None:
    office.centre(CENTRE)
    browser = login(Role.MANAGER)
    browser.client.cookies.set("language", language)
    page = browser.get(handed_in(browser, messy())).text
    assert "长春𠮷野家电有限公司" in page
    assert ("将登记的线索" if language == "zh" else "Leads as they would be") in page
    assert ("汇率" if language == "zh" else "CNY for one USD") in page
    assert companies(office) == set()
    assert "台账.xlsx" in page
    assert "台账.xlsx" not in page.partition("</title>")[0], "a browser's history keeps titles, and it may be a name"


def test_a_ledger_is_mapped_imported_and_undone(office: Office, login: Login) -> None:
    office.centre(CENTRE)
    browser = login(Role.MANAGER)
    path = handed_in(browser, messy())
    page = browser.get(path).text
    sheet = re.search(r'name="sheet".*?<option value="([^"]+)" selected', page, re.DOTALL)
    assert sheet
    path = posted(browser, f"{path}/mapping", {"sheet": sheet[1], "header_line": "3", "rate.USD": "7.1"})
    path = posted(browser, f"{path}/run")
    assert companies(office) == {"长春𠮷野家电有限公司", "慕尼黑精密机械（中国）有限公司", "二道数据服务有限公司"}
    page = browser.get(path).text
    assert "已导入" in page
    assert "2023年上半年" in page
    failed = browser.get(f"{path}/failed-rows")
    assert failed.content.startswith(b"PK")
    assert "filename*=UTF-8''%E5%8F%B0%E8%B4%A6-failed.xlsx" in failed.headers["content-disposition"]
    worked = next(iter(_of(office, "二道数据服务有限公司")))
    form = AddNote(note="已回访", occurred_on=date(2024, 1, 1))
    office.crm.change(By(uuid4(), Role.MANAGER, uuid4()), Lead, worked, form)
    office.catch_up()
    asked = browser.htmx(f"{path}/undoing", "#sheet").text
    assert "二道数据服务有限公司" in asked
    posted(browser, f"{path}/undoing")
    assert companies(office) == {"二道数据服务有限公司"}
    page = browser.get(path).text
    assert "2 条线索作废" in page
    assert "二道数据服务有限公司" in page
    assert "已撤销" in browser.get("/imports").text


def _of(office: Office, company: str) -> set[UUID]:
    with office.crm.pool.connection() as conn:
        return {row.id for row in leads.every(conn, LeadFilters()) if row.company == company}


def test_columns_are_mapped_by_hand(office: Office, login: Login) -> None:
    channel = office.centre(CENTRE)
    browser = login(Role.MANAGER)
    rows = [["企业名称", "行业", "啥"], ["甲公司", "软件", "甲项目"], ["乙公司", "软件", "乙项目"]]
    path = handed_in(browser, workbook({"a": rows}))
    assert "没有填写" in browser.get(path).text, "no line names a channel"
    wanted = {"sheet": "a", "header_line": "1", "channel": str(channel)}
    path = posted(
        browser, f"{path}/mapping", wanted | {"column.0": "company", "column.1": "industry", "column.2": "project"}
    )
    page = browser.get(path).text
    assert "甲项目" in page
    posted(browser, f"{path}/run")
    assert companies(office) == {"甲公司", "乙公司"}


def test_likely_duplicates_are_imported_when_ticked(office: Office, login: Login) -> None:
    office.centre(CENTRE)
    browser = login(Role.MANAGER)
    posted(browser, f"{handed_in(browser, workbook({'a': plain(2)}))}/run")
    rows = plain(2)
    rows[1][5], rows[2][5] = 1, 2
    path = handed_in(browser, workbook({"a": rows}))
    assert "疑似重复" in browser.get(path).text
    posted(browser, f"{path}/run", {"allowed": ["2", "77"]})
    record = Records(office.crm).one(UUID(path.rpartition("/")[2]))
    assert (record.report.new, record.report.duplicates) == (1, 1)


def test_the_same_file_again_changes_nothing(office: Office, login: Login) -> None:
    office.centre(CENTRE)
    browser = login(Role.MANAGER)
    posted(browser, f"{handed_in(browser, workbook({'a': plain(3)}))}/run")
    before = office.crm.position()
    path = handed_in(browser, workbook({"a": plain(3)}))
    assert "没有可导入的新线索" in browser.get(path).text
    posted(browser, f"{path}/run")
    assert office.crm.position() == before


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("台账.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "另存为 .xlsx"),
        ("台账.xlsx", b"PK\x03\x04 broken", "打不开"),
        ("台账.csv", b"\x00\x01\x02" * 20, "看不懂这个文件"),
        ("空.csv", b"", "空的"),
    ],
)
def test_what_is_no_ledger_is_refused_at_the_field(login: Login, name: str, data: bytes, said: str) -> None:
    answer = hand_in(login(Role.MANAGER), data, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'type="file"' in answer.text


def test_a_file_without_header_can_be_told_where_it_is(office: Office, login: Login) -> None:
    office.centre(CENTRE)
    browser = login(Role.MANAGER)
    path = handed_in(browser, workbook({"a": [["甲", "乙"], ["一", "二"]]}))
    page = browser.get(path).text
    assert "没有找到表头" in page
    assert 'name="header_line"' in page
    answer = browser.post(f"{path}/mapping", {"sheet": "a", "header_line": "很多"}, follow=False)
    assert answer.status_code == 422
    assert "表头行应为" in answer.text
    assert 'value="很多"' in answer.text
    path = posted(browser, f"{path}/mapping", {"sheet": "a", "header_line": "1"})
    assert "甲" in browser.get(path).text


def test_staff_import_through_their_channels_only_and_see_their_own_imports(office: Office, login: Login) -> None:
    mine, _other = office.centre(CENTRE), office.centre("上海招商联络中心")
    officer, colleague, auditor = login(Role.STAFF, channel=mine), login(Role.STAFF), login(Role.AUDITOR)
    rows = plain(2)
    rows[2][6] = "上海招商联络中心"
    path = handed_in(officer, workbook({"a": rows}), "我的台账.xlsx")
    assert "不能通过渠道" in officer.get(path).text
    posted(officer, f"{path}/run")
    assert companies(office) == {"长春测试1号有限公司"}
    assert "我的台账" in officer.get("/imports").text
    assert "我的台账" not in colleague.get("/imports").text
    assert colleague.get(path).status_code == 403
    assert colleague.post(f"{path}/undoing", follow=False).status_code == 403
    assert auditor.get(path).status_code == 200
    assert auditor.get(f"{path}/failed-rows").status_code == 200
    assert auditor.post(f"{path}/undoing", follow=False).status_code == 403
    assert hand_in(auditor, workbook({"a": plain(1)})).status_code == 403


def test_a_run_that_a_restart_broke_off_is_taken_up(office: Office, login: Login) -> None:
    office.centre(CENTRE)
    browser = login(Role.MANAGER)
    path = handed_in(browser, workbook({"a": plain(3)}))
    made = UUID(path.rpartition("/")[2])
    assert Records(office.crm).move(made, "applying", expected=["checked"])  # and the worker is gone
    settled(browser, path)
    assert len(companies(office)) == 3
    assert Records(office.crm).one(made).state == "done"


def test_nothing_is_found_under_an_unknown_id(login: Login) -> None:
    browser = login(Role.MANAGER)
    for path in (f"/imports/{uuid4()}", f"/imports/{uuid4()}/failed-rows", f"/imports/{uuid4()}/progress"):
        assert browser.get(path).status_code == 404
    assert browser.get("/imports/nonsense").status_code in (404, 422)


# ── of every kind ───────────────────────────────────────────────────────────────────────────────────────────────────

every_kind = pytest.mark.parametrize("of", [of for of in KINDS if of != "leads"])


def filled_in(of: str) -> tuple[bytes, str]:
    """The template of that kind, its example filled in as a line of its own; and what that is called."""
    header, example = list(Source(template(KINDS[of]), "a.xlsx", Choices(of=of)).sheet.rows())
    called = header.index(KINDS[of].columns[KINDS[of].columns.naming[0]].title.zh)
    return workbook({"a": [header, ["1", *example[1:]]]}), str(example[called])


@every_kind
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_ledger_of_any_kind_goes_through_the_pages(office: Office, login: Login, of: str, language: str) -> None:
    manager = login(Role.MANAGER)
    manager.client.cookies.set("language", language)
    data, name = filled_in(of)
    many = KINDS[of].words.many.said(language)
    assert f'name="of" value="{of}"' in manager.get(f"/imports/new?of={of}").text
    path = handed_in(manager, data, of=of)
    page = manager.get(path).text
    assert name in page
    assert f"将登记的{many}" in page if language == "zh" else f"{many.capitalize()} as they would be" in page
    path = posted(manager, f"{path}/run")
    assert name in manager.get(f"/{of}").text
    assert many in manager.get("/imports").text
    assert manager.get(f"/{of}/export.csv").text.count(name) == 1
    asked = manager.htmx(f"{path}/undoing", "#sheet").text
    assert many in asked
    posted(manager, f"{path}/undoing")
    assert manager.get(f"/{of}/export.csv").text.count(name) == 0


@every_kind
def test_an_empty_template_is_handed_out_to_those_who_import(login: Login, of: str) -> None:
    answer = login(Role.STAFF).get(f"/imports/templates/{of}.xlsx")
    assert answer.content.startswith(b"PK")
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    assert login(Role.AUDITOR).get(f"/imports/templates/{of}.xlsx").status_code == 403


@every_kind
def test_who_may_not_make_one_is_neither_offered_nor_allowed_it(login: Login, of: str) -> None:
    admin = login(Role.ADMIN)
    assert f"of={of}" not in admin.get("/imports/new").text
    assert hand_in(admin, filled_in(of)[0], of=of).status_code == 403
    assert f"of={of}" in login(Role.STAFF).get("/imports/new").text


def test_what_a_ledger_is_about_can_be_said_later(office: Office, login: Login) -> None:
    manager = login(Role.MANAGER)
    path = handed_in(manager, filled_in("sites")[0])
    assert "没有找到表头" in manager.get(path).text
    path = posted(manager, f"{path}/mapping", {"of": "sites", "sheet": "a", "header_line": ""})
    assert "东部产业园一期" in manager.get(path).text


def test_a_kind_or_template_that_is_none_is_refused(login: Login) -> None:
    manager = login(Role.MANAGER)
    assert manager.get("/imports/templates/harbours.xlsx").status_code == 404
    assert hand_in(manager, filled_in("sites")[0], of="harbours").status_code == 422
