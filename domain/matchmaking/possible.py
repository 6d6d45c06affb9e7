"""What may be asked of a matchmaking meeting as it stands now: everything, while it is not void."""

from domain import corrections
from domain.base import Form
from domain.matchmaking import meeting, outcomes
from domain.matchmaking.matchmaking import Matchmaking
from domain.responsibility import TakeResponsibility

_ALWAYS = (meeting.ReviseMatchmaking, meeting.MeetFirms, outcomes.ArrangeLoan, outcomes.SignDeal, TakeResponsibility,
           corrections.CorrectDate, corrections.CorrectDetails, corrections.Retract, corrections.Reinstate)  # fmt: skip


def possible(one: Matchmaking) -> frozenset[type[Form]]:
    """The forms that the meeting would take if they are filled in rightly and dated today."""
    return frozenset(_ALWAYS) if one.state.exists else frozenset({corrections.Reinstate})
