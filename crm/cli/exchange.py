"""`crm import`, `crm export`: in from the ledgers offices keep, out for whoever reckons with them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crm.cli import analysis
from crm.cli.district import DataDir, application, prepared, settings, taken_out
from crm.cli.progress import progress, say
from crm.cli.refusals import FAILED, Commands, Failed

if TYPE_CHECKING:
    from crm.imports.kind import Words
    from crm.imports.report import Report

export = typer.Typer(name="export", cls=Commands, help="导出 · export", no_args_is_help=True)

Language = Annotated[Literal["zh", "en"], typer.Option(help="表头语言 · language of headers")]


def add_to(app: typer.Typer) -> None:
    app.command("import", epilog="例 Example: crm import 台账.xlsx --dry-run")(import_)
    export.command(epilog="例 Example: crm export events > events.jsonl")(events)
    export.command(epilog="例 Example: crm export leads --xlsx leads.xlsx")(leads)
    analysis.add_to(export)
    app.add_typer(export)


def import_(
    file: Annotated[Path, typer.Argument(help="台账，XLSX 或 CSV · a ledger, XLSX or CSV")],
    *,
    of: Annotated[
        str, typer.Option(help="什么台账 · what it is about: leads, projects, companies, problems, services, sites")
    ] = "leads",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只预览，不写入 · preview, write nothing")] = False,
    channel: Annotated[str | None, typer.Option(help="未写渠道的行归于 · channel of lines that name none")] = None,
    sheet: Annotated[str | None, typer.Option(help="工作表 · sheet")] = None,
    unit: Annotated[str | None, typer.Option(help="金额单位，如 万元 · unit of bare amounts")] = None,
    rate: Annotated[list[str] | None, typer.Option(help="汇率，如 USD=7.1 · CNY for one unit")] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="表头=栏目，- 为不导入 · header=column, - leaves it out")
    ] = None,
    duplicates: Annotated[
        bool, typer.Option("--allow-duplicates", help="疑似重复也导入 · import likely duplicates too")
    ] = False,
    failed: Annotated[
        Path | None, typer.Option(help="退回行写入 · where refused lines go", show_default="台账-failed.xlsx")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """导入台账；再次导入同一文件不会改变什么 · Import a ledger; the same file again changes nothing.

    有退回的行时退出码为 1，退回行连同原因写入文件。With lines refused the exit code is 1; they are written to a file.
    """
    from crm.access import SYSTEM, Role
    from crm.imports.choices import Source
    from crm.imports.failed import failed_name
    from crm.imports.judging import Importer
    from crm.imports.kinds import kind_of
    from crm.imports.run import apply, preview
    from crm.prepare import catch_up

    given, data, me = settings(data_dir=data_dir), file.read_bytes(), Importer(SYSTEM, Role.ADMIN)
    with prepared(given) as url, application(given, url) as crm:
        with progress("读取现有记录 · Reading what is there") as step:
            catch_up(given, url, step)
        choices = _choices(
            of=of,
            sheet=sheet,
            unit=unit,
            rates=dict(_pair(one) for one in rate or ()),
            mapping=dict(_pair(one) for one in column or ()),
            channel=channel and _channel_named(crm, channel),
            allow_duplicates=duplicates,
        )
        source = Source(data, file.name, choices)
        with progress("导入 · Importing") as step:
            if dry_run:
                report, refused = preview(crm, source, me, step), None
            else:
                _, report, refused = apply(crm, source, me, step, language=given.language)
    if refused:
        target = failed or file.with_name(failed_name(file.name, source.book.kind))
        target.write_bytes(refused)
        say(f"退回的行已写入 {target} · Refused lines are in {target}.")
    _tell(report, kind_of(of).words)
    if report.failed:
        raise typer.Exit(FAILED)


def events(
    *,
    opened: Annotated[
        bool, typer.Option("--open", help="解开联系人资料与备注 · unseal personal data and notes")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """逐行输出每个事件（JSONL），次序与存储一致 · Every event in order as JSONL: one JSON object a line."""
    from crm import exports

    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm, progress("导出事件 · Exporting events") as step:
        taken_out(crm, "events")
        last = crm.position()
        with crm.pool.connection() as connection:
            for done, line in enumerate(exports.events(connection, crm.keys.open_all if opened else None), start=1):
                sys.stdout.write(f"{line}\n")
                if done % exports.PAGE == 0:
                    step(done, max(done, last))
    sys.stdout.flush()


def leads(
    xlsx: Annotated[
        Path | None, typer.Option(help="写成 XLSX 文件，而非在标准输出写 CSV · an XLSX file instead of CSV")
    ] = None,
    language: Language = "zh",
    data_dir: DataDir = None,
) -> None:
    """导出全部线索（不含联系人）· Every lead, without contact persons."""
    from crm import exports
    from crm.prepare import catch_up
    from projections.leads import LeadFilters, every

    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm:
        with progress("整理线索 · Preparing leads") as step:
            catch_up(given, url, step)
        taken_out(crm, "leads")
        with crm.pool.connection() as rows, crm.pool.connection() as names:
            table = exports.lead_table(names, every(rows, LeadFilters(), sort="registered"), crm.open, language)
            if xlsx:
                xlsx.write_bytes(exports.xlsx(table))
            else:
                sys.stdout.writelines(exports.csv_lines(table))
    sys.stdout.flush()


def _choices(**given: Any) -> "Any":
    from crm.imports.choices import Choices

    return Choices(**{name: value for name, value in given.items() if value})


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Failed(f"「{text}」应写成 名称=值 · {text} should be name=value.")
    return name.strip(), value.strip()


def _channel_named(crm: Any, name: str) -> Any:
    from projections import channels

    with crm.pool.connection() as connection:
        named = [channel for channel, known in channels.names(connection).items() if known == name]
    if len(named) != 1:
        raise Failed(f"没有唯一的名为「{name}」的渠道。· There is no single channel named {name}.")
    return named[0]


def _tell(report: "Report", words: "Words") -> None:
    """What an import came to, on standard output; what was wrong, line by line, on standard error."""
    unknown = [header.text for header in report.headers if header.key is None and not header.idle and header.sample]
    if unknown:
        names = ", ".join(unknown)
        say(
            f"没认出、未导入的栏目：{names}；可用 --column 表头=栏目 指定 · columns left out: {names} (map them with --column)"
        )
    for notice in report.notices:
        say(f"{notice.zh} · {notice.en}")
    for remark in (*report.others, *report.twins, *report.problems):
        say(f"第 {remark.line} 行 {remark.name}：{remark.why.zh} · line {remark.line}: {remark.why.en}")
    typer.echo(
        f"新{words.one.zh} {report.new}，疑似重复 {report.duplicates}，已导入过 {report.already}，退回 {report.failed} · "
        f"{report.new} new, {report.duplicates} likely duplicates, {report.already} imported before, {report.failed} refused"
    )
