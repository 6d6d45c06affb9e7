"""The funnel, drawn by the server, and the leads behind each of its numbers."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from psycopg import Connection

from crm import clock
from crm.access import Viewer, listable
from crm.application import Unknown
from domain.funnel import STAGES, Stage, Status
from projections import funnel, funnel_past
from projections.paging import BadCursor, Scope
from web.html import page, target, url_for
from web.pages.funnel_drawing import HEIGHT, WIDTH, bands
from web.pages.funnel_labels import MEASURES, VIEWS, choices, labels
from web.pages.funnel_nothing import nothing
from web.pages.funnel_question import CLOCKS, GROUPS, NAMES, Question, demand_understood, read_question, unsettled
from web.pages.funnel_replay import clocks, replay
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
MORE: Final = frozenset({"owner", "industry", "country", "band", "month"})
"""The filters that stand behind “more conditions”."""


@router.get("/funnel", name="funnel")
def show(request: Request, crm: Crm, viewer: Who) -> Response:
    question = read_question(request.query_params, clock.today())
    address = url_for(request, "funnel", **question.raw)
    if target(request) is None and unsettled(request.query_params):
        return RedirectResponse(address, 303)
    words: Words = request.state.words
    with crm.pool.connection() as conn:
        asked = asked_of(conn, question, viewer)
        found = funnel.funnel(conn, group_by=question.group_by, filters=question.filters, **asked)
        empty = nothing(conn, found.total.registered, narrowed=bool(question.narrowed), **asked)
        label = labels(conn, words)
        # The results alone, as a replay asks for them month after month, offer nothing to choose.
        offered = {} if target(request) == "results" else choices(conn, asked["scope"], label)
        both = clocks(conn, question, asked["scope"])
        scale = _scale(conn, question, asked["scope"])
        slider = replay(request, question, funnel_past.first_day(conn))
    answer = page(
        request, "funnel/funnel.html", status=422 if question.errors else 200,
        question=question, funnel=found, bands=bands(found.total.stages, scale), scale=scale, box=(WIDTH, HEIGHT),
        choices=offered, label=label, href=links(request, question), views=_views(request, question),
        clocks=both, slider=slider, nothing=empty, CLOCKS=CLOCKS, partial=partial(viewer),
        more=bool(MORE & question.narrowed.keys() or (question.known_at and not question.then)),
        groups=ordered(question.group_by, found.groups), GROUPS=GROUPS, NAMES=NAMES,
    )  # fmt: skip
    # htmx would push every empty condition of the form as well.
    answer.headers["HX-Push-Url"] = address
    return answer


def ordered(group_by: str, groups: list[funnel.Group]) -> list[funnel.Group]:
    """Months and amounts in their own order, all else from the largest down; those without a value come last."""
    if group_by in ("month", "band"):
        return sorted(groups, key=lambda group: (group.key is None, group.key or ""))
    return sorted(groups, key=lambda group: (group.key is None, -group.registered))


@router.get("/funnel/leads", name="funnel.leads")
def behind(
    request: Request,
    crm: Crm,
    viewer: Who,
    measure: Annotated[str, Query()] = "registered",
    stage: Annotated[str | None, Query()] = None,
    key: Annotated[str | None, Query()] = None,
    after: Annotated[str | None, Query()] = None,
) -> Response:
    """The leads that one number of the funnel counts."""
    question = read_question(request.query_params, clock.today())
    demand_understood(question, NAMES)
    if measure not in MEASURES or (stage is not None and stage not in STAGES):
        raise Unknown
    cell = funnel.Cell(measure, stage, question.group_by, key)
    words: Words = request.state.words
    with crm.pool.connection() as conn:
        asked = asked_of(conn, question, viewer) | {"filters": question.filters}
        rows = _page_of(conn, cell, after, asked)
        total = funnel.count(conn, cell, **asked)
        label = labels(conn, words)
    parts = [words.t(MEASURES[measure]), words.term(Stage(stage)) if stage else None,
             label(question.group_by, key) if question.group_by != "none" else None]  # fmt: skip
    return page(
        request, "funnel/leads.html", question=question, rows=rows, total=total, after=after, label=label,
        title=" · ".join(part for part in parts if part), back={"group_by": question.grouped,
        **question.carried}, days=question.days, partial=partial(viewer), Status=Status, GROUPS=GROUPS,
    )  # fmt: skip


def asked_of(conn: Connection[Any], question: Question, viewer: Viewer) -> dict[str, Any]:
    """The day, the position known and the scope of a question, as the read model takes them."""
    known = funnel.position_at(conn, question.known_at) if question.known_at else None
    return {"as_at": question.as_at, "known_at": known, "scope": Scope(**listable(viewer))}  # type: ignore[arg-type]


def _scale(conn: Connection[Any], question: Question, scope: Scope) -> int:
    """How many leads the drawing of a past day is measured by: all until today, so that in a replay the funnel grows."""
    if question.as_at is None:
        return 0
    return funnel.funnel(conn, filters=question.filters, scope=scope).total.stages[0].reached


def _page_of(conn: Connection[Any], cell: funnel.Cell, after: str | None, asked: dict[str, Any]) -> Any:
    try:
        return funnel.behind(conn, cell, after=after, **asked)
    except BadCursor:
        return funnel.behind(conn, cell, **asked)


def partial(viewer: Viewer) -> bool:
    """Whether the viewer's figures leave out leads they may not see."""
    return not listable(viewer)["all"]


def links(request: Request, question: Question) -> Callable[..., str]:
    """`href(measure, stage=…, key=…)`: where the leads behind a figure are listed. `key` names a group's row ("": none)."""

    def href(measure: str, stage: str | None = None, key: str | None = None) -> str:
        group = {} if key is None else {"group_by": question.group_by, "key": key}
        return url_for(request, "funnel.leads", measure=measure, stage=stage, **group, **question.carried)

    return href


def _views(request: Request, question: Question) -> list[tuple[str, str, bool, None]]:
    """The tabs over the split: counts, amounts, conversions."""
    said, base = request.state.words.t, {"group_by": question.group_by, **question.carried}
    return [
        (
            said(text),
            url_for(request, "funnel", **base, show=None if name == "count" else name),
            name == question.show,
            None,
        )
        for name, text in VIEWS.items()
    ]
