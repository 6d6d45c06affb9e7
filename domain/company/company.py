"""The aggregate: which facts may happen to a firm, and when."""

from typing import ClassVar

from domain.base import Form, Refused, day_of
from domain.company import details
from domain.company.event import CompanyEvent
from domain.company.kinds import CompanyStatus
from domain.company.state import CompanyState
from domain.correctable import Correctable
from domain.facts import Fact
from domain.responsibility import TakeResponsibility, demand_each_once
from domain.revising import differing


class Company(Correctable):
    """One firm, for as long as the district has to do with it."""

    NAME: ClassVar[str] = "company"
    FACT: ClassVar[type[Fact]] = CompanyEvent
    START: ClassVar[CompanyState] = CompanyState()
    CREATES: ClassVar[type[Form] | None] = details.RegisterCompany

    @property
    def name(self) -> str:
        """What it is called; once it is void, what it was registered as."""
        name: str = self.state.name or (self.events[0].name if self.events else "")
        return name

    def register(self, form: details.RegisterCompany) -> None:
        self.record(details.CompanyRegistered, form)

    def revise(self, form: details.ReviseCompany) -> None:
        only = differing(form.details, self.state, ("sector", "seat"))
        if only.parent == self.id:
            raise Refused("parent.itself", "上级企业不能是自己。", "No firm is its own parent.", field="details.parent")
        self.record(details.CompanyRevised, details.ReviseCompany(details=only, occurred_on=form.occurred_on))

    def rename(self, form: details.RenameCompany) -> None:
        if form.name == self._on(form).name:
            raise Refused("name.same", "与现在的名称相同。", "That is its name.", field="name")
        self.record(details.CompanyRenamed, form)

    def link_lead(self, form: details.LinkLead) -> None:
        self._on(form)
        if form.lead in self.state.leads:
            raise Refused("lead.linked", "这条线索已经关联。", "That lead is linked already.", field="lead")
        self.record(details.CompanyLeadLinked, form)

    def end(self, form: details.EndCompany) -> None:
        self._active(form)
        self.record(details.CompanyEnded, form)

    def reopen(self, form: details.ReopenCompany) -> None:
        if self._on(form).status is CompanyStatus.ACTIVE:
            raise Refused("company.active", "企业当时就在营。", "It was in business then.", field="occurred_on")
        self.record(details.CompanyReopened, form)

    def take_responsibility(self, form: TakeResponsibility) -> None:
        demand_each_once(form)
        self._active(form)
        self.record(details.CompanyAnsweredFor, form)

    # ── guards ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _on(self, form: Form) -> CompanyState:
        """The state on the form's day; refused where there was no firm yet, or it is void."""
        self._exists()
        self._not_before_first(day_of(form), "occurred_on")
        state: CompanyState = self.at(day_of(form))
        return state

    def _active(self, form: Form) -> None:
        if self._on(form).status is not CompanyStatus.ACTIVE:
            raise Refused(
                "company.gone", "企业当时已迁出或注销。", "It had moved away or closed by then.", field="occurred_on"
            )
