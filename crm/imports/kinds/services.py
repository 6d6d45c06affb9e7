"""Services: who did what for whom on which day; a firm that is not registered is kept by its name."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from psycopg import Connection

from crm.imports.cells import folded
from crm.imports.columns import Column, Columns
from crm.imports.directory import Directory
from crm.imports.duplicates import Likeness, Other
from crm.imports.entry import Defaults, Entry
from crm.imports.kind import Kind, Look, Words
from crm.imports.rows import Values
from crm.imports.told import Told
from domain.base import Text
from domain.service import FollowUp, LogService, Service, ServiceKind, ServiceOutcome
from projections import services

COLUMNS: Final = Columns(
    (
        Column("served_on", Text("服务日期", "Date"), "日期 时间 服务时间 走访时间 走访日期 回访时间 办理时间 date servedon", "date", example="2026-03-05",
               help=Text("不填按导入当天", "the day of the import if empty")),
        Column("kind", Text("服务方式", "Kind"), "方式 服务类别 服务类型 类别 类型 kind type", required=True, terms=ServiceKind,
               also={"陪同 陪办 代办 帮办 陪同代办": ServiceKind.ACCOMPANIED, "电话 回访 电话服务 微信": ServiceKind.PHONE,
                     "走访 实地 上门 踏查 实地踏查 调研 入企走访 入企": ServiceKind.INSPECTION, "协调 会商 协调会 现场办公": ServiceKind.COORDINATION},
               example="phone"),
        Column("subject", Text("事项", "About"), "服务事项 服务内容 内容 主要内容 办理事项 事由 subject about", "name", required=True, example="用电报装"),
        Column("company", Text("企业名称", "Firm"), "企业 服务企业 公司名称 单位名称 company firm", refers="company",
               help=Text("没有登记的企业按名称保留", "one that is not registered is kept by its name")),
        Column("project", Text("项目名称", "Project"), "项目 服务项目 project", refers="project"),
        Column("served", Text("服务对象", "For whom"), "对象 被服务单位 服务单位 客户 served", refers="company", example="某某餐饮店",
               help=Text("企业、项目、服务对象至少一项", "a firm, a project or this: one at least")),
        Column("handled_by", Text("经办人", "Handled by"), "服务人员 服务专员 专员 办理人 走访人 责任人 handledby officer", refers="person",
               help=Text("不填按导入人", "whoever imports, if empty")),
        Column("outcome", Text("办理结果", "Outcome"), "结果 办理状态 状态 办理情况 outcome status", terms=ServiceOutcome,
               also={"办结 完成 已完成 已服务": ServiceOutcome.DONE, "解决 已解决 问题已解决": ServiceOutcome.SOLVED,
                     "跟进 跟进中 持续跟进 推进中 正在办理": ServiceOutcome.GOES_ON, "未解决 无法解决": ServiceOutcome.UNSOLVED}, example="done",
               help=Text("不填按已办结", "done if empty")),
        Column("result", Text("结果说明", "What came of it"), "成效 服务成效 办理说明 解决情况 result", many=True),
        Column("solved_on", Text("解决日期", "Solved on"), "解决时间 办结日期 办结时间", "date"),
        Column("note", Text("备注", "Note"), "说明 联系人及备注 联系人 note remarks", many=True),
    ),
    ("subject",),
)  # fmt: skip


def implied(found: Values, id: UUID, directory: Directory, defaults: Defaults) -> Entry:  # noqa: ARG001 - as every kind
    """The service as its line tells it; one that solved a problem later is followed up on that day."""
    told = Told(found, directory, defaults)
    days = told.past("served_on", "solved_on")
    day = days.get("served_on", min(days.values(), default=defaults.day))
    outcome = told.term("outcome", ServiceOutcome) or ServiceOutcome.DONE
    solved = days.get("solved_on") if outcome is ServiceOutcome.SOLVED else None
    later = solved is not None and solved > day
    told.make(lambda: _logged(told, day, ServiceOutcome.GOES_ON if later else outcome))
    if later:
        result = _line(told, "result") or "已解决"
        told.make(lambda: FollowUp(outcome=outcome, result=result, occurred_on=solved))
    return told.entry


def _logged(told: Told, day: date, outcome: ServiceOutcome) -> LogService:
    company = told.known("company") or (told.known("served") if "company" not in told.given else None)
    named = [told.given[key] for key in ("company", "served") if key in told.given]
    if "company" in told.given and company is None:
        told.assume("企业没有登记，按名称保留", "the firm is not registered; its name is kept")
    values: dict[str, Any] = {
        **told.get("subject", "note"),
        "kind": told.term("kind", ServiceKind),
        "company": company,
        "project": told.record("project"),
        "served": None if company else next(iter(named), None),
        "handled_by": told.person("handled_by"),
        "outcome": outcome,
        "result": _line(told, "result"),
        "occurred_on": day,
    }
    return LogService.model_validate(values)


def _line(told: Told, key: str) -> str | None:
    return " ".join(told.given.get(key, "").split()) or None


# ── alike ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _key(day: date | None, kind: str, subject: str) -> str:
    return f"{day} {kind} {folded(subject)}"


def _form(entry: Entry) -> LogService:
    return cast("LogService", entry.forms[0])


def _whom(one: Any) -> str:
    """For whom it was: of the form that logs it, or of a row."""
    return str(one.company or one.project or one.lead or folded(one.served or ""))


def _keys(entry: Entry) -> list[str]:
    form = _form(entry)
    return [_key(form.occurred_on, form.kind, form.subject)]


def _there(conn: Connection[Any], entries: Sequence[Entry]) -> Iterator[tuple[str, Other]]:
    forms = list(map(_form, entries))
    for row in services.alike(conn, {form.occurred_on for form in forms}, {form.subject for form in forms}):
        day = f"{row.served_on:%Y-%m-%d}"
        text = Text(f"已有服务记录：{day} {row.subject}", f"there is an entry already: {day}, {row.subject}")
        yield _key(row.served_on, row.kind, row.subject), Other(_whom(row), text)


def _look(entry: Entry) -> Look:
    form, given = _form(entry), entry.values.given
    whom = next((given[key] for key in ("company", "project", "served") if key in given), None)
    return Look(form.subject, form.result or "", whom)


SERVICES: Final = Kind(
    key="services",
    aggregate=Service,
    words=Words(Text("服务记录", "service"), Text("服务记录", "services")),
    columns=COLUMNS,
    imply=implied,
    likeness=Likeness(
        _keys, lambda entry: _whom(_form(entry)), _there, Text("同一天对同一对象的同一事项", "the same for the same on the same day")
    ),
    look=_look,
    route="services.log",
    called="subject",
    where=Text("服务对象", "For whom"),
    help=Text(
        "企业按名称或信用代码对应；没有登记的企业按名称保留，项目须先登记或导入。",
        "Firms are found by name or credit code, kept by their name where they are not registered; projects must be there.",
    ),
)  # fmt: skip
