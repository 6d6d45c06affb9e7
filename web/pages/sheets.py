"""Commands on one aggregate as sheets: for every form of `domain.FORMS` a sheet that asks for it and a route that takes it.

The sheet stands over the page with htmx, and is a page of its own without.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from crm.access import Viewer
from crm.application import CRM, By, Done
from domain import FORMS
from domain.base import Aggregate, Form, Text
from domain.correctable import Correctable
from domain.facts import Fact
from web.commands import by, done, submit
from web.fields import Field, Picks
from web.forms import FormView, seen_version, view
from web.html import fragment, page, url_for
from web.pages.lead_access import demand_pick
from web.security import safe_path
from web.session import Crm, Posted, Who

Act = Callable[[CRM, By, UUID, Any], Done]
DONE = Text("{what}：已记录。", "{what}: recorded.")


def _nothing(_crm: CRM, _aggregate: Any) -> Picks:
    return {}


def _blank(_crm: CRM, _aggregate: Any) -> Mapping[str, Any]:
    return {}


def _everybody(_crm: CRM, _viewer: Viewer, _id: UUID) -> None:
    """No rule beside the route's own."""


def _unnamed(_aggregate: Any) -> str:
    return ""


def _as_it_is(_aggregate: Any, form: FormView) -> FormView:
    return form


@dataclass(frozen=True)
class Sheets:
    """How the commands of one kind of aggregate are asked for.

    `page` is the route of the aggregate's own page, `offers` its lists to choose from, `knows` the values now in force
    by field name, `demands` raises Forbidden, `acts` names the commands that are verbs of the application rather than
    of the aggregate alone, `dated` says whether the day is asked for, `apart` which have a page of their own, `named`
    what the aggregate is called over its sheets, `narrows` has a form offer only what the aggregate would take.
    """

    kind: type[Aggregate]
    path: str
    page: str
    offers: Callable[[CRM, Any], Picks] = _nothing
    knows: Callable[[CRM, Any], Mapping[str, Any]] = _blank
    demands: Callable[[CRM, Viewer, UUID], None] = _everybody
    acts: Mapping[str, Act] = field(default_factory=dict)
    dated: bool = True
    apart: frozenset[str] = frozenset()
    named: Callable[[Any], str] = _unnamed
    narrows: Callable[[Any, FormView], FormView] = _as_it_is

    @property
    def forms(self) -> dict[str, type[Form]]:
        """The commands by noun, without those that have a page of their own."""
        return {noun: form for (name, noun), form in FORMS.items() if name == self.kind.NAME and noun not in self.apart}


def add_commands(router: APIRouter, sheets: Sheets) -> None:
    """Give `router` two routes for every command: the sheet, and the command itself."""
    for noun, form in sheets.forms.items():
        path, name = f"{sheets.path}/{{id}}/{noun}", f"{sheets.kind.NAME}.{noun}"
        router.add_api_route(path, _asks(sheets, form), methods=["GET"], name=f"{name}.form")
        router.add_api_route(path, _takes(sheets, form), methods=["POST"], name=name)


def _asks(sheets: Sheets, form: type[Form]) -> Callable[..., Response]:
    def sheet(request: Request, crm: Crm, viewer: Who, id: UUID) -> Response:
        sheets.demands(crm, viewer, id)
        aggregate = crm.aggregate(sheets.kind, id)
        known = {**sheets.knows(crm, aggregate), **request.query_params}
        shown = view(
            form, _action(request, sheets, form, id), values=_fitting(form, known),
            picks=sheets.offers(crm, aggregate), version=aggregate.version,
        )  # fmt: skip
        about = _about(aggregate, shown)
        return page(
            request, "sheet.html", form=_asked(sheets, aggregate, shown), **around(request, sheets, aggregate, about)
        )

    return sheet


