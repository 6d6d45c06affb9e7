"""Verifies a live district from end to end, and says what was found, what was checked and what cannot be."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import psycopg
from psycopg import Connection
from psycopg.types.json import Jsonb

from crm import readings, rights
from crm.clock import now
from crm.database import connect
from crm.prepare import projecting
from crm.proof import door, soundness, structure
from crm.proof.damage import Damage, Finding, worst_first
from crm.proof.held_against import Signed, held_against
from crm.proof.kept import Kept, kept
from crm.proof.note import VerifierKey
from crm.proof.walk import Head, head, untimely, walk
from crm.settings import Settings
from domain.base import Text
from projections.models import MODELS
from projections.verification import Compared
from projections.verification import verify as compare

Steps = Callable[[Text], AbstractContextManager[Callable[[int, int], None]]]
"""Opens a step of that name; what it gives is told how far it is: (done, in all)."""


class Check(NamedTuple):
    """One thing that was looked at, what was seen, and whether it is sound."""

    name: Text
    said: Text
    sound: bool


@dataclass(kw_only=True)
class Report:
    """What a verification found. `findings`: the first bad position first; `beyond`: what it cannot tell."""

    started_at: datetime
    finished_at: datetime
    position: int
    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    beyond: list[Text] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.findings

    def note(self, name: Text, said: Text, findings: Sequence[Finding]) -> None:
        """Enter what one check saw, and what it found."""
        self.checks.append(Check(name, said, not findings))
        self.findings.extend(findings)


CHAIN: Final = Text("链", "Chain")
COMMANDS: Final = Text("命令记录与流", "Command log and streams")
CHECKPOINTS: Final = Text("检查点与默克尔树", "Checkpoints and Merkle tree")
STRUCTURE: Final = Text("表与追加函数", "Tables and append function")
DOOR: Final = Text("数据库权限", "Database rights")
READINGS: Final = Text("查阅记录", "Log of readings")
MODELS_SAME: Final = Text("读模型", "Read models")


_AS_MADE: Final = Text(
    "表、约束与函数和本版本建立的相同，无触发器、规则与行级安全",
    "tables, constraints and functions are as this version makes them; no trigger, rule or row security",
)
_LEDGER: Final = frozenset({"event", "head", "command", "log_key", "checkpoint"})
_READINGS: Final = frozenset({"reading", "reading_head"})


def verify(
    settings: Settings, url: str, outside: Sequence[str], steps: Steps, pinned: Sequence[VerifierKey] = ()
) -> Report:
    """Check everything. Nothing is changed but that the result is written down.

    `url` is the account's; `outside` are checkpoints (signed notes) kept out of the database's reach; `pinned` the only
    keys to believe. Raises RebuildFailed while a rebuild runs.
    """
    report = Report(started_at=now(), finished_at=now(), position=0)
    with connect(url, settings.schema_name, autocommit=True) as conn:
        compared = structure.compare(conn)
        found = None if compared.unfit & _LEDGER else kept(conn, settings, outside, pinned)
        if found is not None:
            until = head(conn)
            report.position = until.position
            _ledger(report, conn, until, found, steps)
        report.note(STRUCTURE, _AS_MADE, compared.findings)
        report.note(DOOR, _said_of_rights(conn), door.check(conn))
        if not compared.unfit & _READINGS:
            report.note(READINGS, Text("查阅记录逐条核对", "every reading checked"), list(_readings(conn)))
        if found is not None:
            _models(report, settings, url, steps)
        report.beyond.extend(_beyond(found, compared.unfit, report.position))
        report.findings = worst_first(report.findings)
        report.finished_at = now()
        if "verification" not in compared.unfit:
            _write_down(conn, report)
    return report


def _ledger(report: Report, conn: Connection[Any], until: Head, found: Kept, steps: Steps) -> None:
    sizes = [one.size for one in found.signed]
    with steps(Text("核对事件的链", "Checking the chain of events")) as step:
        walked = walk(conn, until, sizes, step)
    more = walked.further
    said = Text(
        f"{walked.last} 条事件逐条重算" + (f"，另有 {more} 条与链不符" if more else ""),
        f"{walked.last} events computed anew" + (f"; {more} more do not fit the chain" if more else ""),
    )
    # What follows from a broken chain is no news.
    against = [] if walked.findings else held_against(conn, walked, found.signed)
    report.note(CHAIN, said, walked.findings or ([] if against else list(untimely(until))))
    held = Text(
        f"{len(found.signed)} 个签名检查点，其中 {found.outside} 个存于库外",
        f"{len(found.signed)} signed checkpoints, {found.outside} of them kept outside",
    )
    report.note(CHECKPOINTS, held, [*found.findings, *against])
    if not walked.findings:
        whole = Text(
            "每条事件的命令、操作人与时间相符，流无缺口", "commands, actors and times agree; no stream has a gap"
        )
        report.note(COMMANDS, whole, soundness.ledger(conn, until.position))


def _said_of_rights(conn: Connection[Any]) -> Text:
    lines = rights.status(conn).lines
    return Text("".join(line.zh for line in lines), " ".join(line.en for line in lines))


def _readings(conn: Connection[Any]) -> Iterator[Finding]:
    try:
        position = readings.check(conn)
    except (psycopg.DataError, OverflowError):  # a moment or a number that nobody can have written
        position = 1
    if position is not None:
        zh, en = (
            f"查阅记录自第 {position} 条起与所写不符。",
            f"The log of readings is not what was written from {position} on.",
        )
        yield Finding(Damage.READINGS, None, Text(zh, en))


def _models(report: Report, settings: Settings, url: str, steps: Steps) -> None:
    with steps(Text("由事件重建读模型并比较", "Rebuilding read models and comparing")) as step:
        try:
            compared = compare(projecting(settings, url), MODELS, step)
        except (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.CardinalityViolation) as error:
            report.note(MODELS_SAME, _NOT_REBUILT, [_unprojectable(error)])
            return
    tables = Text(
        f"{len(compared)} 张表由事件重建后逐行相同", f"{len(compared)} tables rebuilt and compared row by row"
    )
    with connect(url, settings.schema_name, autocommit=True) as conn:
        ahead = conn.execute(_AHEAD).fetchall()
    differing = [_differs(one) for one in compared if not one.same]
    report.note(MODELS_SAME, tables, [*differing, *(_ahead(*found) for found in ahead)])


_NOT_REBUILT: Final = Text("读模型无法由这些事件重建", "read models cannot be rebuilt from these events")


_AHEAD: Final = (
    "SELECT p.name, p.position, h.position FROM projection p, head h WHERE p.position > h.position ORDER BY p.name"
)


def _ahead(name: str, position: int, last: int) -> Finding:
    """It would take in nothing of what is recorded until then."""
    zh = f"读模型 {name} 自称已读到第 {position} 条，账本只到第 {last} 条；可用 crm rebuild {name} 重建。"
    en = (
        f"The read model {name} claims to be at event {position}, the ledger is at {last}; mend it: crm rebuild {name}."
    )
    return Finding(Damage.READ_MODEL, None, Text(zh, en))


def _unprojectable(error: psycopg.Error) -> Finding:
    """Said without the error's own words: they quote what is stored."""
    return Finding(Damage.READ_MODEL, None, Text(
        f"{_NOT_REBUILT.zh}（{type(error).__name__}）。", f"The {_NOT_REBUILT.en} ({type(error).__name__}).",
    ))  # fmt: skip


