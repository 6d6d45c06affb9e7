"""`crm audit bundle`: what an outsider needs to check the ledger without us."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from crm.cli.district import DataDir, application, prepared, settings, taken_out
from crm.cli.progress import progress, say
from crm.cli.refusals import Failed

if TYPE_CHECKING:
    from psycopg import Connection

    from crm.cli.progress import Step
    from crm.proof.checkpoint import Stored
    from crm.settings import Settings

Day = datetime | None


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm audit bundle 2026-h1.zip --from 2026-01-01 --to 2026-06-30")(bundle)


def bundle(
    file: Annotated[Path, typer.Argument(help="写入的 ZIP 文件 · the ZIP file to write")],
    *,
    lead: Annotated[
        UUID | None, typer.Option(help="只含这条线索及与它合并的 · this lead and those merged with it")
    ] = None,
    from_: Annotated[
        Day, typer.Option("--from", formats=["%Y-%m-%d"], help="自哪天起记录的 · recorded from that day on")
    ] = None,
    to: Annotated[
        Day, typer.Option(formats=["%Y-%m-%d"], help="至哪天为止记录的（含）· recorded until that day")
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            help="依据哪个检查点（其条数）；默认新签一个 · which checkpoint, by its size; by default a new one", min=1
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """打成审计包，外部人员用其中的 verify.py 离线核验 · Pack an audit bundle that outsiders check offline with its verify.py.

    密文仍是密文。不给范围则为全部。Sealed texts stay sealed. Without a choice everything goes in.
    """
    from crm.proof.bundle import write

    if lead and (from_ or to):
        raise Failed("--lead 不能与 --from、--to 同用。· --lead cannot go with --from or --to.")
    if from_ and to and from_ > to:
        raise Failed("--from 不能晚于 --to。· --from cannot be after --to.")
    given = settings(data_dir=data_dir)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with prepared(given) as url, application(given, url) as crm:
        with crm.pool.connection() as connection, progress("签署 · Signing") as step:
            signed = _signed(given, connection, size, step)
        taken_out(crm, "bundle", lead)
        try:
            with draft.open("wb") as out, progress("打包 · Packing") as step:
                days = {"recorded_from": from_ and from_.date(), "recorded_to": to and to.date()}
                done = write(crm, out, lead=lead, signed=signed, step=step, **days)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    say(
        f"{file}：{done.events} 条事件，依据大小为 {done.size} 的检查点 · {done.events} events, resting on the checkpoint of {done.size}"
    )
    say("核验 · To check it: unzip -p … verify.py > verify.py; python verify.py … --key VKEY")
    for key in done.keys:
        typer.echo(key)
    if done.unproved:
        names = ", ".join(done.unproved[:5])
        raise Failed(
            f"账本与签名的不符，{len(done.unproved)} 份证明做不出来（{names}）；请运行 crm audit verify。· "
            f"The ledger is not what was signed, {len(done.unproved)} proofs cannot be made ({names}): run crm audit verify."
        )


def _signed(given: "Settings", connection: "Connection[Any]", size: int | None, step: "Step") -> "Stored":
    from crm.proof.checkpoint import make, of_size

    found = make(given, connection, step) if size is None else of_size(connection, size)
    if found is None:
        raise Failed(f"没有大小为 {size} 的检查点。· There is no checkpoint of size {size}.")
    return found
