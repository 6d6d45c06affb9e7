"""How a district is doing: versions, database, migrations, head, projections, rows, rights; and what is wrong."""

import sys
from importlib.metadata import version
from typing import Any

from psycopg import Connection

from crm.database import connect, open_database
from crm.migrate import migrations
from crm.proof import checkpoint, trouble
from crm.rights import status as rights
from crm.settings import Settings
from domain.base import Refused
from projections import engine, replay
from projections.models import MODELS


def look(settings: Settings, lag: int) -> dict[str, Any]:
    """The whole report; `problems` are sentences, and none when all is well. Nothing is made or changed."""
    if settings.database_url is None and not (settings.data_dir / "database").exists():
        raise Refused(
            "status.none",
            "{folder} 里还没有数据库，请先运行 crm serve 或 crm migrate。",
            "There is no database in {folder} yet: run crm serve or crm migrate first.",
            folder=str(settings.data_dir),
        )
    with open_database(settings) as url, connect(url, settings.schema_name) as connection:
        if connection.execute("SELECT to_regclass('migration')").fetchone() == (None,):
            raise Refused(
                "status.no_schema",
                "schema「{schema}」还没有建表，请先运行 crm migrate。",
                "The schema “{schema}” has no tables yet: run crm migrate first.",
                schema=settings.schema_name,
            )
        report = _report(settings, connection)
    report["problems"] = list(_problems(report, lag))
    return report


def printed(report: dict[str, Any]) -> str:
    """The report for reading in a terminal."""
    where = "内嵌 embedded" if report["database"]["embedded"] else "自备 given"
    lines = [
        f"landfall-crm {report['version']}  Python {report['python']}  PostgreSQL {report['database']['server']} ({where})",
        f"schema {report['schema']}  {report['database']['bytes'] // 1024 // 1024} MB  migration {report['migrations'][-1]}",
        f"head {report['head']['position']}  {report['head']['hash'][:16]}  {report['head']['recorded_at'] or '-'}",
    ]
    for model in report["projections"]:
        rows = ", ".join(f"{table} {count}" for table, count in model["rows"].items())
        lines.append(f"{model['name']:<12} {model['position']:>10}  -{model['behind']}  {model['stopped'] or ''}{rows}")
    if signed := report["checkpoint"]:
        lines.append(f"checkpoint   {signed['size']:>10}  -{signed['behind']}  {signed['made_at']}  {signed['key']}")
    lines.extend(
        f"replay {one['name']:<20} {one['position']:>10}  {one['bytes'] // 1024 // 1024} MB{'' if one['ready'] else '  未完成或已过期 unfinished or outdated'}"
        for one in report["replays"]
    )
    return "\n".join([*lines, *report["rights"]["lines"]])


def _report(settings: Settings, connection: Connection[Any]) -> dict[str, Any]:
    position, hash_, recorded_at = _row(connection, "SELECT position, encode(hash, 'hex'), recorded_at FROM head")
    held = rights(connection)
    return {
        "version": version("landfall-crm"),
        "python": sys.version.split()[0],
        "database": {
            "server": _row(connection, "SHOW server_version")[0],
            "embedded": settings.database_url is None,
            "bytes": _row(connection, "SELECT pg_database_size(current_database())")[0],
        },
        "schema": settings.schema_name,
        "migrations": [name for (name,) in connection.execute("SELECT name FROM migration ORDER BY number")],
        "head": {"position": position, "hash": hash_, "recorded_at": recorded_at.isoformat() if position else None},
        "projections": _projections(connection, position),
        "checkpoint": _checkpoint(connection, position),
        "troubles": _troubles(connection),
        "replays": [
            {"name": one.name, "position": one.position, "bytes": one.bytes, "ready": _ready(one)}
            for one in replay.listed(connection, settings.schema_name)
        ],
        "rights": {"apart": held.apart, "lines": [f"{line.zh} · {line.en}" for line in held.lines]},
    }


def _ready(one: replay.Replay) -> bool:
    return one.made_at is not None and not one.outdated(MODELS)


def _projections(connection: Connection[Any], head: int) -> list[dict[str, Any]]:
    if connection.execute("SELECT to_regclass('projection')").fetchone() == (None,):
        return []
    tables = {model.name: model.tables for model in MODELS}
    outdated = {model.name for model in engine.outdated(connection, MODELS)}
    return [
        {
            "name": state.name,
            "position": state.position,
            "behind": head - state.position,
            "stopped": state.stopped,
            "outdated": state.name in outdated,
            "rows": {
                table: _rows(connection, table) for table in tables.get(state.name, ()) if state.name not in outdated
            },
        }
        for state in engine.states(connection)
    ]


def _checkpoint(connection: Connection[Any], head: int) -> dict[str, Any] | None:
    """The last signed state; `behind` counts the events recorded since."""
    last = checkpoint.latest(connection) if _exists(connection, "checkpoint") else None
    if last is None:
        return None
    signed = {"size": last.size, "behind": head - last.size, "made_at": last.made_at.isoformat(timespec="seconds")}
    return signed | {"key": last.key, "root": last.root.hex()}


def _troubles(connection: Connection[Any]) -> list[dict[str, Any]]:
    """What is in the way of signing, or of sending what was signed."""
    if not _exists(connection, "checkpoint_trouble"):
        return []
    return [
        {
            "about": one.about,
            "alarm": one.alarm,
            "since": one.since.isoformat(timespec="seconds"),
            "zh": one.zh,
            "en": one.en,
        }
        for one in trouble.listed(connection)
    ]


def _exists(connection: Connection[Any], table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,)


def _problems(report: dict[str, Any], lag: int) -> Any:
    missing = {m.name for m in migrations()} - set(report["migrations"])
    if missing:
        yield f"有升级未执行，请运行 crm migrate · Migrations have not run yet, run crm migrate: {', '.join(sorted(missing))}"
    if not report["projections"] and report["head"]["position"]:
        yield "投影从未运行，请运行 crm serve 或 crm project · The projections never ran: run crm serve or crm project."
    for model in report["projections"]:
        if model["stopped"]:
            yield f"{model['name']} 已停止 · has stopped: {model['stopped']}"
        elif model["outdated"]:
            yield (
                f"{model['name']} 由另一版本建立，请运行 crm serve 或 crm rebuild · {model['name']} was made by another"
                " version: run crm serve or crm rebuild."
            )
        elif model["behind"] > lag:
            yield f"{model['name']} 落后 {model['behind']} 条事件 · is {model['behind']} events behind."
    for one in report["troubles"]:
        what = (
            "检查点没有签署 · no checkpoint is signed"
            if one["about"] == trouble.SIGNING
            else f"检查点没有送到 · not sent to {one['about']}"
        )
        yield f"{what}: {one['zh']} · {one['en']} ({one['since']})"


def _row(connection: Connection[Any], query: Any) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()


def _rows(connection: Connection[Any], table: str) -> int:
    from psycopg import sql

    return int(_row(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))[0])
