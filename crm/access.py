"""Who may do what: one table of rules for routes, a few rules for objects. Nothing is allowed that is not named here.

A route is named `<page>` or `<page>.<what>`; the command `POST /leads/{id}/<noun>` is `lead.<noun>`, the sheet that
asks for it `lead.<noun>.form`. The API's routes carry the same names behind `api.` and fall under the same rules.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from psycopg_pool import ConnectionPool

from domain import FORMS
from domain.base import Text
from domain.person import Role
from domain.rules import StaffReading

__all__ = ["PUBLIC", "RULES", "SYSTEM", "Forbidden", "Role", "Viewer", "rule"]

SYSTEM: Final = UUID(int=0)
"""Who acts when nobody does: demo, first start, command line."""

PUBLIC: Final[frozenset[Role]] = frozenset()
"""The rule of a route that needs no login."""

EVERYONE: Final = frozenset(Role)
WORKERS: Final = frozenset({Role.STAFF, Role.MANAGER})
MANAGERS: Final = frozenset({Role.MANAGER})
KEEPERS: Final = frozenset({Role.MANAGER, Role.ADMIN})
ADMINS: Final = frozenset({Role.ADMIN})
AUDITOR: Final = Role.AUDITOR
OVERSEERS: Final = frozenset({Role.ADMIN, Role.AUDITOR})

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


def _commands(aggregate: str, roles: frozenset[Role]) -> dict[str, frozenset[Role]]:
    """A rule for every command of an aggregate and for the sheet that asks for it."""
    nouns = [noun for name, noun in FORMS if name == aggregate]
    return {f"{aggregate}.{noun}{end}": roles for noun in nouns for end in ("", ".form")}


RULES: Final[dict[str, frozenset[Role]]] = {
    **_commands("lead", WORKERS),
    "lead.rulings": MANAGERS,
    "lead.rulings.form": MANAGERS,
    **_commands("channel", WORKERS | KEEPERS),
    **_commands("person", ADMINS),
    **_commands("district", ADMINS),
    **_commands("meeting", KEEPERS),
    **_commands("project", WORKERS),
    **_commands("problem", WORKERS),
    **_commands("target", WORKERS),
    **_commands("plan", WORKERS),
    **_commands("indicator", WORKERS),
    **_commands("company", WORKERS),
    **_commands("service", WORKERS),
    "companies": EVERYONE,
    "companies.service": EVERYONE,
    "companies.export": EVERYONE,
    "companies.new": WORKERS,
    "companies.open": WORKERS,
    "companies.register": WORKERS,
    "company": EVERYONE,
    "services": EVERYONE,
    "services.export": EVERYONE,
    "services.new": WORKERS,
    "services.open": WORKERS,
    "services.log": WORKERS,
    "service": EVERYONE,
    **_commands("site", WORKERS),
    **_commands("matchmaking", WORKERS),
    **_commands("task", WORKERS),
    "tasks": EVERYONE,
    "tasks.export": EVERYONE,
    "tasks.new": WORKERS,
    "tasks.open": WORKERS,
    "tasks.give": WORKERS,
    "task": EVERYONE,
    "dispatch": EVERYONE,
    "dispatch.moved": EVERYONE,
    "dispatch.weekly": EVERYONE,
    "dispatch.leaders": EVERYONE,
    "dispatch.pack": EVERYONE,
    "dispatch.export": EVERYONE,
    "dispatch.weekly.pack": EVERYONE,
    "dispatch.weekly.export": EVERYONE,
    "dispatch.leaders.pack": EVERYONE,
    "dispatch.leaders.export": EVERYONE,
    "sites": EVERYONE,
    "sites.export": EVERYONE,
    "sites.needs": EVERYONE,
    "sites.new": WORKERS,
    "sites.open": WORKERS,
    "site": EVERYONE,
    "matchmakings": EVERYONE,
    "matchmakings.export": EVERYONE,
    "matchmakings.outcomes": EVERYONE,
    "matchmakings.outcomes.export": EVERYONE,
    "matchmakings.new": WORKERS,
    "matchmakings.open": WORKERS,
    "matchmaking": EVERYONE,
    **_commands("procedure", WORKERS),
    **_commands("funding", WORKERS),
    "projects": EVERYONE,
    "projects.export": EVERYONE,
    "projects.board": EVERYONE,
    "projects.plan": EVERYONE,
    "projects.new": WORKERS,
    "projects.open": WORKERS,
    "project": EVERYONE,
    "problems": EVERYONE,
    "problems.export": EVERYONE,
    "problems.figures": EVERYONE,
    "problems.new": WORKERS,
    "problems.open": WORKERS,
    "problem": EVERYONE,
    "cockpit": EVERYONE,
    "rates": EVERYONE,
    "rates.behind": EVERYONE,
    "rates.export": EVERYONE,
    "targets": EVERYONE,
    "targets.export": EVERYONE,
    "targets.new": WORKERS,
    "targets.set": WORKERS,
    "targets.open": WORKERS,
    "target": EVERYONE,
    "target.behind": EVERYONE,
    "plans": EVERYONE,
    "plans.list": EVERYONE,
    "plans.export": EVERYONE,
    "plans.new": WORKERS,
    "plans.open": WORKERS,
    "plans.propose": WORKERS,
    "plan": EVERYONE,
    "reports.year": EVERYONE,
    "reports.year.behind": EVERYONE,
    "reports.year.export": EVERYONE,
    "reports.year.paper": EVERYONE,
    "indicators": EVERYONE,
    "indicators.export": EVERYONE,
    "indicators.new": WORKERS,
    "indicators.open": WORKERS,
    "indicators.report": WORKERS,
    "indicator": EVERYONE,
    "procedures": EVERYONE,
    "procedures.export": EVERYONE,
    "procedures.new": WORKERS,
    "procedures.open": WORKERS,
    "procedure": EVERYONE,
    "fundings": EVERYONE,
    "fundings.export": EVERYONE,
    "fundings.new": WORKERS,
    "fundings.open": WORKERS,
    "funding.open": WORKERS,
    "funding": EVERYONE,
    "login": PUBLIC,
    "login.enter": PUBLIC,
    "login.again": PUBLIC,
    "logout": PUBLIC,
    "language": PUBLIC,
    "health": PUBLIC,
    "ready": PUBLIC,
    "metrics": OVERSEERS,
    "favicon": PUBLIC,
    "account": EVERYONE,
    "account.password": EVERYONE,
    "today": EVERYONE,
    "leads": EVERYONE,
    "leads.export": EVERYONE,
    "leads.find": EVERYONE,
    "leads.duplicates": WORKERS,
    "leads.new": WORKERS,
    "leads.register": WORKERS,
    "leads.hand_over": KEEPERS,
    "leads.hand_over.form": KEEPERS,
    "lead": EVERYONE,
    "lead.history": EVERYONE,
    "lead.why": EVERYONE,
    "lead.export": EVERYONE,
    "lead.version": EVERYONE,
    "lead.document": EVERYONE,
    "board": EVERYONE,
    "board.column": EVERYONE,
    "board.move": WORKERS,
    "funnel": EVERYONE,
    "funnel.leads": EVERYONE,
    "funnel.export": EVERYONE,
    "since": EVERYONE,
    "since.leads": EVERYONE,
    "since.export": EVERYONE,
    "restatements": EVERYONE,
    "restatements.leads": EVERYONE,
    "restatements.export": EVERYONE,
    "meetings": EVERYONE,
    "meetings.new": KEEPERS,
    "meetings.pin": KEEPERS,
    "meeting": EVERYONE,
    "meeting.leads": EVERYONE,
    "meeting.moved": EVERYONE,
    "meeting.pack": EVERYONE,
    "meeting.figures": EVERYONE,
    "channels": EVERYONE,
    "channels.new": KEEPERS,
    "channels.open": KEEPERS,
    "channel": EVERYONE,
    "occasion": EVERYONE,
    "imports": WORKERS | OVERSEERS,
    "import": WORKERS | OVERSEERS,
    "import.progress": WORKERS | OVERSEERS,
    "imports.new": WORKERS | KEEPERS,
    "imports.upload": WORKERS | KEEPERS,
    "imports.template": WORKERS | KEEPERS,
    "import.map": WORKERS | KEEPERS,
    "import.start": WORKERS | KEEPERS,
    "import.undo": WORKERS | KEEPERS,
    "import.undo.form": WORKERS | KEEPERS,
    "import.failed_rows": WORKERS | OVERSEERS,
    "admin": OVERSEERS,
    "admin.people": OVERSEERS,
    "admin.person": OVERSEERS,
    "admin.person.new": ADMINS,
    "admin.person.add": ADMINS,
    "admin.person.password": ADMINS,
    "admin.person.posting": ADMINS,
    "admin.person.posting.form": ADMINS,
    "admin.person.sessions": ADMINS,
    "admin.channels": OVERSEERS,
    "admin.settings": OVERSEERS,
    "admin.erasures": OVERSEERS,
    "admin.erasure": OVERSEERS,
    "erasure.requests": ADMINS,
    "erasure.approval": ADMINS,
    "erasure.rejection": ADMINS,
    "erasure.hold": ADMINS,
    "erasure.release": ADMINS,
    "admin.tokens": OVERSEERS,
    "admin.tokens.create": ADMINS,
    "admin.tokens.revoke": ADMINS,
    "admin.activity": OVERSEERS,
    "audit": OVERSEERS | MANAGERS,
    "audit.event": OVERSEERS | MANAGERS,
    "audit.event.proof": OVERSEERS | MANAGERS,
    "audit.actors": OVERSEERS | MANAGERS,
    "audit.checkpoints": OVERSEERS | MANAGERS,
    "audit.checkpoints.file": OVERSEERS | MANAGERS,
    "audit.checkpoint": OVERSEERS,
    "audit.readings": OVERSEERS,
    "audit.bundle": OVERSEERS,
    "audit.replays": KEEPERS | {AUDITOR},
    "audit.replay.enter": KEEPERS | {AUDITOR},
    "audit.replay.leave": EVERYONE,
    "people": EVERYONE,
    "rules": EVERYONE,
    "rules.versions": EVERYONE,
    "rules.simulation": KEEPERS,
    "status": EVERYONE,
    "glossary": PUBLIC,
    "openapi": PUBLIC,
    "agenda": EVERYONE,
}
"""Route name → the roles that may use it. `create_app` refuses to start with a route that is not here."""


def rule(route: str) -> frozenset[Role]:
    """The roles that may use a route; KeyError for one without a rule."""
    return RULES[route.removeprefix("api.")]


def unruled(routes: Iterable[str]) -> Collection[str]:
    """The names among `routes` that no rule covers."""
    return sorted({name for name in routes if name.removeprefix("api.") not in RULES})
