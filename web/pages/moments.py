"""The two clocks of lists and pages: the end of a day, as known at a moment, by the same parameters as the funnel's."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from psycopg import Connection

from crm import clock
from crm.application import CRM, Unknown
from domain.correctable import Correctable
from domain.rules import Rules
from projections import funnel, rules
from projections.changes import Point
from web.pages.funnel_question import Question, read_question

CLOCKS: Final = ("as_at", "known_at", "clock")
Some = TypeVar("Some", bound=Correctable)


class Moment(NamedTuple):
    """The day and the knowledge asked for: as the address says them, and as the read models take them."""

    question: Question
    point: Point


def moment(conn: Connection[Any], params: Mapping[str, str]) -> Moment:
    """Read the two clocks from the parameters of an address; what cannot be understood is in the question's errors."""
    asked = {name: text for name, text in params.items() if name in CLOCKS}
    question = read_question(asked, clock.today())
    known_at = funnel.position_at(conn, question.known_at) if question.known_at else None
    return Moment(question, Point(question.as_at, known_at))


def rules_at(conn: Connection[Any], point: Point) -> Rules:
    """The rules in force on the day asked for, or today, as known then."""
    return rules.in_force(conn, Point(point.as_at or clock.today(), point.known_at)).rules


def looked_at(crm: CRM, kind: type[Some], id: UUID, point: Point) -> tuple[Some, Any]:
    """The aggregate as known at that position, and its state at the end of that day. Raises Unknown before its first."""
    version = None if point.known_at is None else crm.version_at(id, point.known_at)
    if version == 0:
        raise Unknown
    found = crm.aggregate(kind, id, version)
    return found, found.at(point.as_at) if point.as_at else found.state
