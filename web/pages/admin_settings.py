"""The settings of the district, as one form by subject; every setting is a fact, and the versions stand beside it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.application import CRM
from domain.base import Text
from domain.district import DISTRICT, District, SetRules
from web.commands import by, done, submit
from web.forms import FormView, seen_version, view
from web.html import fragment, page, url_for
from web.pages.admin import tabs
from web.pages.rules import history, sections
from web.session import Crm, Posted, Who
from web.words import Words

router = APIRouter()


@router.get("/admin/settings", name="admin.settings")
def show(request: Request, crm: Crm) -> Response:
    district = crm.aggregate(District, DISTRICT)
    form = view(SetRules, url_for(request, "district.rules"), values=district.rules, version=district.version)
    return page(request, "admin/settings.html", **_around(request, crm), form=form)


@router.post("/admin/settings", name="district.rules")
def set_rules(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
    answer = submit(
        SetRules, posted,
        lambda form: crm.change(by(viewer, posted), District, DISTRICT, form, version=seen_version(posted)),
        action=url_for(request, "district.rules"), current=crm.rules,
    )  # fmt: skip
    if isinstance(answer, FormView):
        return fragment(
            request, "admin/settings.html", "rules", status=answer.status, **_around(request, crm), form=answer
        )
    return done(
        request, answer, url_for(request, "admin.settings"), Text("设置已保存，立即生效。", "Saved; in force at once.")
    )


def _around(request: Request, crm: CRM) -> dict[str, Any]:
    words: Words = request.state.words
    with crm.pool.connection() as conn:
        told, more = history(conn, words)
    return {
        "tabs": tabs(request, "admin.settings"),
        "sections": sections(words, crm.rules()),
        "told": told,
        "more": more,
    }
