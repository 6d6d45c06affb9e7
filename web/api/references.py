"""What a command points at must be there and fit: asked of the events themselves, so that what was just made counts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from crm.access import Role, Viewer, may_change
from crm.application import CRM, Unknown
from domain.base import Form, Refused
from domain.channel import Channel, Post, Withdraw
from domain.lead import CorrectDetails, Lead
from domain.person import Person
from web.pages.lead_access import held
from web.words import country_names

WORKERS: Final = frozenset({Role.STAFF, Role.MANAGER})


def demand_known(crm: CRM, viewer: Viewer, form: Form, lead: UUID | None = None) -> None:
    """Refuse, at its field, a reference to nothing or to what cannot be meant. `lead`: whose fact the form corrects."""
    found = _corrected(crm.lead(lead), form) if lead and isinstance(form, CorrectDetails) else _references(form)
    for field, pick, value in found:
        if not FITS[pick](crm, viewer, form, value):
            raise Refused("pick.unknown", "没有这一项，或现在不能选它。", "There is no such one, or it cannot be chosen now.",
                          field=field)  # fmt: skip


def _references(form: BaseModel, prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    for name in form.model_fields_set:
        value, extra = getattr(form, name), type(form).model_fields[name].json_schema_extra
        if isinstance(value, BaseModel):
            yield from _references(value, f"{prefix}{name}.")
        elif value is not None and isinstance(extra, dict) and "pick" in extra:
            yield f"{prefix}{name}", str(extra["pick"]), value


def _corrected(lead: Lead, form: CorrectDetails) -> Iterator[tuple[str, str, Any]]:
    """What the details put right refer to, as the fact's own fields say. What is no reference at all is refused later."""
    fields = type(lead.events[form.fact - 1]).model_fields if form.fact <= len(lead.events) else {}
    for name in form.details.keys() & fields.keys():
        value, extra = form.details[name], fields[name].json_schema_extra
        if value is not None and isinstance(extra, dict) and "pick" in extra:
            yield f"details.{name}", str(extra["pick"]), _identity(value)


def _identity(value: Any) -> Any:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        return value


def _channel(crm: CRM, _viewer: Viewer, _form: Form, id: UUID) -> bool:
    channel = _found(crm, Channel, id)
    return channel is not None and not channel.closed


def _occasion(crm: CRM, _viewer: Viewer, _form: Form, id: UUID) -> bool:
    channel = _found(crm, Channel, id)
    return channel is not None and not channel.closed and channel.kind.occasion


def worker(crm: CRM, id: UUID) -> bool:
    """Whether this is somebody at work who may have leads."""
    person = _found(crm, Person, id)
    return person is not None and person.active and bool(WORKERS & person.roles)


def _person(crm: CRM, _viewer: Viewer, form: Form, id: UUID) -> bool:
    """Leads are worked on by staff and managers; a channel is staffed from everybody, and left by anybody."""
    match form:
        case Withdraw():
            return _found(crm, Person, id) is not None
        case Post():
            person = _found(crm, Person, id)
            return person is not None and person.active
    return worker(crm, id)


def _lead(crm: CRM, viewer: Viewer, _form: Form, id: UUID) -> bool:
    lead = _found(crm, Lead, id)
    return lead is not None and may_change(viewer, held(lead))


def _country(_crm: CRM, _viewer: Viewer, _form: Form, code: str) -> bool:
    return code in country_names("zh")


FITS: Final[Mapping[str, Callable[[CRM, Viewer, Form, Any], bool]]] = {
    "channel": _channel, "occasion": _occasion, "person": _person, "lead": _lead, "country": _country,
}  # fmt: skip
"""How each kind of reference a form may hold is checked; the kinds are those of the pages' lists."""


def _found(crm: CRM, kind: type[Any], id: Any) -> Any:
    if not isinstance(id, UUID):
        return None
    try:
        return crm.aggregate(kind, id)
    except Unknown:
        return None
