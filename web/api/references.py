"""What a command points at must be there and fit: asked of the events themselves, so that what was just made counts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from crm.access import Role, Viewer, may_change, may_read
from crm.application import CRM, Unknown
from domain.base import AGGREGATES, Form, Refused
from domain.channel import Channel, Post, Withdraw
from domain.company import Company, RegisterCompany
from domain.correctable import Correctable
from domain.corrections import CorrectDetails
from domain.lead import Lead
from domain.person import Person
from domain.project import Project
from web.pages.answering import workable
from web.pages.lead_access import held, landed
from web.pointing import references
from web.words import country_names

WORKERS: Final = frozenset({Role.STAFF, Role.MANAGER})


def demand_known(crm: CRM, viewer: Viewer, form: Form, about: Any = None) -> None:
    """Refuse, at its field, a reference to nothing or to what cannot be meant. `about`: whose fact the form corrects."""
    correcting = isinstance(form, CorrectDetails) and isinstance(about, Correctable)
    found = _corrected(about, form) if correcting else references(form)  # type: ignore[arg-type]
    for field, pick, value in found:
        if not FITS.get(pick, _there(pick))(crm, viewer, form, value):
            raise Refused("pick.unknown", "没有这一项，或现在不能选它。", "There is no such one, or it cannot be chosen now.",
                          field=field)  # fmt: skip


def _corrected(about: Correctable, form: CorrectDetails) -> Iterator[tuple[str, str, Any]]:
    """What the details put right refer to, as the fact's own fields say. What is no reference at all is refused later."""
    fields = type(about.events[form.fact - 1]).model_fields if form.fact <= len(about.events) else {}
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


def _landed(crm: CRM, viewer: Viewer, _form: Form, id: UUID) -> bool:
    lead = _found(crm, Lead, id)
    return lead is not None and landed(lead) and may_read(viewer, held(lead))


def _company(crm: CRM, _viewer: Viewer, _form: Form, id: UUID) -> bool:
    company = _found(crm, Company, id)
    return company is not None and company.state.exists


def _project(crm: CRM, viewer: Viewer, form: Form, id: UUID) -> bool:
    """A firm is registered for a project by whoever may work on that."""
    project = _found(crm, Project, id)
    there = project is not None and project.state.exists
    return there and (not isinstance(form, RegisterCompany) or workable(crm, viewer, project))


def _there(pick: str) -> Callable[[CRM, Viewer, Form, Any], bool]:
    """A list that is called like a kind of aggregate offers those that there are."""
    return lambda crm, _viewer, _form, one: pick in AGGREGATES and _found(crm, AGGREGATES[pick], one) is not None


def _own(_crm: CRM, _viewer: Viewer, _form: Form, _number: int) -> bool:
    """A part of what the command is on: it knows its own, and refuses what is none."""
    return True


def _country(_crm: CRM, _viewer: Viewer, _form: Form, code: str) -> bool:
    return code in country_names("zh")


FITS: Final[Mapping[str, Callable[[CRM, Viewer, Form, Any], bool]]] = {
    "channel": _channel, "occasion": _occasion, "person": _person, "lead": _lead, "country": _country,
    "landed": _landed, "company": _company, "project": _project, "holding": _own, "reservation": _own,
}  # fmt: skip
"""How each kind of reference a form may hold is checked; the kinds are those of the pages' lists."""


def _found(crm: CRM, kind: type[Any], id: Any) -> Any:
    if not isinstance(id, UUID):
        return None
    try:
        return crm.aggregate(kind, id)
    except Unknown:
        return None
