"""Preview, apply, undo. The command line calls these; the pages go through `jobs`, which calls them in the background.

Applying can be broken off anywhere and begun again: what a line has become is found by the line's own content.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, NamedTuple
from uuid import UUID, uuid4, uuid5

from psycopg.errors import UniqueViolation

from crm.bulk import Command
from crm.clock import today
from crm.command import By, Done
from crm.imports.choices import Choices, Source
from crm.imports.entry import Defaults
from crm.imports.failed import failed_file
from crm.imports.identity import voided
from crm.imports.judging import Importer, Judge, Judged
from crm.imports.kind import Kind
from crm.imports.kinds import kind_of
from crm.imports.records import Record, Records
from crm.imports.report import SHOWN_LINES, Remark, Report, Said
from crm.imports.reporting import Tally
from crm.ledger import Ledger
from domain.base import Aggregate, Refused, Text
from domain.correctable import Correctable
from domain.corrections import Retract
from projections import channels
from projections.stored import decode, of_streams

Progress = Callable[[int, int], None]
"""(done, in all), in lines or records."""

_UNDO_BATCH: Final = 300
_WHY_UNDONE: Final = "撤销整批导入"


def _silent(_done: int, _total: int) -> None:
    """No progress is shown."""


class Applied(NamedTuple):
    """What an import came to: the report, and the file of failed rows where there are any."""

    id: UUID
    report: Report
    failed: bytes | None


class Unstored(NamedTuple):
    """A line that was decided and could not be stored."""

    line: Judged
    why: Text


class Undone(NamedTuple):
    """What an undoing came to: how many records are void now, and those kept because somebody has worked on them."""

    id: UUID
    retracted: int
    kept: Sequence[Remark]


def preview(crm: Ledger, source: Source, importer: Importer, progress: Progress = _silent) -> Report:
    """What importing would do. Writes nothing. Raises Refused where the file or the choices are no good."""
    return _gone_through(crm, source, importer, progress, lambda _judge, _batch: []).report()


def apply(
    crm: Ledger, source: Source, importer: Importer, progress: Progress = _silent, *, language: str = "zh"
) -> Applied:
    """Import now, in this process, and keep a record of it."""
    records = Records(crm)
    kind = source.book.kind
    made = records.add(importer, source.data, source.name, kind, language=language, choices=source.choices)
    worker = uuid4()
    records.move(made, "applying", expected=["waiting"])
    records.claim(made, worker)

    def step(done: int, total: int) -> None:
        records.beat(made, worker, done, total)
        progress(done, total)

    return carry_out(crm, records.one(made), source, importer, step)


def carry_out(crm: Ledger, record: Record, source: Source, importer: Importer, progress: Progress) -> Applied:
    """Apply an import that is recorded; again, if it was broken off."""

    def store(judge: Judge, batch: Sequence[Judged]) -> list[Unstored]:
        return _store(crm, record.id, importer, judge, batch)

    tally = _gone_through(crm, source, importer, progress, store, record)
    failed = failed_file(source, tally.problems, record.language) if tally.problems else None
    report = tally.report().model_copy(update={"events": _events(crm, record.id), "shown": []})
    Records(crm).move(record.id, "done", expected=["applying"], report=report, failed=failed)
    return Applied(record.id, report, failed)


def _gone_through(
    crm: Ledger,
    source: Source,
    importer: Importer,
    progress: Progress,
    each: Callable[[Judge, Sequence[Judged]], list[Unstored]],
    record: Record | None = None,
) -> Tally:
    """Judge every line, letting `each` do what is to be done with a batch while the next one is judged."""
    judge = Judge(crm, source, importer, defaults(source.choices, record))
    with crm.pool.connection() as conn:
        tally = Tally(source, channels.names(conn))
    total, done = source.sheet.height, 0
    progress(done, total)
    with ThreadPoolExecutor(1, "import") as beside:
        under_way: list[Future[list[Unstored]]] = []
        for batch in judge:
            if record is not None:
                _own(batch, record.id)
            tally.take(batch)
            _settle(tally, under_way)
            progress(min(done, total), total)
            under_way.append(beside.submit(each, judge, batch))
            done = batch[-1].line.number
        _settle(tally, under_way)
    progress(total, total)
    return tally


def _settle(tally: Tally, under_way: list[Future[list[Unstored]]]) -> None:
    """Wait for the batch before, and count what could not be stored of it."""
    while under_way:
        for one, why in under_way.pop().result():
            tally.refuse(one, why)


def defaults(choices: Choices, record: Record | None = None) -> Defaults:
    """What holds for lines that do not say. A run that is taken up again keeps the day on which it began."""
    day = record.day if record else today()
    return Defaults(day, choices.channel, choices.industry, choices.owner, choices.undated)


def _own(batch: Sequence[Judged], origin: UUID) -> None:
    """Lines that this very import has brought in before it was broken off count as new."""
    for one in batch:
        if one.known is not None and one.known.origin == origin:
            one.outcome = "new"


def _store(crm: Ledger, origin: UUID, importer: Importer, judge: Judge, batch: Sequence[Judged]) -> list[Unstored]:
    """Store what is new; what could not be stored after all, and why."""
    fresh = [(one, one.made) for one in batch if one.outcome == "new" and one.made is not None]
    commands = [_command(one, record, origin, importer, judge) for one, record in fresh]
    answers = zip(fresh, crm.bulk(commands), strict=True)
    return [Unstored(one, answer.text) for (one, _), answer in answers if isinstance(answer, Refused)]


def _command(one: Judged, record: Aggregate, origin: UUID, importer: Importer, judge: Judge) -> Command:
    identity = judge.identity
    by = By(importer.person, str(importer.role), identity.command(one.content, one.generation), origin)
    return Command(by, record, identity.request(one.content))


def _events(crm: Ledger, origin: UUID) -> dict[str, int]:
    with crm.pool.connection() as conn:
        rows = conn.execute("SELECT topic, count(*) FROM event WHERE origin = %s GROUP BY topic", (origin,)).fetchall()
    return dict(rows)


# ── undoing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def staying(crm: Ledger, origin: UUID, kind: Kind) -> list[Remark]:
    """The records of an import that somebody has worked on since: undoing it leaves them."""
    with crm.pool.connection() as conn:
        asked = {"origin": origin, "called": kind.called, "limit": SHOWN_LINES}
        rows = conn.execute(_WORKED_ON, asked).fetchall()
    return [_kept(name or "—", events) for name, events in rows]


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


def undo(crm: Ledger, id: UUID, importer: Importer, progress: Progress = _silent, *, language: str = "zh") -> Undone:
    """Retract the records of an import, those excepted that somebody has worked on since. Raises Unknown, Refused."""
    return carry_out_undoing(crm, begin_undoing(crm, id, importer, language), importer, progress)


def carry_out_undoing(crm: Ledger, record: Record, importer: Importer, progress: Progress) -> Undone:
    """Undo; again, if it was broken off."""
    origin = record.undoes or record.id
    kind = kind_of(Records(crm).one(origin).of)
    with crm.pool.connection() as conn:
        made = [stream for (stream,) in conn.execute(_MADE_BY, (origin,)).fetchall()]
        busy = {stream for (stream,) in conn.execute(_BUSY, {"origin": origin, "undoing": record.id}).fetchall()}
    free = [one for one in made if one not in busy]
    late = []
    for start in range(0, len(free), _UNDO_BATCH):
        late += _retract(crm, kind, free[start : start + _UNDO_BATCH], record, importer)
        progress(min(start + _UNDO_BATCH, len(free)), len(free))
    kept = [*staying(crm, origin, kind), *late]
    retracted = len(free) - len(late)
    report = Report(of=kind.key, new=retracted, kept=kept[:SHOWN_LINES], events=_events(crm, record.id))
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
        _kept(getattr(one.events[0], kind.called), 1)
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


def _kept(name: str, events: int) -> Remark:
    why = Text(f"导入后又有 {events} 条记录", f"{events} facts recorded since")
    return Remark(line=0, name=name[:60], why=Said.of(why))


_MADE_BY = "SELECT stream FROM event WHERE origin = %s AND version = 1 ORDER BY position"
_BUSY = """
SELECT DISTINCT mine.stream FROM event mine JOIN event other ON other.stream = mine.stream
WHERE mine.origin = %(origin)s AND mine.version = 1 AND other.origin IS DISTINCT FROM %(origin)s
  AND other.origin IS DISTINCT FROM %(undoing)s
"""
_WORKED_ON = """
SELECT first.data::jsonb ->> %(called)s, count(other.position)
FROM event first JOIN event other ON other.stream = first.stream
WHERE first.origin = %(origin)s AND first.version = 1 AND other.origin IS DISTINCT FROM %(origin)s
  AND other.origin IS DISTINCT FROM coalesce((SELECT u.id FROM import u WHERE u.undoes = %(origin)s), %(origin)s)
GROUP BY first.position, first.data
ORDER BY first.position
LIMIT %(limit)s
"""
