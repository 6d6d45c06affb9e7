"""The district's rules: every version of them, who set it when and what it changed; what is in force on a day."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection

from crm.access import SYSTEM
from domain.base import Payload, Text, field_text
from domain.rules import Rules
from domain.values import Money
from projections import people, rules
from projections.rules import USUAL, Version
from web.html import page
from web.pages.funnel_question import NAMES
from web.pages.moments import moment
from web.session import Crm
from web.words import Words

router = APIRouter()
AT_A_TIME: Final = 20
OTHERS: Final = Text("线索时限与可见范围", "Leads: clocks and reading rights")


class Change(NamedTuple):
    """One setting as it was and as it became."""

    name: Text
    was: str
    now: str


class Told(NamedTuple):
    """A version, who set it, and what it changed against the one set before."""

    version: Version
    by: str
    changes: Sequence[Change]


@router.get("/rules", name="rules")
def show(request: Request, crm: Crm, before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None) -> Response:
    with crm.pool.connection() as conn:
        asked = moment(conn, request.query_params)
        force = rules.in_force(conn, asked.point)
        told, more = history(conn, request.state.words, before)
    return page(
        request, "rules/rules.html", force=force, sections=sections(request.state.words, force.rules), told=told,
        following=told[-1].version.version if more else None, question=asked.question, NAMES=NAMES, before=before,
    )  # fmt: skip


def sections(words: Words, set_: Rules) -> list[tuple[str, list[tuple[str, str]]]]:
    """(subject, its settings as label and value); what stands in no subject comes first, as one about leads."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in Rules.model_fields:
        value, own = getattr(set_, name), words.t(field_text(Rules, name))
        if isinstance(value, Payload) and not isinstance(value, Money):
            found[own] = [(words.t(text), said(words, inner)) for text, inner in every(value)]
        else:
            found.setdefault(words.t(OTHERS), []).append((own, said(words, value)))
    return list(found.items())


def history(conn: Connection[Any], words: Words, before: int | None = None) -> tuple[list[Told], bool]:
    """The versions set before that one, the latest first, each against the one before it; whether there are more."""
    found = rules.listed(conn, before=before, limit=AT_A_TIME + 1)
    names = people.names(conn)
    earlier = [*found[1:], USUAL]
    told = [_told(words, names, *pair) for pair in zip(found, earlier, strict=True)] if found else []
    return told[:AT_A_TIME], len(found) > AT_A_TIME


def _told(words: Words, names: Mapping[UUID, str], now: Version, was: Version) -> Told:
    by = words.t("系统", "the system") if now.actor == SYSTEM or now.actor is None else names.get(now.actor, "—")
    return Told(now, by, changes(words, was.rules, now.rules))


def changes(words: Words, before: Rules, now: Rules) -> list[Change]:
    """What is otherwise."""
    return [
        Change(name, said(words, was), said(words, value))
        for (name, was), (_, value) in zip(every(before), every(now), strict=True)
        if was != value
    ]


def every(set_: Payload) -> Iterator[tuple[Text, Any]]:
    """(what it is called, its value) of every setting, those of a subject one by one."""
    for name in type(set_).model_fields:
        value = getattr(set_, name)
        if isinstance(value, Payload) and not isinstance(value, Money):
            yield from every(value)
        else:
            yield field_text(type(set_), name), value


def said(words: Words, value: Any) -> str:
    """A setting as people read it."""
    if isinstance(value, Money):
        return words.foreign(value.minor, value.currency)
    if isinstance(value, bool):
        return words.t("是", "yes") if value else words.t("否", "no")
    return words.t(value.text) if hasattr(value, "text") else words.number(value)
