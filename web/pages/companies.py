"""Firms: the list by both clocks with every filter in the URL, who serves how many of them, and registering one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from domain.base import Text
from domain.company import Company, CompanyStatus, Seat, Sector
from projections import companies
from projections.companies import CompanyFilters
from web.html import page
from web.pages.company_access import known_of, offers
from web.pages.company_filters import SORTS, choices, read
from web.pages.facts import Names, names_of
from web.pages.filters import Asked, listing, page_of
from web.pages.funnel_question import NAMES
from web.pages.moments import Moment, moment
from web.pages.opening import Opening, add_opening
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


def _names(conn: Connection[Any], wanted: Asked) -> Names:
    parent = wanted.filters.parent
    return names_of(conn, companies.some_names(conn, [parent]) if parent else {})


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
