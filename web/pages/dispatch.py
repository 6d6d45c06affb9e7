"""The dispatch (半月调度): preparing the next meeting, or a past one as it was pinned; what is behind its figures; on paper."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from crm import clock, exports
from crm.application import Unknown
from crm.dispatch_table import change_said, sheets
from crm.meetings import one_state
from domain.base import Text
from domain.lights import Light
from domain.problem import EscalationLevel, ProblemStatus, ProblemWay
from domain.project import MILESTONES, Milestone, ProjectStatus
from domain.task import TaskKind, TaskStatus
from projections import dispatch, people, problems, projects
from projections.dispatch import problem_said, project_said
from projections.paging import BadCursor
from web.html import page
from web.pages.dispatch_looking import Looked, asked, looked_at, meeting_of
from web.pages.facts import names_of
from web.pages.files import XLSX
from web.session import Crm
from web.words import Words

router = APIRouter()
Of = Literal["projects", "problems"]
SHOWN: Final = 10
KINDS: Final[Mapping[str, Mapping[str, Text]]] = {
    "projects": {
        "opened": Text("新建项目", "Opened"),
        **{one.value: one.text for one in MILESTONES},
        "replanned": Text("节点调整计划", "Milestones re-planned"),
        "paused": Text("停工", "Paused"),
        "resumed": Text("复工", "Resumed"),
        "terminated": Text("终止", "Terminated"),
        "progress": Text("进度更新", "Progress"),
    },
    "problems": {
        "raised": Text("新增问题", "Raised"),
        "solved": Text("办理完成", "Solved"),
        "escalated": Text("提级办理", "Escalated"),
        "reopened": Text("重新办理", "Reopened"),
    },
}
"""The ways in which something moves, in the order of the paper."""
MOVES: Final[Mapping[str, tuple[Any, Any]]] = {
    "projects": (projects.MOVES, project_said), "problems": (problems.MOVES, problem_said),
}  # fmt: skip
WORDS: Final[Mapping[str, Any]] = {
    "KINDS": KINDS, "Light": Light, "milestone_of": Milestone, "status_of": ProblemStatus, "way_of": ProblemWay,
    "level_of": EscalationLevel, "task_kind": TaskKind, "task_status": TaskStatus, "project_status": ProjectStatus,
    "on": date.fromisoformat, "shown": SHOWN,
}  # fmt: skip


@router.get("/dispatch", name="dispatch")
def show(request: Request, crm: Crm) -> Response:
    """What to speak about: since the last meeting, or as it was at one."""
    with crm.pool.connection() as conn, one_state(conn):
        found = looked_at(conn, meeting_of(request))
        taken = _decided(conn, found)
        names = names_of(conn)
    return page(
        request, "dispatch/dispatch.html", **WORDS, found=found, document=found.document, decided=taken, names=names
    )


def _decided(conn: Any, found: Looked) -> list[Any]:
    """What came out of the meeting looked at: what the next one follows up."""
    return dispatch.decided(conn, found.asked.row.id) if found.asked.row else []


@router.get("/dispatch/moved/{of}/{kind}", name="dispatch.moved")
def moved(request: Request, of: Of, kind: str, crm: Crm, after: Annotated[str | None, Query()] = None) -> Response:
    """Everything that moved in one way, the weightiest first."""
    if kind not in KINDS[of]:
        raise Unknown
    moves, said = MOVES[of]
    with crm.pool.connection() as conn, one_state(conn):
        question = asked(conn, meeting_of(request))
        try:
            rows = moves.page(conn, kind, question.between, after=after)
        except BadCursor:
            rows, after = moves.page(conn, kind, question.between), None
        known = {str(one): name for one, name in people.names(conn).items()}
    return page(
        request, "dispatch/moved.html", **WORDS, asked=question, of=of, kind=kind, rows=[said(kind, one) for one in rows.rows],
        following=rows.next, after=after, document={"people": known, "called": {}},
    )  # fmt: skip


@router.get("/dispatch/pack", name="dispatch.pack")
def paper(request: Request, crm: Crm) -> Response:
    """The paper, in Chinese whoever looks: it is the district's."""
    with crm.pool.connection() as conn, one_state(conn):
        found = looked_at(conn, meeting_of(request))
        taken = _decided(conn, found)
        names = names_of(conn)
    return page(
        request, "dispatch/pack.html", **WORDS, found=found, document=found.document, decided=taken, names=names,
        zh=Words("zh", clock.today()), said=_day, change_said=change_said, most=dispatch.LISTED_AT_MOST,
    )  # fmt: skip


def _day(text: str | date | None) -> str:
    """A day as a Chinese paper says it."""
    day = date.fromisoformat(text) if isinstance(text, str) else text
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


@router.get("/dispatch/export.xlsx", name="dispatch.export")
def export(request: Request, crm: Crm) -> Response:
    """The same as a workbook: a sheet for what moved, the lights, the problems, who answers, the tasks."""
    with crm.pool.connection() as conn, one_state(conn):
        found = looked_at(conn, meeting_of(request))
    name = f"attachment; filename=dispatch-{found.asked.day.isoformat()}.xlsx"
    return Response(
        exports.workbook(sheets(found.document, KINDS)), media_type=XLSX, headers={"Content-Disposition": name}
    )
