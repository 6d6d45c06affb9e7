"""Reads by the API: filtered and paged as on the pages, resting on a position one can wait for."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from crm.access import Role
from projections.paging import cursor
from tests.web.api.conftest import LEAD, Program, problem
from tests.web.conftest import Office


def all_pages(program: Program, path: str, **params: Any) -> list[dict[str, Any]]:
    found, after = [], None
    while True:
        page = program.get(path, **params, **({"after": after} if after else {})).json()
        found += page["leads"]
        after = page["next"]
        if after is None:
            return found


def test_pages_hold_every_lead_exactly_once(officer: Program, centre: UUID) -> None:
    made = [officer.lead(centre, company=f"示例{name}", investment="5000万") for name in "甲乙丙丁戊"]
    for sort in ("updated", "registered", "amount", "company", "due"):
        found = [row["id"] for row in all_pages(officer, "/leads", limit=2, sort=sort)]
        assert sorted(found) == sorted(made), sort
    assert len(all_pages(officer, "/board/registered", limit=2)) == 5


def test_filters_are_those_of_the_page(officer: Program, centre: UUID) -> None:
    big = officer.lead(centre, company="长春示例光电", investment="1.2亿", owner=str(officer.person))
    officer.lead(centre, company="吉林示例食品", industry="A")
    for params in ({"amount_from": "1亿"}, {"q": "ccsl"}, {"owner": "me"}, {"industry": "C"}):
        page = officer.get("/leads", **params).json()
        assert [row["id"] for row in page["leads"]] == [big], params
        assert page["totals"] == {"count": 1, "amount": {"fen": 12 * 10**9, "text": "1.2亿元"}, "more": False}


def test_a_parameter_that_is_not_understood_is_named(officer: Program) -> None:
    for name, text in (
        ("stauts", "lost"), ("status", "gone"), ("stage", "gone"), ("owner", "nobody"), ("amount_from", "much"),
        ("registered_from", "2026-02-31"), ("limit", "201"), ("after", "nowhere"), ("q", "a\0b"),
        ("wait_for", str(2**63)), ("wait_for", "1000000"),
    ):  # fmt: skip
        answer = officer.get("/leads", **{name: text})
        assert answer.status_code == 422, name
        assert [one["field"] for one in problem(answer)["errors"]] == [name]


def test_what_was_written_can_be_read(officer: Program, centre: UUID) -> None:
    done = officer.post("/leads", {**LEAD, "channel": str(centre)}).json()
    page = officer.get("/leads", wait_for=done["position"]).json()
    assert page["position"] >= done["position"]
    assert [row["id"] for row in page["leads"]] == [done["id"]]


def test_a_read_that_cannot_catch_up_says_when_to_come_back(officer: Program, office: Office) -> None:
    office.projector.conn.execute("UPDATE projection SET position = position - 1")
    answer = officer.get("/leads", wait_for=office.crm.position())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert problem(answer)["type"] == "urn:landfall:updating"


def test_a_lead_can_be_seen_as_it_stood(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre)
    officer.post(f"/leads/{lead}/contacts", {"kind": "phone", "occurred_on": "2026-03-03"})
    then, now = officer.get(f"/leads/{lead}", as_version=1).json(), officer.get(f"/leads/{lead}").json()
    assert (then["stage"], then["version"], then["commands"]) == ("registered", 1, [])
    assert (now["stage"], now["entered"]["contacted"]) == ("contacted", "2026-03-03")
    assert "intent" in now["commands"]
    assert officer.get(f"/leads/{lead}", as_version=3).status_code == 404


def test_history_shows_what_became_of_a_fact(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre)
    officer.post(f"/leads/{lead}/contacts", {"kind": "phone", "note": "谈到用电", "occurred_on": "2026-03-04"})
    officer.post(f"/leads/{lead}/contacts", {"kind": "visit", "occurred_on": "2026-03-05"})
    officer.post(f"/leads/{lead}/date-corrections", {"fact": 2, "to": "2026-03-03", "reason": "记错日期"})
    officer.post(f"/leads/{lead}/retractions", {"fact": 3, "reason": "没有去成"})
    events = officer.get(f"/leads/{lead}/history").json()["events"]
    assert [one["type"] for one in events][-2:] == ["lead.date_corrected", "lead.fact_retracted"]
    assert events[1]["known"]["occurred_on"] == "2026-03-03"
    assert events[1]["data"]["note"] == "谈到用电"
    assert [one["retracted"] for one in events] == [False, False, True, False, False]
    assert [one["corrects"] for one in events] == [None, None, None, 2, 3]
    assert events[0]["actor"]["name"] == "驻北京招商专员"
    later = officer.get(f"/leads/{lead}/history", after=events[2]["position"]).json()["events"]
    assert later == events[3:]


def test_every_number_of_the_funnel_opens_as_many_leads(officer: Program, centre: UUID) -> None:
    for noun, body in (("contacts", {"kind": "phone"}), ("loss", {"reason": "land"}), ("hold", {"reason": "等待"})):
        officer.post(f"/leads/{officer.lead(centre, investment='5000万')}/{noun}", body)
    funnel = officer.get("/funnel", group_by="channel").json()
    assert [group["key"] for group in funnel["groups"]] == [str(centre)]
    assert funnel["total"]["registered"] == 3
    for stage in funnel["total"]["stages"]:
        for measure in ("standing", "reached", "on_hold", "lost"):
            params = {"measure": measure, "stage": stage["stage"], "limit": 1}
            behind = all_pages(officer, "/funnel/leads", **params)
            assert len(behind) == stage[measure], params
            assert officer.get("/funnel/leads", **params).json()["totals"]["count"] == stage[measure]


def test_the_funnel_of_a_past_day_is_answered(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre, occurred_on="2026-01-05")
    officer.post(f"/leads/{lead}/contacts", {"kind": "phone", "occurred_on": "2026-02-05"})
    for as_at, contacted in (("2026-01-31", 0), ("2026-02-28", 1)):
        total = officer.get("/funnel", as_at=as_at).json()["total"]
        assert [stage["standing"] for stage in total["stages"]][1] == contacted
    assert officer.get("/funnel", known_at="2020-01-01").json()["total"]["registered"] == 0


def test_a_question_to_the_funnel_that_is_none_is_refused(officer: Program) -> None:
    for name, text in (
        ("as_at", "2026-02-30"), ("as_at", "9999-01-01"), ("known_at", "soon"), ("month", "2026-13"), ("band", "9"),
        ("group_by", "mood"), ("industry", "ZZ"), ("region", "x\0"),
    ):  # fmt: skip
        assert [one["field"] for one in problem(officer.get("/funnel", **{name: text}))["errors"]] == [name]


def test_the_board_counts_what_its_columns_hold(officer: Program, centre: UUID) -> None:
    for _ in range(3):
        officer.lead(centre)
    columns = officer.get("/board").json()["columns"]
    for column in columns:
        assert len(all_pages(officer, f"/board/{column['stage']}")) == column["count"]
    assert columns[0]["count"] == 3


def test_logins_are_shown_to_those_who_keep_them(officer: Program, program: Callable[..., Program]) -> None:
    mine = officer.get("/people").json()["people"]
    assert {person["login"] for person in mine} == {None}
    assert next(person["postings"] for person in mine)[0]["to_on"] is None
    assert all(person["login"] for person in program(Role.AUDITOR).get("/people").json()["people"])


def test_rules_status_and_glossary_answer(officer: Program) -> None:
    assert officer.get("/rules").json()["rules"]["major_amount"]["fen"] == 10**10
    status = officer.get("/status").json()
    assert status["head"] == status["position"]
    assert {one["stopped"] for one in status["read_models"]} == {False}
    glossary = officer.client.get("/api/v1/glossary").json()
    assert {"value": "landed", "zh": "落地", "en": "Landed"} in glossary["terms"]["Stage"]


def test_the_agenda_counts_what_it_lists(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre, owner=str(officer.person))
    officer.post(f"/leads/{lead}/next-action", {"next_action": "发送测算表", "next_due": "2026-03-12"})
    agenda = officer.get("/agenda", person=str(officer.person)).json()
    listed = [item["kind"] for item in agenda["items"]]
    assert {kind: due["all"] for kind, due in agenda["counts"].items() if due["all"]} == {
        kind: listed.count(kind) for kind in set(listed)
    }
    [action] = officer.get("/agenda", kind="action", overdue="true").json()["items"]
    assert (action["lead"], action["next_action"], action["due_on"]) == (lead, "发送测算表", "2026-03-12")


def test_events_are_for_auditors_and_say_who_did_what(
    officer: Program, program: Callable[..., Program], centre: UUID
) -> None:
    lead = officer.lead(centre)
    officer.post(f"/leads/{lead}/date-corrections", {"fact": 1, "to": "2026-03-01", "reason": "记错日期"})
    auditor = program(Role.AUDITOR)
    assert officer.get("/audit/events").status_code == 403
    events = auditor.get("/audit/events", actor=str(officer.person)).json()["events"]
    assert [one["topic"] for one in events] == ["lead.date_corrected", "lead.registered"]
    assert [one["version"] for one in auditor.get("/audit/events", corrections="true").json()["events"]] == [2]
    assert auditor.get("/audit/events", bulk="true", outside="true", role="staff").status_code == 200


def test_readings_are_read_by_program_too(officer: Program, program: Callable[..., Program], centre: UUID) -> None:
    lead = officer.lead(centre)
    auditor = program(Role.AUDITOR)
    auditor.get(f"/leads/{lead}")
    [last] = auditor.get("/audit/readings", subject=str(lead)).json()["readings"]
    assert (last["route"], last["person"], last["role"]) == ("api.lead", str(auditor.person), "auditor")
    assert len(last["hash"]) == 64
    assert officer.get("/audit/readings").status_code == 403


def test_a_forged_cursor_is_no_error_of_ours(officer: Program, program: Callable[..., Program]) -> None:
    auditor = program(Role.AUDITOR)
    forged = [
        cursor([10**30]),
        cursor(["x\0", UUID(int=1)]),
        cursor([10**30, UUID(int=1)]),
        cursor([[], {}]),
        "A",
        "é",
        "%",
    ]
    for path in (
        "/leads?sort=amount",
        "/leads?sort=company",
        "/leads",
        "/board/landed",
        "/funnel/leads",
        "/agenda",
        "/audit/events",
        "/audit/readings",
    ):
        for after in forged:
            answer = auditor.send("GET", f"{path}{'&' if '?' in path else '?'}after={quote(after)}")
            assert answer.status_code in {200, 422}, (path, after)
