"""Leads as files: the list with the same filters, in the same order, every row; one lead with its whole history."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import access, clock, exports
from crm.access import Viewer
from crm.analysis.workbook import book
from crm.application import CRM
from projections import leads
from projections.leads import LeadRow
from web.pages.files import XLSX, FileForm, file_of
from web.pages.lead_access import readable
from web.pages.lead_filters import asked
from web.pages.leads import scope_of, sort_of
from web.session import Crm, Who

router = APIRouter()
AT_ONCE: Final = 500


@router.get("/leads/export.{form}", name="leads.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters."""
    return file_of("leads", form, _table(request, crm, viewer))


@router.get("/leads/{id}/export.xlsx", name="lead.export")
def export_one(id: UUID, crm: Crm, viewer: Who) -> Response:
    """Everything recorded of one lead, for whoever may read it."""
    lead = readable(crm, viewer, id)
    headers = {"Content-Disposition": f"attachment; filename=lead-{str(id)[:8]}-{lead.version}.xlsx"}
    with crm.pool.connection() as conn:
        return Response(book(crm, conn, lead, viewer.language), media_type=XLSX, headers=headers)


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[exports.Value]]:
    wanted = asked(request.query_params, viewer.id, clock.today())
    with crm.pool.connection() as conn:
        rows = leads.every(conn, wanted.filters, scope=scope_of(viewer), sort=sort_of(request))
        yield from exports.lead_table(conn, _opened(crm, viewer, rows), str, viewer.language)


def _opened(crm: CRM, viewer: Viewer, rows: Iterable[LeadRow]) -> Iterator[LeadRow]:
    """The rows with their next actions readable to those who may read the lead, absent for the others."""
    rows = iter(rows)
    while some := list(islice(rows, AT_ONCE)):
        texts = crm.open_all([row.next_action if access.may_read(viewer, row) else None for row in some])
        yield from (row._replace(next_action=text) for row, text in zip(some, texts, strict=True))
