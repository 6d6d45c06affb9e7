"""Line after line: is it a new record, one that is known, or one that cannot be taken, and why?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Literal, NamedTuple, TypeVar
from uuid import UUID

from crm.imports.choices import Source
from crm.imports.columns import Columns
from crm.imports.directory import Directory, directory
from crm.imports.duplicates import Twin, Twins
from crm.imports.entry import Defaults, Entry
from crm.imports.identity import Identity, Known, generations
from crm.imports.kind import Kind
from crm.imports.lines import LEFT_OUT, Line
from crm.imports.rows import Values, values
from crm.ledger import Ledger, decided
from domain.base import Aggregate, Refused, Text

BATCH: Final = 500
"""How many lines are looked at together."""

NOTHING: Final = Columns((), ())
"""What a line has that is no record."""
Outcome = Literal["new", "failed", "duplicate", "already", "left_out"]
T = TypeVar("T")


class Importer(NamedTuple):
    """Who imports, acting as what; `may_bring` says through which channels they may bring leads in, `names_others`
    whether they may be told which lead of somebody else's a line looks like, `may_open` what their role lets them make.
    """

    person: UUID
    role: str
    may_bring: Callable[[UUID], bool] = lambda _: True
    names_others: bool = True
    may_open: Callable[[str], bool] = lambda _: True


@dataclass
class Judged:
    """A line with what becomes of it. `made` (with its facts pending) is there for a new one."""

    line: Line
    outcome: Outcome
    reasons: Sequence[Text] = ()
    entry: Entry = field(default_factory=lambda: Entry(Values(NOTHING)))
    made: Aggregate | None = None
    content: bytes = b""
    generation: int = 0
    known: Known | None = None


class Judge:
    """Judges the lines of one source, in order, a batch at a time."""

    def __init__(self, crm: Ledger, source: Source, importer: Importer, defaults: Defaults) -> None:
        self._crm = crm
        self._source = source
        self._defaults = defaults
        self._kind = kind = source.kind
        self._name = kind.aggregate.NAME
        self.identity = Identity(crm.settings.signing_key(), crm.schema, self._name, kind.named_rows or kind.key)
        allowed = None if source.choices.allow_duplicates else source.choices.allowed
        self._twins = Twins(kind.likeness, allowed, names_others=importer.names_others)
        _demand(importer, kind)
        with crm.pool.connection() as conn:
            self.directory: Directory = directory(conn, importer.may_bring)
        if defaults.channel:
            self.directory.channel(str(defaults.channel))

    def __iter__(self) -> Iterator[list[Judged]]:
        reading = self._source.reading
        for batch in _batches(iter(self._source.lines), BATCH):
            judged = [self._read(line, reading) for line in batch]
            self._recognise([one for one in judged if one.content])
            yield judged

    def _read(self, line: Line, reading: Any) -> Judged:
        if line.kind != "record":
            return Judged(line, "left_out", [LEFT_OUT[line.kind]])
        found = values(line.cells, reading)
        content = self.identity.content(found.given)
        return Judged(line, "failed", entry=Entry(found), content=content)

    def _recognise(self, judged: Sequence[Judged]) -> None:
        """Find what is known, and let the others be decided by the record itself."""
        with self._crm.pool.connection() as conn:
            found = generations(conn, self.identity, [one.content for one in judged], self._name)
            self.directory.look_up(conn, [one.entry.values for one in judged])
            for one in judged:
                one.generation, one.known = found[one.content]
                self._imply(one)
            twins = self._twins.of(conn, [(one.line.number, one.entry) for one in judged if not one.known])
        for one in judged:
            self._decide(one, twins.get(one.line.number))

    def _imply(self, one: Judged) -> None:
        record = self._kind.aggregate(self.identity.record(one.content, one.generation))
        one.entry = self._kind.imply(one.entry.values, record.id, self.directory, self._defaults)
        if one.known is None and not one.entry.problems:
            one.made = record
            _live(record, one.entry)

    def _decide(self, one: Judged, twin: Twin | None) -> None:
        if one.known is not None:
            one.outcome = "already"
        elif one.entry.problems:
            one.reasons, one.made = one.entry.problems, None
        elif twin is not None:
            one.outcome, one.reasons, one.made = "duplicate", [twin.text], None
        else:
            one.outcome = "new"


def _demand(importer: Importer, kind: Kind) -> None:
    if not importer.may_open(kind.route):
        raise Refused(
            "import.not_yours",
            "您不能导入{what}。",
            "You may not import {what}.",
            field="of",
            what=kind.words.many,
        )


def _live(record: Aggregate, entry: Entry) -> None:
    """Have the record do, one after the other, what the line says it did."""
    try:
        for form in entry.forms:
            decided(record, form)
    except Refused as refusal:
        entry.values.complain(entry.values.columns.field(refusal.field or ""), refusal.text)


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
