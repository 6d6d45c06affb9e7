"""What came of matchmaking meetings, loan by loan and contract by contract, on any day as known at any position."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID, uuid5

from psycopg import Connection

from domain.facts import known
from domain.matchmaking import Matchmaking, OutcomeKind
from domain.matchmaking.outcomes import OutcomeEvent
from domain.values import normalised_name
from projections import names
from projections.batch import Batch
from projections.changes import Point
from projections.engine import ReadModel
from projections.interval_lists import PRESENT, IntervalList, Sort
from projections.intervals import STILL_HOLDS, STILL_KNOWN
from projections.sql import Queries
from projections.stored import Recorded
from projections.target import Target

q = Queries(__file__)


class OutcomeRow(NamedTuple):
    """A loan or a contract: `version` is its number among the facts of `meeting`, `amount` in 分, `partner` bank or buyer."""

    id: UUID
    made_on: date
    meeting: UUID
    version: int
    kind: str
    firm: str
    company: UUID | None
    partner: str
    subject: str | None
    amount: int


class Outcomes(ReadModel):
    name: ClassVar[str] = "outcomes"
    sql: ClassVar[Queries] = q

    def project(self, target: Target, batch: Batch) -> None:
        streams = batch.recorded(Matchmaking.NAME)
        target.put("outcome_interval", [row for one in streams.items() for row in _rows(*one, batch.after)])


def _rows(meeting: UUID, rows: Sequence[tuple[Recorded, Any]], after: int) -> Iterator[tuple[Any, ...]]:
    """Of all that was ever known of one meeting's outcomes what events after position `after` began or ended."""
    events: list[Any] = []
    since: dict[int, tuple[OutcomeEvent, int]] = {}
    for row, event in rows:
        events.append(event)
        now = _now(meeting, events) if event.correction() else {**_held(since), **_of([event])}
        for version, (was, began) in list(since.items()):
            if now.get(version) != was:
                del since[version]
                if row.position > after:
                    yield _row(meeting, was, began, row.position)
        since |= {version: (one, row.position) for version, one in now.items() if version not in since}
    yield from (_row(meeting, one, began, STILL_KNOWN) for one, began in since.values() if began > after)


def _now(meeting: UUID, events: Sequence[Any]) -> dict[int, OutcomeEvent]:
    """The outcomes as known once these events are; none where the meeting is void."""
    return _of(known(events, meeting)[0])


def _of(facts: Sequence[Any]) -> dict[int, OutcomeEvent]:
    return {fact.originator_version: fact for fact in facts if isinstance(fact, OutcomeEvent)}


def _held(since: Mapping[int, tuple[OutcomeEvent, int]]) -> dict[int, OutcomeEvent]:
    return {version: one for version, (one, _) in since.items()}


def _row(meeting: UUID, fact: OutcomeEvent, known_from: int, known_to: int) -> tuple[Any, ...]:
    subject = getattr(fact, "product", None) or getattr(fact, "subject", None)
    return (
        uuid5(meeting, str(fact.originator_version)), known_from, fact.occurred_on, known_to, STILL_HOLDS, meeting,
        fact.originator_version, str(fact.KIND), fact.firm, fact.company, fact.partner, subject, fact.amount.fen,
        normalised_name(fact.firm), "\n".join(map(names.folded, (fact.firm, fact.partner, subject or ""))),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class OutcomeFilters:
    """Which outcomes are meant; None leaves it open. `made_from`, `made_to`: days, both included."""

    search: str | None = None
    kind: str | None = None
    meeting: UUID | None = None
    company: UUID | None = None
    made_from: date | None = None
    made_to: date | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        return values | {"patterns": [names.pattern(term) for term in terms] or None}


SORTS: Final = {
    "made": Sort("made", "date", descending=True),
    "amount": Sort("amount", "int", descending=True),
    "firm": Sort("firm", "text", descending=False),
}
"""Latest first, biggest first, by firm."""

LIST: Final = IntervalList("outcome_interval", q, OutcomeRow, SORTS, amount="i.amount")


class Came(NamedTuple):
    """How many outcomes of a kind there are, for how many firms, and what they are worth in 分."""

    number: int = 0
    firms: int = 0
    amount: int = 0


def came(conn: Connection[Any], filters: Mapping[str, Any], point: Point = PRESENT) -> dict[OutcomeKind, Came]:
    """What matches, by kind; a firm that comes again counts once."""
    found = LIST.summed(conn, "by_kind", filters, point)
    return {kind: Came(*found.get(str(kind), ())) for kind in OutcomeKind}
