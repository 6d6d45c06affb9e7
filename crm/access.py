"""Who may do what: a few rules for objects, beside the table of `access_rules` for routes."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from psycopg_pool import ConnectionPool

from crm.access_rules import AUDITOR, KEEPERS, PUBLIC, RULES, rule, unruled
from domain.base import Text
from domain.person import Role
from domain.rules import StaffReading

__all__ = ["PUBLIC", "RULES", "SYSTEM", "Forbidden", "Role", "Viewer", "rule", "unruled"]

SYSTEM: Final = UUID(int=0)
"""Who acts when nobody does: demo, first start, command line."""

_ACTS_FIRST: Final = (Role.MANAGER, Role.STAFF, Role.ADMIN, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: the person, their roles, the channels they are posted to today, and the role they act in."""

    id: UUID
    name: str
    login: str
    roles: frozenset[Role]
    channels: frozenset[UUID] = frozenset()
    acting: Role = Role.AUDITOR
    language: str = "zh"
    sight: StaffReading = StaffReading.LIST
    must_change: bool = False
    looking_back: bool = False

    def may_open(self, route: str) -> bool:
        """Whether the rules let this person use the route of that name; of a replay, only what is open to auditors."""
        allowed = rule(route)
        return allowed == PUBLIC or (bool(allowed & self.roles) and not (self.looking_back and AUDITOR not in allowed))

    def acting_on(self, route: str) -> "Viewer":
        """The same person, acting in the first of their roles that the route's rule names."""
        allowed = rule(route) & self.roles or self.roles
        return replace(self, acting=next(role for role in _ACTS_FIRST if role in allowed)) if allowed else self

    @property
    def sees_all(self) -> bool:
        """Whether leads are shown to this person whatever their channel."""
        return bool(self.roles - {Role.STAFF}) or self.sight is StaffReading.FULL


class Forbidden(Exception):
    """The viewer has no right to this; `text` says what is missing."""

    def __init__(self, zh: str = "您没有做这件事的权限。", en: str = "You have no right to do this.") -> None:
        super().__init__(en)
        self.text = Text(zh, en)


class Owned(Protocol):
    """What the object rules ask of a lead, aggregate or row: the channel credited with it, and who works on it."""

    @property
    def channel(self) -> UUID | None: ...
    @property
    def owner(self) -> UUID | None: ...


def look_up(
    pool: ConnectionPool[Any], person: UUID, today: date, *, language: str = "zh", must_change: bool = False
) -> Viewer | None:
    """The viewer that an active person is today; None for everybody else. On the day of a withdrawal it is over."""
    with pool.connection() as connection:
        row = connection.execute(
            "SELECT p.name, p.login, p.roles, ARRAY(SELECT o.channel FROM posting o WHERE o.person = p.id"
            " AND o.from_on <= %(today)s AND (o.to_on IS NULL OR o.to_on > %(today)s))"
            " FROM person p WHERE p.id = %(person)s AND p.active",
            {"person": person, "today": today},
        ).fetchone()
    if row is None:
        return None
    name, login, roles, channels = row
    return Viewer(
        person,
        name,
        login,
        frozenset(map(Role, roles)),
        frozenset(channels),
        language=language,
        must_change=must_change,
    )


def own(viewer: Viewer, lead: Owned) -> bool:
    """Whether the lead is of one of the viewer's channels or in the viewer's own hands."""
    return lead.owner == viewer.id or lead.channel in viewer.channels


def may_change(viewer: Viewer, lead: Owned) -> bool:
    """Managers change every lead, staff those of their channels and their own, nobody else any."""
    allowed = Role.MANAGER in viewer.roles or (Role.STAFF in viewer.roles and own(viewer, lead))
    return allowed and not viewer.looking_back


def may_read(viewer: Viewer, lead: Owned) -> bool:
    """Whether the viewer may open the lead's page, history and documents."""
    return viewer.sees_all or own(viewer, lead)


def may_list(viewer: Viewer, lead: Owned) -> bool:
    """Whether the lead may stand in a list, a search or an export made for the viewer."""
    return may_read(viewer, lead) or viewer.sight is StaffReading.LIST


def sees_contacts(viewer: Viewer, lead: Owned) -> bool:
    """Whether the lead's contact persons may be shown to the viewer."""
    return may_read(viewer, lead)


def may_tend(viewer: Viewer, channel: UUID) -> bool:
    """Whether the viewer may change a channel and its occasions, or bring leads in through it."""
    allowed = bool(viewer.roles & KEEPERS) or (Role.STAFF in viewer.roles and channel in viewer.channels)
    return allowed and not viewer.looking_back


class Answered(Protocol):
    """What the object rule asks of a project or a firm, aggregate or row: who answers for it, and who began it."""

    @property
    def leader(self) -> UUID | None: ...
    @property
    def officers(self) -> Collection[UUID]: ...
    @property
    def begun_by(self) -> UUID | None: ...


def may_work_on(viewer: Viewer, record: Answered) -> bool:
    """Managers work on everything, staff on what they answer for or began, nobody else on anything."""
    answers = viewer.id in (record.leader, record.begun_by, *record.officers)
    allowed = Role.MANAGER in viewer.roles or (Role.STAFF in viewer.roles and answers)
    return allowed and not viewer.looking_back


def listable(viewer: Viewer) -> dict[str, object]:
    """The same rule as `may_list`, as parameters of a read model's query; `contacts` is that of `sees_contacts`.

    Use: `WHERE (%(all)s OR channel = ANY(%(channels)s) OR owner = %(viewer)s)`.
    """
    return {
        "all": viewer.sees_all or viewer.sight is StaffReading.LIST,
        "channels": list(viewer.channels),
        "viewer": viewer.id,
        "contacts": viewer.sees_all,
    }


def sees_every_lead_listed(viewer: Viewer) -> bool:
    """Whether figures and lists over all leads may be shown to the viewer, as on the paper of a meeting."""
    return bool(listable(viewer)["all"])


def demand(allowed: bool, zh: str = "", en: str = "") -> None:  # noqa: FBT001 - reads as a sentence
    """Raise Forbidden unless `allowed`: `demand(may_change(viewer, lead))`."""
    if not allowed:
        raise Forbidden(zh, en) if zh else Forbidden()
