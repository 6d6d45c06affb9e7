"""`crm funnel`, `crm since`, `crm restatements`: the figures of the pages, as JSON, CSV or a table."""

import json
import sys
from typing import Annotated, Any, Literal

import typer

from crm.cli.district import DataDir, application, prepared, settings, taken_out
from crm.cli.progress import progress

TOLD = "web.api.told:told"
"""Who answers: as the web's application, named here and never imported."""

Format = Annotated[Literal["table", "json", "csv"], typer.Option("--format", help="输出格式 · format")]
Language = Annotated[Literal["zh", "en"], typer.Option(help="语言 · language")]
GroupBy = Annotated[
    Literal["none", "kind", "channel", "occasion", "country", "region", "industry", "owner", "month", "band"],
    typer.Option(help="分组 · how it is split"),
]
LIKE = "2026-06-30"
Day = Annotated[str | None, typer.Option(metavar="DATE", help=f"截至哪天，如 {LIKE} · as at the end of that day")]
Kind = Annotated[str | None, typer.Option(help="渠道类别 · channel kind: liaison_centre, …")]
Channel = Annotated[str | None, typer.Option(metavar="ID", help="渠道编号 · id of a channel")]
Occasion = Annotated[str | None, typer.Option(metavar="ID", help="活动编号 · id of an occasion")]
Owner = Annotated[str | None, typer.Option(metavar="ID", help="负责人编号 · id of the owner")]
Country = Annotated[str | None, typer.Option(help="国家或地区，ISO 3166-1 · country or region")]
Region = Annotated[str | None, typer.Option(help="省市 · province or city")]
Industry = Annotated[str | None, typer.Option(help="行业门类 · industry: C …")]
Month = Annotated[str | None, typer.Option(help="登记月份，如 2026-03 · month registered")]
Band = Annotated[str | None, typer.Option(help="投资额档，0 至 5 · band of investment, 0 to 5")]


LIKE_MOMENT = "日期（当天结束，北京时间）或时刻 · a date (its end in Shanghai) or a moment"
KnownAt = Annotated[str | None, typer.Option(metavar="MOMENT", help=f"按何时所知 as known at：{LIKE_MOMENT}")]
KnownFrom = Annotated[str | None, typer.Option(metavar="MOMENT", help=f"先看 as first seen：{LIKE_MOMENT}")]
KnownTo = Annotated[str | None, typer.Option(metavar="MOMENT", help=f"再看 as seen again：{LIKE_MOMENT}")]


Leads = Annotated[bool, typer.Option("--leads", help="列出变动的线索 · list the leads that moved")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm funnel --as-at 2026-06-30 --known-at 2026-06-30 --group-by channel")(funnel)
    app.command(epilog="例 Example: crm since --from 2026-06-15 --to 2026-06-30 --format csv > 半月.csv")(since)
    app.command(epilog="例 Example: crm restatements --as-at 2026-06-30 --known-to 2026-07-15")(restatements)


def funnel(
    *,
    as_at: Day = None, known_at: KnownAt = None, group_by: GroupBy = "none", kind: Kind = None, channel: Channel = None,
    occasion: Occasion = None, country: Country = None, region: Region = None, industry: Industry = None,
    owner: Owner = None, month: Month = None, band: Band = None, format: Format = "table", language: Language = "zh",
    data_dir: DataDir = None,
) -> None:  # fmt: skip
    """任何一天的漏斗，按任何时候所知 · The funnel of any day, as known at any time.

    JSON 与 API 的答复相同。The JSON is what the API answers.
    """
    from crm.cli.asked_tables import funnel_table

    params = {
        "as_at": as_at, "known_at": known_at, "group_by": group_by, "kind": kind, "channel": channel, "occasion": occasion,
        "country": country, "region": region, "industry": industry, "owner": owner, "month": month, "band": band,
    }  # fmt: skip
    found = _told("funnel", params, language, data_dir)
    _write(found, funnel_table(found, language), format)


def since(
    *,
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help=f"从，如 {LIKE} · the earlier day")] = None,
    to: Annotated[str | None, typer.Option(metavar="DATE", help="到 · the later day")] = None,
    group_by: GroupBy = "none", kind: Kind = None, channel: Channel = None, occasion: Occasion = None,
    country: Country = None, region: Region = None, industry: Industry = None, owner: Owner = None, month: Month = None,
    band: Band = None, leads: Leads = False, format: Format = "table", language: Language = "zh",
    data_dir: DataDir = None,
) -> None:  # fmt: skip
    """两期对比：其间发生的，与事后得知的 · Two dates compared: what happened, and what was only learned.

    不写日期时为最近半月。Left out, the days are half a month up to today.
    """
    params = {
        "from": from_, "to": to, "group_by": group_by, "kind": kind, "channel": channel, "occasion": occasion,
        "country": country, "region": region, "industry": industry, "owner": owner, "month": month, "band": band,
    }  # fmt: skip
    _compare("since", params, format, language, data_dir, leads=leads)


def restatements(
    *,
    as_at: Day = None, known_from: KnownFrom = None, known_to: KnownTo = None,
    group_by: GroupBy = "none", kind: Kind = None, channel: Channel = None, occasion: Occasion = None,
    country: Country = None, region: Region = None, industry: Industry = None, owner: Owner = None, month: Month = None,
    band: Band = None, format: Format = "table", language: Language = "zh", leads: Leads = False, data_dir: DataDir = None,
) -> None:  # fmt: skip
    """追溯更正：同一天先后两次看有何不同 · One day as known at two moments: what differs, and why.

    不写时为上一个半月末，当时所知与现在所知。Left out: the last half-month's end, as known then and now.
    """
    params = {
        "as_at": as_at, "known_from": known_from, "known_to": known_to, "group_by": group_by, "kind": kind,
        "channel": channel, "occasion": occasion, "country": country, "region": region, "industry": industry,
        "owner": owner, "month": month, "band": band,
    }  # fmt: skip
    _compare("restatements", params, format, language, data_dir, leads=leads)


def _compare(what: str, params: dict[str, Any], format: str, language: str, data_dir: Any, *, leads: bool) -> None:
    from crm.cli.asked_tables import leads_table, moves_table

    found = _told(f"{what}.leads" if leads else what, params, language, data_dir)
    _write(found, (leads_table if leads else moves_table)(found, language), format)


def _told(what: str, params: dict[str, Any], language: str, data_dir: Any) -> dict[str, Any]:
    from uvicorn.importer import import_from_string

    from crm.prepare import catch_up

    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm:
        with progress("整理数据 · Preparing the figures") as step:
            catch_up(given, url, step)
        if what.endswith(".leads"):
            taken_out(crm, what)
        asked = {name: value for name, value in params.items() if value is not None}
        found: dict[str, Any] = import_from_string(TOLD)(crm, what, asked, language)
    return found


def _write(found: dict[str, Any], table: list[list[Any]], format: str) -> None:
    from crm import exports
    from crm.cli.asked_tables import aligned

    match format:
        case "json":
            sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        case "csv":
            sys.stdout.writelines(exports.csv_lines(table))
        case _:
            sys.stdout.writelines(aligned(table))
    sys.stdout.flush()
