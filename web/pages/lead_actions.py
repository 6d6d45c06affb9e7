"""What can be done with a lead now, as a menu: the way forward, the work, what is known, and the ways aside."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.base import Form, Text
from domain.lead import (
    AddNote,
    Assign,
    Claim,
    CompleteNextAction,
    Hold,
    Judge,
    Lead,
    Lose,
    Merge,
    MoveBack,
    Reopen,
    Resume,
    Revise,
    ReviseInvestment,
    SetNextAction,
    Unmerge,
    VisitSite,
)
from domain.lead.possible import STAGE_FORMS, possible


class Action(NamedTuple):
    """One thing that can be done: the noun of its address, what it is called, its sign."""

    noun: str
    title: Text
    icon: str


_ICONS: Final[Mapping[type[Form], str]] = {
    **dict(zip(STAGE_FORMS.values(), ("phone", "messages", "signature", "file-certificate", "flag-3"), strict=False)),
    VisitSite: "map-pin",
    AddNote: "note",
    Judge: "scale",
    SetNextAction: "calendar-plus",
    CompleteNextAction: "checks",
    Revise: "pencil",
    ReviseInvestment: "coin-yuan",
    Assign: "user-share",
    Claim: "speakerphone",
    Merge: "git-merge",
    Unmerge: "arrow-back-up",
    Hold: "player-pause",
    Resume: "player-play",
    Lose: "circle-x",
    Reopen: "refresh",
    MoveBack: "corner-up-left",
}
_GROUPS: Final[Mapping[str, tuple[type[Form], ...]]] = {
    "forward": tuple(STAGE_FORMS.values()),
    "work": (VisitSite, AddNote, Judge, SetNextAction),
    "known": (Revise, ReviseInvestment, Assign, Claim),
    "aside": (Resume, Reopen, Unmerge, Hold, MoveBack, Lose, Merge),
}


def action(form: type[Form]) -> Action:
    """A form as an entry of the menu."""
    return Action(form.noun, form.title, _ICONS.get(form, "point"))


def menu(lead: Lead) -> dict[str, list[Action]]:
    """What the lead would take now, by group; groups that are empty are left out."""
    now = possible(lead)
    found = {group: [action(form) for form in forms if form in now] for group, forms in _GROUPS.items()}
    return {group: actions for group, actions in found.items() if actions}
