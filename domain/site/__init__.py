"""Ready space (载体): its words (`kinds`), its forms and events (`opening`, `space`), then itself (`site`)."""

from domain.site.event import SiteEvent
from domain.site.kinds import Hold, SiteKind, SiteTerms
from domain.site.opening import OpenSite, ReviseSite
from domain.site.site import Site
from domain.site.space import OccupySpace, OfferSpace, ReleaseSpace, ReserveSpace
from domain.site.state import Holding, SiteState

__all__ = [
    "Hold", "Holding", "OccupySpace", "OfferSpace", "OpenSite", "ReleaseSpace", "ReserveSpace", "ReviseSite", "Site",
    "SiteEvent", "SiteKind", "SiteState", "SiteTerms",
]  # fmt: skip
