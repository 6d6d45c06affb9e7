"""Problems as a table for spreadsheets, in the columns of the leaders' list: the problem, who answers, by which path, with what result."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from crm.exports import FEN_IN_WAN, Value
from domain.base import Term, Text
from domain.problem import (
    EscalationLevel,
    ProblemClass,
    ProblemSource,
    ProblemStatus,
    ProblemWay,
    Satisfaction,
    Urgency,
)
from domain.rules import Rules
from projections.problems import ProblemRow

_HEADS: Final = (
    Text("项目名称", "Project"), Text("存在问题", "Problem"), Text("问题来源", "Raised by"), Text("反映单位", "Who raised it"), Text("所属企业", "Firm"),
    Text("问题类别", "Class"), Text("紧急程度", "Urgency"), Text("责任单位", "Department"), Text("责任人", "Who answers"),
    Text("办理路径", "Path"), Text("办理措施", "What is done"), Text("交办期限", "To be solved by"),
    Text("办结期限", "Due on"), Text("逾期（天）", "Overdue (days)"),
    Text("升级情况", "Escalated to"), Text("升级日期", "Escalated on"), Text("牵头领导", "Leader"), Text("办理状态", "Status"), Text("办理结果", "Result"),
    Text("评价", "Satisfaction"), Text("重新办理（次）", "Reopened (times)"), Text("影响投资（万元）", "Investment at risk (CNY 10k)"),
    Text("影响就业（人）", "Jobs at risk"), Text("共性原因", "Common cause"), Text("治理措施", "What would end it"),
    Text("登记日期", "Raised on"), Text("受理日期", "Taken on"), Text("办理完成日期", "Solved on"),
    Text("评价日期", "Confirmed on"), Text("受理编号", "Number"),
)  # fmt: skip


def problem_table(
    rows: Iterable[ProblemRow], people: Mapping[UUID, str], projects: Mapping[UUID, str], firms: Mapping[UUID, str],
    rules: Rules, today: date,
    language: str = "zh",
) -> Iterator[list[Value]]:  # fmt: skip
    """A header and a row for each problem; what is due or overdue is so on `today`, by the rules."""
    yield [title.said(language) for title in _HEADS]
    for row in rows:
        due = row.due(rules)
        yield [
            projects.get(row.project) if row.project else None, row.name, _said(ProblemSource, row.source, language),
            row.raiser, firms.get(row.company) if row.company else None, _said(ProblemClass, row.kind, language), _said(Urgency, row.urgency, language),
            row.department,
            people.get(row.person, "—") if row.person else None, _said(ProblemWay, row.way, language), row.plan,
            row.due_on, due,
            (today - due).days if due and due < today else None, _said(EscalationLevel, row.level, language), row.escalated_on,
            people.get(row.leader, "—") if row.leader else None, _said(ProblemStatus, row.status, language), row.result,
            _said(Satisfaction, row.satisfaction, language), row.reopened or None,
            row.investment / FEN_IN_WAN if row.investment else None, row.jobs or None, row.cause, row.measure,
            row.raised_on, row.taken_on, row.solved_on, row.confirmed_on, row.number,
        ]  # fmt: skip


def _said(kind: type[Term], value: str | None, language: str) -> str | None:
    return kind(value).text.said(language) if value else None
