"""`crm migrate`, `crm rebuild`, `crm status`, `crm backup`, `crm restore`: what keeps a district in order."""

import typer

from crm.cli.district import DataDir, settings


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm migrate")(migrate)


def migrate(data_dir: DataDir = None) -> None:
    """把数据库升级到本版本 · Bring the database up to this version."""
    from crm.database import open_database
    from crm.prepare import prepare

    given = settings(data_dir=data_dir)
    with open_database(given) as url:
        ran, rights = prepare(given, url)
    print("\n".join(ran) if ran else "无须升级 · nothing to do")
    for line in rights.lines:
        print(f"{line.zh} · {line.en}")
