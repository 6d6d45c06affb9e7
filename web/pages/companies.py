"""Firms: the list by both clocks with every filter in the URL, who serves how many of them, and registering one."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm.access import Viewer
from crm.application import CRM
from crm.company_table import company_table
from crm.exports import Value
from domain.base import Text
from domain.company import Company, CompanyStatus, Seat, Sector
from projections import channels, companies, people
from projections.companies import CompanyFilters
from web.html import page
from web.pages.company_access import known_of, offers
from web.pages.company_filters import SORTS, choices, read
from web.pages.facts import Names
from web.pages.filters import Asked, listing, page_of, sort_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, moment
from web.pages.opening import Opening, add_opening
from web.pages.record_list import file_of
from web.session import Crm, Who

router = APIRouter()


@router.get("/companies", name="companies")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        return page(request, "companies/list.html", **_list(conn, request, wanted, moment(conn, request.query_params)))


def _list(conn: Connection[Any], request: Request, wanted: Asked, asked: Moment) -> dict[str, Any]:
    filters, anything = wanted.filters.asked(), CompanyFilters().asked()
    found = page_of(conn, request, companies.LIST, filters, asked.point, SORTS)
    sectors = companies.LIST.grouped(conn, "sectors", filters | {"sector": None}, asked.point)
    return {
        **listing(request, "companies", wanted, SORTS, found, _names(conn, wanted), kept=("as_at", "known_at")),
        "question": asked.question,
        "NAMES": NAMES,
        "sectors": [(sector, sectors.get(sector, (0, 0))[0]) for sector in Sector],
        "totals": companies.LIST.totals(conn, filters, asked.point),
        "lists": choices(conn),
        "any": bool(found.rows) or bool(companies.LIST.totals(conn, anything, asked.point).count),
        "status_of": CompanyStatus,
        "sector_of": Sector,
        "seat_of": Seat,
    }


@router.get("/companies/export.{form}", name="companies.export")
def export(request: Request, form: Literal["csv", "xlsx"], crm: Crm, viewer: Who) -> Response:
    """What the list shows with these filters, on that day, as known then. CSV is sent as it is read."""
    return file_of("companies", form, _table(request, crm, viewer))


def _table(request: Request, crm: CRM, viewer: Viewer) -> Iterator[list[Value]]:
    wanted = read(request.query_params, viewer.id)
    with crm.pool.connection() as conn:
        asked, filters = moment(conn, request.query_params), wanted.filters.asked()
        rows = companies.LIST.every(conn, filters, asked.point, sort=sort_of(request, SORTS))
        yield from company_table(rows, people.names(conn), companies.LIST.names(conn), viewer.language)


def _names(conn: Connection[Any], wanted: Asked) -> Names:
    return names_of(conn, [wanted.filters.parent] if wanted.filters.parent else [])


def names_of(conn: Connection[Any], firms: list[UUID] | None = None, more: Mapping[UUID, str] | None = None) -> Names:
    """The names of channels and people, of these firms, and of whatever else is pointed at."""
    return Names(channels.names(conn), people.names(conn), {**companies.some_names(conn, firms or []), **(more or {})})


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
