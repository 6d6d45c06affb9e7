"""The filters and orders of matchmaking meetings, and of what came of them."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from domain.base import Text
from domain.matchmaking import MatchmakingKind, OutcomeKind
from projections import matchmakings, outcomes
from projections.matchmakings import MatchmakingFilters
from projections.outcomes import OutcomeFilters
from web.fields import Choice
from web.pages.filters import Filter, named, search, somebody, terms, word
from web.pages.record_list import RecordList

SORTS: Final = {
    "held": Text("举办日期", "Held on"),
    "lent": Text("贷款金额", "Lent"),
    "dealt": Text("合同金额", "Contracted"),
    "firms": Text("参会企业", "Firms met"),
    "name": Text("名称", "Name"),
}
OUTCOME_SORTS: Final = {
    "made": Text("日期", "Date"),
    "amount": Text("金额", "Amount"),
    "firm": Text("企业", "Firm"),
}


def matchmaking_filters(viewer: UUID) -> Mapping[str, Filter]:
    """Every filter of the meetings by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "kind": word(Text("类别", "Kind"), "kind", MatchmakingKind),
        "from": Filter(Text("举办不早于", "Held from"), "held_from", date.fromisoformat),
        "to": Filter(Text("举办不晚于", "Held up to"), "held_to", date.fromisoformat),
        "answers": somebody(Text("负责", "Answers"), "answers", viewer),
    }


def outcome_filters(_viewer: UUID) -> Mapping[str, Filter]:
    """Every filter of the outcomes by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "kind": word(Text("类别", "Kind"), "kind", OutcomeKind),
        "from": Filter(Text("不早于", "From"), "made_from", date.fromisoformat),
        "to": Filter(Text("不晚于", "Up to"), "made_to", date.fromisoformat),
        "meeting": named(Text("对接会", "Meeting"), "meeting"),
        "company": named(Text("企业", "Firm"), "company"),
    }


def choices() -> dict[str, list[Choice]]:
    """What the filters of meetings offer."""
    return {"kind": terms(MatchmakingKind)}


def outcome_choices() -> dict[str, list[Choice]]:
    """What the filters of outcomes offer."""
    return {"kind": terms(OutcomeKind)}


MATCHMAKINGS: Final = RecordList(
    "matchmakings", matchmakings.LIST, matchmaking_filters, MatchmakingFilters, SORTS, ("kind",),
    Text("供需与银企对接", "Matchmaking"),
    Text("产需对接、银企对接：来了哪些企业，促成多少贷款和合同。",
         "Supply with demand, banks with firms: who came, which loans and contracts came of it."),
    ("场对接会", "meeting", "meetings"),
    Text("登记对接会", "Record a meeting"),
    (Text("还没有对接会", "No meetings yet"),
     Text("登记对接会，再逐笔登记促成的贷款和合同。", "Record a meeting, then each loan and contract that came of it.")),
    Text("名称、拼音首字母、主办单位", "Name, pinyin initials, organiser"), "heart-handshake",
    styles=("sites.css",),
)  # fmt: skip


OUTCOMES: Final = RecordList(
    "matchmakings.outcomes", outcomes.LIST, outcome_filters, OutcomeFilters, OUTCOME_SORTS, ("kind",),
    Text("供需与银企对接", "Matchmaking"),
    Text("促成的每一笔贷款、每一份合同。", "Every loan and every contract that came of it."),
    ("笔", "outcome", "outcomes"),
    None,
    (Text("没有对接成果", "Nothing yet"),
     Text("在对接会页面上登记贷款和合同，就会列在这里。", "Loans and contracts recorded on a meeting’s page are listed here.")),
    Text("企业、银行、产品", "Firm, bank, product"), "signature",
    styles=("sites.css",),
)  # fmt: skip
