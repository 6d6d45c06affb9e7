"""The events of a lead told in words: who recorded what when, what became of it since, what it changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from crm.access import SYSTEM
from crm.application import CRM
from crm.store import Recorded
from domain.base import Text
from domain.facts import Correction, sequence
from domain.funnel import Standing, known
from domain.lead import Lead, LeadEvent
from domain.lead.corrections import DateCorrected, DetailsCorrected, FactReinstated, FactRetracted
from domain.person import Role
from web.pages.lead_facts import Change, Facts
from web.pages.lead_filters import Names
from web.words import SHANGHAI

CORRECTIONS = (DateCorrected, DetailsCorrected, FactRetracted, FactReinstated)
_SYSTEM = Text("系统", "System")
_TOLD = frozenset({"occurred_on", "reason", "fact"})
"""What an entry shows elsewhere than among its particulars."""


class Day(NamedTuple):
    """A correction of when something happened."""

    was: date
    now: date


@dataclass(frozen=True)
class Entry:
    """One event, with what is now known of it. `lead` is where it was recorded; `other` names that lead when it is merged in."""

    event: LeadEvent
    recorded: Recorded
    lead: UUID
    by: str
    role: Text
    particulars: Sequence[tuple[str, str]]
    retracted: bool = False
    moved: Day | None = None
    corrected: Sequence[Change] = ()
    of: "LeadEvent | None" = None
    other: str = ""
    changes: Sequence[Change] = field(default=())

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
    """Everything recorded of a lead and of those merged into it."""

    lead: Lead
    rows: Sequence[tuple[Recorded, LeadEvent]]
    names: Names
    facts: Facts

    def newest(self) -> list[Entry]:
        """All entries, the latest day first: for the timeline."""
        return sorted(self.entries(), key=lambda entry: sequence(entry.event), reverse=True)

    def entries(self) -> list[Entry]:
        """All entries as they were recorded."""
        held = {(f.originator_id, f.originator_version): f for f in known(event for _, event in self.rows).facts}
        recorded = {(event.originator_id, event.originator_version): event for _, event in self.rows}
        return [self._entry(row, event, held, recorded) for row, event in self.rows]

    def _entry(
        self, row: Recorded, event: LeadEvent, held: Mapping[Any, Any], recorded: Mapping[Any, LeadEvent]
    ) -> Entry:
        key = (event.originator_id, event.originator_version)
        correction, now = event.correction(), held.get(key)
        of = recorded.get((event.originator_id, event.fact)) if isinstance(event, CORRECTIONS) else None
        return Entry(
            event=event,
            recorded=row,
            lead=event.originator_id,
            by=self.actor(row.actor),
            role=role_of(row.role),
            particulars=self.facts.payload(event, besides=_TOLD | _ENVELOPE),
            retracted=correction is None and now is None,
            moved=Day(event.occurred_on, now.occurred_on) if now and now.occurred_on != event.occurred_on else None,
            corrected=self._corrected(event, now) if now and now != event else self._puts_right(of, correction),
            of=of,
            other=self.lead.absorbed.get(event.originator_id, "") if event.originator_id != self.lead.id else "",
        )

    def _puts_right(self, of: LeadEvent | None, correction: Correction | None) -> list[Change]:
        """What a correction of content says of its fact."""
        if of is None or correction is None or correction.details is None:
            return []
        return self._corrected(of, of.corrected(correction._replace(occurred_on=None)))

    def actor(self, id: UUID) -> str:
        """Whoever recorded it."""
        return self.names.people.get(id) or self.facts.words.t(
            _SYSTEM if id == SYSTEM else Text("（未知）", "(unknown)")
        )

    def _corrected(self, event: LeadEvent, now: LeadEvent) -> list[Change]:
        before = dict(self.facts.payload(event, besides=_ENVELOPE))
        after = dict(self.facts.payload(now, besides=_ENVELOPE))
        labels = [label for label in {**before, **after} if before.get(label) != after.get(label)]
        return [Change("", Text(label, label), before.get(label, ""), after.get(label, "")) for label in labels]


_ENVELOPE = frozenset({"originator_id", "originator_version", "occurred_on"})


def role_of(name: str) -> Text:
    """The role somebody acted in, in words."""
    return Role(name).text if name in set(Role) else _SYSTEM


def story(crm: CRM, lead: Lead, names: Names, facts: Facts) -> Story:
    """Read everything recorded of the lead and of those merged into it."""
    rows = [row for one in (lead.id, *lead.absorbed) for row in _history(crm, one)]
    return Story(lead, sorted(rows, key=lambda row: row[0].position), names, facts)


def _history(crm: CRM, id: UUID) -> Iterable[tuple[Recorded, LeadEvent]]:
    for row, event in crm.history(id):
        if isinstance(event, LeadEvent):
            yield row, event


def standings(events: Sequence[LeadEvent]) -> list[Standing]:
    """Where the lead stood, as then known, after each of its events."""
    found: list[Standing] = []
    history = known(())
    for count, event in enumerate(events, start=1):
        follows = event.correction() is None and found and found[-1].counts and not history.merged
        if follows and sequence(event) > sequence(history.facts[-1]):
            history = history._replace(facts=[event])  # the common case: nothing earlier is touched
            found.append(found[-1].after(event))
        else:
            history = known(events[:count])
            found.append(next(reversed([standing for _, standing in history.standings()]), Standing()))
    return found
