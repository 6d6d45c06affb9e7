"""Looking for a contact person: what is looked for is posted, the answer is a token that `GET /leads` filters by."""

from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from domain.base import Refused
from projections import contact_grams
from web.api.problems import COMMAND
from web.api.reading import Plain
from web.pages.leads import TOO_SHORT
from web.replays import in_replay
from web.session import Crm

router = APIRouter()
IN_REPLAY = Refused(
    "contact.replay",
    "回放里不能按联系人查找。",
    "In a replay nobody is found by name or number: what finds them goes when they are erased, so no replay keeps it.",
)


class Sought(BaseModel):
    """Whom one looks for: two neighbouring characters of a name or more, a whole number, an e-mail address."""

    model_config = ConfigDict(extra="forbid")
    text: Plain = Field(min_length=1, examples=["王某"])


class Token(BaseModel):
    """To be passed to `GET /leads` as `contact`. It says nothing of the person, and goes with the district's search key."""

    contact: str


@router.post(
    "/contact-searches", name="api.leads.find", responses=COMMAND, tags=["leads"],
    summary="查联系人 · Look for a contact person",
)  # fmt: skip
def sought(request: Request, crm: Crm, body: Annotated[Sought, Body()]) -> Token:
    """姓名等只在请求体中，网址里没有 · Names travel in the body, never in an address. Only leads whose contacts one may see are found."""
    if in_replay(request):
        raise IN_REPLAY
    signs = crm.contact_signs(body.text)
    if not signs:
        raise Refused("contact.too_short", *TOO_SHORT, field="text")
    return Token(contact=contact_grams.token(signs))
