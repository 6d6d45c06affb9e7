"""The words of funding: where the money comes from, and how the application stands."""

from domain.base import Term


class FundingKind(Term):
    SPECIAL_BOND = "special_bond", "专项债券", "Special bond"
    CENTRAL_BUDGET = "central_budget", "中央预算内投资", "Central budget"
    INCENTIVE = "incentive", "奖补资金", "Incentive"
    OTHER = "other", "其他上级资金", "Other"


class FundingStatus(Term):
    APPLIED = "applied", "申报中", "Applied for"
    APPROVED = "approved", "已批复", "Approved"
    REJECTED = "rejected", "未获批", "Rejected"
