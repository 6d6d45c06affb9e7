"""`crm audit proof`, `consistency`: proofs that outsiders check without the database."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm.cli.district import DataDir, opened, settings
from crm.cli.refusals import Failed

if TYPE_CHECKING:
    from psycopg import Connection

    from crm.proof.checkpoint import Stored


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm audit proof 1205 > 1205.tlog-proof")(proof)
    app.command(epilog="例 Example: crm audit consistency 1000 2000")(consistency)


def proof(
    position: Annotated[int, typer.Argument(help="事件的位置 · the event's position", min=1)],
    size: Annotated[
        int | None,
        typer.Option(help="用哪个检查点（其条数），默认最近的 · which checkpoint, by its size; the latest by default"),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """证明一条事件在签署过的账本里（C2SP tlog-proof）· Prove that an event is in the signed ledger."""
    from crm.proof.proofs import inclusion_text

    with opened(settings(data_dir=data_dir)) as connection:
        text = inclusion_text(connection, position, _signed(connection, size))
    typer.echo(text, nl=False)


def consistency(
    old: Annotated[int, typer.Argument(help="较早检查点的条数 · the size of the earlier checkpoint", min=1)],
    new: Annotated[
        int | None, typer.Argument(help="较晚的，默认最近的 · the size of the later one; the latest by default")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """证明账本只增不改：较晚的检查点以较早的开头 · Prove that the ledger only grew from one checkpoint to another."""
    from crm.proof.proofs import consistency_text

    with opened(settings(data_dir=data_dir)) as connection:
        text = consistency_text(connection, _signed(connection, old), _signed(connection, new))
    typer.echo(text, nl=False)


def _signed(connection: "Connection[Any]", size: int | None) -> "Stored":
    from crm.proof.checkpoint import latest, of_size

    found = latest(connection) if size is None else of_size(connection, size)
    if found is None:
        which = "" if size is None else f" {size}"
        raise Failed(
            f"没有检查点{which}，请先运行 crm audit checkpoint。· There is no checkpoint{which}: run crm audit checkpoint first."
        )
    return found
