"""Who holds the first claim on a lead (首报首谈), until when, and what was ruled on every other claim."""

from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection

from domain.base import Text
from domain.lead import Lead
from domain.lead.claims import Protection, protection, talks_since
from projections import rules
from projections.changes import Point


class FirstClaimHeld(NamedTuple):
    """The protection and whether it still runs; `none`: why there is none."""

    protection: Protection | None
    running: bool = False
    none: Text | None = None


def first_claim(conn: Connection[Any], lead: Lead, today: date) -> FirstClaimHeld:
    """By the rules in force on the day on which it came to talks."""
    told = list(lead.standings())
    since = talks_since(told)
    if since is None:
        return FirstClaimHeld(
            None, none=Text("尚未进入在谈，保护从在谈当天起算。", "Not in talks yet; protection begins with them.")
        )
    in_force = rules.in_force(conn, Point(since)).rules.first_claim
    found = protection(told, in_force)
    if found is None:
        limit = in_force.threshold.text
        return FirstClaimHeld(
            None, none=Text(f"投资额未达到保护起点（{limit.zh}）。", f"Below the limit of protection ({limit.en}).")
        )
    return FirstClaimHeld(found, running=found.until >= today)
