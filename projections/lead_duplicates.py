"""Is the project known already? The same credit code, the same name, or a name that holds the other."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from domain.funnel import Status
from domain.values import normalised_name
from projections import names
from projections.leads_asked import LeadRow, q
from projections.paging import EVERYTHING, Scope

SHOWN = 5
SHORTEST = 3
"""A name of fewer signs is in too many others to mean anything."""

Why = Literal["credit_code", "same_name", "similar_name"]


class Duplicate(NamedTuple):
    why: Why
    lead: LeadRow


def duplicates(
    conn: Connection[Any],
    company: str,
    credit_code: str | None = None,
    *,
    besides: UUID | None = None,
    scope: Scope = EVERYTHING,
) -> list[Duplicate]:
    """Leads that may be the same project as one of `company`, likeliest first; at most five."""
    found: dict[UUID, Duplicate] = {}
    for why, query, values in _questions(normalised_name(names.printable(company)), credit_code):
        if len(found) >= SHOWN:
            break
        about = {**scope.parameters, **values, "besides": besides, "hidden": [str(Status.VOID)], "limit": SHOWN}
        rows = conn.execute(query.format(columns=q["columns"]), about, prepare=False).fetchall()
        for lead in map(LeadRow._make, rows):
            found.setdefault(lead.id, Duplicate(why, lead))
    return list(found.values())[:SHOWN]


def _questions(name: str, credit_code: str | None) -> Iterator[tuple[Why, sql.SQL, dict[str, Any]]]:
    if credit_code:
        yield "credit_code", q["same_code"], {"credit_code": credit_code}
    if name:
        yield "same_name", q["same_name"], {"names": [name]}
    if len(name) >= SHORTEST:
        within = {name[start:end] for start in range(len(name)) for end in range(start + SHORTEST, len(name) + 1)}
        yield "similar_name", q["same_name"], {"names": sorted(within)}
        yield (
            "similar_name",
            q["name_within"],
            {
                "grams": sorted(names.needed_grams(name)),
                "pattern": names.pattern(name),
            },
        )
