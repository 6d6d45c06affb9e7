"""The words of a procedure: what is applied for, how it stands, how it is handled for the firm; and lists of papers."""

import re
from typing import Final

from domain.base import Term


class ProcedureKind(Term):
    FILING = "filing", "项目备案", "Project filing"
    APPROVAL = "approval", "项目立项（审批、核准）", "Project approval"
    LAND_USE = "land_use", "建设用地规划许可证", "Land-use planning permit"
    PLANNING = "planning", "建设工程规划许可证", "Construction planning permit"
    BUILDING = "building", "建筑工程施工许可证", "Building permit"
    ENVIRONMENT = "environment", "环境影响评价", "Environmental assessment"
    ENERGY = "energy", "节能审查", "Energy review"
    DRAWINGS = "drawings", "施工图审查", "Review of drawings"
    FIRE = "fire", "消防设计审查、验收", "Fire safety review"
    SOIL = "soil", "水土保持方案", "Soil and water conservation"
    UTILITIES = "utilities", "水电气热报装", "Utility connections"
    ACCEPTANCE = "acceptance", "竣工验收备案", "Filing of completion"
    REAL_ESTATE = "real_estate", "不动产登记", "Real-estate registration"
    LICENCE = "licence", "营业执照", "Business licence"
    INDUSTRY = "industry", "行业准营许可", "Trade licence"
    OTHER = "other", "其他手续", "Other"


AFTER_LAND: Final = frozenset({
    ProcedureKind.LAND_USE, ProcedureKind.PLANNING, ProcedureKind.BUILDING, ProcedureKind.DRAWINGS, ProcedureKind.FIRE,
    ProcedureKind.UTILITIES, ProcedureKind.REAL_ESTATE,
})  # fmt: skip
"""What usually waits for the land: handled before it is taken, it is handled early (提前办理)."""


class ProcedureStatus(Term):
    APPLIED = "applied", "已申请", "Applied"
    ACCEPTED = "accepted", "已受理", "Accepted"
    GRANTED = "granted", "已办结", "Granted"
    REFUSED = "refused", "不予许可", "Refused"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


OPEN: Final = frozenset({ProcedureStatus.APPLIED, ProcedureStatus.ACCEPTED})
"""What the department has still to decide."""


class Handling(Term):
    """How an officer handles it for the firm: all of it, or beside the firm's own people."""

    AGENT = "agent", "代办", "Done for the firm"
    HELPED = "helped", "帮办", "Done with the firm"


_BETWEEN: Final = re.compile(r"[、，,；;]")


def papers_of(line: str | None) -> tuple[str, ...]:
    """The papers of a line, as people divide them; each once."""
    return tuple(dict.fromkeys(filter(None, (one.strip() for one in _BETWEEN.split(line or "")))))
