"""The leads of a firm: those it was recognised in, and those registered by its code or one of its names."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.funnel import Status
from domain.values import normalised_name
from projections import leads
from projections.leads_asked import LeadRow, q
from projections.paging import EVERYTHING, Scope

AT_MOST: Final = 50


class OfCompany(NamedTuple):
    """A lead of a firm; `linked` where somebody said so, else it was found by code or name."""

    lead: LeadRow
    linked: bool


def of_company(
    conn: Connection[Any], called: Collection[str], credit_code: str | None, linked: Sequence[UUID],
    scope: Scope = EVERYTHING,
) -> list[OfCompany]:  # fmt: skip
    """The first registered first. What is linked is there whatever `scope` says; what is found is within it."""
    found = {lead.id: OfCompany(lead, linked=True) for lead in leads.some(conn, list(linked)).values()}
    about = {**scope.parameters, "besides": None, "hidden": [str(Status.VOID)], "limit": AT_MOST}
    asks = (
        ("same_code", {"credit_code": credit_code}),
        ("same_name", {"names": [name for name in map(normalised_name, called) if name]}),
    )
    for query, values in asks:
        rows = conn.execute(q[query].format(columns=q["columns"]), {**about, **values}, prepare=False).fetchall()
        for lead in map(LeadRow._make, rows):
            found.setdefault(lead.id, OfCompany(lead, linked=False))
    return sorted(found.values(), key=lambda one: (one.lead.registered_on, one.lead.id))
