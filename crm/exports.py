"""What leaves the house: every event as a line of JSON, and leads as a table for spreadsheets."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date
from typing import Any, NamedTuple

from babel import Locale
from psycopg import Connection
from pydantic_core import from_json, to_json

from crm.imports.cells import harmless
from domain.base import Text
from domain.funnel import Stage, Status
from domain.values import Industry
from projections import channels, people
from projections.leads import LeadRow
from projections.stored import Recorded, read

PAGE = 5000
FEN_IN_WAN = 10**6

Value = str | int | float | date | None

COLUMNS: tuple[Text, ...] = (
    Text("企业名称", "Company"), Text("项目名称", "Project"), Text("统一社会信用代码", "Unified social credit code"),
    Text("国家或地区", "Country or region"), Text("省市", "Province or city"), Text("行业门类", "Industry"),
    Text("投资额（万元）", "Investment (CNY 10k)"), Text("渠道", "Channel"), Text("活动", "Occasion"), Text("引进人", "Brought by"),
    Text("负责人", "Owner"), Text("阶段", "Stage"), Text("状态", "Status"), Text("登记日期", "Registered on"),
    Text("进入本阶段", "In stage since"), Text("最近接洽", "Last contact"), Text("下一步", "Next action"), Text("截止日期", "Due"),
)  # fmt: skip


def events(connection: Connection[Any], open_all: Callable[[Any], Any] | None = None) -> Iterator[str]:
    """Every event in order, one JSON object a line. `data` is the text that is hashed, unless `open_all` unseals it."""
    at = 0
    while page := read(connection, at, PAGE):
        for row in page:
            yield line(row, to_json(open_all(from_json(row.data))).decode() if open_all else row.data)
        at = page[-1].position


def line(row: Recorded, data: str, previous: bytes | None = None) -> str:
    """One event as JSON; with `previous`, the hash it is chained to, it holds everything that is hashed."""
    said = {
        "position": row.position,
        "stream": str(row.stream),
        "version": row.version,
        "type": row.topic,
        "schema": row.schema,
        "occurred_on": row.occurred_on.isoformat(),
        "recorded_at": row.recorded_at.astimezone(UTC).isoformat(),
        "actor": str(row.actor),
        "role": row.role,
        "command": str(row.command),
        "origin": str(row.origin) if row.origin else None,
        **({} if previous is None else {"previous": previous.hex()}),
        "hash": row.hash.hex(),
    }
    # Spliced in as it is stored: written anew, the text would no longer be the one the hash was taken of.
    return f'{json.dumps(said, ensure_ascii=False)[:-1]}, "data": {data}}}'


def lead_table(
    connection: Connection[Any], leads: Iterable[LeadRow], open_text: Callable[[str], str], language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each lead. `open_text` unseals what is to be done next."""
    names = channels.names(connection) | people.names(connection)
    territories = Locale.parse(language).territories
    yield [title.said(language) for title in COLUMNS]
    for lead in leads:
        yield [
            lead.company,
            lead.project,
            lead.credit_code,
            territories.get(lead.country, lead.country),
            lead.region,
            Industry(lead.industry).text.said(language),
            lead.amount_fen / FEN_IN_WAN if lead.amount_fen else None,
            *(names.get(who) if who else None for who in (lead.channel, lead.occasion, lead.brought_by, lead.owner)),
            Stage(lead.stage).text.said(language) if lead.stage else None,
            Status(lead.status).text.said(language),
            lead.registered_on,
            lead.stage_since,
            lead.contacted_on,
            open_text(lead.next_action) if lead.next_action else None,
            lead.next_due,
        ]


def csv_lines(table: Iterable[list[Value]]) -> Iterator[str]:
    """The table as CSV that a spreadsheet opens as UTF-8, no cell taken for a formula."""
    for number, row in enumerate(table):
        out = io.StringIO()
        csv.writer(out).writerow([_plain(value) for value in row])
        yield ("\ufeff" if number == 0 else "") + out.getvalue()


class Sheet(NamedTuple):
    """One sheet of a workbook: its name, its rows with the header first, the widths of its columns in characters."""

    name: str | None
    rows: Iterable[list[Value]]
    widths: Sequence[int] = ()


def xlsx(table: Iterable[list[Value]]) -> bytes:
    """The table as a workbook, dates and numbers as such."""
    return workbook((Sheet(None, table),))


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Several tables as one workbook, dates and numbers as such, no cell taken for a formula."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    out = io.BytesIO()
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        looks = _Looks(
            day=book.add_format({"num_format": "yyyy-mm-dd"}),
            bold=book.add_format({"bold": True}),
            quoted=book.add_format({"quote_prefix": True}),
        )
        for one in sheets:
            sheet = book.add_worksheet(one.name)
            for place, width in enumerate(one.widths):
                sheet.set_column(place, place, width)
            if one.widths:
                sheet.freeze_panes(1, 0)
            _fill(sheet, one.rows, looks)
    return out.getvalue()


class _Looks(NamedTuple):
    day: Any
    bold: Any
    quoted: Any


def _fill(sheet: Any, rows: Iterable[list[Value]], looks: _Looks) -> None:
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, value, looks.day)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value)
            elif value is not None:
                plain = looks.quoted if harmless(value) != value else None
                sheet.write_string(number, place, value, looks.bold if number == 0 else plain)


def _plain(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return harmless(value) if isinstance(value, str) else "" if value is None else str(value)
