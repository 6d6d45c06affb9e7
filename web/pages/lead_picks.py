"""What a lead's forms offer to choose from: channels, occasions, people, countries, other leads."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from crm import access
from crm.access import Viewer
from domain.base import Form, Text
from domain.channel import ChannelKind
from domain.person import Role
from projections import channels, lead_duplicates, leads, people
from projections.channels import ChannelRow
from projections.leads import LeadFilters
from projections.paging import Scope
from web.fields import Choice
from web.words import country_names

_OFTEN: Final = ("CN", "HK", "MO", "TW", "DE", "JP", "KR", "US", "FR", "IT", "GB", "SG", "RU")
"""Where most investors come from, listed first."""
_WORKERS: Final = frozenset({Role.STAFF.value, Role.MANAGER.value})
LEADS_OFFERED: Final = 30


def named(text: str) -> Text:
    """A proper name, the same in both languages."""
    return Text(text, text)


@cache
def countries() -> list[Choice]:
    """Every country or region, the frequent ones first."""
    zh, en = country_names("zh"), country_names("en")
    return [Choice(code, Text(zh[code], en[code])) for code in [*_OFTEN, *(c for c in zh if c not in _OFTEN)]]


def workers(conn: Connection[Any]) -> list[Choice]:
    """Whoever may own a lead: active staff and managers."""
    return [Choice(str(row.id), named(row.name)) for row in people.listed(conn) if _WORKERS & set(row.roles)]


def open_channels(conn: Connection[Any], viewer: Viewer | None = None) -> list[Choice]:
    """The open channels; with a viewer only those they may bring leads in through."""
    rows = channels.listed(conn, closed=False)
    return _choices(row for row in rows if viewer is None or access.may_tend(viewer, row.id))


def occasions(conn: Connection[Any], channel: str = "") -> list[Choice]:
    """The open missions, trips and events: those of the channel first, or all where it has none."""
    rows = [row for row in channels.listed(conn, closed=False) if ChannelKind(row.kind).occasion]
    return _choices([row for row in rows if channel and str(row.parent) == channel] or rows)


def _choices(rows: Iterable[ChannelRow]) -> list[Choice]:
    return [Choice(str(row.id), named(row.name), _when(row)) for row in rows]


def _when(row: ChannelRow) -> str:
    return row.starts_on.isoformat() if row.starts_on else row.city or ""


def other_leads(conn: Connection[Any], viewer: Viewer, lead: UUID, company: str, q: str = "") -> list[Choice]:
    """Leads that may be the same project: those that were searched for, else those of a like name, then the latest."""
    scope = Scope(**access.listable(viewer))  # type: ignore[arg-type]
    like = [] if q else [found.lead for found in lead_duplicates.duplicates(conn, company, besides=lead, scope=scope)]
    page = leads.search(conn, LeadFilters(search=q or None), scope=scope, limit=LEADS_OFFERED)
    rows = {row.id: row for row in [*like, *page.rows] if row.id != lead and access.may_change(viewer, row)}
    return [Choice(str(row.id), named(row.company), row.registered_on.isoformat()) for row in rows.values()]


def picks(
    conn: Connection[Any], viewer: Viewer, kind: type[Form], *, lead: UUID | None = None, company: str = "", q: str = ""
) -> Mapping[str, Sequence[Choice]]:
    """The lists that the fields of `kind` ask for, and no others."""
    wanted = {extra["pick"] for extra in _extras(kind) if "pick" in extra}
    found: dict[str, Sequence[Choice]] = {"country": countries()}
    if "person" in wanted:
        found["person"] = workers(conn)
    if "channel" in wanted:
        found["channel"] = open_channels(conn, viewer if lead is None else None)
    if "occasion" in wanted:
        found["occasion"] = occasions(conn)
    if "lead" in wanted and lead is not None:
        found["lead"] = other_leads(conn, viewer, lead, company, q)
    return found


def _extras(kind: type[Form]) -> Iterable[Mapping[str, Any]]:
    for info in kind.model_fields.values():
        if isinstance(info.json_schema_extra, dict):
            yield info.json_schema_extra