def _differs(one: Compared) -> Finding:
    if one.trouble is not None:
        zh, _, en = one.trouble.partition(" · ")
        return Finding(Damage.READ_MODEL, None, Text(f"{one.table}：{zh}", f"{one.table}: {en or zh}"))
    keys = "；".join(difference.key for difference in one.first)
    zh = f"读模型的表 {one.table} 有 {one.differing} 行与事件不符（{keys}）；可用 crm rebuild {one.model} 重建。"
    en = f"{one.differing} rows of {one.table} are not what events make of them ({keys}); mend it: crm rebuild {one.model}."
    return Finding(Damage.READ_MODEL, None, Text(zh, en))


def _beyond(found: Kept | None, unfit: frozenset[str], position: int) -> Iterator[Text]:
    """What no verification of the database alone can tell."""
    if unfit:
        names = ", ".join(sorted(unfit))
        yield Text(
            f"{names} 已不是本版本的表，凭它们的核对没有做。",
            f"{names}: no table of this version, so what rests on it was not checked.",
        )
    if found is None:
        return
    newest = max((one.size for one in found.signed), default=0)
    if not found.outside:
        yield Text(
            "没有给出存于库外的检查点：末尾被整体截去、整库换成较早的备份，仅凭库内查不出来。",
            "No checkpoint kept outside was given: a tail cut off with all its traces, or the whole database replaced by "
            "an older backup, cannot be seen from inside.",
        )
    if found.disowned:
        yield Text(
            f"库内有 {found.disowned} 个检查点由未经交接而停用的密钥签署（crm audit rotate-key --start-over），不再作数；"
            "请用当时存于库外的检查点核对（--checkpoints）。",
            f"{found.disowned} checkpoints in the database were signed by a key retired without handing over (crm audit rotate-key "
            "--start-over) and do not count: check against those kept outside at the time (--checkpoints).",
        )
    if newest < position:
        after = f"第 {newest} 条之后的" if newest else "全部"
        yield Text(
            f"{after}事件还没有签名检查点（crm audit checkpoint）：链能查出改动，查不出整段重算。",
            f"Events {f'after {newest}' if newest else ''} are under no signed checkpoint yet (crm audit checkpoint): "
            "the chain shows changes, but not that it was computed anew.".replace("  ", " "),
        )
    yield Text(
        "附件原文、密钥、账号与会话不在链上；查阅记录自成一链，没有签名，整段重算或截尾连同链尾查不出来。",
        "Files, keys, accounts and sessions are under no chain; the log of readings has one of its own, unsigned: computed "
        "anew, or cut off together with its end, it does not show.",
    )
    yield Text(
        "所记是否属实，系统无从证明：能证明的是何时由谁记下、此后未被改动。",
        "Whether what was recorded is true cannot be proved here: only when it was recorded, by whom, and not altered since.",
    )


