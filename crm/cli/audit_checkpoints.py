"""`crm audit checkpoint`, `checkpoints`: the ledger as it is, signed."""

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crm.cli.district import DataDir, application, prepared, settings
from crm.cli.progress import progress, say

if TYPE_CHECKING:
    from crm.proof.checkpoint import Stored

Format = Literal["text", "json"]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm audit checkpoint > today.checkpoint")(checkpoint)
    app.command(epilog="例 Example: crm audit checkpoints --limit 5")(checkpoints)


def checkpoint(data_dir: DataDir = None) -> None:
    """签署账本此刻的状态并打印 · Sign the ledger as it is now, and print that."""
    from crm.proof.checkpoint import make

    given = settings(data_dir=data_dir)
    with (
        prepared(given) as url,
        application(given, url) as crm,
        crm.pool.connection() as connection,
        progress("核对 · Checking") as step,
    ):
        made = make(given, connection, step)
    typer.echo(made.note, nl=False)
    say(f"已签署前 {made.size} 条记录 · Signed: the first {made.size} events.")


def checkpoints(
    limit: Annotated[int, typer.Option(help="最多几个 · how many at most", min=1)] = 20,
    format: Annotated[Format, typer.Option(help="输出格式 · output")] = "text",
    data_dir: DataDir = None,
) -> None:
    """列出签署过的检查点，最近的在前 · List what was signed, latest first."""
    from crm.proof.checkpoint import listed

    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm, crm.pool.connection() as connection:
        found = listed(connection, limit)
    if format == "json":
        typer.echo(json.dumps([_described(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            typer.echo(f"{one.size:>10}  {one.made_at:%Y-%m-%d %H:%M:%SZ}  {one.key}  {one.root.hex()}")


def _described(one: "Stored") -> dict[str, Any]:
    return {
        "size": one.size,
        "key": one.key,
        "root": one.root.hex(),
        "recorded_at": one.recorded_at.isoformat(),
        "made_at": one.made_at.isoformat(),
        "note": one.note,
    }
