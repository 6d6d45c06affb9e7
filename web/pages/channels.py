"""Channels: centres with their specialists, missions and events with their outcome, what they brought, how far it got."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import clock
from crm.access import may_tend
from crm.application import Done, Unknown
from domain.base import Text
from domain.channel import Channel, ChannelKind, OpenChannel
from projections import channels, funnel, people
from projections.channels import ChannelRow
from projections.funnel import FunnelFilters, Group
from projections.paging import Scope
from web.commands import by, done, submit
from web.forms import FormView, view
from web.html import fragment, page, url_for
from web.pages.channel_picks import picks
from web.pages.channel_story import actions, story
from web.pages.funnel_drawing import HEIGHT, WIDTH, bands
from web.pages.lead_access import demand_pick
from web.pages.leads import scope_of
from web.session import Crm, Posted, Who

router = APIRouter()


class Credit(NamedTuple):
    """What was brought, and by which filter of the funnel it is counted: as the leads' channel, or as their occasion."""

    by: str
    group: Group


@router.get("/channels", name="channels")
def listed(request: Request, crm: Crm, viewer: Who, closed: Annotated[str, Query()] = "") -> Response:
    with crm.pool.connection() as conn:
        rows = channels.listed(conn, closed=None if closed else False)
        context: dict[str, Any] = {
            "credits": _credits(conn, scope_of(viewer)),
            "names": channels.names(conn),
            "posted": _posted(conn, clock.today()),
            "any_closed": bool(channels.listed(conn, closed=True)),
        }
    return page(
        request, "channels/list.html", **context, closed=bool(closed), Kind=ChannelKind,
        centres=[row for row in rows if row.kind == ChannelKind.LIAISON_CENTRE],
        others=[row for row in rows if not row.occasion and row.kind != ChannelKind.LIAISON_CENTRE],
        occasions=[row for row in rows if row.occasion], waits=_waits,
    )  # fmt: skip


@router.get("/channels/new", name="channels.new")
def new(request: Request, crm: Crm) -> Response:
    with crm.pool.connection() as conn:
        form = view(OpenChannel, url_for(request, "channels.open"), picks=picks(conn))
    return page(request, "channels/new.html", form=form)


@router.post("/channels", name="channels.open")
def open_channel(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
    with crm.pool.connection() as conn:
        offered = picks(conn)

    def act(form: OpenChannel) -> Done:
        demand_pick(form, offered)
        return crm.create(by(viewer, posted), Channel, form)

    answer = submit(OpenChannel, posted, act, action=url_for(request, "channels.open"), picks=offered)
    if isinstance(answer, FormView):
        return fragment(request, "channels/new.html", "new", status=answer.status, form=answer)
    return done(
        request, answer, url_for(request, "channel", id=answer.id), Text("渠道已建立。", "The channel is open.")
    )


@router.get("/channels/{id}", name="channel")
def show(request: Request, crm: Crm, viewer: Who, id: UUID) -> Response:
    with crm.pool.connection() as conn:
        row = channels.one(conn, id)
        if row is None:
            raise Unknown
        scope = scope_of(viewer)
        brought = _of(conn, id, scope)
        held = channels.listed(conn, parent=id)
        context: dict[str, Any] = {
            "names": channels.names(conn),
            "people": people.names(conn),
            "postings": people.postings(conn, channel=id),
            "held": held,
            "credits_of": {one.id: _of(conn, one.id, scope) for one in held},
        }
    return page(
        request, "channels/channel.html", **context, row=row, kind=ChannelKind(row.kind), credits=brought,
        drawn=[(credit, bands(credit.group.stages)) for credit in brought], box=(WIDTH, HEIGHT),
        note=crm.open(row.note) if row.note else None, entries=story(crm, id, context["names"] | context["people"]),
        actions=actions(row) if may_tend(viewer, id) else [], waits=_waits, Kind=ChannelKind,
        brought_href=lambda kind: _behind(request, kind, id),
    )  # fmt: skip


def _behind(request: Request, by_what: str, id: UUID) -> Callable[..., str]:
    """Where the leads behind a figure of this channel are listed."""

    def href(measure: str, stage: str | None = None) -> str:
        return url_for(request, "funnel.leads", measure=measure, stage=stage, **{by_what: id})

    return href


def _credits(conn: Connection[Any], scope: Scope) -> dict[UUID, list[Credit]]:
    """What every channel brought, as the leads' channel and as their occasion, where it brought anything that way."""
    found: dict[UUID, list[Credit]] = {}
    for kind in ("channel", "occasion"):
        for group in funnel.funnel(conn, group_by=kind, scope=scope).groups:
            if group.key and group.registered:
                found.setdefault(UUID(group.key), []).append(Credit(kind, group))
    return found


def _of(conn: Connection[Any], id: UUID, scope: Scope) -> list[Credit]:
    found = [
        Credit("channel", funnel.funnel(conn, filters=FunnelFilters(channel=id), scope=scope).total),
        Credit("occasion", funnel.funnel(conn, filters=FunnelFilters(occasion=id), scope=scope).total),
    ]
    return [credit for credit in found if credit.group.registered]


def _posted(conn: Connection[Any], day: date) -> dict[UUID, list[str]]:
    """Who is posted where today, by name."""
    names = people.names(conn)
    found: dict[UUID, list[str]] = {}
    for posting in people.postings(conn, on=day):
        if posting.to_on == day:
            continue
        found.setdefault(posting.channel, []).append(names.get(posting.person, "—"))
    return found


def _waits(row: ChannelRow) -> int | None:
    """For how many days the report of an occasion that is over has been outstanding."""
    over = row.ends_on or row.starts_on
    today = clock.today()
    return (today - over).days if row.report_on is None and over is not None and over < today else None
