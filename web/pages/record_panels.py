"""What hangs on a project or a firm, as parts of its page: its open problems, its procedures, its funding."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from domain.funding import FundingKind, FundingStatus
from domain.procedure import ProcedureKind, ProcedureStatus
from domain.task import TaskStatus
from projections import fundings, problems, procedures, tasks
from projections.fundings import FundingFilters
from projections.problems import ProblemFilters
from projections.procedures import ProcedureFilters
from projections.tasks import TaskFilters, TaskRow
from web.pages.moments import Moment, rules_at

PROBLEMS: Final = 5
SHOWN: Final = 12
"""The procedures, and the funding, that are shown."""


def problems_of(conn: Connection[Any], asked: Moment, **of: UUID) -> Mapping[str, Any]:
    """Its problems that are open, the first to fall due first; `of` names the `project` or the `company`."""
    rules = rules_at(conn, asked.point)
    filters = ProblemFilters(open=True, **of).asked(rules)  # type: ignore[arg-type]
    return {
        "rows": problems.LIST.page(conn, filters, asked.point, sort="due", limit=PROBLEMS).rows,
        "count": problems.LIST.totals(conn, filters, asked.point).count,
        "rules": rules,
    }


def procedures_of(conn: Connection[Any], asked: Moment, **of: UUID) -> Mapping[str, Any]:
    """The procedures last applied for, and how many there are."""
    filters = ProcedureFilters(**of).asked()  # type: ignore[arg-type]
    return {
        "rows": procedures.LIST.page(conn, filters, asked.point, limit=SHOWN).rows,
        "count": procedures.LIST.totals(conn, filters, asked.point).count,
        "words": (ProcedureKind, ProcedureStatus),
    }


def funding_of(conn: Connection[Any], asked: Moment, **of: UUID) -> Mapping[str, Any]:
    """The funding last applied for, and the sum of all."""
    filters = FundingFilters(**of).asked()  # type: ignore[arg-type]
    return {
        "rows": fundings.LIST.page(conn, filters, asked.point, limit=SHOWN).rows,
        "sum": fundings.together(fundings.sums(conn, filters, asked.point) or {}),
        "words": (FundingKind, FundingStatus),
    }


def tasks_of(conn: Connection[Any], asked: Moment, **of: UUID) -> Sequence[TaskRow]:
    """Its tasks that are open, the first to fall due first."""
    filters = TaskFilters(status=TaskStatus.OPEN, **of).asked()  # type: ignore[arg-type]
    return tasks.LIST.page(conn, filters, asked.point, limit=PROBLEMS).rows
