"""What hangs on a project or a firm (procedures, funding): who may work on it, what its forms offer, whose it is."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from crm.application import CRM, Unknown
from domain.funding import FundingKind, FundingStatus
from domain.procedure import ProcedureKind, ProcedureStatus
from domain.project import Project, ProjectStatus
from projections import fundings, people, procedures, projects
from projections.changes import Point
from projections.fundings import FundingFilters
from projections.interval_lists import PRESENT
from projections.procedures import ProcedureFilters
from web.fields import Choice, Picks
from web.pages import answered
from web.pages.answered import Held
from web.pages.facts import Names
from web.pages.lead_picks import named, workers
from web.pages.projects import names_of

PROJECTS_OFFERED: Final = 50
LOOKED_UP_TOGETHER: Final = 500
SHOWN: Final = 12
"""The procedures, and the funding, that a project's page shows."""


def held(crm: CRM, id: UUID, project: UUID | None, own: Iterable[UUID | None]) -> Held:
    """Who has it: its `own` people, whoever answers for its project, whoever recorded it."""
    found = {one for one in own if one is not None}
    try:
        above = answered.held(crm, crm.aggregate(Project, project)) if project else None
    except Unknown:
        above = None
    return Held(above.leader if above else None, {*found, *(above.officers if above else ())}, crm.begun_by(id))


def offers(crm: CRM, project: UUID | None = None, own: Iterable[UUID] = ()) -> Picks:
    """People at work, and the projects last opened; `project`, and its `own` people, stay in the lists whatever became of them."""
    active = projects.ProjectFilters(status=str(ProjectStatus.ACTIVE)).asked()
    with crm.pool.connection() as conn:
        rows = {row.id: row for row in projects.LIST.page(conn, active, sort="opened", limit=PROJECTS_OFFERED).rows}
        rows = projects.LIST.some(conn, [project] if project else []) | rows
        there = workers(conn)
        gone = set(own) - {UUID(choice.value) for choice in there}
        known = people.names(conn) if gone else {}
    return {
        "project": [Choice(str(row.id), named(row.name), row.investor or "") for row in rows.values()],
        "person": [*there, *(Choice(str(one), named(known.get(one, "—"))) for one in gone)],
    }


def names(conn: Connection[Any], ids: Iterable[UUID | None], point: Point = PRESENT) -> Names:
    """The names of people and channels, and of these projects."""
    wanted = [one for one in set(ids) if one is not None]
    return names_of(conn, {row.id: row.name for row in projects.LIST.some(conn, wanted, point).values()})


def looked_up(conn: Connection[Any], rows: Iterable[Any], point: Point = PRESENT) -> Iterator[tuple[Any, str | None]]:
    """Each row with the name of its project, for files: some hundred projects are looked up in one go."""
    left = iter(rows)
    while some := list(islice(left, LOOKED_UP_TOGETHER)):
        known = projects.LIST.some(conn, list({row.project for row in some if row.project}), point)
        yield from ((row, known[row.project].name if row.project in known else None) for row in some)


def on_project(conn: Connection[Any], id: UUID, point: Point) -> dict[str, Any]:
    """What the page of a project shows of what hangs on it: the latest procedures and funding, and how many there are."""
    procedure, money = ProcedureFilters(project=id).asked(), FundingFilters(project=id).asked()
    return {
        "procedures": procedures.LIST.page(conn, procedure, point, limit=SHOWN).rows,
        "procedure_count": procedures.LIST.totals(conn, procedure, point).count,
        "fundings": fundings.LIST.page(conn, money, point, limit=SHOWN).rows,
        "funded": fundings.together(fundings.sums(conn, money, point) or {}),
        "words_of": {"procedure": (ProcedureKind, ProcedureStatus), "funding": (FundingKind, FundingStatus)},
    }


def project_given(crm: CRM, given: Mapping[str, str]) -> Project | None:
    """The project that an address names."""
    try:
        return crm.aggregate(Project, UUID(given["project"]))
    except (KeyError, ValueError, Unknown):
        return None
