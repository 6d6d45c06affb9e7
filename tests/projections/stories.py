"""Random histories: clerks who do what the domain lets them, in any order of days, with corrections and mergers."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from domain.base import Aggregate, Event, Form, Refused
from domain.channel import Channel, OpenChannel, Post, Withdraw
from domain.district import DISTRICT, District, SetRules
from domain.funnel import STAGES
from domain.lead import (
    AddNote,
    Assign,
    CompleteNextAction,
    Contact,
    CorrectDate,
    CorrectDetails,
    EnterNegotiation,
    Hold,
    Judge,
    Land,
    Lead,
    Lose,
    Merge,
    MoveBack,
    Register,
    Reinstate,
    Reopen,
    Resume,
    Retract,
    Revise,
    ReviseInvestment,
    SignContract,
    SignIntent,
    Unmerge,
    VisitSite,
)
from domain.lead.corrections import FactRetracted
from domain.lead.details import InvestmentRevised, LeadRegistered
from domain.lead.progress import ContractSigned, MovedBack
from domain.lead.work import LeadAssigned
from domain.person import AddPerson, Person, RenamePerson

FIRST = date(2026, 1, 1)
DAYS = 40
LATE, ATTEMPTS = 0.25, 5
CHANNELS = [UUID(int=100 + n) for n in range(3)]
PEOPLE = [UUID(int=200 + n) for n in range(3)]
LEADS = [UUID(int=300 + n) for n in range(4)]
NAMES = ["长春示例装备有限公司", "BASF示例（中国）", "重庆示例药业集团", "厦门示例物流有限公司"]
AMOUNTS = ["800万", "3000万", "7000万", "1.2亿", {"amount": "USD 30m", "rate": "7.123456"}]
COUNTRIES, INDUSTRIES, REGIONS = ["CN", "DE", "HK"], ["C", "I", "M"], ["吉林", "北京", None]
ACTS = (
    "contact", "visit", "negotiate", "intent", "contract", "land", "back", "hold", "resume", "lose", "reopen",
    "assign", "revise", "invest", "judge", "note", "done", "correct_date", "correct_details", "retract",
    "reinstate", "merge", "unmerge", "register", "merge", "contact", "contract", "retract", "reinstate",
    "back", "rules", "post", "withdraw", "rename", "unmerge", "resume", "reopen", "correct_details",
    "reinstate",
)  # fmt: skip


class Story:
    """What has been recorded so far; positions count from 1 and nothing is entered that the domain refuses."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def act(self, what: str, who: int, other: int, day: int, pick: int) -> bool:
        """Try to do something; a refused attempt leaves nothing."""
        on = FIRST + timedelta(days=day)
        try:
            self._keep(*self._done(what, who % len(LEADS), other % len(LEADS), on, pick))
        except Refused:
            return False
        return True

    def _keep(self, *changed: Aggregate) -> None:
        for aggregate in changed:
            for event in aggregate.collect_events():
                self.events.append(event.placed(len(self.events) + 1))

    def _load(self, kind: type[Aggregate], id: UUID) -> Any:
        aggregate = kind(id)
        for event in self.events:
            if event.originator_id == id:
                event.mutate(aggregate)
        if isinstance(aggregate, Lead):
            absorbed = {other: [e for e in self.events if e.originator_id == other] for other in aggregate.absorbed}
            aggregate.join(absorbed)  # type: ignore[arg-type]
        return aggregate

    def _done(self, what: str, who: int, other: int, on: date, pick: int) -> Sequence[Aggregate]:
        if what in ("rules", "post", "withdraw", "rename"):
            return [self._elsewhere(what, on, pick)]
        lead = self._load(Lead, LEADS[who])
        if what == "merge":
            survivor = self._load(Lead, LEADS[other])
            lead.merge(Merge(into=survivor.id, reason="同一项目", occurred_on=on))
            survivor.absorb(lead, on)
            return lead, survivor
        if what == "unmerge":
            survivor = self._load(Lead, lead.merged_into or lead.id)
            lead.unmerge(Unmerge(reason="并非同一项目", occurred_on=on))
            survivor.release(lead.id, on)
            return lead, survivor
        facts = [event for event in lead.events if _fits(event, what, lead)]
        form = _form(what, who, on, pick, facts[pick % len(facts)] if facts else None)
        getattr(lead, form.verb)(form)
        return [lead]

    def _elsewhere(self, what: str, on: date, pick: int) -> Aggregate:
        if what == "rules":
            district = self._load(District, DISTRICT)
            district.set_rules(SetRules(answer_days=1 + pick % 9, judge_days=2 + pick % 7, occurred_on=on))
            return district
        if what == "rename":
            person = self._load(Person, PEOPLE[pick % 3])
            if person.version:
                person.rename(RenamePerson(name=f"驻外专员{pick}", occurred_on=on))
            else:
                person.add(AddPerson(name="驻外专员", login=f"staff{pick}", role="staff", occurred_on=on))
            return person
        channel = self._load(Channel, CHANNELS[pick % 3])
        if not channel.version:
            kind = ("liaison_centre", "overseas_mission", "enquiry")[pick % 3]
            channel.open(OpenChannel(kind=kind, name=f"渠道{pick % 3}", starts_on=on, occurred_on=on))
        elif what == "post":
            channel.post(Post(person=PEOPLE[pick % 2], occurred_on=on))
        else:
            channel.withdraw(Withdraw(person=PEOPLE[pick % 2], occurred_on=on))
        return channel


