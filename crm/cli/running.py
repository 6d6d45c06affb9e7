"""`crm serve`, `crm project`, `crm demo`: what runs until it is stopped."""

from typing import TYPE_CHECKING, Annotated

import typer

from crm.cli.district import DataDir, application, prepared, settings
from crm.cli.progress import progress, say

if TYPE_CHECKING:
    from crm.application import CRM
    from crm.settings import Settings

Host = Annotated[str | None, typer.Option(help="监听地址 · address to listen on", show_default="127.0.0.1")]
Port = Annotated[int | None, typer.Option(help="端口 · port", min=1, max=65535, show_default="8000")]
Workers = Annotated[int | None, typer.Option(help="进程数 · processes", min=1, max=64, show_default="1")]

LEADS = 300


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm serve --host 0.0.0.0 --port 8080 --workers 2")(serve)
    app.command(epilog="例 Example: crm project")(project)
    app.command(epilog="例 Example: crm demo --port 8123 --leads 1000")(demo)


def serve(host: Host = None, port: Port = None, workers: Workers = None, data_dir: DataDir = None) -> None:
    """提供网页服务，直到 Ctrl-C · Serve the district until Ctrl-C."""
    from crm.serve import listen, load_ahead, run

    given = settings(host=host, port=port, workers=workers, data_dir=data_dir)
    load_ahead()
    with listen(given.host, given.port) as bound, prepared(given) as url:
        with application(given, url) as crm:
            _welcome(crm)
        typer.echo(_address(given))
        run(given, url, bound)


def project(data_dir: DataDir = None) -> None:
    """单独运行投影，直到 Ctrl-C · Run the projections on their own until Ctrl-C."""
    from crm.serve import project as run

    given = settings(data_dir=data_dir)
    with prepared(given) as url:
        run(given, url)


def demo(
    port: Port = None,
    data_dir: DataDir = None,
    leads: Annotated[int, typer.Option(help="线索数 · leads", min=1, max=2_000_000)] = LEADS,
) -> None:
    """填好一个演示区并提供服务，直到 Ctrl-C · Fill a demo district and serve it until Ctrl-C."""
    from crm.serve import listen, run

    given = _apart(settings(port=port, host="127.0.0.1", data_dir=data_dir), own_folder=data_dir is None)
    with listen(given.host, given.port) as bound, prepared(given) as url:
        typer.echo(_filled(given, url, leads))
        run(given, url, bound)


def _apart(given: "Settings", *, own_folder: bool) -> "Settings":
    """The demo's own place: a folder, and on a server of one's own a schema, unless another was named."""
    folder = given.data_dir / "demo" if own_folder else given.data_dir
    named = "schema_name" in given.model_fields_set or given.database_url is None
    schema = given.schema_name if named else f"{given.schema_name}_demo"
    return given.model_copy(update={"data_dir": folder, "schema_name": schema})


def _filled(given: "Settings", url: str, leads: int) -> str:
    """Have the demo in the district; what to print about it."""
    from crm.demo.cast import LOGINS
    from crm.demo.filling import fill
    from crm.demo.logins import open_logins
    from crm.demo.year.telling import year
    from crm.prepare import catch_up

    with application(given, url) as crm:
        with progress("填充演示区 · Filling the demo district") as step:
            filled = fill(crm, url, leads, step, lambda: catch_up(given, url, lambda _done, _total: None), beside=year)
        if not filled.fresh:
            say("演示区已填好，沿用原有数据。· The demo district is filled already and is used as it is.")
        password = open_logins(crm.accounts, given)
    with progress("整理页面数据 · Preparing what pages read") as step:
        catch_up(given, url, step)
    logins = "\n".join(f"  {login:8} {password}" for login in LOGINS)
    return f"{_address(given)}\n登录名与口令 · login and password:\n{logins}\nCtrl-C 结束 · stops it"


def _address(given: "Settings") -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(given.host, given.host)  # noqa: S104  every address: name one
    return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{given.port}/"


def _welcome(crm: "CRM") -> None:
    """Tell whoever starts an empty district how to let the first person in."""
    with crm.pool.connection() as connection:
        somebody = connection.execute("SELECT 1 FROM account LIMIT 1").fetchone()
    if somebody is None:
        say(
            "还没有任何人能登录，请先添加管理员：\n  crm person add --login admin --name 系统管理员 --role admin\n"
            "Nobody can log in yet; add the first administrator with the command above."
        )
