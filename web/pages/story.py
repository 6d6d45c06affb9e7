"""The facts of anything that can be corrected, told in words: who recorded what when, what became of it since, what it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from heapq import nlargest
from typing import Any, NamedTuple
from uuid import UUID

from crm.access import SYSTEM
from crm.application import CRM
from crm.store import Recorded
from domain.base import Text
from domain.correctable import Correctable
from domain.corrections import CORRECTIONS
from domain.facts import Correction, Fact, known, sequence
from domain.person import Role
from web.pages.facts import Change, Facts, Names
from web.words import SHANGHAI

_SYSTEM = Text("系统", "System")
_TOLD = frozenset({"occurred_on", "reason", "fact"})
"""What an entry shows elsewhere than among its particulars."""


class Day(NamedTuple):
    """A correction of when something happened."""

    was: date
    now: date


@dataclass(frozen=True)
class Entry:
    """One event, with what is now known of it. `record` is where it was recorded; `other` names that where it was merged in."""

    event: Fact
    recorded: Recorded
    record: UUID
    by: str
    role: Text
    particulars: Sequence[tuple[str, str]]
    retracted: bool = False
    moved: Day | None = None
    corrected: Sequence[Change] = ()
    of: "Fact | None" = None
    other: str = ""
    changes: Sequence[Change] = field(default=())

    @property
    def happened_on(self) -> date:
        """The day of it, as now known."""
        return self.moved.now if self.moved else self.event.occurred_on

    @property
    def first(self) -> bool:
        """Whether it began what it is about."""
        return self.event.originator_version == 1

    @property
    def prose(self) -> str:
        """What was written down in free text."""
        return str(getattr(self.event, "note", None) or getattr(self.event, "result", None) or "")

    @property
    def brief(self) -> list[tuple[str, str]]:
        """The particulars that the sentence and the prose do not say already."""
        said, prose = " ".join(self.event.sentence()).casefold(), self.prose.strip()
        # A word of the prose is no reason to leave a particular out: "拜访" as next action stands for itself.
        return [pair for pair in self.particulars if pair[1].casefold() not in said and pair[1].strip() != prose]

    @property
    def late(self) -> int:
        """How many days after it happened it was recorded."""
        return (self.recorded.recorded_at.astimezone(SHANGHAI).date() - self.event.occurred_on).days

    @property
    def own(self) -> bool:
        """Whether it is a fact, which can be corrected, and no correction itself."""
        return self.event.correction() is None

    @property
    def correctable(self) -> bool:
        """Whether some of its content is open to correction (sealed texts are not)."""
        return self.own and bool(self.particulars)

    @property
    def reason(self) -> str:
        """Why it was done, where its form asked."""
        reason = getattr(self.event, "reason", None)
        return "" if reason is None or hasattr(reason, "text") else str(reason)


@dataclass(frozen=True)
class Story:
    """Everything recorded of one aggregate, and of those merged into it; read is who recorded what, once it is shown."""

    crm: CRM
    record: Correctable
    names: Names
    facts: Facts

    @cached_property
    def events(self) -> list[Fact]:
        """All of it, as it was recorded."""
        return sorted(self.record.everything, key=lambda event: event.position or 0)

    def newest(self, most: int | None = None) -> list[Entry]:
        """The entries, or the first `most` of them, the latest day first: for the timeline."""
        return self._entries(nlargest(most or len(self.events), self.events, key=sequence))

    def entries(self) -> list[Entry]:
        """All entries as they were recorded."""
        return self._entries(self.events)

    def _entries(self, shown: Sequence[Fact]) -> list[Entry]:
        rows = self.crm.recorded([event.position or 0 for event in shown])
        # Without mergers the aggregate has worked out already what is known of its facts.
        facts = known(self.events)[0] if self.record.absorbed else self.record.facts
        # Those of the latest facts and corrections: of thousands, most of which say nothing here, hardly any.
        versions = {version for event in shown for version in (event.originator_version, getattr(event, "fact", None))}
        held, recorded = (
            {(one.originator_id, one.originator_version): one for one in every if one.originator_version in versions}
            for every in (facts, self.events)
        )
        return [self._entry(rows[event.position or 0], event, held, recorded) for event in shown]

    def _entry(self, row: Recorded, event: Fact, held: Mapping[Any, Any], recorded: Mapping[Any, Fact]) -> Entry:
        key = (event.originator_id, event.originator_version)
        correction, now = event.correction(), held.get(key)
        said: Any = event
        of = recorded.get((event.originator_id, said.fact)) if isinstance(said, CORRECTIONS) else None
        return Entry(
            event=event,
            recorded=row,
            record=event.originator_id,
            by=self.actor(row.actor),
            role=role_of(row.role),
            particulars=self.facts.payload(event, besides=_TOLD | _ENVELOPE),
            retracted=correction is None and now is None,
            moved=Day(event.occurred_on, now.occurred_on) if now and now.occurred_on != event.occurred_on else None,
            corrected=self._corrected(event, now) if now and now != event else self._puts_right(of, correction),
            of=of,
            other=self.record.absorbed.get(event.originator_id, ""),
        )

    def _puts_right(self, of: Fact | None, correction: Correction | None) -> list[Change]:
        """What a correction of content says of its fact."""
        if of is None or correction is None or correction.details is None:
            return []
        return self._corrected(of, of.corrected(correction._replace(occurred_on=None)))

    def actor(self, id: UUID) -> str:
        """Whoever recorded it."""
        return self.names.people.get(id) or self.facts.words.t(
            _SYSTEM if id == SYSTEM else Text("（未知）", "(unknown)")
        )

    def _corrected(self, event: Fact, now: Fact) -> list[Change]:
        before = dict(self.facts.payload(event, besides=_ENVELOPE))
        after = dict(self.facts.payload(now, besides=_ENVELOPE))
        labels = [label for label in {**before, **after} if before.get(label) != after.get(label)]
        return [Change("", Text(label, label), before.get(label, ""), after.get(label, "")) for label in labels]


_ENVELOPE = frozenset({"originator_id", "originator_version", "occurred_on"})


def role_of(name: str) -> Text:
    """The role somebody acted in, in words."""
    return Role(name).text if name in set(Role) else _SYSTEM


def story(crm: CRM, record: Correctable, names: Names, facts: Facts) -> Story:
    """Everything recorded of one aggregate, and of those merged into it, as it was loaded."""
    return Story(crm, record, names, facts)