def _fits(event: Event, what: str, lead: Lead) -> bool:
    """Whether a correction of that sort can speak of the event."""
    if what == "reinstate":
        return any(isinstance(e, FactRetracted) and e.fact == event.originator_version for e in lead.events)
    if what == "correct_details":
        return bool(_details(event, 0))
    return True


def _form(what: str, who: int, on: date, pick: int, about: Event | None) -> Form:
    fact = about.originator_version if about else 1
    amount = AMOUNTS[pick % 5]
    values: dict[str, tuple[type[Form], dict[str, Any]]] = {
        "register": (Register, {
            "company": NAMES[who], "industry": INDUSTRIES[pick % 3], "country": COUNTRIES[pick % 3],
            "region": REGIONS[pick % 3], "channel": CHANNELS[pick % 3], "owner": PEOPLE[who % 3] if pick % 4 else None,
            "occasion": CHANNELS[1] if pick % 5 == 0 else None, "investment": amount if pick % 6 else None,
            "referrer": "某商会" if pick % 2 else None,
        }),
        "contact": (Contact, {"kind": "phone"} | (
            {"next_action": "回访", "next_due": on + timedelta(days=pick)} if pick % 2 else {})),
        "visit": (VisitSite, {"place": "开发区"}),
        "negotiate": (EnterNegotiation, {"subject": "用地"}),
        "intent": (SignIntent, {"document": "框架协议"}),
        "contract": (SignContract, {"document": "投资协议", "amount": amount}),
        "land": (Land, {"how": "land", "where": "东部片区", "entity": "示例公司"}),
        "back": (MoveBack, {"to": STAGES[pick % 5], "reason": "谈判中断"}),
        "hold": (Hold, {"reason": "等政策"}),
        "resume": (Resume, {}),
        "lose": (Lose, {"reason": "elsewhere"}),
        "reopen": (Reopen, {"reason": "重新联系"}),
        "assign": (Assign, {"owner": PEOPLE[pick % 3]}),
        "revise": (Revise, {"details": {
            "industry": INDUSTRIES[pick % 3], "country": COUNTRIES[pick % 2], "region": REGIONS[pick % 3],
            "company": NAMES[who] + "（新）" * (pick % 2)}}),
        "invest": (ReviseInvestment, {"amount": amount}),
        "judge": (Judge, {"verdict": "pursue", "reason": "符合产业方向"}),
        "note": (AddNote, {"note": "备忘"}),
        "done": (CompleteNextAction, {}),
        "correct_date": (CorrectDate, {"fact": fact, "to": FIRST + timedelta(days=pick), "reason": "录入有误"}),
        "correct_details": (CorrectDetails, {"fact": fact, "reason": "录入有误", "details": _details(about, pick)}),
        "retract": (Retract, {"fact": fact, "reason": "未发生"}),
        "reinstate": (Reinstate, {"fact": fact, "reason": "确有其事"}),
    }  # fmt: skip
    kind, given = values[what]
    return kind.model_validate(given | {"occurred_on": on})


def _details(about: Event | None, pick: int) -> dict[str, Any]:
    """What a clerk may have got wrong in that event."""
    money = {"minor": 10**9 * (1 + pick % 7), "currency": "CNY", "rate": None}
    match about:
        case LeadRegistered():
            return {"industry": INDUSTRIES[pick % 3], "channel": str(CHANNELS[pick % 3]), "investment": money}
        case ContractSigned() | InvestmentRevised():
            return {"amount": money}
        case LeadAssigned():
            return {"owner": str(PEOPLE[pick % 3])}
        case MovedBack():
            return {"to": str(STAGES[pick % 4])}
    return {}


@st.composite
def stories(draw: st.DrawFn, most: int = 60) -> list[Event]:
    """The events of a random history, in order, each knowing its position.

    Drawn act by act, histories come out short and mostly refused; so only their seed and length are drawn.
    """
    chance = Random(draw(st.integers(0, 10**9)))  # noqa: S311 - a history, no secret
    length = draw(st.integers(8, most))
    story = Story()
    for who in range(len(LEADS) - 1):
        story.act("register", who, 0, chance.randint(0, 5), chance.randint(0, DAYS))
    for nth in range(length):
        today = 5 + nth * (DAYS - 5) // length
        day = chance.randint(0, today) if chance.random() < LATE else today
        for _ in range(ATTEMPTS):
            if story.act(chance.choice(ACTS), chance.randrange(10), chance.randrange(10), day, chance.randint(0, DAYS)):
                break
    return story.events


# ── as rows, and as they are exported ───────────────────────────────────────────────────────────────────────────────

ENVELOPE = {"originator_id", "originator_version", "occurred_on"}
COLUMNS = (
    "position", "stream", "version", "topic", "schema", "occurred_on", "recorded_at", "actor", "role", "command",
    "origin", "data", "hash",
)  # fmt: skip


def row(event: Event, origin: UUID | None = None) -> tuple[Any, ...]:
    """A row of the table `event`, in the order of COLUMNS; recorded a minute after the one before."""
    position = event.position or 0
    moment = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=position)
    data = event.model_dump_json(exclude=ENVELOPE)
    return (
        position, event.originator_id, event.originator_version, event.TOPIC, event.SCHEMA, event.occurred_on, moment,
        PEOPLE[position % 3], "staff", UUID(int=10**6 + position), origin, data, b"",
    )  # fmt: skip


def exported(event: Event) -> dict[str, Any]:
    """The event as `crm export events` writes it, as far as the reference reads it."""
    return {
        "position": event.position,
        "stream": str(event.originator_id),
        "version": event.originator_version,
        "type": event.TOPIC,
        "occurred_on": event.occurred_on.isoformat(),
        "data": json.loads(event.model_dump_json(exclude=ENVELOPE)),
    }
