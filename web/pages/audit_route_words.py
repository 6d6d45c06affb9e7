"""What routes are called by people: what was looked at, in words."""

from typing import Final

from domain.base import Text

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


def route_name(route: str) -> Text:
    """What was opened, in words; a part without words is said by its own name."""
    section, *parts = route.removeprefix("api.").split(".")
    said = [_SECTIONS.get(section, Text(section, section)), *(_PARTS.get(part, Text(part, part)) for part in parts)]
    return Text(" · ".join(text.zh for text in said), " · ".join(text.en for text in said))
