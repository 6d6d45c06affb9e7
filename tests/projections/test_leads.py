"""The list of leads: found by names, filters and pages, and never more than one may see."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain.channel import Channel, OpenChannel
from domain.lead import CompleteNextAction, Lead, Lose, Merge, Retract, Revise
from projections import leads, names
from projections.lead_duplicates import duplicates
from projections.leads import LeadFilters, LeadRow, search, totals
from projections.paging import BadCursor, Scope
from tests.projections.conftest import Ground
from tests.projections.told import CENTRE, MISSION, OFFICER, SUCCESSOR, Tale, day, lead_id

FIRMS = (
    "长春一汽富维汽车零部件股份有限公司", "BASF Catalysts (China)", "重庆长安𠮷祥科技", "厦门 ABC 物流有限公司", "100%果汁_食品",
)  # fmt: skip


@pytest.fixture
def firms(ground: Ground) -> Ground:
    tale = Tale()
    for number, company in enumerate(FIRMS):
        tale.registered(number, on=f"1-{5 + number}", company=company, investment=f"{number + 1}000万")
    ground.given(tale.events)
    ground.project()
    return ground


def found(ground: Ground, **filters: object) -> list[str]:
    return [lead.company for lead in search(ground.conn, LeadFilters(**filters)).rows]  # type: ignore[arg-type]


FINDS = {
    "长春": 0, "富": 0, "ccyq": 0, "CCYQ": 0, "basf": 1, "ＢＡＳＦ": 1, "china basf": 1, "𠮷": 2, "cqca": 2, "abc物流": 3,
    "abc 物流": 3, "xm": 3, "100%": 4, "汁_食": 4,
}  # fmt: skip


def test_a_firm_is_found_by_any_fragment_of_its_name_or_its_initials(firms: Ground) -> None:
    assert {typed: found(firms, search=typed) for typed in FINDS} == {typed: [FIRMS[n]] for typed, n in FINDS.items()}


def test_what_is_in_no_name_finds_nothing(firms: Ground) -> None:
    for typed in ("春长", "没有这家", "%%", "_%", "basfx", "长春 basf", "\\"):
        assert found(firms, search=typed) == [], typed


def test_several_firms_share_a_fragment_and_blanks_ask_for_nothing(firms: Ground) -> None:
    assert set(found(firms, search="有限公司")) == {FIRMS[0], FIRMS[3]}
    assert len(found(firms, search="  \x00 ")) == len(FIRMS)
    assert totals(firms.conn, LeadFilters(search="长")).count == 2


def test_names_sort_as_in_a_chinese_directory(firms: Ground) -> None:
    page = search(firms.conn, sort="company")
    assert [lead.company[:2] for lead in page.rows] == ["10", "BA", "长春", "重庆", "厦门"]


def test_a_search_sees_the_new_name_and_forgets_the_old(ground: Ground) -> None:
    tale = Tale().registered(company="旧名有限公司")
    lead = tale.of(Lead, lead_id(1))
    lead.revise(Revise.model_validate({"details": {"company": "新名有限公司"}, "occurred_on": day("1-6")}))
    tale.keep(lead)
    ground.given(tale.events)
    ground.project(batch=1)
    assert found(ground, search="新名") == ["新名有限公司"]
    assert found(ground, search="旧名") == []


def test_pages_go_forth_and_back_in_every_order(ground: Ground) -> None:
    tale = Tale()
    for number in range(12):
        due = {"next_action": "回访", "next_due": day(f"3-{1 + number % 4}")} if number % 3 else {}
        tale.registered(number, on=f"1-{1 + number % 5}", investment=f"{1 + number % 3}亿").contacted(number, **due)
    ground.given(tale.events)
    ground.project()
    for sort in leads.SORTS:
        whole = [lead.id for lead in search(ground.conn, sort=sort).rows]
        assert len(set(whole)) == 12
        forth = _walk(ground, sort)
        assert [lead.id for page in forth for lead in page] == whole
        last = search(ground.conn, sort=sort, limit=5, before=_cursor_of_last(ground, sort))
        assert [lead.id for lead in last.rows] == whole[5:10]


def _walk(ground: Ground, sort: str) -> list[list[LeadRow]]:
    page, pages = search(ground.conn, sort=sort, limit=5), []
    while page.rows:
        pages.append(page.rows)
        if page.next is None:
            break
        page = search(ground.conn, sort=sort, limit=5, after=page.next)
    return pages


def _cursor_of_last(ground: Ground, sort: str) -> str | None:
    page = search(ground.conn, sort=sort, limit=5)
    page = search(ground.conn, sort=sort, limit=5, after=page.next)
    return search(ground.conn, sort=sort, limit=5, after=page.next).previous


def test_a_cursor_nobody_gave_out_is_refused(firms: Ground) -> None:
    for cursor in ("", "x", "!!!!", "WyJhIl0", "WyJhIiwiYiJd", "é" * 30):
        with pytest.raises(BadCursor):
            search(firms.conn, after=cursor)


def test_every_filter_keeps_what_it_asks_for(ground: Ground) -> None:
    tale = Tale()
    kinds = {"kind": "liaison_centre", "name": "驻北京招商联络中心", "occurred_on": day("1-1")}
    tale.then(Channel, CENTRE, OpenChannel.model_validate(kinds))
    tale.registered(1, industry="C", country="DE", investment="8000万").contacted(1, on="1-9").contracted(1)
    tale.registered(2, channel=MISSION, owner=SUCCESSOR, occasion=MISSION, investment="500万", on="2-1")
    tale.contacted(2, on="2-3", next_action="回访", next_due=day("2-5"))
    tale.registered(3, industry="I", owner=None, on="3-1")
    tale.then(Lead, lead_id(3), Lose.model_validate({"reason": "no_answer", "occurred_on": day("3-9")}))
    ground.given(tale.events)
    ground.project()
    only = {
        1: [{"stage": "contract_signed"}, {"country": "DE"}, {"amount_from": 10**10}, {"registered_to": day("1-31")}],
        2: [
            {"occasion": MISSION}, {"channel": MISSION}, {"owner": SUCCESSOR}, {"amount_from": 1, "amount_to": 10**9},
            {"overdue_on": day("2-6")}, {"registered_from": day("2-1"), "registered_to": day("2-28")},
        ],
        3: [{"status": "lost"}, {"industry": "I"}, {"stage": "registered"}],
    }  # fmt: skip
    for number, filters in only.items():
        for asked in filters:
            page = search(ground.conn, LeadFilters(**asked))  # type: ignore[arg-type]
            assert [lead.id for lead in page.rows] == [lead_id(number)], asked
            assert totals(ground.conn, LeadFilters(**asked)).count == 1  # type: ignore[arg-type]
    assert {lead.id for lead in search(ground.conn, LeadFilters(kind="liaison_centre")).rows} == {
        lead_id(1),
        lead_id(3),
    }
    assert found(ground, kind="cluster") == []
    assert found(ground, overdue_on=day("2-5")) == []


def test_others_leads_are_left_out_of_a_narrow_view(ground: Ground) -> None:
    tale = Tale().registered(1).registered(2, channel=MISSION, owner=None).registered(3, channel=MISSION, owner=OFFICER)
    ground.given(tale.events)
    ground.project()
    mine = Scope(all=False, channels=[CENTRE], viewer=OFFICER)
    assert {lead.id for lead in search(ground.conn, scope=mine).rows} == {lead_id(1), lead_id(3)}
    assert totals(ground.conn, LeadFilters(), scope=mine).count == 2
    assert leads.board(ground.conn, scope=mine)[0].count == 2
    assert len(list(leads.every(ground.conn, LeadFilters(), scope=mine))) == 2
    assert len(duplicates(ground.conn, "长春示例装备有限公司", scope=mine)) == 2
    nobody = Scope(all=False, channels=[], viewer=UUID(int=99))
    assert search(ground.conn, scope=nobody).rows == []


def test_merged_and_void_leads_leave_the_list_but_can_be_looked_up(ground: Ground) -> None:
    tale = Tale().registered(1).registered(2).registered(3)
    merged, survivor = tale.of(Lead, lead_id(1)), tale.of(Lead, lead_id(2))
    merged.merge(Merge(into=survivor.id, reason="同一项目", occurred_on=day("1-8")))
    survivor.absorb(merged, day("1-8"))
    tale.keep(merged, survivor)
    tale.then(Lead, lead_id(3), Retract(fact=1, reason="录错", occurred_on=day("1-9")))
    ground.given(tale.events)
    ground.project()
    (left,) = search(ground.conn).rows
    assert (left.id, left.absorbed) == (lead_id(2), [lead_id(1)])
    (gone,) = search(ground.conn, LeadFilters(status="merged")).rows
    assert (gone.merged_into, gone.stage) == (lead_id(2), None)
    void = leads.one(ground.conn, lead_id(3))
    assert void is not None
    assert (void.status, void.company, void.channel) == ("void", "长春示例装备有限公司", CENTRE)
    assert leads.one(ground.conn, UUID(int=5)) is None


def test_the_board_counts_open_leads_and_opens_its_columns(ground: Ground) -> None:
    tale = Tale().registered(1, investment="1亿").registered(2).contacted(2).registered(3, investment="2亿")
    ground.given(tale.events)
    ground.project()
    columns = leads.board(ground.conn)
    assert [(c.count, c.amount_fen) for c in columns] == [(2, 3 * 10**10), (1, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
    first = leads.column(ground.conn, columns[0].stage, limit=1)
    second = leads.column(ground.conn, columns[0].stage, limit=1, after=first.next)
    assert [lead.id for lead in first.rows + second.rows] == [lead_id(3), lead_id(1)]
    assert second.next is None


def test_a_leaver_s_book_holds_what_is_still_worked_on(ground: Ground) -> None:
    tale = Tale().registered(1).registered(2).registered(3, owner=SUCCESSOR)
    tale.then(Lead, lead_id(2), Lose.model_validate({"reason": "market", "occurred_on": day("1-9")}))
    ground.given(tale.events)
    ground.project()
    assert leads.of_owner(ground.conn, OFFICER) == [lead_id(1)]


def test_the_next_action_goes_when_it_is_done(ground: Ground) -> None:
    tale = Tale().registered().contacted(next_action="回访", next_due=day("1-20"))
    tale.then(Lead, lead_id(1), CompleteNextAction(occurred_on=day("1-19")))
    ground.given(tale.events)
    ground.project(batch=2)
    lead = leads.one(ground.conn, lead_id(1))
    assert lead is not None
    assert (lead.next_action, lead.next_due, lead.contacted_on) == (None, None, day("1-10"))


ALIKE = {
    "长春示例装备有限公司": ["same_name"], "长春 示例装备（集团）股份有限公司": ["same_name"], "示例装备": ["similar_name"],
    "吉林省长春示例装备制造有限公司": ["similar_name"], "北京另一家有限公司": [], "": [], "\x00": [],
}  # fmt: skip


def test_a_project_that_may_be_known_already_is_pointed_out(ground: Ground) -> None:
    ground.given(Tale().registered().events)
    ground.project()
    assert {typed: [hit.why for hit in duplicates(ground.conn, typed)] for typed in ALIKE} == ALIKE
    assert duplicates(ground.conn, "长春示例装备有限公司", besides=lead_id(1)) == []


def test_the_credit_code_tells_a_firm_whatever_it_calls_itself(ground: Ground) -> None:
    ground.given(Tale().registered(credit_code="91350100M000100Y43").events)
    ground.project()
    assert [hit.why for hit in duplicates(ground.conn, "另一个名字", "91350100M000100Y43")] == ["credit_code"]
    assert found(ground, search="91350100m0001") == ["长春示例装备有限公司"]


def test_readings_are_those_of_firms() -> None:
    assert names.initials("重庆长安（集团）ABC") == "cqcajtabc"
    assert names.syllables("厦门朝阳") == ["xia", "men", "chao", "yang"]
    assert names.terms("a" * 500 + " b") == ["a" * names.LONGEST_SEARCH]


def test_filters_are_values_that_can_be_changed_one_by_one() -> None:
    assert replace(LeadFilters(stage="landed"), stage=None) == LeadFilters()
