"""What other limits would light on a day, against the rules in force on it. Nothing of it is recorded."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection
from pydantic import Field

from crm import clock
from domain.base import Day, Form, Refused, Text
from domain.lights import Light, limits
from domain.rules import LightRules, Rules
from projections import projects
from projections.changes import Point
from projections.paging import BadCursor, Page
from projections.projects import ProjectFilters, ProjectRow
from web.forms import FormView, parse, refused, view
from web.html import page, url_for
from web.pages.project_lights import Regime, regime
from web.session import Crm

router = APIRouter()


class TryLights(Form, LightRules):
    """Other limits, looked at on a day."""

    noun: ClassVar[str] = "simulation"
    verb: ClassVar[str] = "simulate"
    title: ClassVar[Text] = Text("试算", "Try it")
    occurred_on: Day | None = Field(None, title="看哪一天|On which day")


@router.get("/rules/simulation", name="rules.simulation")
def show(
    request: Request, crm: Crm,
    after: Annotated[str | None, Query()] = None, before: Annotated[str | None, Query()] = None,
) -> Response:  # fmt: skip
    """Without limits in the address those in force; else the projects whose light would be another."""
    given = {name: text for name, text in request.query_params.items() if name in TryLights.model_fields}
    asked = parse(TryLights, given)
    day = asked.form.occurred_on if asked.form and asked.form.occurred_on else clock.today()
    with crm.pool.connection() as conn:
        now = regime(conn, Point(day))
        form, tried = _tried(url_for(request, "rules.simulation"), now, given, asked.form, asked.errors)
        found = _moves(conn, now, tried, after, before) if tried else None
    return page(
        request, "rules/simulation.html", status=form.status, form=form, regime=now, tried=tried, found=found,
        day_asked=day, lights=list(Light), given=given, of=_lights(tried, now) if tried else None,
    )  # fmt: skip


def _tried(
    action: str, now: Regime, given: Mapping[str, str], form: TryLights | None, errors: Mapping[str, Text]
) -> tuple[FormView, Rules | None]:
    """The form as it is to be drawn, and the rules to try where there are any."""
    if not set(given) & set(LightRules.model_fields):
        return view(TryLights, action, values=dict(now.rules.lights) | {"occurred_on": now.day}), None
    shown = view(TryLights, action, raw={"occurred_on": now.day.isoformat(), **given}, errors=errors)
    if form is None:
        return replace(shown, status=422), None
    lights = LightRules(**{name: getattr(form, name) for name in LightRules.model_fields})
    rules = now.rules.model_copy(update={"lights": lights})
    wrong = _refusal(rules, form)
    return (refused(shown, wrong), None) if wrong else (shown, rules)


def _refusal(rules: Rules, form: TryLights) -> Refused | None:
    if form.occurred_on and form.occurred_on > clock.today():
        return Refused("day.later", "不能晚于今天。", "Not later than today.", field="occurred_on")
    place = next(rules.disorder(), None)
    low = Refused("rules.order", "不能低于前一档。", "Not below the limit before it.")
    return low.at(place.removeprefix("lights.")) if place else None


def _moves(conn: Connection[Any], now: Regime, tried: Rules, after: str | None, before: str | None) -> dict[str, Any]:
    """How many would go from which light to which, and a page of those that would move."""
    point = Point(now.day)
    every = ProjectFilters().asked(now.rules, now.day, tried)
    pairs = {
        tuple(key.split()): count for key, (count, _) in projects.LIST.grouped(conn, "moves", every, point).items()
    }
    moved = ProjectFilters(moved=True).asked(now.rules, now.day, tried)
    return {
        "pairs": pairs,
        "now": {light: sum(n for (was, _), n in pairs.items() if was == light) for light in Light},
        "then": {light: sum(n for (_, is_), n in pairs.items() if is_ == light) for light in Light},
        "moved": sum(n for (was, is_), n in pairs.items() if was != is_),
        "page": _page(conn, moved, point, after, before),
    }


def _page(
    conn: Connection[Any], moved: Mapping[str, Any], point: Point, after: str | None, before: str | None
) -> Page[ProjectRow]:
    try:
        return projects.LIST.page(conn, moved, point, after=after or None, before=before or None)
    except BadCursor:
        return projects.LIST.page(conn, moved, point)


def _lights(tried: Rules, now: Regime) -> Any:
    """The light a row would have."""
    then = Regime(now.version, limits(tried, now.day))
    return then.of
