"""Two dates compared, and one date as known at two moments: pages that add up, and the leads behind each number."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock
from crm.access import Viewer, listable
from crm.application import CRM
from projections.changes_behind import Slot
from projections.funnel import GROUPS as GROUPED
from projections.paging import Scope
from web.html import page, url_for
from web.pages import comparison_lines as told
from web.pages.comparison_points import Compared, Looked, compared, looking
from web.pages.comparison_question import NAMES, SHOWS, Asked, read_restatements, read_since
from web.pages.comparison_words import PARTS, spoken_day
from web.pages.funnel_labels import choices, labels
from web.pages.funnel_nothing import Nothing, nothing
from web.pages.funnel_question import GROUPS
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
MORE: Final = ("owner", "industry", "country", "band", "month")
"""The filters that stand behind “more conditions”."""


@router.get("/since", name="since")
def since(request: Request, crm: Crm, viewer: Who) -> Response:
    """What happened between two days, and what was only learned then of the first."""
    return _show(request, crm, viewer, read_since(request.query_params, clock.today()))


@router.get("/restatements", name="restatements")
def restatements(request: Request, crm: Crm, viewer: Who) -> Response:
    """How one day is seen otherwise after a while, and why."""
    return _show(request, crm, viewer, read_restatements(request.query_params, clock.today()))


def _show(request: Request, crm: CRM, viewer: Viewer, asked: Asked) -> Response:
    words: Words = request.state.words
    scope = Scope(**listable(viewer))  # type: ignore[arg-type]
    with looking(crm, asked) as looked:
        parts = compared(looked, asked, scope)
        empty = _nothing(looked, parts, asked, scope)
        label = labels(looked.conn, words)
        offered = choices(looked.conn, scope, label)
    request.state.updating = getattr(request.state, "updating", False) or not looked.caught_up
    href = links(request, asked)
    grouped = told.shares(parts, asked.group_by, href) if asked.group_by != "none" else []
    return page(
        request, f"comparison/{asked.page}.html", status=422 if asked.errors else 200, asked=asked, parts=parts,
        lines=told.lines(parts, asked.show, href), shares=grouped, moved=any(part.found.moves for part in parts),
        **_in_words(parts, href), position=looked.position, caught_up=looked.caught_up, label=label, choices=offered,
        nothing=empty,
        figure_href=figures(request, asked), partial=not scope.all, more=bool({*MORE} & asked.narrowed.keys()),
        shows=shows(request, asked), said_day=lambda day: spoken_day(words, day, asked.said), NAMES=NAMES, GROUPS=GROUPS,
        PARTS=PARTS, MORE=MORE,
    )  # fmt: skip


def _nothing(looked: Looked, parts: list[Compared], asked: Asked, scope: Scope) -> Nothing | None:
    """Why neither point counts anybody; None where one does."""
    if any(part.found.moves for part in parts):
        return None
    last = parts[-1]
    return nothing(
        looked.conn, last.found.new.total.registered, as_at=last.leg.new.as_at, known_at=last.leg.new.known_at,
        scope=scope, narrowed=bool(asked.narrowed),
    )  # fmt: skip


def _in_words(parts: list[Compared], href: told.Href) -> dict[str, Any]:
    """What is said in sentences: what happened by kind and by stage, what was learned by kind, cause and stage."""
    said: dict[str, Any] = {"happened": [], "reached": [], "all": {}}
    for part in parts:
        said[part.leg.part] = told.kinds(part, href)
        said["all"][part.leg.part] = told.everything(part, href)
        if part.leg.part == "happened":
            said["reached"] = told.reached_stages(part, href)
        else:
            said |= {"causes": told.causes(part, href), "stories": told.stories(part, href)}
    return said


def links(request: Request, asked: Asked) -> told.Href:
    """Where the leads behind a number of the comparison are listed."""

    def href(part: str, slot: Slot) -> str:
        return url_for(request, f"{asked.page}.leads", **slot_params(part, slot, asked.group_by), **asked.carried)

    return href


def slot_params(part: str, slot: Slot, group_by: str) -> dict[str, str | None]:
    """A number of a comparison as an address says it."""
    cell = slot.cell
    return {
        "part": part,
        "measure": None if cell.measure == "registered" else cell.measure,
        "stage": cell.stage,
        "side": slot.side,
        "move": slot.kind,
        "cause": slot.cause,
        "group_by": group_by if group_by != "none" else None,
        "key": cell.key or None,
        "unset": "1" if cell.key == "" else None,
    }


def figures(request: Request, asked: Asked) -> Callable[..., str]:
    """`figure_href(point, cell)`: the leads behind a funnel's own number, at point 0, 1 … of the comparison."""
    days = [asked.old_day] * 2 if asked.page == "restatements" else [asked.old_day, asked.old_day, asked.new_day]
    known = [asked.old_known, *[asked.new_known] * (len(days) - 1)]

    def href(point: int, measure: str, stage: str | None = None, key: str | None = None) -> str:
        group = {} if key is None else {"group_by": asked.group_by, "key": key}
        moment = known[point]
        return url_for(
            request, "funnel.leads", measure=measure, stage=stage, as_at=days[point].isoformat(),
            known_at=moment and moment.isoformat(), **group, **asked.narrowed,
        )  # fmt: skip

    return href


def shows(request: Request, asked: Asked) -> list[tuple[str, str, bool, None]]:
    """The tabs over the lines: who stands where, what was reached, what it is worth."""
    words: Words = request.state.words
    group = asked.group_by if asked.group_by in GROUPED and asked.group_by != "none" else None
    return [
        (
            words.t(text),
            url_for(request, asked.page, **asked.carried, group_by=group, show=None if name == "standing" else name),
            name == asked.show,
            None,
        )
        for name, text in SHOWS.items()
    ]
