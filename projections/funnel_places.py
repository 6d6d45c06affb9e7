"""Where a lead stands in the funnel, and from which day to which, as known from when on."""

from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from domain.funnel import Standing

STILL_KNOWN: Final = 2**63 - 1
STILL_HOLDS: Final = date.max


class Place(NamedTuple):
    """All that the funnel asks of a lead's standing."""

    status: str
    stage: int
    reached: int
    channel: UUID
    occasion: UUID | None
    owner: UUID | None
    country: str
    region: str | None
    industry: str
    amount_fen: int
    registered_on: date


class Span(NamedTuple):
    """A place held from one day up to another, known from a position on; its end is known from `ended_at` on."""

    from_on: date
    to_on: date
    place: Place
    known_from: int
    ended_at: int = STILL_KNOWN


def place_of(standing: Standing) -> Place:
    now = standing.attributes
    amount = now.get("amount")
    return Place(
        str(standing.status),
        standing.stage.order if standing.stage else 0,
        standing.reached.order if standing.reached else 0,
        now["channel"],
        now.get("occasion"),
        now.get("owner"),
        now["country"],
        now.get("region"),
        str(now["industry"]),
        amount.fen if amount else 0,
        standing.registered_on or date.min,
    )
