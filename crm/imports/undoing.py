"""Undoing an import: its records are retracted, those excepted that somebody has worked on, or that others speak of."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.errors import UniqueViolation

from crm.bulk import Command
from crm.command import By, Done
from crm.imports.identity import voided
from crm.imports.judging import Importer
from crm.imports.kind import Kind
from crm.imports.kinds import kind_of
from crm.imports.records import Record, Records
from crm.imports.report import SHOWN_LINES, Remark, Report, Said
from crm.imports.run import Progress, events_of, silent
from crm.ledger import Ledger
from domain.base import Refused, Text
from domain.correctable import Correctable
from domain.corrections import Retract
from projections.pointing import spoken_of
from projections.stored import decode, of_streams

_UNDO_BATCH: Final = 300
_WHY_UNDONE: Final = "撤销整批导入"


class Undone(NamedTuple):
    """What an undoing came to: how many records are void now, and those kept because somebody has worked on them."""

    id: UUID
    retracted: int
    kept: Sequence[Remark]


def staying(crm: Ledger, origin: UUID, kind: Kind) -> list[Remark]:
    """The records of an import that somebody has worked on since, or that others speak of: undoing it leaves them."""
    with crm.pool.connection() as conn:
        asked = {"origin": origin, "called": kind.called, "limit": SHOWN_LINES}
        worked_on = conn.execute(_WORKED_ON, asked).fetchall()
        spoken = spoken_of(conn, _made(conn, origin)) - {stream for stream, _, _ in worked_on}
        named = conn.execute(_CALLED, asked | {"streams": list(spoken)}).fetchall()
    return [_kept(name, _worked_on(events)) for _, name, events in worked_on] + [
        _kept(name, _SPOKEN_OF) for (name,) in named
    ]


def begin_undoing(crm: Ledger, id: UUID, importer: Importer, language: str = "zh") -> Record:
    """Record that an import is to be undone. Raises Refused where it is not done or undone already."""
    records = Records(crm)
    record = records.one(id)
    if record.undoes is not None or record.state != "done":
        raise Refused("undo.not_done", "只有已完成的导入才能撤销。", "Only a finished import can be undone.")
    try:
        return records.one(records.add_undoing(importer, record, language))
    except UniqueViolation:
        raise Refused("undo.twice", "这次导入已经撤销过。", "This import is undone already.") from None


def undo(crm: Ledger, id: UUID, importer: Importer, progress: Progress = silent, *, language: str = "zh") -> Undone:
    """Retract the records of an import, those excepted that somebody has worked on since. Raises Unknown, Refused."""
    return carry_out_undoing(crm, begin_undoing(crm, id, importer, language), importer, progress)


def carry_out_undoing(crm: Ledger, record: Record, importer: Importer, progress: Progress) -> Undone:
    """Undo; again, if it was broken off."""
    origin = record.undoes or record.id
    kind = kind_of(Records(crm).one(origin).of)
    with crm.pool.connection() as conn:
        made = _made(conn, origin)
        busy = {stream for (stream,) in conn.execute(_BUSY, {"origin": origin, "undoing": record.id}).fetchall()}
        busy |= spoken_of(conn, made)
    free = [one for one in made if one not in busy]
    late = []
    for start in range(0, len(free), _UNDO_BATCH):
        late += _retract(crm, kind, free[start : start + _UNDO_BATCH], record, importer)
        progress(min(start + _UNDO_BATCH, len(free)), len(free))
    kept = [*staying(crm, origin, kind), *late]
    retracted = len(free) - len(late)
    report = Report(of=kind.key, new=retracted, kept=kept[:SHOWN_LINES], events=events_of(crm, record.id))
    Records(crm).move(record.id, "done", expected=["applying"], report=report)
    return Undone(record.id, retracted, kept)


def _retract(crm: Ledger, kind: Kind, ids: Sequence[UUID], record: Record, importer: Importer) -> list[Remark]:
    """Retract the first facts of these records; those that changed meanwhile are named."""
    form = Retract(fact=1, reason=_WHY_UNDONE, occurred_on=record.day)
    decided: list[tuple[Correctable, Command]] = []
    for one in _loaded(crm, kind, ids):
        one.retract(form)
        by = By(importer.person, str(importer.role), uuid5(record.id, str(one.id)), record.id)
        decided.append((one, Command(by, one, crm.request(kind.aggregate, one.id, form))))
    answers = crm.bulk([command for _, command in decided])
    return [
        _kept(getattr(one.events[0], kind.called), _worked_on(1))
        for (one, _), answer in zip(decided, answers, strict=True)
        if not isinstance(answer, Done)
    ]


def _loaded(crm: Ledger, kind: Kind, ids: Sequence[UUID]) -> Iterator[Correctable]:
    """Those records that are not void yet; what is sealed in them stays so."""
    with crm.pool.connection() as conn:
        rows = of_streams(conn, ids, crm.position())
        void = voided(conn, ids, kind.aggregate.NAME)
    records = {one: kind.aggregate(one) for one in ids}
    for row in rows:
        decode(row).mutate(records[row.stream])
    return (one for one in records.values() if one.id not in void)


def _made(conn: Connection[Any], origin: UUID) -> list[UUID]:
    return [stream for (stream,) in conn.execute(_MADE_BY, (origin,)).fetchall()]


def _kept(name: str | None, why: Text) -> Remark:
    return Remark(line=0, name=(name or "—")[:60], why=Said.of(why))


def _worked_on(events: int) -> Text:
    return Text(f"导入后又有 {events} 条记录", f"{events} facts recorded since")


_SPOKEN_OF: Final = Text("其他记录引用了它", "other records speak of it")
_CALLED = """
SELECT data::jsonb ->> %(called)s FROM event WHERE stream = ANY (%(streams)s) AND version = 1
ORDER BY position LIMIT %(limit)s
"""
_MADE_BY = "SELECT stream FROM event WHERE origin = %s AND version = 1 ORDER BY position"
_BUSY = """
SELECT DISTINCT mine.stream FROM event mine JOIN event other ON other.stream = mine.stream
WHERE mine.origin = %(origin)s AND mine.version = 1 AND other.origin IS DISTINCT FROM %(origin)s
  AND other.origin IS DISTINCT FROM %(undoing)s
"""
_WORKED_ON = """
SELECT first.stream, first.data::jsonb ->> %(called)s, count(other.position)
FROM event first JOIN event other ON other.stream = first.stream
WHERE first.origin = %(origin)s AND first.version = 1 AND other.origin IS DISTINCT FROM %(origin)s
  AND other.origin IS DISTINCT FROM coalesce((SELECT u.id FROM import u WHERE u.undoes = %(origin)s), %(origin)s)
GROUP BY first.position, first.stream, first.data
ORDER BY first.position
LIMIT %(limit)s
"""
