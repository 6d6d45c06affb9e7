"""`crm keys`: the keys that personal data is under. Their backup, their return, a new master key."""

import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crm.cli.district import DataDir, prepared, settings
from crm.cli.keeping import DAYS, Days
from crm.cli.progress import say
from crm.cli.refusals import Commands, Failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.key_backup import Kept
    from crm.settings import Settings

keys = typer.Typer(name="keys", cls=Commands, help="密钥 · keys", no_args_is_help=True)
SHORTEST_PASSPHRASE = 12

Passphrase = Annotated[
    bool,
    typer.Option(
        "--passphrase",
        help="用口令加密（询问，或从标准输入读一行），不用主密钥 · under a passphrase instead of the master key",
    ),
]


def add_to(app: typer.Typer) -> None:
    keys.command(epilog="例 Example: crm keys rotate")(rotate)
    keys.command(epilog="例 Example: crm keys backup /vault/2026-11-23.keys --days 30")(backup)
    keys.command(epilog="例 Example: crm keys restore /vault/2026-11-23.keys")(restore)
    app.add_typer(keys)


def rotate(
    to: Annotated[
        Path | None,
        typer.Option(
            help="新主密钥写到哪里（主密钥由 CRM_MASTER_KEY 给出时必填） · where the new key goes, with CRM_MASTER_KEY"
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """换一把主密钥；事件不动，页面照常 · A new master key; events are not touched, pages are served on.

    此前用主密钥加密的密钥备份随之作废，请随即重新备份。Backups of keys made under the old one can no longer be opened: make a
    new one at once.
    """
    from crm.database import connect
    from crm.key_rotation import FILE
    from crm.key_rotation import rotate as wrap_anew

    given = settings(data_dir=data_dir)
    with prepared(given) as url, connect(url, given.schema_name, autocommit=True) as connection:
        count = wrap_anew(given, connection, to)
    where = given.data_dir / FILE if given.master_key is None else to
    typer.echo(f"{count} 把密钥已换到新的主密钥下 · keys are under the new master key: {where}")
    if given.master_key is not None:
        say(
            f"请把 CRM_MASTER_KEY 设为 {to} 的内容，并立即重新启动 crm serve 与 crm project；此前它们打不开联系人资料。· "
            f"Set CRM_MASTER_KEY to what {to} holds and restart crm serve and crm project now."
        )
    say(
        "请另存新的主密钥，并重新运行 crm keys backup · Keep a copy of the new master key elsewhere and run crm keys backup."
    )


def backup(
    file: Annotated[Path, typer.Argument(help="密钥备份，不可已存在 · the file to write; it must not exist")],
    days: Days = DAYS,
    *,
    passphrase: Passphrase = False,
    data_dir: DataDir = None,
) -> None:
    """单独备份密钥，到期作废 · Back the keys up, apart from the data and with an expiry.

    数据备份须与它分开存放；到期的文件请删除。Keep it away from the backups of the data, and delete it when it has expired.
    """
    from crm.database import connect
    from crm.key_backup import write

    given, words = settings(data_dir=data_dir), _passphrase(twice=True) if passphrase else None
    with prepared(given) as url, connect(url, given.schema_name) as connection:
        head = write(given, connection, file, days, words)
    typer.echo(f"{file}  {head['keys']} keys  {head['expires_at']}")
    if words is None:
        say(
            "它用主密钥加密：主密钥丢失或更换后打不开 · It is under the master key, and cannot be opened once that is lost or "
            "replaced."
        )


def restore(
    file: Annotated[Path, typer.Argument(help="crm keys backup 写的文件 · a file that crm keys backup wrote")],
    data_dir: DataDir = None,
) -> None:
    """取回缺少的密钥；已依法删除的不会回来 · Take back the keys that are missing; what was erased stays erased."""
    from crm.database import connect
    from crm.destroyed import destroyed
    from crm.key_backup import put_back
    from crm.prepare import rebuild
    from crm.sealing import destroy_keys
    from projections.contacts import Contacts

    given = settings(data_dir=data_dir)
    kept = read_keys(given, file)
    with prepared(given) as url:
        with connect(url, given.schema_name) as connection:
            gone = destroyed(connection)
            destroy_keys(connection, gone)
            done = put_back(connection, given, kept, gone)
        rebuild(given, url, [Contacts()], lambda _done, _total: None)
    typer.echo(
        f"取回 {done.back}，原有 {done.there}，已删除不恢复 {done.destroyed} · "
        f"{done.back} back, {done.there} were there, {done.destroyed} destroyed and not restored"
    )


def read_keys(given: "Settings", file: Path) -> "Sequence[Kept]":
    """The keys in a file; asks for its passphrase where it has one. Raises NotKeys, Refused once it has expired."""
    from crm.key_backup import head_of, read

    under_passphrase = head_of(file).get("under") == "passphrase"
    return read(given, file, _passphrase(twice=False) if under_passphrase else None)


def _passphrase(*, twice: bool) -> str:
    if not sys.stdin.isatty():
        words = sys.stdin.readline().rstrip("\n")
    else:
        words = getpass("口令 · passphrase: ")
        if twice and getpass("再输入一次 · once more: ") != words:
            raise Failed("两次输入不同。· The two differ.")
    if twice and len(words) < SHORTEST_PASSPHRASE:
        raise Failed("口令至少 12 个字符。· A passphrase has 12 characters or more.")
    return words
