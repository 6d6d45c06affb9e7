"""What may be asked of a site as it stands now: for menus. The guards in `site` decide; a test holds this against them."""

from collections.abc import Iterator

from domain import corrections
from domain.base import Form
from domain.responsibility import TakeResponsibility
from domain.site import opening, space
from domain.site.site import Site

_ALWAYS = (opening.ReviseSite, space.OfferSpace, TakeResponsibility, corrections.CorrectDate, corrections.CorrectDetails,
           corrections.Retract, corrections.Reinstate)  # fmt: skip


def possible(site: Site) -> frozenset[type[Form]]:
    """The forms that the site would take if they are filled in rightly and dated today."""
    return frozenset(_possible(site)) if site.state.exists else frozenset({corrections.Reinstate})


def _possible(site: Site) -> Iterator[type[Form]]:
    yield from _ALWAYS
    if site.state.free > 0:
        yield from (space.ReserveSpace, space.OccupySpace)
    if site.state.reserved > 0:
        yield space.OccupySpace
    if site.state.holdings:
        yield space.ReleaseSpace
