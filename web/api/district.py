"""The district: its rules, how far the read models have come, and the words of the field in both languages."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, create_model

from domain import FORMS
from domain.base import Payload, Term, Text, field_text
from domain.district import DISTRICT, District
from domain.funnel import Stage
from domain.rules import Rules
from domain.values import CURRENCIES, Money
from projections import engine
from projections import rules as versions
from projections.changes import Point
from projections.rules import Version
from web.api.problems import READ
from web.api.reading import LAST, Amount, Answer, Read, amount, caught_up, reading
from web.fields import kind_of
from web.session import Crm
from web.words import Words, country_names

router = APIRouter(tags=["district"])


def _out(kind: Any) -> Any:
    """The documented shape of what is set: an amount as everywhere in the API, the rest as it is."""
    if issubclass(kind, Money):
        return Amount
    if not issubclass(kind, Payload):
        return kind
    fields: dict[str, Any] = {
        name: (_out(kind_of(info.annotation).type), Field(description=" · ".join(field_text(kind, name))))
        for name, info in kind.model_fields.items()
    }
    return create_model(f"{kind.__name__}Out", **fields)


def said(words: Words, set_: Payload) -> dict[str, Any]:
    """What is set, as the API gives it."""
    return {name: _said_of(words, getattr(set_, name)) for name in type(set_).model_fields}


def _said_of(words: Words, value: Any) -> Any:
    if isinstance(value, Money):
        return amount(words, value)
    return said(words, value) if isinstance(value, Payload) else value


RulesOut = _out(Rules)


class RulesAnswer(Answer):
    version: int
    rules: RulesOut  # type: ignore[valid-type]


class ReadModelOut(BaseModel):
    name: str
    position: int
    behind: int
    stopped: bool


class StatusAnswer(Answer):
    """`position`: what all read models have reached; `head`: the last event."""

    head: int
    read_models: list[ReadModelOut]


class Word(BaseModel):
    value: str
    zh: str
    en: str


class Verb(BaseModel):
    """A command: `POST …/{id}/<noun>`, and the shape of its body."""

    aggregate: str
    noun: str
    form: str
    zh: str
    en: str


class GlossaryAnswer(BaseModel):
    terms: dict[str, list[Word]]
    commands: list[Verb]


@router.get("/rules", name="api.rules", response_model=RulesAnswer, responses=READ, summary="时限与可见范围 · Rules")
def rules(request: Request, crm: Crm, query: Annotated[Read, Query()]) -> dict[str, Any]:
    caught_up(crm, query)
    position, district = crm.position(), crm.aggregate(District, DISTRICT)
    return {
        "position": position,
        "version": district.version,
        "rules": said(request.state.words, district.rules),
    }


class VersionOut(BaseModel):
    """Rules as set: in force from that day on, until a version of a later day."""

    version: int
    position: int
    from_on: date | None
    recorded_at: datetime | None
    actor: UUID | None
    rules: RulesOut  # type: ignore[valid-type]


class VersionsAnswer(Answer):
    """`in_force`: the rules in force on the day asked for, as known then; version 0: none was set yet."""

    in_force: VersionOut
    versions: list[VersionOut]


class VersionsQuery(Read):
    as_at: date | None = Field(None, description="截至哪天 · In force on that day")
    known_at: int | None = Field(None, ge=0, le=LAST, description="截至哪个位置所知 · As known at that position")
    before: int | None = Field(
        None, ge=1, le=2**31 - 1, description="只要这一版之前的 · Only versions set before that one"
    )
    limit: int = Field(50, ge=1, le=200)


@router.get(
    "/rules/versions",
    name="api.rules.versions",
    response_model=VersionsAnswer,
    responses=READ,
    summary="规则的历次版本 · The versions of the rules",
)
def rules_versions(request: Request, crm: Crm, query: Annotated[VersionsQuery, Query()]) -> dict[str, Any]:
    words = request.state.words
    with reading(crm, query) as (conn, position):
        force = versions.in_force(conn, Point(query.as_at, query.known_at))
        found = versions.listed(conn, before=query.before, limit=query.limit)
    return {"position": position, "in_force": _version(words, force), "versions": [_version(words, v) for v in found]}


def _version(words: Words, one: Version) -> dict[str, Any]:
    return {**one._asdict(), "rules": said(words, one.rules)}


@router.get(
    "/status",
    name="api.status",
    response_model=StatusAnswer,
    responses=READ,
    summary="数据更新到哪里 · How far data is",
)
def status(crm: Crm, query: Annotated[Read, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        states, head = engine.states(conn), engine.head(conn)
    shown = [
        {"name": one.name, "position": one.position, "behind": head - one.position, "stopped": one.stopped is not None}
        for one in states
    ]
    return {"position": position, "head": head, "read_models": shown}


@router.get(
    "/glossary", name="api.glossary", response_model=GlossaryAnswer, summary="用语对照 · Words and their values"
)
def glossary() -> dict[str, Any]:
    """所有取值的中英文 · What the values of terms, and the commands, are called in both languages."""
    return {"terms": dict(_terms()), "commands": [_verb(name, form) for (name, _), form in FORMS.items()]}


def _verb(aggregate: str, form: Any) -> dict[str, Any]:
    return {"aggregate": aggregate, "noun": form.noun, "form": form.__name__, **_said(form.title)}


def _terms() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    kinds: list[Any] = [Stage, *sorted(Term.__subclasses__(), key=lambda kind: kind.__name__)]
    for kind in kinds:
        yield kind.__name__, [{"value": member.value, **_said(member.text)} for member in kind]
    zh, en = country_names("zh"), country_names("en")
    yield "Country", [{"value": code, "zh": name, "en": en[code]} for code, name in zh.items()]
    yield "Currency", [{"value": code, "zh": code, "en": code} for code in CURRENCIES]


def _said(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
