"""The aggregate: which facts may happen to a project, and when.

A rule about the order of things is asked of the state at the end of the fact's own day.
"""

from typing import Any, ClassVar

from domain.base import Event, Form, Refused, day_of
from domain.correctable import Correctable
from domain.facts import Fact
from domain.project import milestones, opening, progress
from domain.project.event import ProjectEvent
from domain.project.kinds import Milestone, ProjectStatus, WinterWay
from domain.project.state import ProjectState
from domain.responsibility import TakeResponsibility, demand_each_once
from domain.revising import differing


class Project(Correctable):
    """One project, from its opening to full capacity."""

    NAME: ClassVar[str] = "project"
    FACT: ClassVar[type[Fact]] = ProjectEvent
    START: ClassVar[ProjectState] = ProjectState()
    CREATES: ClassVar[type[Form] | None] = opening.OpenProject
    ALSO: ClassVar[tuple[type[Form], ...]] = (milestones.BackPlan,)

    @property
    def name(self) -> str:
        """What it is called; once it is void, what it was opened as."""
        name: str = self.state.name or (self.events[0].name if self.events else "")
        return name

    def open(self, form: opening.OpenProject) -> None:
        self.record(opening.ProjectOpened, form)

    def revise(self, form: opening.ReviseProject) -> None:
        only = differing(form.details, self.state, ("name", "kind", "industry", "planned_year", "start"))
        self.record(opening.ProjectRevised, opening.ReviseProject(details=only, occurred_on=form.occurred_on))

    def increase_capital(self, form: opening.IncreaseCapital) -> None:
        self._record_open(opening.CapitalIncreased, form)

    def resign(self, form: opening.Resign) -> None:
        if form.document == self._open_on(form).document:
            raise Refused(
                "resigning.same", "与现在的合同相同。", "That is the contract in force.", field="document"
            )  # fmt: skip
        self.record(opening.ProjectResigned, form)

    # ── milestones ──────────────────────────────────────────────────────────────────────────────────────────────────

    def plan_milestone(self, form: milestones.PlanMilestone) -> None:
        then = self._open_on(form).mark(form.milestone)
        self._not_reached(form.milestone)
        if then.planned == form.planned_on:
            raise Refused("plan.same", "计划日期没有变。", "It is planned for that day.", field="planned_on")
        if then.planned and not form.reason:
            raise Refused(
                "plan.reason",
                "{milestone}原计划 {day:%Y-%m-%d}，调整要写明原因。",
                "{milestone} was planned for {day:%Y-%m-%d}; say why it is moved.",
                field="reason",
                milestone=form.milestone.text,
                day=then.planned,
            )
        self.record(milestones.MilestonePlanned, form)

    def reach_milestone(self, form: milestones.ReachMilestone) -> None:
        self._open_on(form)
        self._not_reached(form.milestone)
        self.record(milestones.MilestoneReached, form)

    def back_plan(self, form: milestones.BackPlan) -> None:
        """One fact for each milestone that is not reached and not planned for that very day."""
        state = self._open_on(form)
        if self.state.mark(Milestone.PRODUCTION).reached:
            raise Refused("plan.in_production", "项目已经投产。", "It is in production already.", field="production_on")
        wanted = {
            milestone: day
            for milestone, day in form.days().items()
            if not self.state.mark(milestone).reached and state.mark(milestone).planned != day
        }
        if not wanted:
            raise Refused("plan.same", "各节点已按此安排。", "Everything is planned so.", field="production_on")
        for milestone, day in wanted.items():
            self.plan_milestone(
                milestones.PlanMilestone(
                    milestone=milestone, planned_on=day, reason=form.reason, occurred_on=form.occurred_on
                )
            )

    def _not_reached(self, milestone: Milestone) -> None:
        reached = self.state.mark(milestone).reached
        if reached:
            raise Refused(
                "milestone.reached",
                "{milestone}已于 {day:%Y-%m-%d} 完成；有误请更正。",
                "{milestone} was reached on {day:%Y-%m-%d}; if that is wrong, correct it.",
                field="milestone",
                milestone=milestone.text,
                day=reached,
            )

    # ── the work ────────────────────────────────────────────────────────────────────────────────────────────────────

    def report_progress(self, form: progress.ReportProgress) -> None:
        before = self._open_on(form)
        if form.fixed and form.fixed.fen > (form.invested.fen if form.invested else before.invested or 0):
            raise Refused(
                "progress.fixed",
                "固定资产投资不能大于累计完成投资。",
                "Fixed assets cannot be more than what was realised.",
                field="fixed",
            )
        self._between_reports(form, before)
        self.record(progress.ProgressReported, form)

    def _between_reports(self, form: progress.ReportProgress, before: ProjectState) -> None:
        """Progress adds up: not below what was reported before that day, not above what was reported after it."""
        later = [f for f in self.facts if isinstance(f, progress.ProgressReported) and f.occurred_on > day_of(form)]
        for name in ("physical", "invested", "fixed"):
            value = _number(getattr(form, name))
            after = min((n for fact in later if (n := _number(getattr(fact, name))) is not None), default=None)
            if value is not None and (value < (getattr(before, name) or 0) or (after is not None and value > after)):
                raise Refused(
                    "progress.falls",
                    "进度是累计数，不能低于此前、也不能高于此后的填报；前次有误请更正前次。",
                    "Progress adds up: not below an earlier report nor above a later one. If one was wrong, correct it.",
                    field=name,
                )

    def pause(self, form: progress.PauseProject) -> None:
        self._is(form, ProjectStatus.ACTIVE, "项目当时没有在推进。", "It was not under way then.")
        self.record(progress.ProjectPaused, form)

    def resume(self, form: progress.ResumeProject) -> None:
        self._is(form, ProjectStatus.PAUSED, "项目当时没有停工。", "It was not paused then.")
        self.record(progress.ProjectResumed, form)

    def terminate(self, form: progress.TerminateProject) -> None:
        self._open_on(form)
        later = [fact for fact in self.facts if fact.occurred_on > day_of(form)]
        if later:
            raise Refused(
                "termination.later_facts",
                "{day:%Y-%m-%d} 还有记录，终止日期不能早于它。",
                "There is something recorded for {day:%Y-%m-%d}; this cannot be dated before it.",
                field="occurred_on",
                day=later[-1].occurred_on,
            )
        self.record(progress.ProjectTerminated, form)

    def plan_winter(self, form: progress.PlanWinter) -> None:
        if form.way is WinterWay.ENCLOSED and form.enclosed_by is None:
            raise Refused("winter.day", "请填写暖封闭完成日期。", "Say by when it is enclosed.", field="enclosed_by")
        if form.way is WinterWay.WAITS and form.waits_until is None:
            raise Refused("winter.day", "请填写计划复工日期。", "Say until when it waits.", field="waits_until")
        self._record_open(progress.WinterPlanned, form)

    def take_responsibility(self, form: TakeResponsibility) -> None:
        demand_each_once(form)
        self._record_open(progress.ResponsibilityTaken, form)

    # ── guards ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _record_open(self, event: type[Event], form: Form, **more: Any) -> None:
        self._open_on(form)
        self.record(event, form, **more)

    def _open_on(self, form: Form) -> ProjectState:
        """The state on the form's day; refused where the project was not open then, or is terminated since."""
        self._exists()
        day = day_of(form)
        self._not_before_first(day, "occurred_on")
        state: ProjectState = self.at(day)
        if not state.open:
            raise Refused("project.terminated", "项目已经终止。", "The project is terminated.")
        return state

    def _is(self, form: Form, status: ProjectStatus, zh: str, en: str) -> None:
        if self._open_on(form).status is not status:
            raise Refused(f"project.not_{status}", zh, en, field="occurred_on")


def _number(value: Any) -> int | None:
    return value if value is None or isinstance(value, int) else int(value.fen)
