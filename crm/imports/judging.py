"""Line after line: is it a new lead, one that is known, or one that cannot be taken, and why?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Literal, NamedTuple, TypeVar
from uuid import UUID

from crm.imports.choices import Source
from crm.imports.directory import Directory, directory
from crm.imports.duplicates import Twin, Twins
from crm.imports.identity import Identity, Known, generations
from crm.imports.implied import Defaults, Entry, implied
from crm.imports.lines import LEFT_OUT, Line
from crm.imports.rows import Values, values
from crm.ledger import Ledger, decided
from domain.base import Refused, Text
from domain.lead import Lead

BATCH: Final = 500
"""How many lines are looked at together."""

Outcome = Literal["new", "failed", "duplicate", "already", "left_out"]
T = TypeVar("T")


class Importer(NamedTuple):
    """Who imports, acting as what; `may_bring` says through which channels they may bring leads in, `names_others`
    whether they may be told which lead of somebody else's a line looks like.
    """

    person: UUID
    role: str
    may_bring: Callable[[UUID], bool] = lambda _: True
    names_others: bool = True


@dataclass
class Judged:
    """A line with what becomes of it. `lead` (with its facts pending) is there for a new one."""

    line: Line
    outcome: Outcome
    reasons: Sequence[Text] = ()
    entry: Entry = field(default_factory=lambda: Entry(Values()))
    lead: Lead | None = None
    content: bytes = b""
    generation: int = 0
    known: Known | None = None


class Judge:
    """Judges the lines of one source, in order, a batch at a time."""

    def __init__(self, crm: Ledger, source: Source, importer: Importer, defaults: Defaults) -> None:
        self._crm = crm
        self._source = source
        self._defaults = defaults
        self.identity = Identity(crm.settings.signing_key(), crm.schema)
        self._twins = Twins(source.choices, names_others=importer.names_others)
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
        if line.kind != "lead":
            return Judged(line, "left_out", [LEFT_OUT[line.kind]])
        found = values(line.cells, reading)
        content = self.identity.content(found.given)
        return Judged(line, "failed", entry=Entry(found), content=content)

    def _recognise(self, judged: Sequence[Judged]) -> None:
        """Find what is known, and let the others be decided by the lead itself."""
        with self._crm.pool.connection() as conn:
            found = generations(conn, self.identity, [one.content for one in judged])
            for one in judged:
                one.generation, one.known = found[one.content]
                self._imply(one)
            twins = self._twins.of(conn, [(one.line.number, one.entry) for one in judged if not one.known])
        for one in judged:
            self._decide(one, twins.get(one.line.number))

    def _imply(self, one: Judged) -> None:
        lead = Lead(self.identity.lead(one.content, one.generation))
        one.entry = implied(one.entry.values, lead.id, self.directory, self._defaults)
        if one.known is None and not one.entry.problems:
            one.lead = lead
            _live(lead, one.entry)

    def _decide(self, one: Judged, twin: Twin | None) -> None:
        if one.known is not None:
            one.outcome = "already"
        elif one.entry.problems:
            one.reasons, one.lead = one.entry.problems, None
        elif twin is not None:
            one.outcome, one.reasons, one.lead = "duplicate", [twin.text], None
        else:
            one.outcome = "new"


def _live(lead: Lead, entry: Entry) -> None:
    """Have the lead do, one after the other, what the line says it did."""
    try:
        for form in entry.forms:
            decided(lead, form)
    except Refused as refusal:
        entry.values.complain(None, refusal.text)


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
