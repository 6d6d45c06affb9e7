"""What a line of a ledger of leads implies: the registration, and every step whose day it gives, as the forms that record them."""

from datetime import date
from typing import Final
from uuid import UUID

from crm.imports.contacts import contacts_of
from crm.imports.directory import Directory
from crm.imports.entry import Defaults, Entry, looked_up
from crm.imports.industries import industry
from crm.imports.kinds.leads.states import HAPPENED, days_of
from crm.imports.kinds.leads.steps import STEP, work
from crm.imports.places import place
from crm.imports.rows import Values
from domain.base import Refused
from domain.lead import Register

__all__ = ["implied"]


def implied(found: Values, id: UUID, directory: Directory, defaults: Defaults) -> Entry:
    """The forms for the lead `id`. What is wrong is in `problems`; then there are no forms to rely on."""
    _where(found)
    days = days_of(found, defaults)
    entry = Entry(found)
    registered = min(days.values(), default=defaults.day)
    last = max(days.values(), default=defaults.day)
    entry.make(lambda: _register(found, id, directory, defaults, registered))
    if days.get("last_contact_on") == days.get("contacted_on"):
        days.pop("last_contact_on", None)
    steps = [(days[key], place, key) for place, key in enumerate(HAPPENED) if key in days and key in STEP]
    for day, _, key in sorted(steps):
        entry.make(lambda key=key, day=day: STEP[key](found.given, day))  # type: ignore[misc]
    for made in work(found.given, last, lost="lost_on" in days):
        entry.make(made)
    return entry


def _register(found: Values, id: UUID, directory: Directory, defaults: Defaults, day: date) -> Register:
    given = found.given
    named = {key: looked_up(found, key, lookup) for key, lookup in (
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
            "contacts": contacts_of(given, id),
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


def _where(found: Values) -> None:
    """Turn the texts for country, region and industry into what they stand for."""
    given = found.given
    for key, meaning in (("country", place), ("industry", industry)):
        if isinstance(given.get(key), str):
            try:
                given[key] = meaning(given[key])
            except Refused as refusal:
                found.complain(key, refusal.text)
                del given[key]
    if "country" in given:
        country, region = given["country"]
        given["country"] = country
        if region:
            given.setdefault("region", region)
    elif "region" in given:
        given["country"] = _of_region(given["region"])


def _of_region(region: str) -> str:
    try:
        found = place(region)
    except Refused:
        found = None
    return found.country if found else "CN"
