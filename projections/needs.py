"""The space that leads need: of the open ones that have not landed, how much they said; matched with what is free."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.funnel import STAGES, Status
from domain.site import SiteKind
from domain.site.kinds import M2_IN_MU
from projections.batch import Batch
from projections.engine import ReadModel
from projections.histories import Step
from projections.paging import EVERYTHING, Page, Scope, paged, place
from projections.sql import Queries, direction
from projections.target import Target

q = Queries(__file__)
IN_SPACE: Final = (str(SiteKind.PARK), str(SiteKind.BUILDING))
ON_LAND: Final = (str(SiteKind.LAND),)
_PARTS: Final = {"shown": q["shown"], "listable": q["listable"]}


class Need(NamedTuple):
    """What a lead needs, in ㎡: space in a building, ground, or both. `fits`: in how many sites so much is free now."""

    lead: UUID
    company: str
    project: str | None
    stage: str
    channel: UUID
    owner: UUID | None
    space: Decimal | None
    land: Decimal | None
    fits: int


class Needs(ReadModel):
    name: ClassVar[str] = "needs"
    sql: ClassVar[Queries] = q

    def project(self, target: Target, batch: Batch) -> None:
        target.put("space_need", map(_need, batch.last_steps.values()))


def _need(step: Step) -> tuple[Any, ...]:
    given, now = step.known.attributes.get, step.standing
    wanted = now.status is Status.OPEN and now.stage is not None and now.stage is not STAGES[-1]
    mu = given("land_mu")
    land = (mu * M2_IN_MU).quantize(Decimal("0.01")) if mu else None
    return (
        step.lead.id, wanted, given("company"), given("project"), str(now.stage or ""), given("channel"), given("owner"),
        given("space_m2") or None, land,
    )  # fmt: skip


def listed(
    conn: Connection[Any],
    *,
    scope: Scope = EVERYTHING,
    after: str | None = None,
    before: str | None = None,
    limit: int = 50,
) -> Page[Need]:
    """The needs that may be listed, the biggest first. Raises BadCursor."""
    key, last = place(before if before is not None else after, ("decimal", "uuid"))
    values = {**scope.parameters, "key": key, "lead": last, "limit": limit + 1}
    query = q["page"].format(**_PARTS, **direction(down=before is None))
    rows = conn.execute(query, values, prepare=False).fetchall()
    return paged(rows, limit, 2, Need._make, after=after, before=before)


def fitting(
    conn: Connection[Any], kind: str, free: Decimal, *, scope: Scope = EVERYTHING, limit: int = 20
) -> Sequence[Need]:
    """The leads that so much free space of that kind of site would do for, the biggest need first."""
    query = q["on_land" if kind in ON_LAND else "in_space"].format(**_PARTS)
    rows = conn.execute(query, {**scope.parameters, "free": free, "limit": limit}, prepare=False).fetchall()
    return [Need._make(row) for row in rows]
