"""Sites on any day, as known at any position: the space in them that is free, reserved and moved into."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.correctable import Correctable
from domain.site import Site, SiteKind, SiteState
from projections import names
from projections.changes import Point
from projections.interval_lists import PRESENT, IntervalList, Sort
from projections.intervals import Columns, Intervals
from projections.sql import Queries
from projections.stored import Recorded

q = Queries(__file__)


class SiteRow(NamedTuple):
    """A site as it stood; so since `from_on`. Areas in ㎡; `takers`: the leads, projects and firms that hold space."""

    id: UUID
    from_on: date
    name: str
    kind: str
    area: Decimal
    offered: Decimal
    reserved: Decimal
    occupied: Decimal
    free: Decimal
    place: str | None
    operator: str | None
    use: str | None
    ready_on: date | None
    terms: str
    terms_note: str | None
    floor_load: Decimal | None
    height: Decimal | None
    power: Decimal | None
    opened_on: date
    takers: list[UUID]
    leader: UUID | None
    officers: list[UUID]
    begun_by: UUID


class Sites(Intervals):
    name: ClassVar[str] = "sites"
    sql: ClassVar[Queries] = q
    kind: ClassVar[type[Correctable]] = Site
    table: ClassVar[str] = "site_interval"

    def columns(self, state: SiteState, first: Recorded) -> Columns | None:
        if state.opened_on is None:
            return None
        answer = state.responsibility
        takers = {one for held in state.holdings for one in (held.lead, held.project, held.company) if one}
        return (
            state.name, str(state.kind), state.area_m2, state.offered, state.reserved, state.occupied, state.free,
            state.place, state.operator, state.use, state.ready_on, str(state.terms), state.terms_note,
            state.floor_load_t, state.height_m, state.power_kva, state.opened_on, tuple(sorted(takers)),
            answer.leader if answer else None, tuple(one.person for one in answer.officers) if answer else (),
            first.actor, names.sort_key(state.name), _searchable(state),
        )  # fmt: skip


def _searchable(state: SiteState) -> str:
    firms = (held.firm for held in state.holdings if held.firm)
    lines = (state.name, state.place or "", state.operator or "", *firms)
    return "\n".join([names.initials(state.name), *map(names.folded, lines)])


@dataclass(frozen=True, kw_only=True)
class SiteFilters:
    """Which sites are meant; None leaves it open. `fits`: with so much free space, in ㎡; `ready_by`: ready on that day.

    `held`: in which space is held so (`reserved`, `occupied`), or is `free`. `taker`: who holds space there.
    """

    search: str | None = None
    kind: str | None = None
    kinds: Sequence[str] | None = None
    terms: str | None = None
    held: str | None = None
    fits: Decimal | None = None
    ready_by: date | None = None
    floor_load: Decimal | None = None
    height: Decimal | None = None
    power: Decimal | None = None
    taker: UUID | None = None
    answers: UUID | None = None

    def asked(self) -> dict[str, Any]:
        """As the query takes them."""
        values = asdict(self)
        terms = names.terms(values.pop("search") or "")
        kinds = values.pop("kinds")
        return values | {
            "patterns": [names.pattern(term) for term in terms] or None,
            "kinds": list(kinds) if kinds else None,
        }


SORTS: Final = {
    "free": Sort("free", "decimal", descending=True),
    "fit": Sort("free", "decimal", descending=False),
    "area": Sort("area", "decimal", descending=True),
    "name": Sort("name", "text", descending=False),
    "ready": Sort("ready", "date", descending=False),
}
"""Most free space first, least that is enough first, biggest first, by pinyin, what is ready first."""

LIST: Final = IntervalList("site_interval", q, SiteRow, SORTS, amount="0")


class Space(NamedTuple):
    """The sums over some sites, in ㎡. `ready`: what is free and ready on the day asked about."""

    sites: int = 0
    area: Decimal = Decimal(0)
    offered: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    occupied: Decimal = Decimal(0)
    free: Decimal = Decimal(0)
    ready: Decimal = Decimal(0)


def space(conn: Connection[Any], filters: Mapping[str, Any], on: date, point: Point = PRESENT) -> dict[SiteKind, Space]:
    """The sums of what matches, by kind, for every kind there is; `on`: the day on which space is to be ready."""
    found = LIST.summed(conn, "by_kind", {**filters, "on": on}, point)
    return {kind: Space(*found.get(str(kind), ())) for kind in SiteKind}


def together(sums: Iterable[Space]) -> Space:
    """The sums of several kinds as one."""
    columns: Iterable[tuple[Any, ...]] = zip(*sums, strict=True)
    return Space(*(sum(column) for column in columns))


def fitting(
    conn: Connection[Any], kinds: Sequence[str], area: Decimal, *, limit: int = 5, point: Point = PRESENT
) -> list[SiteRow]:
    """The sites of those kinds that have so much free space, the tightest fit first."""
    filters = SiteFilters(kinds=kinds, fits=area).asked()
    return LIST.page(conn, filters, point, sort="fit", limit=limit).rows
