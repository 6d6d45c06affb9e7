"""The page of one record of any kind that can be corrected: what it is, what can be done with it, what happened to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from web.pages.answering import workable
from web.pages.facts import Facts, Names
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, looked_at, moment
from web.pages.project_actions import Action
from web.pages.record_list import names_of
from web.pages.story import story

SHOWN_AT_FIRST: Final = 12


@dataclass(frozen=True)
class RecordPage:
    """`listed` is the route of its list, `menu` the forms with their signs, by group, `about` what is told of a state."""

    kind: type[Correctable]
    listed: str
    menu: Sequence[Sequence[tuple[type[Form], str]]]
    possible: Callable[[Any], Iterable[type[Form]]]
    about: Mapping[str, Text]


class Shown(NamedTuple):
    """The record as known then, its state at the end of that day, the day, and what `record.html` shows of it."""

    record: Any
    state: Any
    asked: Moment
    day: date
    context: dict[str, Any]


def shown(request: Request, crm: CRM, viewer: Viewer, of: RecordPage, id: UUID) -> Shown:
    """The record that the address asks for. Of a past nothing is asked."""
    with crm.pool.connection() as conn:
        asked, names = moment(conn, request.query_params), names_of(conn)
    record, state = looked_at(crm, of.kind, id, asked.point)
    day = asked.point.as_at or clock.today()
    works = not asked.question.days and workable(crm, viewer, record)
    facts = Facts(request.state.words, names)
    context = {
        "record": record, "state": state, "kind": of.kind.NAME, "listed": of.listed, "called": record.name,  # type: ignore[attr-defined]
        "question": asked.question, "NAMES": NAMES, "names": names, "facts": facts, "may_correct": works,
        "groups": _menu(of, record) if works else [],
        "about": [(request.state.words.t(label), facts.said(name, getattr(state, name))) for name, label in of.about.items()],
        **_told(crm, record, names, facts, day),
    }  # fmt: skip
    return Shown(record, state, asked, day, context)


def _menu(of: RecordPage, record: Any) -> list[list[Action]]:
    """What the record would take now, by group; groups that are empty are left out."""
    now = set(of.possible(record))
    found = [[Action(form.noun, form.title, icon) for form, icon in forms if form in now] for forms in of.menu]
    return [actions for actions in found if actions]


def _told(crm: CRM, record: Any, names: Names, facts: Facts, day: date) -> dict[str, Any]:
    entries = [entry for entry in story(crm, record, names, facts).newest() if entry.happened_on <= day]
    return {"entries": entries[:SHOWN_AT_FIRST], "earlier": entries[SHOWN_AT_FIRST:]}
