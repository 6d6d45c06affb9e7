"""Firms to choose from in forms."""

from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from projections import companies
from projections.companies import CompanyFilters
from web.fields import Choice
from web.pages.lead_picks import named

OFFERED: Final = 1000
"""As many as a browser's list still bears; the API takes any."""


def companies_offered(conn: Connection[Any], *among: UUID | None) -> list[Choice]:
    """The firms by pinyin, those of `among` first where there are more than can be offered."""
    rows = companies.LIST.page(conn, CompanyFilters().asked(), limit=OFFERED).rows
    known = {row.id: row for row in rows}
    more = companies.LIST.some(conn, [one for one in among if one and one not in known])
    return [Choice(str(row.id), named(row.name), row.credit_code or "") for row in [*more.values(), *rows]]


def given_id(text: str | None) -> UUID | None:
    """The id that an address or a form gives; None for what is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
