"""`crm export ocel|xes|lead`: what happened, for process analysts."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from crm.cli.district import DataDir, application, prepared, settings, taken_out
from crm.cli.progress import Step, progress

if TYPE_CHECKING:
    from crm.application import CRM

Language = Annotated[Literal["zh", "en"], typer.Option(help="活动名称的语言 · language of the activities' names")]
Lines = Callable[[Any, int, str, Step], Iterable[str]]


def add_to(export: typer.Typer) -> None:
    export.command(epilog="例 Example: crm export ocel > leads.jsonocel")(ocel)
    export.command(epilog="例 Example: crm export xes > leads.xes")(xes)
    export.command(epilog="例 Example: crm export lead 0a1b2c3d-… 线索.xlsx")(lead)


def ocel(*, language: Language = "zh", data_dir: DataDir = None) -> None:
    """输出 OCEL 2.0（JSON）：线索、渠道、活动、人员及其经历 · OCEL 2.0 as JSON, for object-centric process mining.

    更正已计入；不含联系人和自由文字。Corrections are applied; no contact persons and no free text are in it.
    """
    from crm.analysis import ocel as written

    _write("ocel", written.lines, language, data_dir)


def xes(*, language: Language = "zh", data_dir: DataDir = None) -> None:
    """输出 XES：每条线索一个案例 · XES, one case for every lead.

    更正已计入；不含联系人和自由文字。Corrections are applied; no contact persons and no free text are in it.
    """
    from crm.analysis import xes as written

    _write("xes", written.lines, language, data_dir)


def lead(
    lead: Annotated[UUID, typer.Argument(help="线索编号（网址中的那一串）· the lead's id, as in its address")],
    file: Annotated[Path, typer.Argument(help="写入的 XLSX 文件 · the XLSX file to write")],
    *,
    language: Annotated[Literal["zh", "en"], typer.Option(help="表头语言 · language of headers")] = "zh",
    data_dir: DataDir = None,
) -> None:
    """一条线索的全部记录（XLSX）：两个日期、谁、何事 · One lead's whole history: both dates, who, what.

    含备注原文，不含联系人。Notes are readable in it; contact persons are left out.
    """
    from crm.analysis.workbook import book
    from crm.prepare import catch_up

    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm:
        found = crm.lead(lead)
        with progress("整理名称 · Preparing names") as step:
            catch_up(given, url, step)
        taken_out(crm, "lead", lead)
        with crm.pool.connection() as connection:
            file.write_bytes(book(crm, connection, found, language))


def _write(command: str, lines: Lines, language: str, data_dir: Path | None) -> None:
    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm, progress("导出 · Exporting") as step:
        taken_out(crm, command)
        sys.stdout.writelines(_told(crm, lines, language, step))
    sys.stdout.flush()


def _told(crm: "CRM", lines: Lines, language: str, step: Step) -> Iterable[str]:
    with crm.pool.connection() as connection:
        yield from lines(connection, crm.position(), language, step)
