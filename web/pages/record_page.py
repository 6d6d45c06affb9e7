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
from web.pages.answering import workable
from web.pages.facts import Facts, Names
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, looked_at, moment
from web.pages.record_list import names_of
from web.pages.record_menu import menu
from web.pages.story import story

SHOWN_AT_FIRST: Final = 12


@dataclass(frozen=True)
class RecordPage:
    """`listed` is the route of its list, `menu` the forms with their signs, by group, `about` what is told of a state."""

    kind: type[Correctable]
    listed: str
    menu: Sequence[Mapping[type[Form], str]]
    possible: Callable[[Any], Collection[type[Form]]]
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
    around = told(request, crm, record, names, asked, works=works)
    facts = around["facts"]
    context = {
        "record": record, "state": state, "kind": of.kind.NAME, "listed": of.listed, "called": record.name,  # type: ignore[attr-defined]
        "groups": menu(of.menu, of.possible(record)) if works else [],
        "about": [(request.state.words.t(label), facts.said(name, getattr(state, name))) for name, label in of.about.items()],
        **around,
    }  # fmt: skip
    return Shown(record, state, asked, day, context)


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
