"""The aggregate: which facts may happen to a procedure, and when.

A rule about the order of things is asked of the state at the end of the fact's own day.
"""

from typing import Any, ClassVar

from domain.base import Event, Form, Refused, day_of
from domain.correctable import Correctable
from domain.facts import Fact
from domain.procedure import opening, steps
from domain.procedure.event import ProcedureEvent
from domain.procedure.kinds import ProcedureStatus, papers_of
from domain.procedure.state import ProcedureState
from domain.revising import differing


class Procedure(Correctable):
    """One procedure, from its application to what the department decides."""

    NAME: ClassVar[str] = "procedure"
    FACT: ClassVar[type[Fact]] = ProcedureEvent
    START: ClassVar[ProcedureState] = ProcedureState()
    CREATES: ClassVar[type[Form] | None] = opening.OpenProcedure

    @property
    def name(self) -> str:
        """What it is called; once it is void, what it was applied for as."""
        state: ProcedureState = self.state if self.state.exists or not self.events else self.START.after(self.events[0])
        return state.name

    def open(self, form: opening.OpenProcedure) -> None:
        _whose(form, "")
        self.record(opening.ProcedureApplied, form)

    def revise(self, form: opening.ReviseProcedure) -> None:
        only = differing(form.details, self.state, ("kind", "department"))
        changed = only.given()
        _whose({name: changed.get(name, getattr(self.state, name)) for name in _WHOSE}, "details.")
        self.record(opening.ProcedureRevised, opening.ReviseProcedure(details=only, occurred_on=form.occurred_on))

    # ── what it goes through ────────────────────────────────────────────────────────────────────────────────────────

    def accept(self, form: steps.AcceptProcedure) -> None:
        if self._open_on(form).status is not ProcedureStatus.APPLIED:
            raise Refused(
                "procedure.accepted", "已经受理；有误请更正。", "It is accepted already; if that is wrong, correct it."
            )
        missing = papers_of(form.missing)
        if missing and form.promised_on is None:
            raise Refused("promise.day", "容缺受理请填写承诺补齐日期。", "Say by when the papers are promised.",
                          field="promised_on")  # fmt: skip
        if missing and form.promised_on and form.promised_on < day_of(form):
            raise Refused("promise.past", "承诺日期不能早于受理日期。", "Papers are promised for a day after the acceptance.",
                          field="promised_on")  # fmt: skip
        self.record(steps.ProcedureAccepted, form if missing else form.model_copy(update={"promised_on": None}))

    def supplement(self, form: steps.SupplementProcedure) -> None:
        self._not_before_first(day_of(form), "occurred_on")
        state: ProcedureState = self.at(day_of(form))
        if not state.owed or not self.state.owed:
            raise Refused("papers.none", "没有待补的材料。", "No papers are missing.", field="papers")
        strange = [one for one in papers_of(form.papers) if one not in self.state.missing]
        if strange:
            raise Refused(
                "papers.unknown", "待补的材料里没有“{strange}”；待补：{missing}。",
                "“{strange}” is none of the papers missing: {missing}.",
                field="papers", strange="、".join(strange), missing="、".join(self.state.missing),
            )  # fmt: skip
        self.record(steps.ProcedureSupplemented, form)

    def grant(self, form: steps.GrantProcedure) -> None:
        self._record_open(steps.ProcedureGranted, form)

    def refuse(self, form: steps.RefuseProcedure) -> None:
        self._record_open(steps.ProcedureRefused, form)

    def withdraw(self, form: steps.WithdrawProcedure) -> None:
        self._record_open(steps.ProcedureWithdrawn, form)

    def handle(self, form: steps.HandleProcedure) -> None:
        state = self._open_on(form, last=False)
        if (state.way, state.handler) == (form.way, form.handler):
            raise Refused("handling.same", "已经由该人员办理。", "That is who handles it.", field="handler")
        self.record(steps.ProcedureHandled, form)

    # ── guards ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _record_open(self, event: type[Event], form: Form, **more: Any) -> None:
        self._open_on(form)
        self.record(event, form, **more)

    def _open_on(self, form: Form, *, last: bool = True) -> ProcedureState:
        """The state on the form's day; refused where it was decided by then or since, or (`last`) it stood otherwise then."""
        self._exists()
        self._not_before_first(day_of(form), "occurred_on")
        state: ProcedureState = self.at(day_of(form))
        now: ProcedureState = self.state
        if not now.open:
            raise Refused("procedure.closed", "这项手续{status}。", "This procedure is closed: {status}.",
                          status=now.status.text if now.status else "")  # fmt: skip
        if last and state.status is not now.status:
            raise Refused(
                "procedure.later_step", "{day:%Y-%m-%d} 已受理，日期不能早于它。",
                "It was accepted on {day:%Y-%m-%d}; this cannot be dated before that.",
                field="occurred_on", day=now.accepted_on,
            )  # fmt: skip
        return state


_WHOSE = ("project", "company", "applicant")


def _whose(details: Any, place: str) -> None:
    """Refused where neither a project nor a firm is named."""
    of = details.get if isinstance(details, dict) else lambda name: getattr(details, name)
    if not any(map(of, _WHOSE)):
        raise Refused("procedure.whose", "请选择项目或企业，或写明申请单位。", "Say for which project or firm it is.",
                      field=f"{place}applicant")  # fmt: skip
