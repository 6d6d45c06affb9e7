"""The filters and orders of the problems' queue. Where no standing is asked for, what is open is meant."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from crm import clock
from domain.base import Text
from domain.problem import (
    OPEN,
    SETTLED,
    EscalationLevel,
    ProblemClass,
    ProblemSource,
    ProblemStatus,
    ProblemWay,
    Satisfaction,
    Urgency,
)
from projections import problems
from projections.problem_figures import SOON, yesterday
from projections.problems import ProblemFilters
from web.fields import Choice
from web.pages.facts import Names
from web.pages.filters import ME, Asked, Filter, asked, named, search, somebody, terms, word, yes
from web.pages.record_list import RecordList

SORTS: Final = {
    "due": Text("期限", "Due"),
    "raised": Text("登记日期", "Raised"),
    "investment": Text("影响投资", "Investment at risk"),
    "name": Text("问题", "Problem"),
}
_GROUPS: Final[Mapping[str, tuple[Text, frozenset[ProblemStatus]]]] = {
    "open": (Text("未办结", "Open"), OPEN),
    "settled": (Text("已解决", "Solved"), SETTLED),
    "all": (Text("全部", "All"), frozenset(ProblemStatus)),
}
"""Standings that are asked for together."""
_DUE: Final = {"overdue": Text("已逾期", "Overdue"), "soon": Text("三日内到期", "Due within three days")}
NONE: Final = "none"


def problem_filters(viewer: UUID, today: date) -> Mapping[str, Filter]:
    """Every filter by its parameter."""
    return {
        "q": Filter(Text("查找", "Search"), "search", search),
        "status": Filter(Text("状态", "Status"), "statuses", _statuses, _standing),
        "due": Filter(Text("期限", "Due"), "due", lambda text: _due(text, today), lambda text, _names: _DUE[text]),
        "kind": Filter(Text("类别", "Class"), "kind", _kind, lambda text, _: UNKNOWN if text == NONE else ProblemClass(text).text),
        "answers": somebody(Text("责任人", "Who answers"), "person", viewer),
        "department": Filter(Text("责任单位", "Department"), "department", search),
        "personless": yes(Text("未落实到人", "No person named"), "personless"),
        "nobody": yes(Text("未落实责任", "Nobody answers"), "nobody"),
        "escalated": yes(Text("已升级", "Escalated"), "escalated"),
        "escalate": yes(Text("应升级", "To be escalated"), "escalate_by", lambda: today),
        "source": word(Text("来源", "Raised by"), "source", ProblemSource),
        "urgency": word(Text("紧急程度", "Urgency"), "urgency", Urgency),
        "way": word(Text("办理路径", "Path"), "way", ProblemWay),
        "level": word(Text("升级至", "Escalated to"), "level", EscalationLevel),
        "satisfaction": word(Text("评价", "Satisfaction"), "satisfaction", Satisfaction),
        "reopened": yes(Text("重新办理过", "Reopened"), "reopened"),
        "cause": Filter(Text("共性原因", "Common cause"), "cause", search),
        "project": named(Text("项目", "Project"), "project"),
        "company": named(Text("企业", "Firm"), "company"),
        "lead": named(Text("线索", "Lead"), "lead"),
        "taken_from": Filter(Text("受理不早于", "Taken from"), "taken_from", date.fromisoformat),
        "taken_to": Filter(Text("受理不晚于", "Taken up to"), "taken_to", date.fromisoformat),
    }  # fmt: skip


UNKNOWN: Final = Text("未分类", "Not classified")


def _statuses(text: str) -> tuple[str, ...]:
    found: Iterable[ProblemStatus] = _GROUPS[text][1] if text in _GROUPS else {ProblemStatus(text)}
    return tuple(sorted(found))


def _standing(text: str, _names: Names) -> Text:
    return _GROUPS[text][0] if text in _GROUPS else ProblemStatus(text).text


def _due(text: str, today: date) -> tuple[date | None, date]:
    if text not in _DUE:
        raise ValueError(text)
    return (None, yesterday(today)) if text == "overdue" else (today, today + SOON)


def _kind(text: str) -> str:
    return NONE if text == NONE else str(ProblemClass(text))


def _made(due: tuple[date | None, date] | None = None, kind: str | None = None, **found: Any) -> ProblemFilters:
    """What was read, as the read model takes it; what is due is open."""
    if due:
        found |= {"due_from": due[0], "due_to": due[1]}
    if kind:
        found |= {"unclassified": True} if kind == NONE else {"kind": kind}
    if "statuses" not in found:
        found["open"] = True
    return ProblemFilters(**found)


def read(params: Mapping[str, str], viewer: UUID, today: date) -> Asked:
    """The filters among the parameters of a URL."""
    found = asked(params, problem_filters(viewer, today), _made)
    if found.typed.get("status") == "all":  # every standing there is: nothing to look through
        return replace(found, filters=replace(found.filters, statuses=None))
    return found


def sorts(wanted: Asked) -> Mapping[str, Text]:
    """The orders, the usual one first: by what is due where all that is listed is open."""
    if wanted.filters.open or set(wanted.filters.statuses or ProblemStatus) <= OPEN:
        return SORTS
    return {"raised": SORTS["raised"], **SORTS}


def choices(departments: Iterable[str], people: Mapping[UUID, str]) -> dict[str, list[Choice]]:
    """What the filters offer; `people` are those who answer for something."""
    return {
        "status": [*(Choice(key, text) for key, (text, _) in _GROUPS.items()), *terms(ProblemStatus)],
        "due": [Choice(key, text) for key, text in _DUE.items()],
        "kind": [*terms(ProblemClass), Choice(NONE, UNKNOWN)],
        "answers": [Choice(ME, Text("我", "Me")), *(Choice(str(one), Text(name, name)) for one, name in people.items())],
        "department": [Choice(name, Text(name, name)) for name in sorted(departments)],
        "source": terms(ProblemSource),
        "urgency": terms(Urgency),
        "way": terms(ProblemWay),
        "level": terms(EscalationLevel),
        "satisfaction": terms(Satisfaction),
    }  # fmt: skip


PROBLEMS: Final = RecordList(
    "problems", problems.LIST, lambda viewer: problem_filters(viewer, clock.today()), ProblemFilters, SORTS, ("status", "due", "kind", "answers", "department"),
    Text("问题", "Problems"),
    Text("企业和项目的问题：谁在办，走哪条路径，什么时候办结。",
         "What firms and projects are stuck at: who answers, by which path, until when."),
    ("件问题", "problem", "problems"),
    Text("登记问题", "Raise a problem"),
    (Text("还没有问题", "No problems yet"),
     Text("企业反映、项目推进、领导交办和走访中的问题，在这里登记。", "What firms, projects, leaders and visits bring up is put down here.")),
    Text("问题、反映单位、编号、拼音首字母", "Problem, who raised it, number"), "urgent",
    more=("source", "urgency", "way", "level", "satisfaction", "reopened", "taken_from", "taken_to"), styles=("problems.css",),
    worth=("影响投资", "at risk"), ledger=True,
)  # fmt: skip
