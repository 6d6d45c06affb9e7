"""`crm audit verify`: everything checked, and in words what was found."""

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from crm.cli.district import DataDir, settings
from crm.cli.progress import progress
from crm.cli.refusals import FAILED, Failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.proof.verifying import Report
    from crm.settings import Settings

Format = Literal["text", "json"]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm audit verify --checkpoints /mnt/usb/checkpoints")(verify)


def verify(
    checkpoints: Annotated[
        list[Path] | None,
        typer.Option(
            help="库外保存的检查点文件或文件夹，可多次 · checkpoints kept elsewhere: a file or folder, repeatable"
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(help="另处得知的公钥，只信它 · a public key learned elsewhere, the only one believed; repeatable"),
    ] = None,
    format: Annotated[Format, typer.Option(help="输出格式 · output")] = "text",
    data_dir: DataDir = None,
) -> None:
    """核验链、树、检查点、权限与读模型，指出第一处损坏；有损坏时退出码为 1。

    Verify chain, tree, checkpoints, rights and read models; names the first damage, exit code 1 when there is any.
    """
    from crm.proof.note import VerifierKey
    from crm.proof.verifying import as_data
    from crm.proof.verifying import verify as check

    given = settings(data_dir=data_dir)
    outside = [file.read_text(encoding="utf-8") for path in checkpoints or () for file in _files(path)]
    pinned = [VerifierKey.parse(text) for text in key or ()]
    with _as_it_is(given) as url:
        report = check(given, url, outside, lambda name: progress(f"{name.zh} · {name.en}"), pinned)
    typer.echo(json.dumps(as_data(report), ensure_ascii=False, indent=2) if format == "json" else printed(report))
    if not report.sound:
        raise typer.Exit(FAILED)


@contextmanager
def _as_it_is(given: "Settings") -> "Iterator[str]":
    """The URL of the database, in which nothing was mended first: what is to be found would be gone."""
    from crm.database import connect, open_database
    from crm.migrate import lacking

    with open_database(given) as url:
        with connect(url, given.schema_name) as connection:
            names = ", ".join(lacking(connection))
        if names:
            raise Failed(
                f"请先运行 crm migrate：这些升级还没有执行 · Run crm migrate first, these have not run yet: {names}"
            )
        yield url


def _files(path: Path) -> "Iterator[Path]":
    if not path.exists():
        raise Failed(f"没有文件 {path} · There is no file {path}.")
    yield from sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]


def printed(report: "Report") -> str:
    """The report for reading in a terminal: the verdict first."""
    return "\n".join([*_verdict(report), *_checks(report), *_limits(report)])


def _verdict(report: "Report") -> "Iterator[str]":
    if report.sound:
        yield f"完好：到第 {report.position} 条为止没有发现改动 · Sound: nothing was altered up to event {report.position}."
    for finding in report.findings:
        kind = finding.damage.text
        sure = "" if finding.certain else "（推断 · inferred）"
        yield f"✗ {kind.zh} · {kind.en}{sure}\n  {finding.text.zh}\n  {finding.text.en}"


def _checks(report: "Report") -> "Iterator[str]":
    yield "\n核对过 · Checked:"
    for check in report.checks:
        mark = "✓" if check.sound else "✗"
        yield f"{mark} {check.name.zh}：{check.said.zh}\n  {check.name.en}: {check.said.en}"


def _limits(report: "Report") -> "Iterator[str]":
    yield "\n核对不了 · Not to be told from here:"
    for text in report.beyond:
        yield f"– {text.zh}\n  {text.en}"
