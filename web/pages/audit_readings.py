"""The log of readings: what auditors looked at, and what anybody took out as a file."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import readings
from crm.readings import Filters, Reading, takes_out
from domain.base import AGGREGATES, Text
from domain.correctable import Correctable
from domain.person import Role
from projections import leads
from projections.leads import LeadRow
from projections.paging import BadCursor
from web.fields import Choice
from web.html import page, url_for
from web.links import routes
from web.pages.audit_question import UNREADABLE
from web.pages.facts import Names, names_of
from web.session import Crm
from web.words import SHANGHAI

router = APIRouter()
KINDS: Final[dict[str, Text]] = {
    "page": Text("页面", "Pages"),
    "api": Text("接口", "API"),
    "file": Text("导出与下载", "Files taken out"),
}
LABELS: Final[dict[str, Text]] = {
    "person": Text("谁", "Who"),
    "kind": Text("方式", "How"),
    "from": Text("从哪天", "From"),
    "to": Text("到哪天", "To"),
}
_SECTIONS: Final[dict[str, Text]] = {
    "account": Text("账号", "Account"), "admin": Text("管理", "Admin"), "agenda": Text("待办", "Agenda"),
    "audit": Text("审计", "Audit"), "board": Text("看板", "Board"), "channel": Text("渠道", "Channel"),
    "channels": Text("渠道列表", "Channels"), "companies": Text("企业列表", "Firms"), "company": Text("企业", "Firm"),
    "cli": Text("命令行", "Command line"), "erasure": Text("个人信息删除", "Erasure"),
    "funding": Text("向上争取资金", "Funding"), "fundings": Text("向上争取列表", "Funding listed"),
    "funnel": Text("漏斗", "Funnel"), "import": Text("导入", "Import"),
    "imports": Text("导入列表", "Imports"), "lead": Text("线索", "Lead"), "leads": Text("线索列表", "Leads"),
    "meeting": Text("会议", "Meeting"), "meetings": Text("会议列表", "Meetings"),
    "matchmaking": Text("对接会", "Matchmaking meeting"), "matchmakings": Text("对接会列表", "Matchmaking"),
    "cockpit": Text("驾驶舱", "Cockpit"), "rates": Text("比率", "Rates"),
    "metrics": Text("运行指标", "Metrics"), "occasion": Text("活动", "Occasion"),
    "people": Text("人员名录", "People"), "problem": Text("问题", "Problem"),
    "problems": Text("问题清单", "Problems"), "procedure": Text("手续", "Procedure"),
    "procedures": Text("手续列表", "Procedures"), "project": Text("项目", "Project"),
    "target": Text("目标", "Target"), "targets": Text("目标列表", "Targets"), "plan": Text("谋划", "Plan"),
    "plans": Text("谋划储备", "Plans"), "indicator": Text("外报指标", "Reported figure"),
    "indicators": Text("外报指标列表", "Reported figures"),
    "projects": Text("项目列表", "Projects"), "restatements": Text("追溯更正", "Restatements"),
    "reports": Text("报表", "Reports"), "site": Text("载体", "Site"), "sites": Text("载体列表", "Sites"),
    "rules": Text("时限与可见范围", "Clocks and reading rights"), "service": Text("一条服务记录", "A service"),
    "services": Text("服务记录", "Services"), "since": Text("两期对比", "Two dates"),
    "dispatch": Text("调度", "Dispatch"), "task": Text("督办事项", "Task"), "tasks": Text("督办事项列表", "Tasks"),
    "status": Text("系统状态", "State of the system"), "today": Text("今日", "Today"),
}  # fmt: skip
_PARTS: Final[dict[str, Text]] = {
    "activity": Text("操作记录", "activity"), "actors": Text("按人统计", "by person"),
    "behind": Text("明细", "what it counts"), "list": Text("列表", "list"),
    "board": Text("按节点", "by milestone"), "bundle": Text("证据包", "bundle"), "channels": Text("渠道", "channels"),
    "checkpoints": Text("凭证与核验", "proof"), "column": Text("一列", "a column"),
    "document": Text("附件", "document"), "documents": Text("附件", "documents"),
    "erasure": Text("个人信息删除", "erasure"), "erasures": Text("个人信息删除", "erasures"), "event": Text("一条记录", "one record"),
    "events": Text("全部事件", "events"), "export": Text("导出", "export"),
    "failed_rows": Text("未导入的行", "rows not imported"), "figures": Text("数据", "figures"),
    "file": Text("文件", "file"), "history": Text("历史", "history"), "lead": Text("一条线索", "one lead"),
    "leads": Text("线索清单", "leads behind it"), "moved": Text("变动明细", "what moved"),
    "needs": Text("空间需求", "needs"), "outcomes": Text("成果", "outcomes"),
    "ocel": Text("OCEL 文件", "OCEL file"), "pack": Text("会议材料", "meeting paper"),
    "paper": Text("打印件", "on paper"),
    "people": Text("人员", "people"), "person": Text("一个人", "one person"), "plan": Text("总施工图", "construction chart"),
    "progress": Text("进度", "progress"),
    "service": Text("双重包保", "who serves whom"),
    "proof": Text("证明", "proof"), "readings": Text("查阅记录", "readings"), "replays": Text("回放", "replays"),
    "weekly": Text("周监测", "weekly watch"), "leaders": Text("包保清单", "who answers for what"),
    "settings": Text("时限与可见范围", "clocks and reading rights"), "tokens": Text("接口密钥", "API tokens"), "template": Text("空白模板", "empty template"),
    "version": Text("版本", "version"), "versions": Text("历次修改", "versions"), "why": Text("由来", "why"), "xes": Text("XES 文件", "XES file"),
    "year": Text("年度数据", "figures of a year"),
}  # fmt: skip


@router.get("/audit/readings", name="audit.readings")
def listed(request: Request, crm: Crm) -> Response:
    """Latest first; htmx asks for `#results` alone."""
    given = request.query_params
    asked = {name: given.get(name, "").strip() for name in LABELS}
    filters = filters_of(asked, routes(request.app))
    with crm.pool.connection() as conn:
        try:
            found = readings.listed(conn, filters, after=given.get("after") or None)
        except BadCursor:
            found = readings.listed(conn, filters)
        total, everybody, names = readings.counted(conn, filters), readings.readers(conn), names_of(conn)
        known = leads.some(conn, list({row.subject for row in found.rows if row.subject}))
    return page(
        request, "audit/readings.html", rows=found.rows, following=found.next, total=total, asked=asked, names=names,
        people=[Choice(str(one), _name(names.people.get(one))) for one in everybody],
        kinds=[Choice(kind, text) for kind, text in KINDS.items()], said=route_name, kind_of=kind_of, KINDS=KINDS,
        labels=LABELS, errors=errors_of(asked),
        about={row.position: _about(request, row, known, names) for row in found.rows},
        role_name={role.value: role.text for role in Role},
    )  # fmt: skip


def filters_of(asked: dict[str, str], known: Iterable[str]) -> Filters:
    """What the form's values ask of the log; what cannot be read asks nothing."""
    first, last = _day(asked["from"]), _day(asked["to"])
    return Filters(
        person=_uuid(asked["person"]),
        routes=[name for name in known if kind_of(name) == asked["kind"]] if asked["kind"] in KINDS else None,
        recorded_from=datetime.combine(first, time(), SHANGHAI) if first else None,
        recorded_to=datetime.combine(last + timedelta(days=1), time(), SHANGHAI) if last else None,
    )


