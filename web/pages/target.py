"""One target: its pace against what was attained month by month, what is behind the actual, what happened to it."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock
from crm.application import CRM
from domain.base import Text
from domain.responsibility import TakeResponsibility
from domain.target import DropTarget, Metric, OwnerKind, ReviseTarget, Target, TargetDetails, TargetState, possible
from domain.target.pace import YEAR, shares
from projections import attained
from projections.attained import Owner, Span
from projections.changes import Point
from projections.paging import BadCursor, Scope
from web.fields import Picks
from web.forms import FormView
from web.html import page
from web.pages.answering import demanding, in_force, people_offered
from web.pages.corrections import NOUN, add_detail_corrections
from web.pages.leads import scope_of
from web.pages.record_page import RecordPage, shown
from web.pages.sheets import Sheets, add_commands
from web.pages.target_drawing import chart
from web.pages.targets import offers, owner_name, span_of
from web.session import Crm, Who

router = APIRouter()
PAGE = RecordPage(
    Target, "targets",
    ({ReviseTarget: "adjustments", TakeResponsibility: "user-share"}, {DropTarget: "circle-x"}), possible,
    {"year": Text("年度", "Year"), "metric": Text("指标", "Metric"), "owner_kind": Text("归属", "Whose"),
     "channel": Text("渠道", "Channel"), "leader": Text("领导", "Leader"), "industry": Text("行业", "Industry"),
     "document": Text("下达依据", "Document"), "set_on": Text("下达日期", "Set on")},
    styles=("targets.css",),
)  # fmt: skip


class Month(NamedTuple):
    """A month of the year: the share and the part of the goal due by its end, and what was attained by then (None: to come)."""

    day: date
    share: float
    due: int
    actual: int | None


def owner_key(state: TargetState) -> Owner:
    """Whose target it is, as sums are asked for."""
    kind = state.owner_kind or OwnerKind.DISTRICT
    return kind, str(getattr(state, kind.field)) if kind.field else None


def months(conn: Connection[Any], state: TargetState, span: Span, scope: Scope) -> Iterator[Month]:
    """Month by month, the last one up to the cut-off only."""
    for month, share in enumerate(shares(state.pace)[1:], 1):
        end = date(state.year, month, monthrange(state.year, month)[1])
        actual = _attained(conn, state, span, min(end, span.until), scope) if end.replace(day=1) <= span.until else None
        yield Month(end, float(share), state.due(end), actual)


def _attained(conn: Connection[Any], state: TargetState, span: Span, day: date, scope: Scope) -> int:
    metric = state.metric or Metric.LEADS
    there = span if day == span.until else Span(span.year, day, Point(day, span.point.known_at))
    return attained.attained(conn, metric, there, owner_key(state), scope).of(metric)


@router.get("/targets/{id}", name="target")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    found = shown(request, crm, viewer, PAGE, id)
    state: TargetState = found.state
    more: dict[str, Any] = {}
    if state.exists:
        span = span_of(state.year, found.asked, clock.today())
        with crm.pool.connection() as conn:
            by_month = list(months(conn, state, span, scope_of(viewer)))
        reached = [(min(one.day, span.until), one.actual) for one in by_month if one.actual is not None]
        more = {
            "months": by_month,
            "until": span.until,
            "due": state.due(span.until),
            "actual": reached[-1][1] if reached else 0,
            "chart": chart([(one.day, one.due) for one in by_month], reached, span.until, state.goal),
            "owner": owner_name(state, found.context["names"]),
            "behind_at": found.asked.question.days,
            "partial": not scope_of(viewer).all,
            "YEAR": YEAR,
        }
    return page(request, "targets/target.html", **found.context, **more)


@router.get("/targets/{id}/behind", name="target.behind")
def behind(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    """The leads or projects that the actual counts; htmx asks for `#results` alone."""
    found = shown(request, crm, viewer, PAGE, id)
    state: TargetState = found.state
    metric = state.metric or Metric.LEADS
    span, after = span_of(state.year or 1, found.asked, clock.today()), request.query_params.get("after") or None
    asked = (metric, span, owner_key(state), scope_of(viewer))
    with crm.pool.connection() as conn:
        total = attained.attained(conn, *asked)
        try:
            rows = attained.behind(conn, *asked, after=after)
        except BadCursor:
            rows, after = attained.behind(conn, *asked), None
    return page(
        request, "targets/behind.html", **found.context, metric=metric, total=total, rows=rows, until=span.until,
        first=date(state.year or 1, 1, 1), after=after, owner=owner_name(state, found.context["names"]),
        partial=not scope_of(viewer).all,
    )  # fmt: skip


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _offers(crm: CRM, target: Target) -> Picks:
    return {**offers(crm), "person": people_offered(crm, target)}


def _values(_crm: CRM, target: Target) -> Mapping[str, Any]:
    """What is in force, by the names its forms use."""
    return in_force(target, TargetDetails)


def _narrowed(target: Target, form: FormView) -> FormView:
    """The form of a revision without the goal that this metric does not have."""
    if form.kind is not ReviseTarget or target.state.metric is None:
        return form
    unused = "details.count" if target.state.metric.money else "details.amount.amount"
    fields = tuple(
        replace(one, fields=tuple(inner for inner in one.fields if inner.name != unused)) for one in form.fields
    )
    return replace(form, fields=fields)


SHEETS = Sheets(
    Target, "/targets", "target", offers=_offers, knows=_values, demands=demanding(Target), narrows=_narrowed,
    named=lambda target: target.name, apart=frozenset({"targets", NOUN}),
)  # fmt: skip
add_commands(router, SHEETS)
add_detail_corrections(router, SHEETS)
