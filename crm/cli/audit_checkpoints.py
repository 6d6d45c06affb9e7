"""`crm audit checkpoint`, `checkpoints`: the ledger as it is, signed, and sent where nobody here can alter it."""

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crm.cli.district import DataDir, opened, settings
from crm.cli.progress import progress, say
from crm.cli.refusals import Failed, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from crm.proof.checkpoint import Stored
    from crm.proof.sending import Destination

Format = Literal["text", "json"]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm audit checkpoint --to /mnt/inspection")(checkpoint)
    app.command(epilog="例 Example: crm audit checkpoints --limit 5")(checkpoints)


def checkpoint(
    to: Annotated[
        list[str] | None,
        typer.Option(
            help="另送往：文件夹或 https:// 地址，可多次给出 · also send it to a folder or https:// address; more than once"
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """签署账本此刻的状态，打印并送出 · Sign the ledger as it is now, print that and send it.

    CRM_CHECKPOINT_TO 所列各处也一并送往。It also goes to the places in CRM_CHECKPOINT_TO.
    """
    from crm.proof.checkpoint import sign
    from crm.proof.sending import configured, destination

    given = settings(data_dir=data_dir)
    lasting, once = configured(given), [destination(place) for place in to or ()]
    with opened(given) as connection:
        with progress("核对 · Checking") as step:
            made = sign(given, connection, step)
        typer.echo(made.note, nl=False)
        say(f"已签署前 {made.size} 条记录 · Signed: the first {made.size} events.")
        _send(connection, lasting, once)


def _send(connection: "Connection[Any]", lasting: "Sequence[Destination]", once: "Sequence[Destination]") -> None:
    """To the places that are configured, of which `crm status` remembers what went wrong, and to those named for once."""
    from crm.proof.sending import deliver
    from crm.proof.trouble import MENDABLE, remembered

    failed = []
    for place in (*lasting, *once):
        try:
            with remembered(connection, place.name) if place in lasting else nullcontext():
                sent = deliver(connection, place)
        except MENDABLE as error:
            failed.append(f"{place.name}: {sentence(error)}")
        else:
            say(f"{place.name}: 送到 {sent} 个 · {sent} sent" if sent else f"{place.name}: 早已送到 · was there before")
    if failed:
        raise Failed("; ".join(failed))


def checkpoints(
    limit: Annotated[int, typer.Option(help="最多几个 · how many at most", min=1)] = 20,
    format: Annotated[Format, typer.Option(help="输出格式 · output")] = "text",
    data_dir: DataDir = None,
) -> None:
    """列出签署过的检查点，最近的在前 · List what was signed, latest first."""
    from crm.proof.checkpoint import listed

    with opened(settings(data_dir=data_dir)) as connection:
        found = listed(connection, limit)
    if format == "json":
        typer.echo(json.dumps([_described(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            typer.echo(f"{one.size:>10}  {one.made_at:%Y-%m-%dT%H:%M:%SZ}  {one.key}  {one.root.hex()}")


def _described(one: "Stored") -> dict[str, Any]:
    return {
        "size": one.size,
        "key": one.key,
        "root": one.root.hex(),
        "recorded_at": one.recorded_at.isoformat(),
        "made_at": one.made_at.isoformat(),
        "note": one.note,
    }