def errors_of(asked: dict[str, str]) -> dict[str, Text]:
    """What of the form's values could not be read, and so asks nothing."""
    read = {
        "person": _uuid(asked["person"]), "kind": asked["kind"] in KINDS, "from": _day(asked["from"]), "to": _day(asked["to"]),
    }  # fmt: skip
    return {name: UNREADABLE for name, found in read.items() if asked[name] and not found}


def kind_of(route: str) -> str:
    """Whether a route is a page, a read of the API, or hands out a file."""
    return "file" if takes_out(route) else "api" if route.startswith("api.") else "page"


def route_name(route: str) -> Text:
    """What was opened, in words; a part without words is said by its own name."""
    section, *parts = route.removeprefix("api.").split(".")
    said = [_SECTIONS.get(section, Text(section, section)), *(_PARTS.get(part, Text(part, part)) for part in parts)]
    return Text(" · ".join(text.zh for text in said), " · ".join(text.en for text in said))


_RECORDS: Final = frozenset(kind.NAME for kind in AGGREGATES.values() if issubclass(kind, Correctable))
"""Kinds whose page is called as they are."""


class About(NamedTuple):
    """What was looked at: its name, and its page where it has one."""

    name: str
    link: str


def _about(request: Request, row: Reading, known: Mapping[UUID, LeadRow], names: Names) -> About:
    subject, viewer = row.subject, request.state.viewer
    if subject is None:
        return About("", "")
    if subject in known:
        return About(known[subject].company, url_for(request, "lead", id=subject))
    if subject in names.channels:
        return About(names.channels[subject], url_for(request, "channel", id=subject))
    if subject in names.people:
        return About(names.people[subject], url_for(request, "admin.person", id=subject))
    kind = row.route.removeprefix("api.").partition(".")[0]
    if kind in _RECORDS:
        return About(str(subject)[:8], url_for(request, kind, id=subject))
    imported = row.route.removeprefix("api.").startswith("import.") or row.route == "import"
    there = url_for(request, "import", id=subject) if imported and viewer.may_open("import") else ""
    return About(str(subject)[:8], there)


def _name(name: str | None) -> Text:
    return Text(name, name) if name else Text("命令行", "Command line")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) and text < "9999" else None
    except ValueError:
        return None