# ── the last result ─────────────────────────────────────────────────────────────────────────────────────────────────


class Verification(NamedTuple):
    """A verification as it was written down; `report` has the checks, findings and limits in both languages."""

    id: UUID
    started_at: datetime
    finished_at: datetime
    position: int
    sound: bool
    report: dict[str, Any]


def last(conn: Connection[Any]) -> Verification | None:
    """The latest verification of this district."""
    row = conn.execute(
        "SELECT id, started_at, finished_at, position, sound, report FROM verification ORDER BY finished_at DESC LIMIT 1"
    ).fetchone()
    return Verification._make(row) if row else None


def as_data(report: Report) -> dict[str, Any]:
    """The report as JSON: texts as {zh, en}."""
    return {
        "sound": report.sound,
        "position": report.position,
        "started_at": report.started_at.isoformat(),
        "finished_at": report.finished_at.isoformat(),
        "checks": [{"name": _both(c.name), "said": _both(c.said), "sound": c.sound} for c in report.checks],
        "findings": [
            {"kind": f.damage.value, "name": _both(f.damage.text), "position": f.position, "text": _both(f.text),
             "certain": f.certain}
            for f in report.findings
        ],
        "beyond": [_both(text) for text in report.beyond],
    }  # fmt: skip


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _write_down(conn: Connection[Any], report: Report) -> None:
    conn.execute(
        "INSERT INTO verification (id, started_at, finished_at, position, sound, report) VALUES (%s, %s, %s, %s, %s, %s)",
        (uuid4(), report.started_at, report.finished_at, report.position, report.sound, Jsonb(as_data(report))),
    )


__all__ = ["Check", "Report", "Signed", "Verification", "as_data", "last", "verify"]
