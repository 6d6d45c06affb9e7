"""The words of a problem: who raised it, what it is about, how it stands, by which path it goes."""

from typing import Final

from domain.base import Term


class ProblemSource(Term):
    """By whom it came up."""

    FIRM = "firm", "企业反映", "Raised by a firm"
    PROJECT = "project", "项目推进中发现", "Found in a project"
    LEADER = "leader", "领导交办", "Given by a leader"
    SERVICE = "service", "走访服务发现", "Found in a service visit"


class Urgency(Term):
    NORMAL = "normal", "一般", "Normal"
    URGENT = "urgent", "紧急", "Urgent"


class ProblemClass(Term):
    LAND = "land", "用地与规划", "Land and planning"
    PERMITS = "permits", "手续审批", "Permits"
    UTILITIES = "utilities", "水电气热路配套", "Utilities and roads"
    FINANCE = "finance", "融资与资金", "Finance"
    LABOUR = "labour", "用工与人才", "Labour"
    POLICY = "policy", "政策兑现", "Promised policies"
    CLEARANCE = "clearance", "征拆与腾退", "Clearance"
    MARKET = "market", "市场与订单", "Market and orders"
    SPACE = "space", "厂房与载体", "Space"
    ENVIRONMENT = "environment", "环保与安全", "Environment and safety"
    OTHER = "other", "其他", "Other"


class ProblemStatus(Term):
    RAISED = "raised", "待受理", "To be taken"
    TAKEN = "taken", "待交办", "To be assigned"
    ASSIGNED = "assigned", "办理中", "Being worked on"
    SOLVED = "solved", "待确认", "To be confirmed"
    CONFIRMED = "confirmed", "已办结", "Closed"


OPEN: Final = frozenset(ProblemStatus) - {ProblemStatus.CONFIRMED}
"""Something is still to be done about it."""
SETTLED: Final = frozenset({ProblemStatus.SOLVED, ProblemStatus.CONFIRMED})
"""It counts as solved; one that is reopened does not until it is solved again."""


class ProblemWay(Term):
    """By which path it is dealt with (办理路径)."""

    DIRECT = "direct", "责任单位直接办理", "By the unit itself"
    JOINT = "joint", "多部门会商", "Several departments together"
    MEETING = "meeting", "专题会议研究", "A meeting on it"
    UPWARD = "upward", "争取上级支持", "Support from above"
    POLICY = "policy", "纳入政策研究", "A policy is worked out"
    LEGAL = "legal", "依法依规处理", "By law"


class EscalationLevel(Term):
    """How far up it went."""

    UNIT = "unit", "责任单位主要负责人", "Head of the unit"
    DEPUTY = "deputy", "分管区领导", "District leader in charge"
    CHIEF = "chief", "区主要领导", "Head of the district"
    CITY = "city", "提请市级协调", "The city"

    @property
    def order(self) -> int:
        """1 for the lowest, counting up."""
        return LEVELS.index(self) + 1


LEVELS: Final = tuple(EscalationLevel)


class Satisfaction(Term):
    """What whoever raised it says of the result."""

    SATISFIED = "satisfied", "满意", "Satisfied"
    FAIR = "fair", "基本满意", "Fairly satisfied"
    DISSATISFIED = "dissatisfied", "不满意", "Dissatisfied"
