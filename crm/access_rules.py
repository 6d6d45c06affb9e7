"""Which roles may use a route: one table. Nothing is allowed that is not named here.

A route is named `<page>` or `<page>.<what>`; the command `POST /leads/{id}/<noun>` is `lead.<noun>`, the sheet that
asks for it `lead.<noun>.form`. The API's routes carry the same names behind `api.` and fall under the same rules.
"""

from collections.abc import Collection, Iterable
from typing import Final

from domain import AGGREGATES, FORMS
from domain.person import Role

PUBLIC: Final[frozenset[Role]] = frozenset()
"""The rule of a route that needs no login."""

EVERYONE: Final = frozenset(Role)
WORKERS: Final = frozenset({Role.STAFF, Role.MANAGER})
MANAGERS: Final = frozenset({Role.MANAGER})
KEEPERS: Final = frozenset({Role.MANAGER, Role.ADMIN})
ADMINS: Final = frozenset({Role.ADMIN})
AUDITOR: Final = Role.AUDITOR
OVERSEERS: Final = frozenset({Role.ADMIN, Role.AUDITOR})


def _commands(aggregate: str, roles: frozenset[Role]) -> dict[str, frozenset[Role]]:
    """A rule for every command of an aggregate and for the sheet that asks for it."""
    nouns = [noun for name, noun in FORMS if name == aggregate]
    return {f"{aggregate}.{noun}{end}": roles for noun in nouns for end in ("", ".form")}


def _record(kind: str, listed: str, *views: str) -> dict[str, frozenset[Role]]:
    """The rules of a kind of record: everybody sees its list, its files, its pages and `views`; who works on leads makes them."""
    creates = AGGREGATES[kind].CREATES
    made = ("new", "open", *((creates.verb,) if creates else ()))
    seen = (listed, f"{listed}.export", kind, *views)
    return _commands(kind, WORKERS) | dict.fromkeys(seen, EVERYONE) | {f"{listed}.{one}": WORKERS for one in made}


RULES: Final[dict[str, frozenset[Role]]] = {
    **_commands("lead", WORKERS),
    "lead.rulings": MANAGERS,
    "lead.rulings.form": MANAGERS,
    **_commands("channel", WORKERS | KEEPERS),
    **_commands("person", ADMINS),
    **_commands("district", ADMINS),
    **_commands("meeting", KEEPERS),
    **_record("project", "projects", "projects.board", "projects.plan"),
    **_record("problem", "problems", "problems.figures"),
    **_record("target", "targets", "target.behind"),
    **_record("plan", "plans", "plans.list"),
    **_record("indicator", "indicators"),
    **_record("company", "companies", "companies.service"),
    **_record("service", "services"),
    **_record("site", "sites", "sites.needs"),
    **_record("matchmaking", "matchmakings", "matchmakings.outcomes", "matchmakings.outcomes.export"),
    **_record("task", "tasks"),
    **_record("procedure", "procedures"),
    **_record("funding", "fundings"),
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
    "cockpit": EVERYONE,
    "rates": EVERYONE,
    "rates.behind": EVERYONE,
    "rates.export": EVERYONE,
    "reports.year": EVERYONE,
    "reports.year.behind": EVERYONE,
    "reports.year.export": EVERYONE,
    "reports.year.paper": EVERYONE,
    "funding.open": WORKERS,
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
