"""What was done for a firm, a lead or a project, on its own page: the latest, how many of each kind, and a line to log one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import Request

from crm.access import Viewer
from crm.application import CRM
from domain.service import LogService, ServiceKind, ServiceOutcome
from projections import people, services
from projections.changes import Point
from projections.interval_lists import PRESENT
from projections.services import ServiceFilters
from web.forms import FormView, view
from web.html import url_for
from web.links import Links

SHOWN: Final = 8


def services_of(
    request: Request, crm: CRM, viewer: Viewer, point: Point = PRESENT, *, log: bool = True,
    company: UUID | None = None, **about: UUID,
) -> Mapping[str, Any]:  # fmt: skip
    """`about` names what it is: a `lead` or a `project`; else it is the `company`, which is that of the lead or project.

    `log`: whether one can be logged there, now.
    """
    of_company = {"company": company} if company else {}
    about = about or of_company
    filters = ServiceFilters(**about).asked()  # type: ignore[arg-type]
    with crm.pool.connection() as conn:
        found = services.LIST.page(conn, filters, point, limit=SHOWN)
        return {
            "rows": found.rows,
            "counts": services.counts(conn, filters, point),
            "more": bool(found.next),
            "about": about,
            "people": people.names(conn) if found.rows else {},
            "kind_of": ServiceKind,
            "outcome_of": ServiceOutcome,
            "quick": quick(request, viewer, about | of_company) if log else None,
        }


def quick(request: Request, viewer: Viewer, about: Mapping[str, Any]) -> FormView | None:
    """The line that logs a service from where one is; None for those who may not. What is not asked travels along."""
    if not viewer.may_open("services.open"):
        return None
    values = {**about, "handled_by": viewer.id, "kind": ServiceKind.PHONE}
    form = view(LogService, url_for(request, "services.open", back=Links(request).here()), values=values)
    hidden = {*about, "handled_by"}
    fields = tuple(replace(one, widget="hidden") if one.name in hidden else one for one in form.fields)
    return replace(form, fields=fields)
