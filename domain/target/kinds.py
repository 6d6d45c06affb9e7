"""The words of a target: what is measured, and whose target it is."""

from domain.base import Term, Text
from domain.funnel import Stage
from domain.project.kinds import Milestone


class Metric(Term):
    """What is counted in a year, out of the product's own records; each lead and each project once."""

    LEADS = "leads", "登记线索", "Leads registered"
    INTENTS = "intents", "意向签约", "Intents signed"
    CONTRACTS = "contracts", "正式签约", "Contracts signed"
    CONTRACTED = "contracted", "签约金额", "Contracted amount"
    LANDED_LEADS = "landed_leads", "落地线索", "Leads landed"
    STARTED = "started", "开工项目", "Projects started"
    MAJOR_STARTED = "major_started", "5000万元以上开（复）工项目", "Projects ≥ CNY 50m started or resumed"
    PRODUCTION = "production", "投产项目", "Projects in production"
    REALISED = "realised", "完成投资", "Investment realised"

    @property
    def money(self) -> bool:
        """Whether it is an amount; else a number of leads or projects."""
        return self in (Metric.CONTRACTED, Metric.REALISED)

    @property
    def stage(self) -> Stage | None:
        """The stage a lead comes to; None for what projects do."""
        return _STAGES.get(self)

    @property
    def milestone(self) -> Milestone | None:
        """The milestone a project reaches; None where that is not what counts."""
        return _MILESTONES.get(self)

    @property
    def unit(self) -> Text:
        """What one of them is called; empty for an amount."""
        if self.money:
            return Text("", "")
        return Text("条", "") if self is Metric.LEADS else Text("个", "")


_STAGES = {
    Metric.LEADS: Stage.REGISTERED,
    Metric.INTENTS: Stage.INTENT_SIGNED,
    Metric.CONTRACTS: Stage.CONTRACT_SIGNED,
    Metric.CONTRACTED: Stage.CONTRACT_SIGNED,
    Metric.LANDED_LEADS: Stage.LANDED,
}
_MILESTONES = {
    Metric.STARTED: Milestone.START,
    Metric.MAJOR_STARTED: Milestone.START,
    Metric.PRODUCTION: Milestone.PRODUCTION,
}


class OwnerKind(Term):
    """Whose target it is: the leads and projects that count are theirs."""

    DISTRICT = "district", "全区", "District"
    CHANNEL = "channel", "渠道", "Channel"
    LEADER = "leader", "领导", "Leader"
    INDUSTRY = "industry", "行业", "Industry"

    @property
    def field(self) -> str | None:
        """The field that names the owner; None where there is but one."""
        return None if self is OwnerKind.DISTRICT else self.value
