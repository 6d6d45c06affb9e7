"""`crm person add`, `crm token`: who may come in."""

import sys
from getpass import getpass
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID, uuid4

import typer

from crm.cli.district import DataDir, application, prepared, settings
from crm.cli.progress import say
from crm.cli.refusals import Commands, Failed

if TYPE_CHECKING:
    from crm.application import CRM

RoleName = Literal["staff", "manager", "auditor", "admin"]

LONGEST_NAME = 60

person = typer.Typer(name="person", cls=Commands, help="人员 · people", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    person.command(epilog="例 Example: crm person add --login beijing1 --name 驻北京招商专员 --role staff")(add)
    app.add_typer(person)
    app.command(epilog="例 Example: crm token 数据平台 --login beijing1 > token.txt")(token)


@person.callback()
def _people() -> None:
    """人员 · people."""


def add(
    login: Annotated[str, typer.Option(help="登录名 · login name")],
    name: Annotated[str, typer.Option(help="姓名或岗位 · name or post")],
    role: Annotated[RoleName, typer.Option(help="角色 · role")],
    channel: Annotated[str | None, typer.Option(help="派驻渠道的名称 · name of the channel they are posted to")] = None,
    *,
    ask: Annotated[
        bool, typer.Option("--ask", help="自己输入口令 · type the password instead of a random one")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """添加人员，打印一次随机口令 · Add a person and print, once, a random password.

    首次登录须改口令。They choose their own at the first login.
    """
    from crm.access import SYSTEM
    from crm.application import By
    from domain.channel import Channel, Post
    from domain.person import AddPerson, Role

    given = settings(data_dir=data_dir)
    form = AddPerson(name=name, login=login, role=Role(role))
    password = _typed_password() if ask else None
    with prepared(given) as url, application(given, url) as crm:
        where = _channel_named(crm, channel) if channel else None
        done, first = crm.add_person(By(SYSTEM, Role.ADMIN, uuid4()), form, password)
        if where:
            crm.change(By(SYSTEM, Role.ADMIN, uuid4()), Channel, where, Post(person=done.id))
    say(f"已添加 {name}（{login}）。· Added.")
    if password is None:
        typer.echo(first)


def token(
    name: Annotated[str, typer.Argument(help="令牌的用途 · what the token is for")],
    login: Annotated[str, typer.Option(help="以谁的身份 · as whom it acts")],
    data_dir: DataDir = None,
) -> None:
    """生成一个接口令牌，只打印这一次 · Make an API token; it is printed this once."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Failed("令牌名称应为 1 到 60 个字。· A token's name has 1 to 60 characters.")
    given = settings(data_dir=data_dir)
    with prepared(given) as url, application(given, url) as crm:
        typer.echo(crm.accounts.create_token(person_with(crm, login), name.strip()))


def _typed_password() -> str:
    if sys.stdin.isatty():
        return getpass("口令 · password: ")
    return sys.stdin.readline().rstrip("\n")


def person_with(crm: "CRM", login: str) -> UUID:
    from crm.accounts import folded
    from domain.person import Person

    with crm.pool.connection() as connection:
        row = connection.execute("SELECT person FROM account WHERE login = %s", (folded(login),)).fetchone()
    if row is None or not crm.aggregate(Person, row[0]).active:
        raise Failed(f"没有登录名为 {login} 的在用人员。· There is no active person with the login {login}.")
    return UUID(str(row[0]))


def _channel_named(crm: "CRM", name: str) -> UUID:
    from domain.channel import Channel

    with crm.pool.connection() as connection:
        found = connection.execute("SELECT stream FROM event WHERE topic = 'channel.opened'").fetchall()
    named = [stream for (stream,) in found if crm.aggregate(Channel, stream).name == name]
    if len(named) != 1:
        raise Failed(f"没有唯一的名为「{name}」的渠道。· There is no single channel named {name}.")
    return UUID(str(named[0]))
