"""A record as a line of a ledger implies it: its forms in the order in which they happened, or why it cannot be taken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from crm.imports.columns import Columns
from crm.imports.rows import Values
from domain.base import Form, Refused, Text
from domain.values import Industry


@dataclass(frozen=True)
class Defaults:
    """What holds for lines that do not say: `day` stands for today, `undated` lets a state without a day take the last one."""

    day: date
    channel: UUID | None = None
    industry: Industry | None = None
    owner: UUID | None = None
    undated: bool = False


@dataclass
class Entry:
    """What a line says, and the forms that record it. Where there are `problems`, the forms are not to be relied on."""

    values: Values
    forms: list[Form] = field(default_factory=list)

    @property
    def problems(self) -> list[Text]:
        return self.values.problems

    def make(self, make: Callable[[], Form | None]) -> None:
        """Add the form; where it cannot be made, note why at the column that it comes from."""
        columns = self.values.columns
        try:
            form = make()
        except Refused as refusal:
            self.values.complain(columns.field(refusal.field or ""), refusal.text)
        except ValidationError as error:
            for key, text in _complaints(error, columns):
                self.values.complain(key, text)
        else:
            if form is not None:
                self.forms.append(form)


def looked_up(found: Values, key: str, lookup: Callable[[str], Any]) -> Any:
    """What the text of a column is the name of; None where it says nothing, or nothing that is known."""
    if key not in found.given:
        return None
    try:
        return lookup(found.given[key])
    except Refused as refusal:
        found.complain(key, refusal.text)
        return None


_MISSING: Final = Text("没有填写。", "It is missing.")


def _complaints(error: ValidationError, columns: Columns) -> Iterator[tuple[str | None, Text]]:
    for problem in error.errors(include_url=False):
        place = ".".join(str(part) for part in problem["loc"] if not isinstance(part, int))
        cause = problem.get("ctx", {}).get("error")
        if isinstance(cause, Refused):
            yield columns.field(place or cause.field or ""), cause.text
        elif problem["type"] == "missing" or problem.get("input") in (None, ""):
            yield columns.field(place), _MISSING
        else:
            yield columns.field(place), Text("不合要求。", f"Not valid: {problem['msg']}.")
