"""What happened to a channel, told in words, and what can be done with it now; its commands as sheets."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter

from crm.access import SYSTEM, Viewer, demand, may_tend
from crm.application import CRM
from domain import FORMS
from domain.base import Event, Text
from domain.channel import (
    Channel,
    CloseChannel,
    HandInReport,
    OpenChannel,
    Post,
    ReopenChannel,
    ReportOutcome,
    ReviseChannel,
    SpecialistPosted,
    SpecialistWithdrawn,
    Withdraw,
)
from projections.channels import ChannelRow
from web.pages.channel_picks import offers, values
from web.pages.sheets import Sheets, add_commands

router = APIRouter()


class Action(NamedTuple):
    noun: str
    title: Text
    symbol: str


class Entry(NamedTuple):
    """One event: when it happened, in words, who recorded it when, and what else it says."""

    occurred_on: date
    said: Text
    actor: str
    recorded_at: datetime
    more: str = ""


def _demand(_crm: CRM, viewer: Viewer, id: UUID) -> None:
    demand(
        may_tend(viewer, id),
        "只有派驻在这里的人员、主管和管理员可以修改这个渠道。",
        "Only those posted here, managers and administrators may change this channel.",
    )


add_commands(
    router,
    Sheets(
        Channel,
        "/channels",
        "channel",
        offers=offers,
        knows=values,
        demands=_demand,
        apart=frozenset({OpenChannel.noun}),
    ),
)


def actions(row: ChannelRow) -> list[Action]:
    """What can be done with the channel as it stands."""
    if row.closed:
        return [_action(ReopenChannel, "lock-open")]
    outcome = [_action(ReportOutcome, "trophy"), _action(HandInReport, "report")] if row.occasion else []
    return [
        *outcome, _action(Post, "user-plus"), _action(Withdraw, "user-minus"), _action(ReviseChannel, "pencil"),
        _action(CloseChannel, "lock"),
    ]  # fmt: skip


def _action(form: Any, symbol: str) -> Action:
    return Action(form.noun, FORMS["channel", form.noun].title, symbol)


def story(crm: CRM, id: UUID, names: Mapping[UUID, str]) -> list[Entry]:
    """Everything recorded of the channel, the latest first."""
    found = [
        Entry(event.occurred_on, _said(event, names), _actor(row.actor, names), row.recorded_at, _more(event))
        for row, event in crm.history(id)
    ]
    return sorted(found, key=lambda entry: (entry.occurred_on, entry.recorded_at), reverse=True)


def _said(event: Event, names: Mapping[UUID, str]) -> Text:
    if isinstance(event, SpecialistPosted | SpecialistWithdrawn):
        name, (zh, en) = names.get(event.person, "—"), event.TITLE
        return Text(f"{zh}：{name}", f"{en}: {name}")
    return event.sentence()


def _actor(id: UUID, names: Mapping[UUID, str]) -> str:
    return "" if id == SYSTEM else names.get(id, "—")


def _more(event: Event) -> str:
    """The free text an event carries: a note, a reason, a reference."""
    return next((str(text) for name in ("note", "reason", "reference") if (text := getattr(event, name, None))), "")
