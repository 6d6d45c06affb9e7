"""What may be asked of an application for funding as it stands now: for menus, so that nobody is offered what would be refused.

The guards in `funding` decide; a test holds this list against them.
"""

from collections.abc import Iterator

from domain import corrections
from domain.base import Form
from domain.funding import money, opening
from domain.funding.funding import Funding
from domain.funding.kinds import FundingStatus
from domain.responsibility import TakeResponsibility

_ALWAYS = (opening.ReviseFunding, TakeResponsibility, corrections.CorrectDate, corrections.CorrectDetails,
           corrections.Retract, corrections.Reinstate)  # fmt: skip


def possible(funding: Funding) -> frozenset[type[Form]]:
    """The forms that the application would take if they are filled in rightly and dated today."""
    return frozenset(_possible(funding)) if funding.state.exists else frozenset({corrections.Reinstate})


def _possible(funding: Funding) -> Iterator[type[Form]]:
    state = funding.state
    yield from _ALWAYS
    if state.status is FundingStatus.APPLIED:
        yield from (money.ApproveFunding, money.RejectFunding)
    if state.status is FundingStatus.APPROVED and state.left:
        yield money.DisburseFunding
