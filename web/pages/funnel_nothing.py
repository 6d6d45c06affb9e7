"""Why a funnel counts nobody: there are no leads yet, there were none at that time, or the conditions leave none."""

from datetime import date
from typing import Any, Literal

from psycopg import Connection

from projections import funnel
from projections.paging import Scope

Nothing = Literal["ever", "then", "narrowed"]


def nothing(
    conn: Connection[Any], registered: int, *, as_at: date | None, known_at: int | None, scope: Scope, narrowed: bool
) -> Nothing | None:
    """Why `registered`, what a funnel of that day counts as known then, is 0; None where it is not."""
    if registered:
        return None
    if not funnel.funnel(conn, scope=scope).total.registered:
        return "ever"
    if narrowed and funnel.funnel(conn, as_at=as_at, known_at=known_at, scope=scope).total.registered:
        return "narrowed"
    return "then"
