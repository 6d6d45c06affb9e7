"""The list of leads: its filters, its pages, its totals, its file; bringing a lead in."""

import csv
import io
import re
from uuid import UUID, uuid4

import pytest

from domain.funnel import Stage
from domain.person import Role
from tests.web.book import bring, sign, work

HIDDEN_FROM_OTHERS = "张厂长"


@pytest.fixture
def centre(office):
    return office.centre()


@pytest.fixture
def manager(login):
    return login(Role.MANAGER)


def total(html: str) -> int:
    return int(re.search(r'found-totals"><strong class="num">([\d,]+)', html)[1].replace(",", ""))


def test_an_empty_district_offers_to_register_the_first_lead(manager):
    page = manager.get("/leads").text
    assert "登记第一条线索" in page
    assert "/leads/new" in page


def test_nothing_found_offers_to_clear_the_filters(office, centre, manager):
    bring(office, centre)
    office.catch_up()
    page = manager.get("/leads?stage=landed").text
    assert "没有符合条件的线索" in page
    assert "清除筛选" in page


def test_filters_narrow_the_list_and_stand_as_chips_that_can_be_taken_away(office, centre, manager):
    sign(office, bring(office, centre, "长春甲装备有限公司"))
    bring(office, centre, "吉林乙食品有限公司", investment="800万")
    office.catch_up()
    both = manager.get("/leads").text
    page = manager.get(f"/leads?stage={Stage.CONTRACT_SIGNED}&amount_from=5000&channel={centre}").text
    assert total(both) == 2
    assert total(page) == 1
    assert "长春甲装备" in page
    assert "吉林乙食品" not in page
    assert page.count('class="chip"') == 3
    assert f'href="/leads?stage={Stage.CONTRACT_SIGNED}&amp;channel={centre}"' in page


def test_a_fragment_or_pinyin_initials_find_a_lead(office, centre, manager):
    bring(office, centre, "长春装备有限公司")
    bring(office, centre, "吉林乙食品有限公司")
    office.catch_up()
    assert [total(manager.get(f"/leads?q={q}").text) for q in ("春装备", "cczb", "吉林")] == [1, 1, 1]


UNREADABLE = (
    "stage=nowhere", "channel=x", "amount_from=NaN", "amount_to=-1", "registered_from=2026-02-31", "country=ZZ",
    "owner=%00", "q=%00", "status=zzz", "industry=%F0%A0%AE%B7", "after=broken", "before=broken", "sort=upside",
)  # fmt: skip


def test_what_cannot_be_read_filters_nothing_and_says_so(office, centre, manager):
    bring(office, centre)
    office.catch_up()
    for query in UNREADABLE:
        answer = manager.get(f"/leads?{query}")
        assert (query, answer.status_code, total(answer.text)) == (query, 200, 1)
        said = query.partition("=")[0] not in ("after", "before", "sort")
        assert (query, 'role="alert"' in answer.text) == (query, said)


def test_pages_follow_each_other_without_gap_or_repeat(office, centre, manager):
    for number in range(53):
        bring(office, centre, f"长春第{number:02}号有限公司")
    office.catch_up()
    first = manager.get("/leads?sort=company").text
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = manager.get(onward).text
    seen = re.findall(r"第\d\d号", first) + re.findall(r"第\d\d号", second)
    assert sorted(set(seen)) == [f"第{number:02}号" for number in range(53)]
    assert len(seen) == 53
    assert 'rel="prev"' in second


def test_htmx_gets_the_results_alone_and_a_clean_address(office, centre, manager):
    bring(office, centre)
    office.catch_up()
    answer = manager.htmx("/leads?q=&stage=registered&owner=", "section#results")
    assert answer.text.lstrip().startswith('<section id="results"')
    assert answer.headers["hx-push-url"] == "/leads?stage=registered"


