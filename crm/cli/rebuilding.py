"""`crm rebuild`, `crm replay`: read models from the events again, in place, for comparison, or as of an earlier moment."""

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from crm.cli.district import DataDir, prepared, settings
from crm.cli.progress import progress, say
from crm.cli.refusals import FAILED, Failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.settings import Settings
    from projections.engine import ReadModel
    from projections.rebuild import Compared
    from projections.replay import Replay

Format = Annotated[Literal["text", "json"], typer.Option(help="输出格式 · output")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="例 Example: crm rebuild leads")(rebuild)
    app.command(epilog="例 Example: crm replay --to 2026-06-30 --into mid_year")(replay)


def rebuild(
    name: Annotated[
        str | None, typer.Argument(help="读模型的名称，不写则全部 · a read model; all when left out")
    ] = None,
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="只在旁边重建并逐表核对，不替换 · build beside and compare, swap nothing")
    ] = False,
    format: Format = "text",
    data_dir: DataDir = None,
) -> None:
    """由事件重建读模型，期间照常服务 · Rebuild read models from the events, while pages are served.

    加 --verify 只核对：逐表比较，不一致时退出码为 1。With --verify: tables are compared, exit code 1 on a difference.
    """
    from projections.models import MODELS

    known = {model.name: model for model in MODELS}
    if name is not None and name not in known:
        raise Failed(f"没有读模型 {name} · There is no read model {name}; there are: {', '.join(known)}.")
    given, models = settings(data_dir=data_dir), [known[name]] if name else MODELS
    if verify:
        _verify(given, models, format)
        return
    with prepared(given) as url:
        rebuilt(given, url, models)
    names = [model.name for model in models]
    typer.echo(json.dumps(names) if format == "json" else "\n".join(names))


def rebuilt(given: "Settings", url: str, models: "Sequence[ReadModel]") -> None:
    """Rebuild with a progress bar."""
    from crm.prepare import rebuild as build_anew

    with progress("重建 · Rebuilding") as step:
        build_anew(given, url, models, step)


def _verify(given: "Settings", models: "Sequence[ReadModel]", format: str) -> None:
    from crm.prepare import projecting
    from projections.rebuild import verify

    with prepared(given) as url, progress("重建以核对 · Rebuilding to compare") as step:
        found = verify(projecting(given, url), models, step)
    if format == "json":
        typer.echo(json.dumps([_compared(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            typer.echo(_line(one))
    wrong = [one for one in found if not one.same]
    if wrong:
        names = ", ".join(dict.fromkeys(one.model for one in wrong))
        say(
            f"crm: {len(wrong)} 张表与事件不符；运行 crm rebuild 可按事件改正 · {len(wrong)} tables are not what the events make;"
            f" crm rebuild puts them right: {names}"
        )
        raise typer.Exit(FAILED)
    say(f"全部一致 · all equal: {len(found)} tables")


def _compared(one: "Compared") -> dict[str, Any]:
    return {
        **one._asdict(), "same": one.same, "live": one.live and one.live._asdict(), "anew": one.anew and one.anew._asdict(),
        "first": [difference._asdict() for difference in one.first],
    }  # fmt: skip


_WORDS = {"changed": "改动 changed", "missing": "缺少 missing", "extra": "多出 extra"}


def _line(one: "Compared") -> str:
    place = f"{one.model:<10} {one.table:<24} @{one.position:<9}"
    if one.trouble:
        return f"{place} ✗ {one.trouble}"
    if one.same and one.live:
        return f"{place} = {one.live.rows:>9}  {one.live.sha256[:16]}"
    rows = f"{one.live.rows if one.live else 0} / {one.anew.rows if one.anew else 0}"
    keys = "; ".join(f"{_WORDS[difference.kind]} {difference.key}" for difference in one.first)
    return f"{place} ✗ {rows}  {one.differing} 行不符 rows differ: {keys}"


def replay(
    *,
    to: Annotated[
        str | None, typer.Option(help="到第几条记录，或到哪天结束（如 2026-06-30）· a position, or a day at whose end")
    ] = None,
    into: Annotated[
        str | None, typer.Option(help="回放的名称：小写字母、数字、下划线 · its name: small letters, digits, _")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="列出所有回放 · list the replays there are")] = False,
    drop: Annotated[str | None, typer.Option(help="删除这个回放 · remove the replay of this name")] = None,
    format: Format = "text",
    data_dir: DataDir = None,
) -> None:
    """按当时的样子重放全部读模型，只读；在“审计 › 回放”中查看 · All read models as they stood, read-only; see Audit › Replays.

    crm replay --list 列出，crm replay --drop NAME 删除。--list shows what there is, --drop NAME removes one.
    """
    wanted = [list_, drop is not None, to is not None or into is not None]
    if sum(wanted) != 1 or (to is None) != (into is None):
        raise typer.BadParameter(
            "须写 --to 与 --into，或 --list，或 --drop · give --to with --into, or --list, or --drop"
        )
    from crm import replays

    given = settings(data_dir=data_dir)
    with prepared(given) as url:
        if drop is not None:
            replays.drop(given, url, drop)
            typer.echo(json.dumps({"dropped": drop}) if format == "json" else drop)
            return
        if to is not None and into is not None:
            with progress("回放 · Replaying") as step:
                found = [replays.make(given, url, into, to, step)]
        else:
            found = replays.listed(given, url)
    _show_replays(found, format, alone=not list_)


def _show_replays(found: "Iterable[Replay]", format: str, *, alone: bool) -> None:
    from projections.models import MODELS

    rows: list[dict[str, Any]] = [
        {
            "name": one.name, "schema": one.schema, "position": one.position, "day": one.day.isoformat(),
            "recorded_at": one.recorded_at.isoformat(), "made_at": one.made_at.isoformat() if one.made_at else None,
            "bytes": one.bytes, "state": _state(one, outdated=one.outdated(MODELS)),
        }
        for one in found
    ]  # fmt: skip
    if format == "json":
        typer.echo(json.dumps(rows[0] if alone else rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        say("没有回放 · There are no replays.")
    for row in rows:
        mark = "" if row["state"] == "ready" else f"  {_STATES[row['state']]}"
        typer.echo(f"{row['name']:<24} {row['position']:>10}  {row['day']}  {row['bytes'] // 1024:>8} KB{mark}")


_STATES = {
    "outdated": "由另一版本生成，请重做 · made by another version: make it again",
    "unfinished": "未完成 · unfinished",
}


def _state(one: "Replay", *, outdated: bool) -> str:
    return "unfinished" if one.made_at is None else "outdated" if outdated else "ready"
