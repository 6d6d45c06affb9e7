"""What the page of any record shows beside its own: what can be done with it as a menu, and everything that happened to it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from fastapi import Request

from crm import clock
from crm.application import CRM
from domain.base import Form, Text
from domain.correctable import Correctable
from web.pages.facts import Facts, Names
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment
from web.pages.story import story

SHOWN_AT_FIRST: Final = 12


class Action(NamedTuple):
    """One thing that can be done: the noun of its address, what it is called, its sign."""

    noun: str
    title: Text
    icon: str


def menu(
    now: Collection[type[Form]], groups: Sequence[Sequence[type[Form]]], icons: Mapping[type[Form], str]
) -> list[list[Action]]:
    """What the record would take `now`, by group; groups that are empty are left out."""
    found = [[Action(form.noun, form.title, icons[form]) for form in forms if form in now] for forms in groups]
    return [actions for actions in found if actions]


def told(
    request: Request, crm: CRM, record: Correctable, names: Names, asked: Moment, *, works: bool
) -> dict[str, Any]:
    """What happened up to the day asked for, as far as it was known. Of a past nothing is put right."""
    day = asked.point.as_at or clock.today()
    facts = Facts(request.state.words, names)
    entries = [entry for entry in story(crm, record, names, facts).newest() if entry.happened_on <= day]
    return {
        "names": names,
        "facts": facts,
        "question": asked.question,
        "NAMES": NAMES,
        "entries": entries[:SHOWN_AT_FIRST],
        "earlier": entries[SHOWN_AT_FIRST:],
        "may_correct": works,
    }
