"""A procedure as its pages need it: who has it, what its forms offer, and with what they open."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from crm import clock
from crm.application import CRM
from domain.procedure import Procedure
from domain.procedure.opening import ProcedureDetails
from web.fields import Picks
from web.pages.answering import in_force
from web.pages.record_picks import hangs_on


def offers_for(crm: CRM, procedure: Procedure) -> Picks:
    """People at work and projects; those of the procedure itself stay in the lists."""
    return hangs_on(crm, procedure.state.project, procedure.state.company, procedure)


def values(crm: CRM, procedure: Procedure) -> Mapping[str, Any]:
    """What is in force, by the names its forms use; papers that are missing are promised within the time of the rules."""
    promised_on = clock.today() + timedelta(days=crm.rules().procedures.supplement_days)
    return in_force(procedure, ProcedureDetails, "way", "handler") | {"promised_on": promised_on}
