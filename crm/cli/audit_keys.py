"""`crm audit keys`, `rotate-key`: whose signature outsiders are to believe."""

from typing import Annotated

import typer

from crm.cli.district import DataDir, opened, settings
from crm.cli.progress import progress, say


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm audit keys > keys.txt")(keys)
    app.command(name="rotate-key", epilog="例 Example: crm audit rotate-key > rotation.checkpoint")(rotate_key)


def keys(data_dir: DataDir = None) -> None:
    """打印签署用过的公钥，供外面的人核对 · Print the public keys that have signed, for outsiders to check with."""
    from crm.proof.signing import keys as known

    with opened(settings(data_dir=data_dir)) as connection:
        found = known(connection)
    for key in found:
        until = f"{key.retired_at:%Y-%m-%dT%H:%M:%SZ} 停用 retired" if key.retired_at else "在用 in use"
        typer.echo(f"{key.verifier}  {key.made_at:%Y-%m-%dT%H:%M:%SZ}  {until}")


def rotate_key(
    *,
    start_over: Annotated[
        bool,
        typer.Option(
            "--start-over",
            help="旧密钥已丢失，或账本由较早的备份恢复：新密钥单独签署，外面的人须重新取得信任 · "
            "the old key is lost, or an older backup was restored: the new key signs alone, and outsiders must trust it anew",
        ),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """换一把签署用的密钥；换钥时的检查点由新旧两把同时签署 · Sign with a new key; the checkpoint at that moment carries both signatures."""
    from crm.proof.rotation import rotate
    from crm.proof.rotation import start_over as begin_anew

    given = settings(data_dir=data_dir)
    with opened(given) as connection, progress("核对 · Checking") as step:
        done = begin_anew(given, connection, step) if start_over else rotate(given, connection, step)
    typer.echo(done.checkpoint.note, nl=False)
    say(f"新公钥 · new public key: {done.new}")
    if given.log_key:
        say(
            "CRM_LOG_KEY 仍是旧密钥，请去掉它；新密钥在数据文件夹里。· CRM_LOG_KEY is still the old key: unset it; the new one is in the data folder."
        )
