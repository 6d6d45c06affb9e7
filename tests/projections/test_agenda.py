"""What is to be done, by when, by the rules of the day; nothing of it depends on the clock of the machine."""

from datetime import date
from uuid import UUID

from domain.district import DISTRICT, District, SetRules
from domain.lead import Hold, Judge, Land, Lead, SetNextAction
from projections import agenda
from projections.agenda import Due
from projections.paging import Scope
from tests.projections.conftest import Ground
from tests.projections.told import CENTRE, MISSION, OFFICER, SUCCESSOR, Tale, day, lead_id


def owed(ground: Ground, number: int = 1) -> dict[str, date | None]:
    rows = agenda.listed(ground.conn, day("1-1")).rows
    return {row.kind: row.due_on for row in rows if row.lead == lead_id(number)}


def given(ground: Ground, tale: Tale, batch: int = 100) -> None:
    ground.given(tale.events)
    ground.project(batch)


def test_a_new_lead_is_to_be_answered_judged_and_reported_on(ground: Ground) -> None:
    given(ground, Tale().registered(referrer="某商会"))
    assert owed(ground) == {
        "no_action": None, "answer": day("1-6"), "judge": day("1-8"), "feedback": day("1-12"), "report": day("1-19"),
    }  # fmt: skip


def test_a_major_project_may_be_judged_longer(ground: Ground) -> None:
    given(ground, Tale().registered(investment="1亿"))
    assert owed(ground)["judge"] == day("1-12")


def test_what_is_done_is_owed_no_more(ground: Ground) -> None:
    tale = Tale().registered(referrer="某商会").contacted(next_action="回访", next_due=day("1-20"))
    tale.then(
        Lead, lead_id(1), Judge.model_validate({"verdict": "pursue", "reason": "符合", "occurred_on": day("1-10")})
    )
    given(ground, tale, batch=1)
    assert owed(ground) == {"action": day("1-20"), "report": day("1-24")}


def test_a_resting_lead_owes_nothing_and_a_landed_one_only_what_was_promised(ground: Ground) -> None:
    tale = Tale().registered(1).registered(2)
    tale.then(Lead, lead_id(1), Hold(reason="等政策", occurred_on=day("1-9")))
    form = {"how": "land", "where": "东部片区", "entity": "示例公司", "occurred_on": day("2-1")}
    tale.then(Lead, lead_id(2), Land.model_validate(form))
    given(ground, tale)
    assert (owed(ground, 1), owed(ground, 2)) == ({}, {})
    tale.then(Lead, lead_id(2), SetNextAction(next_action="送证", next_due=day("2-9"), occurred_on=day("2-2")))
    ground.given(tale.events[-1:])
    ground.project()
    assert owed(ground, 2) == {"action": day("2-9")}


def test_a_clock_runs_by_the_rules_in_force_when_it_was_started(ground: Ground) -> None:
    tale = Tale().registered(1, on="1-5").registered(2, on="2-5")
    tale.then(District, DISTRICT, SetRules(answer_days=5, occurred_on=day("2-1")))
    given(ground, tale, batch=1)
    assert (owed(ground, 1)["answer"], owed(ground, 2)["answer"]) == (day("1-6"), day("2-10"))


def test_rules_entered_late_hold_from_their_own_day(ground: Ground) -> None:
    tale = Tale().registered(1, on="1-5")
    tale.then(District, DISTRICT, SetRules(answer_days=5, occurred_on=day("2-1")))
    tale.then(District, DISTRICT, SetRules(answer_days=9, occurred_on=day("1-2")))
    tale.registered(2, on="2-5")
    given(ground, tale, batch=1)
    assert (owed(ground, 1)["answer"], owed(ground, 2)["answer"]) == (day("1-14"), day("2-10"))


def three(ground: Ground) -> None:
    tale = Tale().registered(1).contacted(1, next_action="甲", next_due=day("2-1"))
    tale.registered(2).contacted(2, next_action="乙", next_due=day("2-2"))
    tale.registered(3, channel=MISSION, owner=SUCCESSOR).contacted(3, next_action="丙", next_due=day("2-4"))
    given(ground, tale)


def test_counts_tell_what_is_overdue_due_today_and_soon(ground: Ground) -> None:
    three(ground)
    counts = agenda.counts(ground.conn, day("2-2"))
    assert counts["action"] == Due(overdue=1, today=1, soon=1, all=3)
    assert counts["no_action"] == Due()
    assert agenda.counts(ground.conn, day("2-2"), person=SUCCESSOR)["action"] == Due(soon=1, all=1)
    assert agenda.counts(ground.conn, day("2-2"), channel=CENTRE)["action"].all == 2
    by = agenda.counts_by(ground.conn, day("2-2"), "owner")
    assert (by[OFFICER]["action"].all, by[SUCCESSOR]["action"].all) == (2, 1)
    narrow = Scope(all=False, channels=[MISSION], viewer=UUID(int=99))
    assert agenda.counts_by(ground.conn, day("2-2"), "channel", scope=narrow).keys() == {MISSION}


def test_lists_hold_what_the_counts_say_soonest_first(ground: Ground) -> None:
    three(ground)
    today = day("2-2")

    def leads(**asked: object) -> list[UUID]:
        return [row.lead for row in agenda.listed(ground.conn, today, kind="action", **asked).rows]  # type: ignore[arg-type]

    assert leads() == [lead_id(1), lead_id(2), lead_id(3)]
    assert leads(overdue=True) == [lead_id(1)]
    assert leads(overdue=False) == [lead_id(2), lead_id(3)]
    pressing = agenda.pressing(ground.conn, {"action": today, "judge": None}, limit=5)
    assert [row.lead for row in pressing["action"]] == [lead_id(1), lead_id(2)]
    assert leads(person=SUCCESSOR) == [lead_id(3)]
    first = agenda.listed(ground.conn, today, limit=4)
    rest = agenda.listed(ground.conn, today, limit=50, after=first.next)
    assert len({(row.lead, row.kind) for row in first.rows + rest.rows}) == len(first.rows) + len(rest.rows) == 9
    assert rest.next is None
