"""What hangs on a project, for its page: the firm that builds it, its open problems, procedures and funding."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from domain.funding import FundingKind, FundingStatus
from domain.procedure import ProcedureKind, ProcedureStatus
from domain.project import ProjectState
from projections import companies, fundings, problems, procedures
from projections.companies import CompanyRow
from projections.fundings import FundingFilters
from projections.problems import ProblemFilters
from projections.procedures import ProcedureFilters
from web.pages.moments import Moment, rules_at

PROBLEMS: Final = 5
SHOWN: Final = 12
"""The procedures, and the funding, that are shown."""


def panels(conn: Connection[Any], id: UUID, asked: Moment) -> Mapping[str, Any]:
    """Whatever hangs on it, on the day asked for, as known then."""
    return open_problems(conn, id, asked) | _procedures(conn, id, asked) | _funding(conn, id, asked)


def _procedures(conn: Connection[Any], id: UUID, asked: Moment) -> dict[str, Any]:
    filters = ProcedureFilters(project=id).asked()
    return {
        "procedures": procedures.LIST.page(conn, filters, asked.point, limit=SHOWN).rows,
        "procedure_count": procedures.LIST.totals(conn, filters, asked.point).count,
        "words_of": {"procedure": (ProcedureKind, ProcedureStatus), "funding": (FundingKind, FundingStatus)},
    }


def _funding(conn: Connection[Any], id: UUID, asked: Moment) -> dict[str, Any]:
    filters = FundingFilters(project=id).asked()
    return {
        "fundings": fundings.LIST.page(conn, filters, asked.point, limit=SHOWN).rows,
        "funded": fundings.together(fundings.sums(conn, filters, asked.point) or {}),
    }


def open_problems(conn: Connection[Any], id: UUID, asked: Moment) -> dict[str, Any]:
    """The problems of the project that are open, the first to fall due first."""
    rules = rules_at(conn, asked.point)
    filters = ProblemFilters(project=id, open=True).asked(rules)
    return {
        "problems": problems.LIST.page(conn, filters, asked.point, sort="due", limit=PROBLEMS).rows,
        "problem_count": problems.LIST.totals(conn, filters, asked.point).count,
        "rules": rules,
    }


def firm_of(conn: Connection[Any], state: ProjectState) -> CompanyRow | None:
    """The firm that builds it: the one it names, else the one its lead is known to be of."""
    if state.company:
        return companies.LIST.one(conn, state.company)
    found = companies.alike(conn, (), (), state.lead) if state.lead else []
    return found[0] if found else None
