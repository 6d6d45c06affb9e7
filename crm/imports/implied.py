"""What a ledger's line implies: the registration, and every step whose day it gives, as the forms that record them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

from pydantic import ValidationError

from crm.imports.columns import COLUMNS
from crm.imports.directory import Directory
from crm.imports.rows import Values, where
from crm.imports.states import HAPPENED, Defaults, days_of
from crm.imports.steps import STEP, work
from domain.base import Form, Refused, Text
from domain.lead import Register
from domain.values import ContactPerson

__all__ = ["Defaults", "Entry", "implied"]


@dataclass
class Entry:
    """A lead as a line implies it: its forms in the order in which they happened, or why it cannot be taken."""

    values: Values
    forms: list[Form] = field(default_factory=list)

    @property
    def problems(self) -> list[Text]:
        return self.values.problems


def implied(found: Values, id: UUID, directory: Directory, defaults: Defaults) -> Entry:
    """The forms for the lead `id`. What is wrong is in `problems`; then there are no forms to rely on."""
    where(found)
    days = days_of(found, defaults)
    entry = Entry(found)
    registered = min(days.values(), default=defaults.day)
    last = max(days.values(), default=defaults.day)
    _make(entry, lambda: _register(found, id, directory, defaults, registered))
    if days.get("last_contact_on") == days.get("contacted_on"):
        days.pop("last_contact_on", None)
    steps = [(days[key], place, key) for place, key in enumerate(HAPPENED) if key in days and key in STEP]
    for day, _, key in sorted(steps):
        _make(entry, lambda key=key, day=day: STEP[key](found.given, day))  # type: ignore[misc]
    for made in work(found.given, last, lost="lost_on" in days):
        _make(entry, made)
    return entry


def _make(entry: Entry, make: Callable[[], Form | None]) -> None:
    try:
        form = make()
    except Refused as refusal:
        entry.values.complain(_COLUMN_OF.get(refusal.field or "", refusal.field), refusal.text)
    except ValidationError as error:
        for key, text in _complaints(error):
            entry.values.complain(key, text)
    else:
        if form is not None:
            entry.forms.append(form)


def _register(found: Values, id: UUID, directory: Directory, defaults: Defaults, day: date) -> Register:
    given = found.given
    named = {key: _looked_up(found, key, lookup) for key, lookup in (
        ("channel", directory.channel),
        ("occasion", directory.occasion),
        ("brought_by", directory.person),
        ("owner", directory.person),
    )}  # fmt: skip
    channel = named["channel"].id if named["channel"] else None
    occasion = named["occasion"]
    if channel is None and occasion and "channel" not in given:
        channel = _checked(directory, occasion.parent or occasion.id)
    if channel is None:
        channel = UNKNOWN if "channel" in given else defaults.channel
    return Register.model_validate(
        {
            **{key: given[key] for key in _AS_GIVEN if key in given},
            "industry": given.get("industry") or defaults.industry,
            "channel": channel,
            "occasion": occasion.id if occasion and occasion.id != channel else None,
            "brought_by": named["brought_by"],
            "owner": named["owner"] or ("owner" not in given and defaults.owner) or None,
            "contacts": tuple(_contacts(given, id)),
            "occurred_on": day,
        }
    )


_AS_GIVEN: Final = (
    "company", "credit_code", "country", "region", "project", "investment", "land_mu", "space_m2", "jobs", "referrer",
    "summary",
)  # fmt: skip


UNKNOWN: Final = UUID(int=0)
"""Stands for a channel that was complained of already; such a line is never taken."""


def _checked(directory: Directory, channel: UUID) -> UUID:
    return directory.channel(str(channel)).id


def _looked_up(found: Values, key: str, lookup: Callable[[str], Any]) -> Any:
    if key not in found.given:
        return None
    try:
        return lookup(found.given[key])
    except Refused as refusal:
        found.complain(key, refusal.text)
        return None


def _contacts(given: Mapping[str, Any], lead: UUID) -> Iterator[ContactPerson]:
    """One person, or several where names and numbers come in equal parts."""
    texts = {key: given.get(f"contact_{key}") for key in ("name", "position", "phone", "wechat", "email")}
    if not any(texts.values()):
        return
    parts = {key: _parts(text) for key, text in texts.items() if text}
    many = {len(part) for part in parts.values() if len(part) > 1}
    size = next(iter(many)) if len(many) == 1 and len(parts.get("name", ())) in many else 1
    for place in range(size):
        one = {key: part[place] if size > 1 and len(part) == size else texts[key] for key, part in parts.items()}
        yield ContactPerson(id=uuid5(lead, f"contact {place}"), **{"name": "未具名", **one})


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"\s*[、;；\n/]\s*", text) if part]


_COLUMN_OF: Final = {
    "amount": "contract_amount", "document": "contract_document", "entity": "landed_entity", "where": "landed_where",
    "entity_code": "landed_code", "subject": "negotiation_subject", "contacts": "contact_name", "reason": "hold_reason",
    "name": "contact_name", "position": "contact_position", "phone": "contact_phone", "wechat": "contact_wechat",
    "email": "contact_email",
}  # fmt: skip
"""Where a form's field comes from in a ledger, if the names differ."""
_MISSING: Final = Text("没有填写。", "It is missing.")


def _complaints(error: ValidationError) -> Iterator[tuple[str | None, Text]]:
    for problem in error.errors(include_url=False):
        place = ".".join(str(part) for part in problem["loc"] if not isinstance(part, int))
        key = _COLUMN_OF.get(place, place)
        cause = problem.get("ctx", {}).get("error")
        if isinstance(cause, Refused):
            yield (key if key in COLUMNS else None), cause.text
        elif problem["type"] == "missing" or problem.get("input") in (None, ""):
            yield (key if key in COLUMNS else None), _MISSING
        else:
            yield (key if key in COLUMNS else None), Text("不合要求。", f"Not valid: {problem['msg']}.")
