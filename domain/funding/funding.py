"""The aggregate: which facts may happen to an application for funding, and when.

Whatever is entered or put right, on no day was more paid out than had been approved.
"""

from datetime import date
from typing import Any, ClassVar

from domain.base import Event, Form, Refused, Text, day_of
from domain.correctable import Correctable
from domain.facts import Fact
from domain.funding import money, opening
from domain.funding.event import FundingEvent
from domain.funding.kinds import FundingStatus
from domain.funding.state import FundingState
from domain.responsibility import TakeResponsibility
from domain.revising import differing
from domain.values import Money


class Funding(Correctable):
    """One application for funding, from its filing to the last payment."""

    NAME: ClassVar[str] = "funding"
    FACT: ClassVar[type[Fact]] = FundingEvent
    START: ClassVar[FundingState] = FundingState()
    CREATES: ClassVar[type[Form] | None] = opening.OpenFunding

    @property
    def name(self) -> str:
        """What it is called; once it is void, what it was applied for as."""
        name: str = self.state.name or (self.events[0].name if self.events else "")
        return name

    def open(self, form: opening.OpenFunding) -> None:
        _whose(form.project, form.company, form.applicant, "applicant")
        self.record(opening.FundingApplied, form)

    def revise(self, form: opening.ReviseFunding) -> None:
        only = differing(form.details, self.state, ("name", "kind"))
        changed = only.given()
        project, company, applicant = (changed.get(one, getattr(self.state, one)) for one in _WHOSE)
        _whose(project, company, applicant, "details.applicant")
        self.record(opening.FundingRevised, opening.ReviseFunding(details=only, occurred_on=form.occurred_on))

    def approve(self, form: money.ApproveFunding) -> None:
        self._record_applied(money.FundingApproved, form)

    def reject(self, form: money.RejectFunding) -> None:
        self._record_applied(money.FundingRejected, form)

    def disburse(self, form: money.DisburseFunding) -> None:
        self._exists()
        self._not_before_first(day_of(form), "occurred_on")
        state: FundingState = self.at(day_of(form))
        if state.status is not FundingStatus.APPROVED:
            raise Refused("funding.not_approved", "当时还没有批复，不能拨付。", "It was not approved by then.",
                          field="occurred_on")  # fmt: skip
        left = self.state.left
        if form.amount.fen > left:
            said = Money(minor=left).text if left else Text("0 元", "CNY 0")
            raise Refused("funding.too_much", "拨付不能超过批复金额，还可拨付 {left}。",
                          "No more can be paid out than was approved: {left} is left.", field="amount", left=said)  # fmt: skip
        self.record(money.FundingDisbursed, form)

    def take_responsibility(self, form: TakeResponsibility) -> None:
        people = [one.person for one in form.officers]
        if len(set(people)) < len(people):
            raise Refused("officers.twice", "同一人填了两次。", "Somebody is named twice.", field="officers")
        self.record(money.FundingAnswered, form)

    # ── guards ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def trigger(self, event: type[Event], occurred_on: date, **values: Any) -> None:
        """Make the fact, unless with it more would have been paid out on some day than had been approved."""
        trial = self.copy()
        super(Funding, trial).trigger(event, occurred_on, **values)
        if any(state.disbursed > state.approved for _, state in trial._states):  # noqa: SLF001 - its own copy
            raise Refused(
                "funding.covered", "这样一来，拨付会超过当时已批复的金额；请先更正拨付。",
                "More would then have been paid out than was approved by that day; correct the payments first.",
            )  # fmt: skip
        super().trigger(event, occurred_on, **values)

    def _record_applied(self, event: type[Event], form: Form) -> None:
        self._exists()
        self._not_before_first(day_of(form), "occurred_on")
        state: FundingState = self.state
        if state.status is not FundingStatus.APPLIED:
            raise Refused("funding.decided", "已有结果：{status}；有误请更正。",
                          "It is decided already: {status}. If that is wrong, correct it.",
                          status=state.status.text if state.status else "")  # fmt: skip
        self.record(event, form)


_WHOSE = ("project", "company", "applicant")


def _whose(project: object, company: object, applicant: object, field: str) -> None:
    """Refused where neither a project nor a firm is named."""
    if not (project or company or applicant):
        raise Refused("funding.whose", "请选择项目或企业，或写明申报单位。", "Say for which project or firm it is.",
                      field=field)  # fmt: skip
