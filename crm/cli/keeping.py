"""`crm migrate`, `crm status`, `crm backup`, `crm restore`: what keeps a district in order."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from crm.cli.district import DataDir, prepared, settings
from crm.cli.progress import progress, say
from crm.cli.rebuilding import rebuilt
from crm.cli.refusals import FAILED

Format = Literal["text", "json"]
DAYS = 30
Days = Annotated[int, typer.Option(help="密钥备份多少天后作废 · days after which the keys expire", min=1, max=365)]
LAG_AT_MOST = 1000


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm migrate")(migrate)
    app.command(epilog="例 Example: crm status --format json")(status)
    app.command(epilog="例 Example: crm backup /backup/2026-11-23.zip --keys /vault/2026-11-23.keys")(backup)
    app.command(epilog="例 Example: crm restore /backup/2026-11-23.zip --keys /vault/2026-11-23.keys")(restore)


def migrate(data_dir: DataDir = None) -> None:
    """把数据库升级到本版本 · Bring the database up to this version."""
    from crm.database import open_database
    from crm.prepare import prepare

    given = settings(data_dir=data_dir)
    with open_database(given) as url:
        ran, rights = prepare(given, url)
    typer.echo("\n".join(ran) if ran else "无须升级 · nothing to do")
    for line in rights.lines:
        say(f"{line.zh} · {line.en}")


def status(
    format: Annotated[Format, typer.Option(help="输出格式 · output")] = "text",
    lag: Annotated[
        int, typer.Option(help="落后多少条事件即算异常 · events behind that count as a failure", min=0)
    ] = LAG_AT_MOST,
    data_dir: DataDir = None,
) -> None:
    """版本、数据库、投影进度与行数；异常时退出码为 1 · Versions, database, projections; exit code 1 when unwell."""
    from crm.status import look, printed

    report = look(settings(data_dir=data_dir), lag)
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if format == "json" else printed(report))
    if report["problems"]:
        for problem in report["problems"]:
            say(f"crm: {problem}")
        raise typer.Exit(FAILED)


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，不可已存在 · the file to write; it must not exist")],
    keys: Annotated[
        Path | None,
        typer.Option(
            help="同时把密钥写到这里，应放在别处 · where the keys go at the same time: another place",
            show_default=False,
        ),
    ] = None,
    days: Days = DAYS,
    data_dir: DataDir = None,
) -> None:
    """备份整个区，不含任何密钥 · Back the whole district up, without any key.

    密钥另存（--keys，或 crm keys backup），到期作废；master.key 也须另行保管。Keys are kept apart, with an expiry (--keys, or
    crm keys backup); keep master.key elsewhere too.
    """
    from crm.backup import KeyFile, back_up

    given = settings(data_dir=data_dir)
    with prepared(given) as url, progress("备份 · Backing up") as step:
        made = back_up(given, url, file, step, KeyFile(keys, days) if keys else None)
    typer.echo(f"{file}  {made['events']} events  head {made['head']}")
    where = "CRM_MASTER_KEY" if given.master_key else given.data_dir / "master.key"
    if keys is None:
        say("备份不含密钥，请另用 crm keys backup 保存 · The keys are not in it: save them with crm keys backup.")
    else:
        say(f"密钥已写入 {keys}，{days} 天后作废 · The keys are in {keys}, for {days} days.")
    say(f"主密钥请另行保管：{where} · Keep a copy of the master key elsewhere: {where}")


def restore(
    file: Annotated[Path, typer.Argument(help="crm backup 写的文件 · a file that crm backup wrote")],
    keys: Annotated[
        Path | None,
        typer.Option(help="crm keys backup 写的文件 · a file that crm keys backup wrote", show_default=False),
    ] = None,
    *,
    keyless: Annotated[
        bool,
        typer.Option(
            "--without-keys", help="放弃全部联系人、备注和附件 · give up all contact persons, notes, documents"
        ),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """把备份恢复到空的区，重建并核对 · Restore a backup into an empty district, rebuild and compare."""
    from crm.cli.keys import read_keys
    from crm.database import open_database
    from crm.prepare import prepare
    from crm.restore import restore as put_back
    from projections.models import MODELS

    given = settings(data_dir=data_dir)
    kept = read_keys(given, keys) if keys else None
    with open_database(given) as url:
        with progress("恢复并核对 · Restoring and verifying") as step:
            same = put_back(given, url, file, step, step, kept, keyless=keyless)
        prepare(given, url)
        rebuilt(given, url, MODELS)
    typer.echo(f"一致 · equal: {same.events} events, {same.tables} tables, {same.rows} rows, head {same.head}")
