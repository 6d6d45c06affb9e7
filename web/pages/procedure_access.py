"""A procedure as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM
from domain.procedure import Procedure, ProcedureState
from domain.procedure.opening import ProcedureDetails
from web.fields import Picks
from web.pages import attached


def workable(crm: CRM, viewer: Viewer, procedure: Procedure) -> bool:
    """Whether the viewer may work on it: who handles it, who answers for its project, who recorded it, managers."""
    state: ProcedureState = procedure.state
    return access.may_work_on(viewer, attached.held(crm, procedure.id, state.project, [state.handler]))


def demand_workable(crm: CRM, viewer: Viewer, id: UUID) -> None:
    """Raise Forbidden unless the viewer may work on the procedure; Unknown where there is none."""
    access.demand(
        workable(crm, viewer, crm.aggregate(Procedure, id)),
        "只有代办人员、项目包保人员、登记人和主管可以修改这项手续。",
        "Only whoever handles it, those who answer for its project, whoever recorded it and managers may change it.",
    )


def offers_for(crm: CRM, procedure: Procedure) -> Picks:
    """People at work and projects; those of the procedure itself stay in the lists."""
    state: ProcedureState = procedure.state
    return attached.offers(crm, state.project, [state.handler] if state.handler else [])


def values(crm: CRM, procedure: Procedure) -> Mapping[str, Any]:
    """What is in force, by the names its forms use; papers that are missing are promised within the time of the rules."""
    state: ProcedureState = procedure.state
    known: dict[str, Any] = {
        "details": {name: getattr(state, name) for name in ProcedureDetails.model_fields},
        "way": state.way,
        "handler": state.handler,
        "promised_on": clock.today() + timedelta(days=crm.rules().procedures.supplement_days),
    }
    return {name: value for name, value in known.items() if value is not None}
