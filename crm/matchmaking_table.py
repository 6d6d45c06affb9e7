"""Matchmaking meetings, and what came of them, as tables for spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from crm.exports import FEN_IN_WAN, Value
from domain.base import Text
from domain.matchmaking import MatchmakingKind, OutcomeKind
from projections.matchmakings import MatchmakingRow
from projections.outcomes import OutcomeRow

_MEETING: Final = (
    Text("对接会名称", "Meeting"), Text("类别", "Kind"), Text("举办日期", "Held on"), Text("地点", "Place"),
    Text("主办单位", "Organiser"), Text("参会企业（家）", "Firms met"), Text("贷款（笔）", "Loans"),
    Text("获贷企业（家）", "Firms with a loan"), Text("贷款金额（万元）", "Lent (CNY 10k)"), Text("合同（份）", "Contracts"),
    Text("合同金额（万元）", "Contracted (CNY 10k)"), Text("负责人", "Leader"),
)  # fmt: skip
_OUTCOME: Final = (
    Text("日期", "Date"), Text("类别", "Kind"), Text("企业", "Firm"), Text("银行或需方", "Bank or buyer"),
    Text("金额（万元）", "Amount (CNY 10k)"), Text("产品或标的", "Product or subject"), Text("对接会", "Meeting"),
)  # fmt: skip


def matchmaking_table(
    rows: Iterable[MatchmakingRow], people: Mapping[UUID, str], language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each meeting."""
    yield [title.said(language) for title in _MEETING]
    for row in rows:
        yield [
            row.name, MatchmakingKind(row.kind).text.said(language), row.held_on, row.place, row.organiser, row.firms,
            row.loans, row.helped, row.lent / FEN_IN_WAN, row.deals, row.dealt / FEN_IN_WAN,
            people.get(row.leader) if row.leader else None,
        ]  # fmt: skip


def outcome_table(
    rows: Iterable[OutcomeRow], meetings: Mapping[UUID, str], language: str = "zh"
) -> Iterator[list[Value]]:
    """A header and a row for each loan and contract."""
    yield [title.said(language) for title in _OUTCOME]
    for row in rows:
        yield [
            row.made_on, OutcomeKind(row.kind).text.said(language), row.firm, row.partner, row.amount / FEN_IN_WAN,
            row.subject, meetings.get(row.meeting),
        ]  # fmt: skip
