"""One lead as a workbook: everything recorded of it with both dates, who, what, and what was corrected since."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from crm.access import SYSTEM
from crm.clock import SHANGHAI
from crm.exports import FEN_IN_WAN, Sheet, Value, workbook
from crm.ledger import Ledger
from domain.base import Text
from domain.funnel import known
from domain.lead import Lead, LeadEvent
from domain.lead.corrections import DateCorrected, DetailsCorrected, FactReinstated, FactRetracted
from domain.person import Role
from domain.values import Money
from projections import people
from projections.stored import Recorded

COLUMNS: tuple[tuple[Text, int], ...] = (
    (Text("序号", "No."), 6), (Text("线索", "Lead"), 26), (Text("发生日期", "Happened on"), 12), (Text("最初登记的日期", "First dated"), 14),
    (Text("记录时间", "Recorded at"), 20), (Text("晚记（天）", "Days late"), 10), (Text("事项", "What"), 34), (Text("内容", "Text"), 40),
    (Text("下一步", "Next action"), 26), (Text("下一步截止", "Next action due"), 12), (Text("原因", "Reason"), 24),
    (Text("更正情况", "Corrected since"), 20), (Text("记录人", "Recorded by"), 22), (Text("角色", "Role"), 12),
    (Text("位置", "Position"), 10), (Text("哈希", "Hash"), 24),
)  # fmt: skip
"""Titles of the history's columns, and their widths in characters."""

_CORRECTIONS = (DateCorrected, DetailsCorrected, FactRetracted, FactReinstated)
_SYSTEM = Text("系统", "System")
_RETRACTED = Text("已撤销（未发生）", "retracted: never happened")
_DETAILS = Text("内容已更正", "details corrected")
_DATE = Text("日期已更正", "date corrected")
_OF = Text("更正第 {n} 条", "about no. {n}")


def book(crm: Ledger, conn: Connection[Any], lead: Lead, language: str) -> bytes:
    """The workbook. Whoever gets it must be allowed to read the lead: notes are open in it, contact persons left out."""
    rows = [row for one in (lead.id, *lead.absorbed) for row in crm.history(one)]
    told = [
        (row, event) for row, event in sorted(rows, key=lambda pair: pair[0].position) if isinstance(event, LeadEvent)
    ]
    names = people.names(conn)
    return workbook(
        (
            Sheet(
                Text("历史", "History").said(language), _history(lead, told, names, language), [w for _, w in COLUMNS]
            ),
            Sheet(Text("线索", "Lead").said(language), _about(lead, told, language), [22, 60]),
        )
    )


def _history(
    lead: Lead, told: Sequence[tuple[Recorded, LeadEvent]], names: Mapping[UUID, str], language: str
) -> Iterator[list[Value]]:
    yield [title.said(language) for title, _ in COLUMNS]
    held = {(fact.originator_id, fact.originator_version): fact for fact in known(event for _, event in told).facts}
    for row, event in told:
        now = held.get((event.originator_id, event.originator_version))
        fact = event.correction() is None
        yield [
            event.originator_version,
            _company(lead, event.originator_id),
            (now or event).occurred_on,
            event.occurred_on if now and now.occurred_on != event.occurred_on else None,
            row.recorded_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
            max(0, (row.recorded_at.astimezone(SHANGHAI).date() - event.occurred_on).days),
            event.sentence().said(language),
            _text(event),
            getattr(event, "next_action", None),
            getattr(event, "next_due", None),
            _reason(event, language),
            _since(event, now, language) if fact else _about_fact(event, language),
            names.get(row.actor) or (_SYSTEM.said(language) if row.actor == SYSTEM else str(row.actor)),
            Role(row.role).text.said(language) if row.role in set(Role) else _SYSTEM.said(language),
            row.position,
            row.hash.hex(),
        ]


def _company(lead: Lead, recorded_in: UUID) -> str:
    if recorded_in != lead.id:
        return str(lead.absorbed[recorded_in])
    return str(lead.attribute("company") or getattr(lead.events[0], "company", ""))


def _text(event: LeadEvent) -> str | None:
    for name in ("note", "result", "summary"):
        if value := getattr(event, name, None):
            return str(value)
    return None


def _reason(event: LeadEvent, language: str) -> str | None:
    reason = getattr(event, "reason", None)
    text = getattr(reason, "text", None)
    return text.said(language) if isinstance(text, Text) else reason


def _since(event: LeadEvent, now: Any, language: str) -> str | None:
    """What became of a fact since it was recorded."""
    if now is None:
        return _RETRACTED.said(language)
    payload = event.payload_fields()
    said = [_DATE] if now.occurred_on != event.occurred_on else []
    if any(getattr(now, name) != getattr(event, name) for name in payload):
        said.append(_DETAILS)
    return Text("，", ", ").said(language).join(text.said(language) for text in said) or None


def _about_fact(event: LeadEvent, language: str) -> str | None:
    return _OF.said(language, n=event.fact) if isinstance(event, _CORRECTIONS) else None


def _about(lead: Lead, told: Sequence[tuple[Recorded, LeadEvent]], language: str) -> Iterator[list[Value]]:
    standing, amount = lead.standing, lead.attribute("amount")
    said: tuple[tuple[Text, Value], ...] = (
        (Text("企业名称", "Company"), _company(lead, lead.id)),
        (Text("项目名称", "Project"), lead.attribute("project")),
        (Text("阶段", "Stage"), standing.stage.text.said(language) if standing.stage else None),
        (Text("状态", "Status"), standing.status.text.said(language)),
        (
            Text("投资额（万元）", "Investment (CNY 10k)"),
            amount.fen / FEN_IN_WAN if isinstance(amount, Money) else None,
        ),
        (Text("登记日期", "Registered on"), standing.registered_on),
        (Text("截至位置", "As of position"), told[-1][0].position),
        (Text("编号", "Id"), str(lead.id)),
    )
    yield [Text("项目", "Item").said(language), Text("内容", "Value").said(language)]
    for title, value in said:
        yield [title.said(language), value]
