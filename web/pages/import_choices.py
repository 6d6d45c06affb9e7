"""How a ledger is to be read, as a form: a column for each header, and what holds where lines are silent."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from starlette.datastructures import FormData

from crm.access import Viewer, may_tend
from crm.application import CRM
from crm.imports import figures
from crm.imports.choices import Choices
from crm.imports.headers import IGNORED
from crm.imports.kind import Kind
from crm.imports.kinds import KINDS, kind_of
from crm.imports.records import Record
from domain.base import Refused, Text
from domain.values import CURRENCIES, Industry
from projections import channels
from web.fields import Choice

UNITS: Final = ("元", "万元", "百万元", "亿元")
_LAST_LINE = 1000


@dataclass(frozen=True)
class Offered:
    """The lists of the form."""

    kinds: list[Choice]
    columns: list[Choice]
    channels: list[Choice]
    industries: list[Choice]
    units: list[Choice]
    sheets: list[Choice]
    currencies: list[str]


def offered(crm: CRM, viewer: Viewer, record: Record) -> Offered:
    with crm.pool.connection() as conn:
        rows = [row for row in channels.listed(conn, closed=False) if may_tend(viewer, row.id)]
    wanted = sorted({*record.report.currencies, *record.choices.rates})
    return Offered(
        [Choice(kind.key, kind.words.many) for kind in kinds_for(viewer)],
        [Choice(key, column.title) for key, column in kind_of(record.of).columns.items()],
        [Choice(str(row.id), Text(row.name, row.name)) for row in rows],
        [Choice(str(term), Text(f"{term} {term.text.zh}", f"{term} {term.text.en}")) for term in Industry],
        [Choice(unit, Text(unit, f"CNY {unit}")) for unit in UNITS],
        [Choice(name, Text(name, name)) for name in record.report.sheets],
        wanted,
    )


def kinds_for(viewer: Viewer) -> list[Kind]:
    """The kinds of ledger that the viewer may import."""
    return [kind for kind in KINDS.values() if viewer.may_open(kind.route)]


def as_posted(record: Record, posted: FormData) -> Choices:
    """The choices a form says. Raises Refused."""
    sheet, line = _text(posted, "sheet"), _line(_text(posted, "header_line"))
    of = _one_of(_text(posted, "of"), [*KINDS]) or record.of
    moved = (
        of != record.of
        or sheet != record.report.sheet
        or (line or record.report.header_line) != record.report.header_line
    )
    return Choices(
        of=of,
        sheet=sheet or None,
        header_line=line,
        mapping={} if moved else _mapping(record, posted),
        unit=_one_of(_text(posted, "unit"), UNITS),
        rates=_rates(posted),
        channel=_channel(_text(posted, "channel")),
        industry=Industry(found)
        if (found := _one_of(_text(posted, "industry"), [str(term) for term in Industry]))
        else None,
        undated=bool(posted.get("undated")),
        allow_duplicates=False,
    )


def _text(posted: FormData, name: str) -> str:
    value = posted.get(name)
    return value.strip() if isinstance(value, str) else ""


def _line(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text[:6]) <= _LAST_LINE:
        raise Refused(
            "mapping.line",
            "表头行应为 1 到 1000 的整数。",
            "The header line is a number from 1 to 1000.",
            field="header_line",
        )
    return int(text)


def _mapping(record: Record, posted: FormData) -> dict[str, str]:
    """What was decided before, with what was changed now."""
    mapping, columns = dict(record.choices.mapping), kind_of(record.of).columns
    for place, header in enumerate(record.report.headers):
        chosen = _text(posted, f"column.{place}")
        if f"column.{place}" in posted and chosen != (header.key or ""):
            mapping[header.text] = chosen if chosen in columns else IGNORED
    return mapping


def _one_of(text: str, allowed: "tuple[str, ...] | list[str]") -> str | None:
    return text if text in allowed else None


def _channel(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused(
            "channel.unknown", "请从列表中选择渠道。", "Choose a channel from the list.", field="channel"
        ) from None


def _rates(posted: FormData) -> dict[str, Decimal]:
    found = {name: figures.rate(_text(posted, f"rate.{name}")) for name in CURRENCIES}
    return {name: rate for name, rate in found.items() if rate is not None}
