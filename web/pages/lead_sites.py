"""The space for a lead: the sites it holds space in, and those where what it needs is free."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from psycopg import Connection

from domain.funnel import Status
from domain.lead import Lead
from domain.site.kinds import M2_IN_MU
from projections import sites
from projections.needs import IN_SPACE, ON_LAND
from projections.sites import SiteRow

SHOWN: Final = 5


class Fitting(NamedTuple):
    """What is needed, in ㎡, of which kinds of site, and the sites where so much is free, the tightest fit first."""

    area: Decimal
    kinds: Sequence[str]
    sites: Sequence[SiteRow]


class SpaceFor(NamedTuple):
    """The sites in which the lead holds space, and for each of its needs those that would do."""

    held: Sequence[SiteRow]
    fits: Sequence[Fitting]


def space_for(conn: Connection[Any], lead: Lead) -> SpaceFor:
    """Needs are matched while the lead is open; what it holds is shown in any case."""
    held = sites.LIST.page(conn, sites.SiteFilters(taker=lead.id).asked(), sort="name", limit=SHOWN).rows
    if lead.standing.status is not Status.OPEN:
        return SpaceFor(held, ())
    mu = lead.attribute("land_mu")
    needs = ((lead.attribute("space_m2"), IN_SPACE), (mu * M2_IN_MU if mu else None, ON_LAND))
    fits = [Fitting(area, kinds, sites.fitting(conn, kinds, area, limit=SHOWN)) for area, kinds in needs if area]
    return SpaceFor(held, fits)
