"""Commands on one aggregate as sheets: for every form of `domain.FORMS` a sheet that asks for it and a route that takes it.

The sheet stands over the page with htmx, and is a page of its own without.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from crm.access import Viewer
from crm.application import CRM, By, Done
from domain import FORMS
from domain.base import Aggregate, Form, Text
from web.commands import by, done, submit
from web.fields import Picks
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


def _everybody(_viewer: Viewer, _id: UUID) -> None:
    """No rule beside the route's own."""


@dataclass(frozen=True)
class Sheets:
    """How the commands of one kind of aggregate are asked for.

    `page` is the route of the aggregate's own page, `offers` its lists to choose from, `knows` the values now in force
    by field name, `demands` raises Forbidden, `acts` names the commands that are verbs of the application rather than
    of the aggregate alone, `dated` says whether the day is asked for, `apart` which have a page of their own.
    """

    kind: type[Aggregate]
    path: str
    page: str
    offers: Callable[[CRM, Any], Picks] = _nothing
    knows: Callable[[CRM, Any], Mapping[str, Any]] = _blank
    demands: Callable[[Viewer, UUID], None] = _everybody
    acts: Mapping[str, Act] = field(default_factory=dict)
    dated: bool = True
    apart: frozenset[str] = frozenset()

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
    def sheet(request: Request, crm: Crm, viewer: Who, id: UUID, back: Annotated[str, Query()] = "") -> Response:
        sheets.demands(viewer, id)
        aggregate = crm.aggregate(sheets.kind, id)
        shown = view(
            form, _action(request, sheets, form, id), values=_fitting(form, {**sheets.knows(crm, aggregate), **request.query_params}),
            picks=sheets.offers(crm, aggregate), version=aggregate.version,
        )  # fmt: skip
        return page(request, "sheet.html", form=shown, back=_back(request, sheets, id, back), dated=sheets.dated)

    return sheet


def _takes(sheets: Sheets, form: type[Form]) -> Callable[..., Response]:
    def command(
        request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID, back: Annotated[str, Query()] = ""
    ) -> Response:
        sheets.demands(viewer, id)
        aggregate = crm.aggregate(sheets.kind, id)
        offered = sheets.offers(crm, aggregate)

        def act(filled: Form) -> Done:
            demand_pick(filled, offered)
            return _act(sheets, crm, viewer, posted, id, filled)

        answer = submit(
            form, posted, act, action=_action(request, sheets, form, id), picks=offered,
            current=lambda: _fitting(form, sheets.knows(crm, crm.aggregate(sheets.kind, id))),
        )  # fmt: skip
        onward = _back(request, sheets, id, back)
        if isinstance(answer, FormView):
            return fragment(
                request, "sheet.html", "sheet", status=answer.status, form=answer, back=onward, dated=sheets.dated
            )
        return done(
            request,
            answer,
            onward,
            Text(*(said.format(what=what) for said, what in zip(DONE, form.title, strict=True))),
        )

    return command


def _act(sheets: Sheets, crm: CRM, viewer: Viewer, posted: FormData, id: UUID, form: Form) -> Done:
    acting = by(viewer, posted)
    if form.noun in sheets.acts:
        return sheets.acts[form.noun](crm, acting, id, form)
    return crm.change(acting, sheets.kind, id, form, version=seen_version(posted))


def _action(request: Request, sheets: Sheets, form: type[Form], id: UUID) -> str:
    return url_for(request, f"{sheets.kind.NAME}.{form.noun}", id=id, back=request.query_params.get("back"))


def _back(request: Request, sheets: Sheets, id: UUID, back: str) -> str:
    return safe_path(back) if back else url_for(request, sheets.page, id=id)


def _fitting(form: type[Form], values: Mapping[str, Any]) -> dict[str, Any]:
    """Of `values` those the form has a field for."""
    return {name: values[name] for name in form.model_fields if name in values and name != "occurred_on"}