def test_the_file_holds_what_the_list_shows(office, centre, manager):
    sign(office, bring(office, centre, "长春甲装备有限公司"))
    bring(office, centre, "=cmd|' /C calc'!A0")
    office.catch_up()
    answer = manager.get("/leads/export.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    assert len(list(csv.reader(io.StringIO(manager.get("/leads/export.csv?stage=landed").text)))) == 1
    assert manager.get("/leads/export.xlsx").content.startswith(b"PK")
    assert manager.get("/leads/export.exe").status_code == 404


def test_staff_see_other_channels_leads_in_the_list_but_cannot_open_them(office, centre, login):
    other = office.centre("上海联络中心")
    lead = bring(office, other, contacts=[{"id": uuid4(), "name": HIDDEN_FROM_OTHERS}])
    work(office, lead, "next-action", next_action=f"给{HIDDEN_FROM_OTHERS}打电话", next_due="2030-01-01")
    office.catch_up()
    staff = login(Role.STAFF, channel=centre)
    page = staff.get("/leads").text
    assert "长春示例装备" in page
    assert f"/leads/{lead}" not in page
    for path in (f"/leads/{lead}", f"/leads/{lead}/history", f"/leads/{lead}/contacts"):
        assert staff.get(path).status_code == 403
    assert staff.post(f"/leads/{lead}/contacts", {"kind": "phone"}).status_code == 403
    assert HIDDEN_FROM_OTHERS not in staff.get("/leads/export.csv").text
    assert total(staff.get(f"/leads?q={HIDDEN_FROM_OTHERS}").text) == 0


def filled(channel: UUID, **values: str) -> dict[str, str]:
    return {"company": "长春新区测试有限公司", "industry": "C", "country": "CN", "channel": str(channel)} | values


def test_a_lead_is_registered_and_its_page_already_shows_it(centre, login):
    staff = login(Role.STAFF, channel=centre)
    page = staff.post("/leads", filled(centre, **{"investment.amount": "5000万", "contacts.0.name": "李经理"}))
    assert page.status_code == 200
    assert "长春新区测试有限公司" in page.text
    assert "5,000万元" in page.text
    assert "李经理" in page.text


def test_a_double_click_registers_once(office, centre, login):
    staff = login(Role.STAFF, channel=centre)
    command = str(uuid4())
    first, second = (staff.post("/leads", filled(centre, command=command), follow=False) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert total(staff.get("/leads").text) == 1


REFUSED = (
    ("company", "", "请填写"),
    ("company", "长" * 201, "最多 200 个字"),
    ("company", "甲\x00乙", "控制字符"),
    ("company", "甲\u202e乙", "方向控制符"),
    ("credit_code", "91110000000000000A", "校验位"),
    ("investment.amount", "-5万", "大于零"),
    ("investment.amount", "1e30亿", "过大"),
    ("investment.amount", "USD 5m", "汇率"),
    ("occurred_on", "2026-02-31", "日期"),
    ("occurred_on", "2999-01-01", "日期"),
    ("channel", str(UUID(int=5)), "渠道"),
    ("occasion", "x", "列表"),
    ("owner", str(UUID(int=5)), "列表"),
)


def test_bad_input_comes_back_as_typed_with_a_message_and_nothing_written(centre, login):
    staff = login(Role.STAFF, channel=centre)
    for field, typed, said in REFUSED:
        answer = staff.post("/leads", filled(centre) | {field: typed})
        assert (field, typed, answer.status_code) == (field, typed, 422)
        assert said in answer.text
        assert field == "company" or 'value="长春新区测试有限公司"' in answer.text
    assert "登记第一条线索" in staff.get("/leads").text


def test_staff_bring_leads_in_through_their_own_channel_only(office, centre, login):
    other = office.centre("上海联络中心")
    staff = login(Role.STAFF, channel=centre)
    answer = staff.post("/leads", filled(other))
    assert answer.status_code == 422
    assert "您不能通过这个渠道登记线索" in answer.text


def test_markup_and_rare_characters_are_shown_as_typed(centre, login):
    staff = login(Role.STAFF, channel=centre)
    page = staff.post("/leads", filled(centre, company="<b>𠮷🏭</b>有限公司")).text
    assert "&lt;b&gt;𠮷🏭&lt;/b&gt;有限公司" in page
    assert "<b>𠮷" not in page


def test_a_company_that_is_there_already_is_pointed_out_while_typing(office, centre, login):
    lead = bring(office, centre, "长春示例装备有限公司")
    office.catch_up()
    own, other = login(Role.STAFF, channel=centre), login(Role.STAFF, channel=office.centre("上海联络中心"))
    asked = "/leads/duplicates?company=长春示例装备"
    shown = own.htmx(asked, "div#duplicates").text
    hinted = other.htmx(asked, "div#duplicates").text
    assert f"/leads/{lead}" in shown
    assert f"/leads/{lead}" not in hinted
    assert "长春示例装备" not in hinted
    assert "北京联络中心" in hinted
    assert "可能已经登记过" not in own.htmx("/leads/duplicates?company=完全不同", "div#duplicates").text
