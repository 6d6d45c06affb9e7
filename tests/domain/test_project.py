"""A project: what may happen to it and when, and what it is at the end of any day."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.corrections import CorrectDate, CorrectDetails, Retract
from domain.project import MILESTONES, Milestone, Project, ProjectStatus
from domain.project.kinds import size_of, size_text
from domain.project.possible import possible

LEADER, OFFICER, SUCCESSOR = UUID(int=1), UUID(int=2), UUID(int=3)
YI = 1_0000_0000_00


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def act(project: Project, noun: str, on: str, **values: Any) -> Project:
    form = FORMS["project", noun].model_validate({"occurred_on": day(on)} | values)
    getattr(project, form.verb)(form)
    return project


def opened(**values: Any) -> Project:
    given = {
        "name": "某某装备生产线", "kind": "investment", "industry": "C", "planned_year": 2026, "start": "new",
        "investment": "1.2亿", "document": "二招协〔2026〕1号",
    }  # fmt: skip
    return act(Project(UUID(int=9)), "projects", "1-5", **(given | values))


def planned(project: Project, milestone: str, on: str, to: str, **values: Any) -> Project:
    return act(project, "milestone-plans", on, milestone=milestone, planned_on=day(to), **values)


def reached(project: Project, milestone: str, on: str) -> Project:
    return act(project, "milestones", on, milestone=milestone, evidence="施工许可证")


def refused(key: str, field: str | None, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert (refusal.value.key, refusal.value.field) == (key, field)


def test_a_project_opened_with_a_day_of_production_has_that_milestone_planned():
    state = opened(production_on="2026-11-30").state
    assert state.status is ProjectStatus.ACTIVE
    assert state.mark(Milestone.PRODUCTION).planned == day("11-30")
    assert (state.at, state.next) == (None, Milestone.PRODUCTION)


def test_an_increase_counts_from_its_own_day_and_signing_anew_counts_nothing():
    project = act(opened(), "increases", "3-1", increment="3000万")
    act(project, "resigning", "4-1", document="二招协〔2026〕9号", reason="主体变更")
    assert project.at(day("2-28")).investment == 1_2000_0000_00
    assert project.state.investment == YI + 5000_0000_00
    assert project.state.increased == ((day("3-1"), 3000_0000_00),)
    assert project.state.document == "二招协〔2026〕9号"
    refused("resigning.same", "document",
            lambda: act(project, "resigning", "4-2", document="二招协〔2026〕9号", reason="再签"))  # fmt: skip


def test_milestones_do_not_nest():
    project = reached(reached(opened(), "start", "4-1"), "land", "5-1")
    assert project.state.at is Milestone.START
    assert list(project.at(day("4-15")).ahead) == [one for one in MILESTONES if one is not Milestone.START]


def test_a_plan_is_moved_with_a_reason_only_and_remembers_the_first():
    project = planned(opened(), "start", "1-6", "4-1")
    refused("plan.reason", "reason", lambda: planned(project, "start", "2-1", "5-1"))
    refused("plan.same", "planned_on", lambda: planned(project, "start", "2-1", "4-1", reason="同日"))
    mark = planned(project, "start", "2-1", "5-1", reason="等用地指标").state.mark(Milestone.START)
    assert (mark.first_planned, mark.planned, mark.moved) == (day("4-1"), day("5-1"), 1)


def test_what_is_reached_is_neither_planned_nor_reached_again():
    project = reached(opened(), "start", "4-1")
    refused("milestone.reached", "milestone", lambda: planned(project, "start", "4-2", "5-1"))
    refused("milestone.reached", "milestone", lambda: reached(project, "start", "4-2"))


def test_planning_back_from_production_gives_every_milestone_ahead_its_day_in_one_go():
    project = reached(opened(), "land", "1-20")
    act(project, "back-planning", "2-1", production_on="2027-06-01")
    marks = project.state.marks
    assert marks[Milestone.LAND].planned is None
    assert marks[Milestone.COMPLETION].planned == date(2027, 4, 2)
    assert marks[Milestone.START].planned == date(2026, 7, 6)
    assert marks[Milestone.PROCEDURES].planned == date(2026, 6, 21)
    assert marks[Milestone.FULL_CAPACITY].planned == date(2027, 11, 28)
    assert project.version == 8
    refused("plan.same", "production_on", lambda: act(project, "back-planning", "2-2", production_on="2027-06-01"))
    refused("plan.reason", "reason", lambda: act(project, "back-planning", "2-2", production_on="2027-07-01"))
    act(project, "back-planning", "2-2", production_on="2027-07-01", reason="设备到货推迟", topping_out_days=None)
    assert [project.state.marks[one].moved for one in (Milestone.COMPLETION, Milestone.TOPPING_OUT)] == [1, 0]


def test_a_milestone_whose_days_are_left_empty_is_not_planned():
    project = act(opened(), "back-planning", "2-1", production_on="2027-06-01", land_days=None, full_capacity_days=None)
    assert Milestone.LAND not in project.state.marks
    assert Milestone.FULL_CAPACITY not in project.state.marks


def test_progress_never_falls_in_whatever_order_it_is_entered():
    project = act(opened(), "progress", "3-7", physical=20, invested="2000万", fixed="1500万")
    act(project, "progress", "3-21", physical=30, invested="4000万")
    refused("progress.falls", "physical", lambda: act(project, "progress", "3-28", physical=29))
    refused("progress.falls", "invested", lambda: act(project, "progress", "3-14", physical=25, invested="5000万"))
    refused("progress.falls", "physical", lambda: act(project, "progress", "3-14", physical=31))
    act(project, "progress", "3-14", physical=25, invested="3000万")
    assert project.at(day("3-20")).physical == 25
    assert (project.state.physical, project.state.fixed) == (30, 1500_0000_00)
    refused("progress.fixed", "fixed", lambda: act(project, "progress", "4-4", physical=40, fixed="5000万"))


def test_a_report_that_was_too_high_is_corrected_and_then_the_lower_one_is_taken():
    project = act(opened(), "progress", "3-7", physical=60)
    project.correct_details(CorrectDetails(fact=2, details={"physical": 16}, reason="录入有误", occurred_on=day("3-8")))
    assert act(project, "progress", "3-14", physical=20).state.physical == 20


def test_only_what_is_under_way_pauses_and_only_what_is_paused_resumes():
    project = opened()
    refused("project.not_paused", "occurred_on", lambda: act(project, "resumption", "2-1"))
    act(project, "pause", "2-1", reason="冬歇", until="2026-03-20")
    assert project.state.paused_until == day("3-20")
    refused("project.not_active", "occurred_on", lambda: act(project, "pause", "2-2", reason="又停"))
    assert act(project, "resumption", "3-20").state.status is ProjectStatus.ACTIVE
    assert project.at(day("2-10")).status is ProjectStatus.PAUSED
    assert project.state.pause_reason is None


def test_a_terminated_project_takes_no_more_work_and_is_not_terminated_before_what_it_did():
    project = reached(opened(), "start", "4-1")
    refused("termination.later_facts", "occurred_on", lambda: act(project, "termination", "3-1", reason="撤资"))
    act(project, "termination", "4-2", reason="撤资")
    refused("project.terminated", None, lambda: act(project, "progress", "4-3", physical=1))
    act(project, "details", "4-3", details={"place": "东部片区"})


def test_a_winter_plan_says_by_when_the_site_is_enclosed_or_until_when_it_waits():
    project = opened()
    refused("winter.day", "enclosed_by", lambda: act(project, "winter", "10-1", way="enclosed", works="设备安装"))
    refused("winter.day", "waits_until", lambda: act(project, "winter", "10-1", way="waits"))
    winter = act(project, "winter", "10-1", way="enclosed", enclosed_by="2026-11-01", works="设备安装").state.winter
    assert (winter.enclosed_by, winter.works) == (day("11-1"), "设备安装")


def test_who_answered_is_known_for_any_day():
    officers = [{"person": OFFICER, "duty": "包保专员"}]
    project = act(opened(), "responsibility", "2-1", leader=LEADER, officers=officers, task_force="装备专班")
    act(project, "responsibility", "6-1", leader=SUCCESSOR)
    assert project.at(day("1-31")).responsibility is None
    assert project.at(day("5-31")).responsibility.people == {LEADER, OFFICER}
    assert project.state.responsibility.people == {SUCCESSOR}
    refused("officers.twice", "officers",
            lambda: act(project, "responsibility", "7-1", leader=LEADER, officers=officers * 2))  # fmt: skip


def test_only_what_differs_is_revised_and_what_is_needed_is_never_emptied():
    project = act(opened(), "details", "2-1", details={"name": "某某装备生产线", "place": "东部片区"})
    assert project.events[-1].details.given() == {"place": "东部片区"}
    refused("details.unchanged", None, lambda: act(project, "details", "2-2", details={"place": "东部片区"}))
    refused("details.required", "details.name", lambda: act(project, "details", "2-2", details={"name": None}))


def test_nothing_is_dated_before_the_opening_and_a_retracted_opening_voids_the_project():
    project = opened()
    refused("fact.before_registration", "occurred_on", lambda: reached(project, "land", "1-4"))
    project.retract(Retract(fact=1, reason="重复建立", occurred_on=day("2-1")))
    assert not project.state.exists
    refused("record.void", None, lambda: reached(project, "land", "2-2"))


def test_a_corrected_day_moves_the_milestone_and_not_what_was_known():
    project = reached(opened(), "start", "4-1")
    project.correct_date(CorrectDate(fact=2, to=day("3-20"), reason="以施工许可为准", occurred_on=day("4-5")))
    assert project.state.mark(Milestone.START).reached == day("3-20")
    assert project.at(day("3-25")).at is Milestone.START


@pytest.mark.parametrize(
    ("fen", "size", "zh"),
    [(YI // 2 - 1, 0, "5000万元以下"), (YI // 2, 1, "5000万元–1亿元"), (YI, 2, "1亿元–10亿元"),
     (10 * YI, 3, "10亿元–100亿元"), (100 * YI, 4, "100亿元以上")],
)  # fmt: skip
def test_a_size_begins_at_its_limit(fen, size, zh):
    assert size_of(fen) == size
    assert size_text(size).zh == zh


def test_the_limits_of_sizes_are_a_parameter():
    assert size_of(YI, sizes=(2 * YI,)) == 0
    assert size_text(1, sizes=(2 * YI,)).zh == "2亿元以上"


# ── what is offered is what is taken ────────────────────────────────────────────────────────────────────────────────

SAMPLES: dict[str, dict[str, Any]] = {
    "details": {"details": {"place": "东部片区"}},
    "increases": {"increment": "1000万"},
    "resigning": {"document": "新协议", "reason": "主体变更"},
    "milestone-plans": {"milestone": "full_capacity", "planned_on": "2027-12-01"},
    "milestones": {"milestone": "full_capacity", "evidence": "达产证明"},
    "back-planning": {"production_on": "2027-09-09", "reason": "调整"},
    "progress": {"physical": 100},
    "pause": {"reason": "冬歇"},
    "resumption": {},
    "termination": {"reason": "撤资"},
    "winter": {"way": "waits", "waits_until": "2027-03-20"},
    "responsibility": {"leader": LEADER},
    "date-corrections": {"fact": 1, "to": "2026-01-04", "reason": "记错"},
    "detail-corrections": {"fact": 1, "details": {"place": "别处"}, "reason": "记错"},
    "retractions": {"fact": 1, "reason": "没有"},
}
HISTORIES: dict[str, tuple[str, ...]] = {
    "opened": (), "planned": ("milestone-plans",), "paused": ("pause",), "resumed": ("pause", "resumption"),
    "terminated": ("termination",), "terminated from pause": ("pause", "termination"), "void": ("retractions",),
    "in production": ("production",), "complete": tuple(MILESTONES),
}  # fmt: skip


def after(*steps: str) -> Project:
    project = opened()
    for step in steps:
        reached(project, step, "6-1") if step in MILESTONES else act(project, step, "6-1", **SAMPLES[step])
    return project


def taken(steps: tuple[str, ...], noun: str) -> bool:
    values = SAMPLES[noun] | ({"reason": "调整"} if noun == "milestone-plans" else {})
    values = values | ({"planned_on": "2027-11-01"} if noun == "milestone-plans" else {})
    values = values | ({"milestone": "land"} if "milestone" in values and "production" in steps[:1] else {})
    try:
        act(after(*steps), noun, "6-2", **values)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("history", HISTORIES)
def test_what_is_offered_is_what_the_project_takes(history):
    steps = HISTORIES[history]
    offered = {form.noun for form in possible(after(*steps))} - {"reinstatements"}
    assert offered == {noun for noun in SAMPLES if taken(steps, noun)}


def test_every_form_of_a_project_has_its_sample():
    nouns = {noun for kind, noun in FORMS if kind == "project"}
    assert nouns - {"projects", "reinstatements"} == set(SAMPLES)
