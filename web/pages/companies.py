"""Firms: the list by both clocks with every filter in the URL, who serves how many of them, and registering one."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.access import Viewer
from crm.application import CRM
from crm.company_table import company_table
from crm.exports import Value
from domain.base import Text
from domain.company import Company, CompanyStatus, Seat, Sector
from projections import companies, people
from projections.companies import CompanyFilters
from web.html import page
from web.pages.company_access import known_of, offers
from web.pages.company_filters import COMPANIES, choices
from web.pages.facts import Names, names_of
from web.pages.files import FileForm, file_of
from web.pages.filters import sort_of
from web.pages.funnel_question import NAMES
from web.pages.moments import moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import context
from web.session import Crm, Who

router = APIRouter()


@router.get("/companies", name="companies")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = COMPANIES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        parent = companies.LIST.called(conn, [wanted.filters.parent])
        shown = context(
            conn, request, COMPANIES, wanted, asked, choices(conn), names=lambda _rows: names_of(conn, parent)
        )
        counts = companies.LIST.grouped(conn, "sectors", wanted.filters.asked() | {"sector": None}, asked.point)
    sectors = [(sector, counts.get(sector, (0, 0))[0]) for sector in Sector]
    return page(
        request, "companies/list.html", **shown, sectors=sectors, status_of=CompanyStatus, sector_of=Sector, seat_of=Seat
    )  # fmt: skip


@router.get("/companies/export.{form}", name="companies.export")
def export(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then."""
    return file_of("companies", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[Value]]:
    wanted = COMPANIES.read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, filters = moment(conn, request.query_params), wanted.filters.asked()
        names, firms = people.names(conn), companies.LIST.names(conn)
        rows = companies.LIST.every(conn, filters, asked.point, sort=sort_of(request, COMPANIES.sorts))
        yield from company_table(rows, names, firms, viewer.language)


@router.get("/companies/service", name="companies.service")
def served(request: Request, crm: Crm) -> Response:
    """Who serves how many firms: leaders, and officers; each number opens their firms."""
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        filters = CompanyFilters().asked()
        leaders, officers = (
            companies.LIST.grouped(conn, group, filters, asked.point) for group in ("leaders", "officers")
        )
        without = companies.LIST.totals(conn, CompanyFilters(answered=False).asked(), asked.point)
        every = companies.LIST.totals(conn, filters, asked.point)
        names = names_of(conn)
    return page(
        request, "companies/service.html", leaders=_ranked(leaders, names), officers=_ranked(officers, names),
        without=without, every=every, question=asked.question, NAMES=NAMES,
    )  # fmt: skip


def _ranked(counted: Mapping[UUID | None, tuple[int, int]], names: Names) -> list[tuple[UUID, str, int]]:
    """(who, their name, how many firms), the busiest first; without what nobody answers for."""
    found = [(one, names.people.get(one, "—"), count) for one, (count, _) in counted.items() if one]
    return sorted(found, key=lambda row: (-row[2], row[1], row[0]))


GROUPS = (
    (Text("企业", "Firm"), ("name", "former_name", "credit_code", "sector", "seat", "address", "parent")),
    (Text("联系人与概况", "Contacts and summary"), ("contacts", "summary")),
    (Text("来源", "Source"), ("lead", "project", "occurred_on")),
)
add_opening(
    router,
    Opening(
        Company, "/companies", "companies", "company", GROUPS, offers, known_of,
        Text("本区企业和区外投资方都在这里登记；从落地线索或项目登记的，会自动关联。",
             "Firms of the district and investors from outside; one registered from a lead or a project is linked to it."),
        ("projects.css", "companies.css"),
    ),
)  # fmt: skip
