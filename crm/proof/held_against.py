"""The ledger held against signed checkpoints: what a chain computed anew, a cut-off tail or an old backup cannot hide."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection

from crm.proof import soundness
from crm.proof.damage import Damage, Finding
from crm.proof.walk import Walked
from domain.base import Text


class Signed(NamedTuple):
    """A checkpoint whose signature holds: that many events had that root, the last of them recorded then.

    `source` says where it was kept: in the database, or a file outside its reach.
    """

    size: int
    root: bytes
    recorded_at: datetime | None
    source: Text


def held_against(conn: Connection[Any], walked: Walked, signed: Iterable[Signed]) -> list[Finding]:
    """What the checkpoints tell about the events walked; at most one finding, the earliest."""
    kept = sorted(signed, key=lambda one: one.size)
    agreed = 0
    for one in kept:
        if one.size > walked.last:
            return [_short(conn, walked, one)]
        if walked.roots[one.size] != one.root:
            return [_other_history(conn, agreed, one)]
        agreed = one.size
    return []


def _short(conn: Connection[Any], walked: Walked, one: Signed) -> Finding:
    """There were more events once. Whoever cut them off forgot what else remembers; a restored backup forgot nothing."""
    lost, first = one.size - walked.last, walked.last + 1
    if soundness.remembered(conn) > walked.last:
        zh = f"检查点（{one.source.zh}）证明曾有 {one.size} 条，现只有 {walked.last} 条：末尾 {lost} 条被截去。"
        en = f"A checkpoint ({one.source.en}) proves {one.size} events; there are {walked.last}: {lost} were cut off."
        return Finding(Damage.CUT_OFF, first, Text(zh, en))
    zh = (
        f"检查点（{one.source.zh}）证明曾有 {one.size} 条，现只有 {walked.last} 条，库内其余各处也只到这里："
        "恢复了较早的备份，或末尾连同痕迹一并被截去。"
    )
    en = (
        f"A checkpoint ({one.source.en}) proves {one.size} events; there are {walked.last}, and nothing in the database "
        "knows of more: an older backup was restored, or the tail was cut off with all its traces."
    )
    return Finding(Damage.OLD_BACKUP, first, Text(zh, en))


def _other_history(conn: Connection[Any], agreed: int, one: Signed) -> Finding:
    if _went_on_later(conn, one):
        zh = f"第 {agreed + 1} 至 {one.size} 条之间恢复过较早的备份并继续写入：检查点（{one.source.zh}）签的是另一段历史。"
        en = (
            f"Between events {agreed + 1} and {one.size} an older backup was restored and written on: "
            f"the checkpoint ({one.source.en}) was signed over another history."
        )
        return Finding(Damage.OLD_BACKUP, agreed + 1, Text(zh, en))
    position = soundness.first(conn, soundness.q["witness_differs"], agreed, one.size)
    zh = f"第 {agreed + 1} 至 {one.size} 条之间的历史被改写并重新计算了链，与检查点（{one.source.zh}）不符。"
    en = (
        f"History between events {agreed + 1} and {one.size} was rewritten and its chain computed anew: "
        f"it is not what the checkpoint ({one.source.en}) was signed over."
    )
    if position is not None:
        zh, en = (
            f"{zh}第一处旁证不符的是第 {position} 条。",
            f"{en} Event {position} is the first that other tables contradict.",
        )
    return Finding(Damage.REWRITTEN, position or agreed + 1, Text(zh, en), certain=True)


def _went_on_later(conn: Connection[Any], one: Signed) -> bool:
    """Whether what stands where the checkpoint ends was recorded after the checkpoint was made."""
    row = conn.execute("SELECT recorded_at FROM event WHERE position = %s", (one.size,)).fetchone()
    return row is not None and one.recorded_at is not None and row[0] > one.recorded_at
