"""Preview and apply; `undoing` takes back. The command line calls these; the pages go through `jobs`, which calls them in the background.

Applying can be broken off anywhere and begun again: what a line has become is found by the line's own content.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple
from uuid import UUID, uuid4

from crm.bulk import Command
from crm.clock import today
from crm.command import By
from crm.imports.choices import Choices, Source
from crm.imports.entry import Defaults
from crm.imports.failed import failed_file
from crm.imports.judging import Importer, Judge, Judged
from crm.imports.records import Record, Records
from crm.imports.report import Report
from crm.imports.reporting import Tally
from crm.ledger import Ledger
from domain.base import Aggregate, Refused, Text
from projections import channels

Progress = Callable[[int, int], None]
"""(done, in all), in lines or records."""


def silent(_done: int, _total: int) -> None:
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


def preview(crm: Ledger, source: Source, importer: Importer, progress: Progress = silent) -> Report:
    """What importing would do. Writes nothing. Raises Refused where the file or the choices are no good."""
    return _gone_through(crm, source, importer, progress, lambda _judge, _batch: []).report()


def apply(
    crm: Ledger, source: Source, importer: Importer, progress: Progress = silent, *, language: str = "zh"
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
    report = tally.report().model_copy(update={"events": events_of(crm, record.id), "shown": []})
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


def events_of(crm: Ledger, origin: UUID) -> dict[str, int]:
    with crm.pool.connection() as conn:
        rows = conn.execute("SELECT topic, count(*) FROM event WHERE origin = %s GROUP BY topic", (origin,)).fetchall()
    return dict(rows)
