"""The page of one record of any kind that can be corrected: what it is, what can be done with it, what happened to it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from fastapi import Request

from crm import clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Form, Text
from domain.correctable import Correctable
from projections import companies, projects
from web.pages.answering import workable
from web.pages.facts import Facts, names_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, looked_at, moment
from web.pages.story import story

SHOWN_AT_FIRST: Final = 12
Menu = Sequence[Mapping[type[Form], str]]
"""Forms with their signs, by group."""


class Look(NamedTuple):
    """Who looks at which record, as known when, and its state at the end of which day."""

    crm: CRM
    viewer: Viewer
    record: Any
    state: Any
    asked: Moment

    @property
    def day(self) -> date:
        return self.asked.point.as_at or clock.today()

    @property
    def present(self) -> bool:
        """Whether this is how it stands now: of a past nothing is asked."""
        return not self.asked.question.days


def _nobody(_look: Look) -> Mapping[UUID, str]:
    return {}


def project_and_firm(look: Look) -> Mapping[UUID, str]:
    """The names of the project and the firm that it is of."""
    with look.crm.pool.connection() as conn:
        return {
            **projects.LIST.called(conn, [look.state.project], look.asked.point),
            **companies.LIST.called(conn, [look.state.company], look.asked.point),
        }


@dataclass(frozen=True)
class RecordPage:
    """`listed` is the route of its list, `menu` the forms with their signs, by group, `about` what is told of a state.

    `names`: those of whatever else its facts point at. `facts` says them. `styles`: those of its own.
    """

    kind: type[Correctable]
    listed: str
    menu: Menu
    possible: Callable[[Any], Collection[type[Form]]]
    about: Mapping[str, Text]
    names: Callable[[Look], Mapping[UUID, str]] = _nobody
    facts: type[Facts] = Facts
    styles: Sequence[str] = ()


class Shown(NamedTuple):
    """What was looked at, whether the viewer may work on it, and what `record.html` shows of it."""

    look: Look
    works: bool
    context: dict[str, Any]

    @property
    def record(self) -> Any:
        return self.look.record

    @property
    def state(self) -> Any:
        return self.look.state

    @property
    def asked(self) -> Moment:
        return self.look.asked


class Action(NamedTuple):
    """One thing that can be done: the noun of its address, what it is called, its sign."""

    noun: str
    title: Text
    icon: str


def shown(request: Request, crm: CRM, viewer: Viewer, of: RecordPage, id: UUID) -> Shown:
    """The record that the address asks for, as known then, at the end of that day."""
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
    look = Look(crm, viewer, *looked_at(crm, of.kind, id, asked.point), asked)
    with crm.pool.connection() as conn:
        names = names_of(conn, of.names(look))
    may = workable(crm, viewer, look.record)
    works = may and look.present
    facts = of.facts(request.state.words, names, viewer.sees_all or may)
    entries = [entry for entry in story(crm, look.record, names, facts).newest() if entry.happened_on <= look.day]
    return Shown(look, works, {
        "record": look.record,
        of.kind.NAME: look.record,
        "state": look.state,
        "kind": of.kind.NAME,
        "listed": of.listed,
        "styles": of.styles,
        "called": getattr(look.state, "name", "") or look.record.name,
        "question": asked.question,
        "NAMES": NAMES,
        "names": names,
        "facts": facts,
        "may_correct": works,
        "groups": menu(of.menu, of.possible(look.record)) if works else [],
        "about": [(facts.words.t(label), facts.said(name, getattr(look.state, name))) for name, label in of.about.items()],
        "entries": entries[:SHOWN_AT_FIRST],
        "earlier": entries[SHOWN_AT_FIRST:],
    })  # fmt: skip


def menu(groups: Menu, now: Collection[type[Form]]) -> list[list[Action]]:
    """Of the forms in `groups` those that would be taken now; groups that are empty are left out."""
    found = [[Action(form.noun, form.title, icon) for form, icon in forms.items() if form in now] for forms in groups]
    return [actions for actions in found if actions]
