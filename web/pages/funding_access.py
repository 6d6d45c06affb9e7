"""Funding as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm import access
from crm.access import Viewer
from crm.application import CRM
from domain.funding import Funding, FundingState
from domain.funding.opening import FundingDetails
from domain.values import Money
from web.fields import Picks
from web.pages import attached


def workable(crm: CRM, viewer: Viewer, funding: Funding) -> bool:
    """Whether the viewer may work on it: who answers for it or for its project, who recorded it, managers."""
    state: FundingState = funding.state
    return access.may_work_on(viewer, attached.held(crm, funding.id, state.project, _people(state)))


def _people(state: FundingState) -> frozenset[UUID]:
    return state.responsibility.people if state.responsibility else frozenset()


def demand_workable(crm: CRM, viewer: Viewer, id: UUID) -> None:
    """Raise Forbidden unless the viewer may work on the funding; Unknown where there is none."""
    access.demand(
        workable(crm, viewer, crm.aggregate(Funding, id)),
        "只有负责这笔资金的人员、项目包保人员、登记人和主管可以修改。",
        "Only those who answer for it or for its project, whoever recorded it and managers may change it.",
    )


def offers_for(crm: CRM, funding: Funding) -> Picks:
    """People at work and projects; those of the funding itself stay in the lists."""
    state: FundingState = funding.state
    return attached.offers(crm, state.project, _people(state))


def values(_crm: CRM, funding: Funding) -> Mapping[str, Any]:
    """What is in force, by the names its forms use; an approval opens with what was asked for."""
    state: FundingState = funding.state
    known: dict[str, Any] = {
        "details": {name: getattr(state, name) for name in FundingDetails.model_fields},
        "amount": Money(minor=state.requested) if not state.approved and state.requested else None,
    }
    answer = state.responsibility
    known |= {name: getattr(answer, name) for name in answer.__dataclass_fields__} if answer else {}
    return {name: value for name, value in known.items() if value is not None}
