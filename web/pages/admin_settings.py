"""Settings of the district as facts: the clocks leads are watched by, what staff may read, and who changed them when."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.access import SYSTEM
from crm.application import CRM
from domain.base import Payload, Text, field_text
from domain.district import DISTRICT, District, RulesSet, SetRules
from domain.rules import Rules
from domain.values import Money
from projections import people
from web.commands import by, done, submit
from web.forms import FormView, seen_version, view
from web.html import fragment, page, url_for
from web.pages.admin import tabs
from web.session import Crm, Posted, Who
from web.words import Words

router = APIRouter()


class Change(NamedTuple):
    """One setting as it was and as it became."""

    name: Text
    was: str
    now: str


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
    rules = crm.rules()
    return {
        "tabs": tabs(request, "admin.settings"),
        "rules": [(words.t(name), _shown(words, value)) for name, value in every(rules)],
        "history": _history(crm, words),
    }


def _history(crm: CRM, words: Words) -> list[dict[str, Any]]:
    """Every change of the settings, the latest first: what was changed from what to what, and by whom."""
    with crm.pool.connection() as conn:
        names = people.names(conn)
    before, found = Rules(), []
    for row, event in crm.history(DISTRICT):
        if isinstance(event, RulesSet):
            now = event.rules
            actor = "" if row.actor == SYSTEM else names.get(row.actor, "")
            found.append(
                {
                    "on": event.occurred_on,
                    "at": row.recorded_at,
                    "actor": actor,
                    "changes": _changes(words, before, now),
                }
            )
            before = now
    return found[::-1]


def _changes(words: Words, before: Rules, now: Rules) -> list[Change]:
    return [
        Change(name, _shown(words, was), _shown(words, value))
        for (name, was), (_, value) in zip(every(before), every(now), strict=True)
        if was != value
    ]


def every(rules: Payload) -> Iterator[tuple[Text, Any]]:
    """(what it is called, its value) of every setting, those of a subject one by one."""
    for name in type(rules).model_fields:
        value = getattr(rules, name)
        if isinstance(value, Payload) and not isinstance(value, Money):
            yield from every(value)
        else:
            yield field_text(type(rules), name), value


def _shown(words: Words, value: Any) -> str:
    if isinstance(value, Money):
        return words.foreign(value.minor, value.currency)
    if isinstance(value, bool):
        return words.t("是", "yes") if value else words.t("否", "no")
    return words.t(value.text) if hasattr(value, "text") else words.number(value)
