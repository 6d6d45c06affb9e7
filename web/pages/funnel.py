"""The funnel, drawn by the server, and the leads behind each of its numbers."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock
from crm.access import Viewer, listable
from crm.application import Unknown
from domain.base import Text
from domain.channel import ChannelKind
from domain.funnel import STAGES, Stage, Status
from domain.values import Industry
from projections import channels, funnel, people
from projections.paging import BadCursor, Scope
from web.fields import Choice
from web.html import page
from web.pages.funnel_drawing import HEIGHT, WIDTH, bands
from web.pages.funnel_question import GROUPS, VIEWS, Question, read_question
from web.session import Crm, Who
from web.words import Words, country_names

router = APIRouter()

MEASURES: Mapping[str, Text] = {
    "standing": Text("现处于", "Standing"),
    "reached": Text("曾到达", "Reached"),
    "on_hold": Text("暂缓", "On hold"),
    "lost": Text("流失", "Lost"),
    "merged": Text("已合并", "Merged"),
    "registered": Text("登记总数", "Registered"),
}
_STAGELESS = ("merged", "registered")
_BAND_TEXTS = (
    Text("未填金额", "Not given"), Text("1000万元以下", "Under CNY 10m"), Text("1000万–5000万元", "CNY 10m–50m"),
    Text("5000万–1亿元", "CNY 50m–100m"), Text("1亿–10亿元", "CNY 100m–1bn"), Text("10亿元以上", "CNY 1bn and more"),
)  # fmt: skip


@router.get("/funnel", name="funnel")
def show(request: Request, crm: Crm, viewer: Who) -> Response:
    question = read_question(request.query_params, clock.today())
    scope = Scope(**listable(viewer))
    with crm.pool.connection() as conn:
        known = funnel.position_at(conn, question.known_at) if question.known_at else None
        asked: dict[str, Any] = {"as_at": question.as_at, "known_at": known, "scope": scope}
        found = funnel.funnel(conn, group_by=question.group_by, filters=question.filters, **asked)
        names = _names(conn)
        choices = _choices(conn, scope, names, request.state.words)
    return page(
        request, "funnel/funnel.html", status=422 if question.errors else 200,
        question=question, funnel=found, bands=bands(found.total.stages), box=(WIDTH, HEIGHT), choices=choices,
        label=lambda group_by, key: label(request.state.words, names, group_by, key),
        link=lambda cell, **more: _link(question, cell, **more),
        partial=_partial(viewer), GROUPS=GROUPS, VIEWS=VIEWS, MEASURES=MEASURES,
    )  # fmt: skip


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
    if measure not in MEASURES or (measure not in _STAGELESS) != (stage in STAGES):
        raise Unknown
    cell = funnel.Cell(measure, stage, question.group_by, key)
    with crm.pool.connection() as conn:
        asked: dict[str, Any] = {
            "as_at": question.as_at,
            "known_at": funnel.position_at(conn, question.known_at) if question.known_at else None,
            "filters": question.filters,
            "scope": Scope(**listable(viewer)),
        }
        rows = _page_of(conn, cell, after, asked)
        total = funnel.count(conn, cell, **asked)
        names = _names(conn)
    words = request.state.words
    return page(
        request, "funnel/leads.html", question=question, rows=rows, total=total, after=after,
        measure=MEASURES[measure], stage=Stage(stage) if stage else None, names=names, Stage=Stage, Status=Status,
        group=label(words, names, question.group_by, key) if question.group_by != "none" else None,
        label=lambda group_by, value: label(words, names, group_by, value), GROUPS=GROUPS, partial=_partial(viewer),
    )  # fmt: skip


def _page_of(conn: Connection[Any], cell: funnel.Cell, after: str | None, asked: Mapping[str, Any]) -> Any:
    try:
        return funnel.behind(conn, cell, after=after, **asked)
    except BadCursor:
        return funnel.behind(conn, cell, **asked)


def _partial(viewer: Viewer) -> bool:
    """Whether the viewer's figures leave out leads they may not see."""
    return not listable(viewer)["all"]


def _link(question: Question, cell: str, **more: Any) -> dict[str, Any]:
    """The parameters of the address behind a figure; `group` says that it is of one group's row, not of the total."""
    grouped = {"group_by": question.group_by, "key": more.pop("key")} if "key" in more else {}
    return {"name": "funnel.leads", "measure": cell, **more, **grouped, **question.carried}


def _names(conn: Connection[Any]) -> dict[str, str]:
    return {str(id): name for id, name in (channels.names(conn) | people.names(conn)).items()}


def label(words: Words, names: Mapping[str, str], group_by: str, key: str | None) -> str:
    """What a group is called."""
    if key is None or key == "":
        return words.t("未指定", "Not given")
    match group_by:
        case "kind":
            return words.term(ChannelKind(key))
        case "industry":
            return words.term(Industry(key))
        case "country":
            return words.country(key)
        case "month":
            return words.month(clock.today().fromisoformat(f"{key}-01"))
        case "band":
            return words.t(_BAND_TEXTS[int(key)])
        case "channel" | "occasion" | "owner":
            return names.get(key, "—")
        case _:
            return key


def _choices(
    conn: Connection[Any], scope: Scope, names: Mapping[str, str], words: Words
) -> dict[str, list[Choice]]:
    """What one can narrow the funnel to."""
    rows = channels.listed(conn)
    return {
        "kind": [Choice(kind.value, kind.text) for kind in ChannelKind],
        "channel": [_named(str(row.id), row.name) for row in rows],
        "country": [Choice(code, Text(country_names("zh").get(code, code), country_names("en").get(code, code)))
                    for code in _keys(conn, "country", scope)],
        "industry": [Choice(one.value, one.text) for one in Industry],
        "owner": [_named(str(person.id), person.name) for person in people.listed(conn, active=None)],
        "month": [_named(key, label(words, names, "month", key)) for key in reversed(_keys(conn, "month", scope))],
        "band": [Choice(str(place), text) for place, text in enumerate(_BAND_TEXTS)],
    }  # fmt: skip


def _keys(conn: Connection[Any], group_by: str, scope: Scope) -> list[str]:
    return sorted(group.key for group in funnel.funnel(conn, group_by=group_by, scope=scope).groups if group.key)


def _named(value: str, name: str) -> Choice:
    return Choice(value, Text(name, name))


def as_uuid(text: str | None) -> UUID | None:
    """A reference in an address, or None where it is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
