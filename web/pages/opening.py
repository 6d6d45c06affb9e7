"""Making a new one: for the form that an aggregate is created by a page that asks for it, and the route that takes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.access import Viewer
from crm.application import CRM, Done
from domain.base import Aggregate, Form, Text
from web.commands import by, done, submit
from web.fields import Picks
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.pages.lead_access import demand_pick
from web.pages.sheets import offered, recorded_text
from web.security import safe_path
from web.session import Crm, Posted, Who

Groups = Sequence[tuple[Text, Sequence[str]]]


@dataclass(frozen=True)
class Opening:
    """How a new aggregate is asked for.

    `listed` is the route of the list it will stand in (its others are `<listed>.new` and `<listed>.open`), `page` that of
    its own page, `groups` the parts of the form, `offers` its lists to choose from, `knows` the values it opens with,
    given what stood in the address. `styles` are those of its own page, which takes the form's place without a new visit.
    `?back=` in the address says where to go on to instead of there.
    """

    kind: type[Aggregate]
    path: str
    listed: str
    page: str
    groups: Groups
    offers: Callable[[CRM, Viewer, Mapping[str, str]], Picks]
    knows: Callable[[CRM, Viewer, Mapping[str, str]], Mapping[str, Any]]
    hint: Text | None = None
    styles: Sequence[str] = ()

    @property
    def form(self) -> type[Form]:
        if self.kind.CREATES is None:
            raise TypeError(f"a {self.kind.NAME} is made by no form")
        return self.kind.CREATES


def add_opening(router: APIRouter, opening: Opening) -> None:
    """Give `router` the page of the form, and the command."""
    router.add_api_route(f"{opening.path}/new", _asks(opening), methods=["GET"], name=f"{opening.listed}.new")
    router.add_api_route(opening.path, _takes(opening), methods=["POST"], name=f"{opening.listed}.open")


def _asks(opening: Opening) -> Callable[..., Response]:
    def ask(request: Request, crm: Crm, viewer: Who) -> Response:
        given = dict(request.query_params)
        known = {**opening.knows(crm, viewer, given), **given}
        values = {name: known[name] for name in opening.form.model_fields if name in known}
        form = view(opening.form, _action(request, opening), values=values, picks=opening.offers(crm, viewer, given))
        return page(request, "new.html", **_around(opening, form))

    return ask


def _takes(opening: Opening) -> Callable[..., Response]:
    def take(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
        given = {name: value for name, value in posted.items() if isinstance(value, str)}
        picks = opening.offers(crm, viewer, given)

        def act(form: Form) -> Done:
            demand_pick(form, picks)
            return crm.create(by(viewer, posted), opening.kind, form)

        answer = submit(opening.form, posted, act, action=_action(request, opening), picks=picks)
        if isinstance(answer, FormView):
            again = fragment(request, "new.html", "main", status=answer.status, **_around(opening, answer))
            again.headers["HX-Push-Url"] = "false"
            return again
        onward = safe_path(request.query_params.get("back"), url_for(request, opening.page, id=answer.id))
        return done(request, answer, onward, recorded_text(opening.form))

    return take


def _action(request: Request, opening: Opening) -> str:
    return url_for(request, f"{opening.listed}.open", back=request.query_params.get("back"))


def _around(opening: Opening, form: FormView) -> dict[str, Any]:
    shown = offered(form)
    there = {field.name.partition(".")[0] for field in shown.fields}
    groups = [(title, shown.only(*(name for name in names if name in there))) for title, names in opening.groups]
    return {"form": shown, "groups": groups, "listed": opening.listed, "hint": opening.hint, "styles": opening.styles}