def _takes(sheets: Sheets, form: type[Form]) -> Callable[..., Response]:
    def command(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
        sheets.demands(crm, viewer, id)
        aggregate = crm.aggregate(sheets.kind, id)
        offered = sheets.offers(crm, aggregate)

        def act(filled: Form) -> Done:
            demand_pick(filled, offered)
            return _act(sheets, crm, viewer, posted, id, filled)

        answer = submit(
            form, posted, act, action=_action(request, sheets, form, id), picks=offered,
            current=lambda: _fitting(form, sheets.knows(crm, crm.aggregate(sheets.kind, id))),
        )  # fmt: skip
        if isinstance(answer, FormView):
            shown = around(request, sheets, aggregate, _about(aggregate, answer))
            asked = _asked(sheets, aggregate, answer)
            return fragment(request, "sheet.html", "sheet", status=answer.status, form=asked, **shown)
        return done(request, answer, onward(request, sheets, id), recorded_text(form))

    return command


def _act(sheets: Sheets, crm: CRM, viewer: Viewer, posted: FormData, id: UUID, form: Form) -> Done:
    acting = by(viewer, posted)
    if form.noun in sheets.acts:
        return sheets.acts[form.noun](crm, acting, id, form)
    return crm.change(acting, sheets.kind, id, form, version=seen_version(posted))


def around(request: Request, sheets: Sheets, aggregate: Any, about: Fact | None = None) -> dict[str, Any]:
    """What a sheet shows beside its form: what it is called, the fact it is about, where it leads back to."""
    back = onward(request, sheets, aggregate.id)
    return {"back": back, "dated": sheets.dated, "named": sheets.named(aggregate), "about": about}


def _asked(sheets: Sheets, aggregate: Any, form: FormView) -> FormView:
    return sheets.narrows(aggregate, offered(settled(form)))


def offered(form: FormView) -> FormView:
    """The form without what could be chosen from an empty list only."""
    return replace(form, fields=tuple(_offered(form.fields)))


def _offered(fields: Iterable[Field]) -> Iterator[Field]:
    for one in fields:
        if one.widget != "select" or one.choices or one.required or one.value or one.error:
            rows = tuple(tuple(_offered(row)) for row in one.rows)
            yield replace(one, fields=tuple(_offered(one.fields)), rows=rows, blank=tuple(_offered(one.blank)))


def settled(form: FormView) -> FormView:
    """The form without asking what is settled by where it was opened: of a correction its fact, and its own day."""
    if "fact" not in form.kind.model_fields:
        return form
    unseen = ("fact", "occurred_on")
    error = next((one.error for one in form.fields if one.name in unseen and one.error), None)
    fields = tuple(replace(one, widget="hidden") if one.name in unseen else one for one in form.fields)
    return replace(form, fields=fields, error=form.error or error)


def _about(aggregate: Aggregate, form: FormView) -> Fact | None:
    """The fact that a correction is about."""
    number = next((one.value for one in form.fields if one.name == "fact"), "")
    known = number.isdecimal() and len(number) < 10  # noqa: PLR2004 - a version has few digits
    if not isinstance(aggregate, Correctable) or not known or not 1 <= int(number) <= len(aggregate.events):
        return None
    fact: Fact = aggregate.events[int(number) - 1]
    return fact


def _action(request: Request, sheets: Sheets, form: type[Form], id: UUID) -> str:
    return url_for(request, f"{sheets.kind.NAME}.{form.noun}", id=id, back=request.query_params.get("back"))


def onward(request: Request, sheets: Sheets, id: UUID) -> str:
    """Where the command leads on to."""
    return safe_path(request.query_params.get("back"), url_for(request, sheets.page, id=id))


def recorded_text(form: type[Form]) -> Text:
    """What the next page says after the command."""
    return Text(*(said.format(what=what) for said, what in zip(DONE, form.title, strict=True)))


def _fitting(form: type[Form], values: Mapping[str, Any]) -> dict[str, Any]:
    """Of `values` those the form has a field for."""
    return {name: values[name] for name in form.model_fields if name in values and name != "occurred_on"}
