"""Channels: where leads come from, who is posted there, what they brought and how far it got."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from crm.application import CRM, Unknown
from domain.channel import ChannelKind
from projections import channels, funnel, people
from projections.channels import ChannelRow
from projections.funnel import FunnelFilters
from projections.people import Posting
from web.api.funnel import GroupOut, group_out
from web.api.problems import READ, READ_ONE
from web.api.reading import Answer, Read, reading, shape
from web.pages.leads import scope_of
from web.session import Crm, Who

router = APIRouter(tags=["channels"])
ChannelOut = shape("ChannelOut", ChannelRow)
PostingOut = shape("PostingOut", Posting)


class ChannelsQuery(Read):
    kind: ChannelKind | None = None
    closed: bool | None = None
    parent: UUID | None = None


class ChannelsAnswer(Answer):
    channels: list[ChannelOut]  # type: ignore[valid-type]


class Brought(BaseModel):
    """The figures of the funnel for the leads of this channel, and for those that came by this occasion."""

    channel: GroupOut
    occasion: GroupOut


class ChannelAnswer(Answer):
    channel: ChannelOut  # type: ignore[valid-type]
    postings: list[PostingOut]  # type: ignore[valid-type]
    occasions: list[ChannelOut]  # type: ignore[valid-type]
    brought: Brought


@router.get("/channels", name="api.channels", response_model=ChannelsAnswer, responses=READ, summary="渠道 · Channels")
def listed(crm: Crm, query: Annotated[ChannelsQuery, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        rows = channels.listed(conn, kind=query.kind, closed=query.closed, parent=query.parent)
    return {"position": position, "channels": _out(crm, rows)}


@router.get(
    "/channels/{id}", name="api.channel", response_model=ChannelAnswer, responses=READ_ONE,
    summary="一个渠道 · One channel",
)  # fmt: skip
def shown(request: Request, id: UUID, crm: Crm, viewer: Who, query: Annotated[Read, Query()]) -> dict[str, Any]:
    with reading(crm, query) as (conn, position):
        row = channels.one(conn, id)
        if row is None:
            raise Unknown
        scope = scope_of(viewer)
        asked = {"channel": FunnelFilters(channel=id), "occasion": FunnelFilters(occasion=id)}
        brought = {by: funnel.funnel(conn, filters=filters, scope=scope).total for by, filters in asked.items()}
        held, postings = channels.listed(conn, parent=id), people.postings(conn, channel=id)
    return {
        "position": position,
        "channel": _out(crm, [row])[0],
        "postings": [posting._asdict() for posting in postings],
        "occasions": _out(crm, held),
        "brought": {by: group_out(request.state.words, group, None) for by, group in brought.items()},
    }


def _out(crm: CRM, rows: list[ChannelRow]) -> list[dict[str, Any]]:
    notes = crm.open_all([row.note for row in rows])
    return [{**row._asdict(), "note": note} for row, note in zip(rows, notes, strict=True)]
