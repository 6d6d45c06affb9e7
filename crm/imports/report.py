"""What an import would do or has done, as people read it: before (the preview), and after."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import model_validator

from domain.base import EVENTS, Payload, Text

SHOWN_RECORDS: Final = 20
SHOWN_LINES: Final = 500
"""How many failed lines are listed; the file of failed rows holds all."""


class Said(Payload):
    """A text in both languages, as it is stored with a report."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "Said":
        return cls(zh=text.zh, en=text.en)

    @property
    def text(self) -> Text:
        return Text(self.zh, self.en)


class Remark(Payload):
    """Something about a line of the file (by its number there), and what it is called."""

    line: int
    name: str
    why: Said


class Shown(Payload):
    """A record as it would be: what it is called, whose or where it is, what would be recorded when, in words."""

    line: int
    name: str
    under: str = ""
    where: str = ""
    amount: Said
    facts: Sequence[tuple[str, Said]]

    @model_validator(mode="before")
    @classmethod
    def _of_leads(cls, values: Any) -> Any:
        """Reports from when there were ledgers of leads only called things as leads do."""
        before = {"company": "name", "project": "under", "channel": "where"}
        return {before.get(name, name): value for name, value in values.items()}


class Found(Payload):
    """A header of the ledger, what it was taken for (None: left out), and the first values under it.

    `idle`: it says nothing of its own and is left out as a matter of course, a serial number say.
    """

    text: str
    key: str | None
    unit: str | None = None
    currency: str | None = None
    sample: Sequence[str] = ()
    idle: bool = False


class Report(Payload):
    """Counts of lines: `new` records, lines `failed`, `duplicates` of others, `already` imported before, `left_out`.

    `of`: the kind of ledger; empty in reports from when there was one kind only.
    """

    of: str = ""
    sheets: Sequence[str] = ()
    sheet: str = ""
    header_line: int = 0
    headers: Sequence[Found] = ()
    new: int = 0
    failed: int = 0
    duplicates: int = 0
    already: int = 0
    left_out: int = 0
    events: Mapping[str, int] = {}
    currencies: Sequence[str] = ()
    problems: Sequence[Remark] = ()
    twins: Sequence[Remark] = ()
    others: Sequence[Remark] = ()
    shown: Sequence[Shown] = ()
    notices: Sequence[Said] = ()
    kept: Sequence[Remark] = ()

    @property
    def lines(self) -> int:
        """How many lines were taken for records."""
        return self.new + self.failed + self.duplicates + self.already

    def named_events(self) -> list[tuple[Text, int]]:
        """The events by their names in words, in the order in which they may happen."""
        return [(EVENTS[topic].TITLE, self.events[topic]) for topic in EVENTS if topic in self.events]
