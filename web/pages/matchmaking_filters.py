"""The filters and orders of matchmaking meetings, and of what came of them."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from domain.base import Text
from domain.matchmaking import MatchmakingKind, OutcomeKind
from projections.matchmakings import MatchmakingFilters
from projections.outcomes import OutcomeFilters
from web.fields import Choice
from web.pages.facts import Names
from web.pages.filters import Asked, Filter, asked, named, search, terms, word
from web.pages.project_filters import ME

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
        "answers": Filter(
            Text("负责", "Answers"), "answers", lambda text: viewer if text == ME else UUID(text), _answers
        ),
    }


OUTCOME_FILTERS: Final[Mapping[str, Filter]] = {
    "q": Filter(Text("查找", "Search"), "search", search),
    "kind": word(Text("类别", "Kind"), "kind", OutcomeKind),
    "from": Filter(Text("不早于", "From"), "made_from", date.fromisoformat),
    "to": Filter(Text("不晚于", "Up to"), "made_to", date.fromisoformat),
    "meeting": named(Text("对接会", "Meeting"), "meeting"),
    "company": named(Text("企业", "Firm"), "company"),
}
"""Every filter of the outcomes by its parameter."""


def _answers(text: str, names: Names) -> Text:
    plain = names.of(UUID(text)) if text != ME else ""
    return Text("我", "me") if text == ME else Text(plain or "未知", plain or "unknown")


def read(params: Mapping[str, str], viewer: UUID) -> Asked:
    """The filters of meetings among the parameters of a URL."""
    return asked(params, matchmaking_filters(viewer), MatchmakingFilters)


def read_outcomes(params: Mapping[str, str]) -> Asked:
    """The filters of outcomes among the parameters of a URL."""
    return asked(params, OUTCOME_FILTERS, OutcomeFilters)


def choices() -> dict[str, list[Choice]]:
    """What the filters of meetings offer."""
    return {"kind": terms(MatchmakingKind)}


def outcome_choices() -> dict[str, list[Choice]]:
    """What the filters of outcomes offer."""
    return {"kind": terms(OutcomeKind)}
