"""One lead: as it stands, as it stood at a version, and everything that was recorded of it."""

from collections.abc import Container
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from crm import access
from crm.sealed import ERASED
from domain.funnel import Standing
from domain.lead import Lead
from domain.lead.possible import possible
from web.api.problems import READ_ONE
from web.api.reading import Amount, Answer, Read, amount, caught_up
from web.pages.lead_access import held, readable
from web.session import Crm, Who
from web.words import Words

router = APIRouter(tags=["leads"])
LATEST = 2**31 - 1


class ContactOut(BaseModel):
    """A contact person; a name erased by law reads [已删除]."""

    id: UUID
    name: str
    position: str | None
    phone: str | None
    wechat: str | None
    email: str | None


class Attached(BaseModel):
    """A document; the name of one erased by law reads [已删除], and it cannot be fetched."""

    sha256: str
    name: str
    size: int
    media_type: str
    attached_on: date


class Claimed(BaseModel):
    channel: UUID
    reason: str
    claimed_on: date
    ruling: str | None
    ruled_on: date | None


class Absorbed(BaseModel):
    id: UUID
    company: str


class SetBy(BaseModel):
    """The fact that put the lead where it is: the lead it was recorded in, and the version there."""

    lead: UUID
    version: int


class LeadAnswer(Answer):
    """A lead with everything known of it. `commands` are the nouns it would take now."""

    id: UUID
    version: int
    stage: str | None
    status: str
    reached: str | None
    entered: dict[str, date] = Field(description="各阶段最近进入的日期 · The day each stage was last entered")
    stage_by: SetBy | None
    registered_on: date | None
    company: str | None
    credit_code: str | None
    country: str | None
    region: str | None
    industry: str | None
    project: str | None
    investment: Amount | None
    amount: Amount | None
    land_mu: Decimal | None
    space_m2: Decimal | None
    jobs: int | None
    referrer: str | None
    summary: str | None
    contacts: list[ContactOut] | None
    channel: UUID | None
    occasion: UUID | None
    brought_by: UUID | None
    owner: UUID | None
    contacted_on: date | None
    next_action: str | None
    next_due: date | None
    verdict: str | None
    judged_on: date | None
    hold_reason: str | None
    hold_until: date | None
    loss_reason: str | None
    entity: str | None
    where: str | None
    documents: list[Attached]
    claims: list[Claimed]
    absorbed: list[Absorbed]
    merged_into: UUID | None
    commands: list[str]


_PLAIN = (
    "company", "credit_code", "country", "region", "industry", "project", "land_mu", "space_m2", "jobs", "referrer",
    "summary", "channel", "occasion", "brought_by", "owner", "contacted_on", "next_action", "next_due", "verdict",
    "judged_on", "hold_reason", "hold_until", "loss_reason", "entity", "where",
)  # fmt: skip


class LeadQuery(Read):
    as_version: int | None = Field(None, ge=1, le=LATEST, description="当时的版本 · As it stood at this version")


@router.get(
    "/leads/{id}", name="api.lead", response_model=LeadAnswer, responses=READ_ONE, summary="一条线索 · One lead"
)
def lead_shown(
    request: Request, response: Response, id: UUID, crm: Crm, viewer: Who, query: Annotated[LeadQuery, Query()]
) -> dict[str, Any]:
    caught_up(crm, query)
    lead = readable(crm, viewer, id, query.as_version)
    response.headers["ETag"] = f'"{lead.version}"'
    may_change = query.as_version is None and access.may_change(viewer, held(lead))
    return {
        **_identity(lead),
        **_attributes(request.state.words, lead.standing, contacts=access.sees_contacts(viewer, held(lead))),
        **_beside(lead, crm.documents.erased(lead.id, lead.documents)),
        "commands": sorted(form.noun for form in possible(lead) if viewer.may_open(f"lead.{form.noun}"))
        if may_change
        else [],
    }


def _identity(lead: Lead) -> dict[str, Any]:
    standing = lead.standing
    by = standing.by
    return {
        "position": max(event.position or 0 for event in lead.everything),
        "id": lead.id,
        "version": lead.version,
        "stage": standing.stage,
        "status": standing.status,
        "reached": standing.reached,
        "entered": {str(stage): day for stage, day in standing.entered.items()},
        "stage_by": {"lead": by[0], "version": by[1]} if by and standing.stage else None,
        "registered_on": standing.registered_on,
    }


def _attributes(words: Words, standing: Standing, *, contacts: bool) -> dict[str, Any]:
    now = standing.attributes
    people_there = [person.model_dump() for person in now.get("contacts") or ()]
    return {
        **{name: now.get(name) for name in _PLAIN},
        "investment": amount(words, now.get("investment")),
        "amount": amount(words, now.get("amount")),
        "contacts": people_there if contacts else None,
    }


def _beside(lead: Lead, erased: Container[str]) -> dict[str, Any]:
    documents = [
        {name: getattr(one, name) for name in ("sha256", "size", "media_type")}
        | {"name": ERASED if one.sha256 in erased else one.name, "attached_on": one.occurred_on}
        for one in lead.documents.values()
    ]
    ruled = lead.rulings
    claims = [
        {
            "channel": one.channel, "reason": one.reason, "claimed_on": one.occurred_on,
            "ruling": ruled[one.channel].outcome if one.channel in ruled else None,
            "ruled_on": ruled[one.channel].occurred_on if one.channel in ruled else None,
        }
        for one in lead.claims
    ]  # fmt: skip
    absorbed = [{"id": other, "company": company} for other, company in lead.absorbed.items()]
    return {"documents": documents, "claims": claims, "absorbed": absorbed, "merged_into": lead.merged_into}
