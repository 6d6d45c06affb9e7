"""The words of matchmaking: the kinds of meeting, and what comes of one."""

from domain.base import Term


class MatchmakingKind(Term):
    SUPPLY_DEMAND = "supply_demand", "产需对接", "Supply and demand"
    BANK_FIRM = "bank_firm", "银企对接", "Banks and firms"
    OTHER = "other", "其他对接", "Other"


class OutcomeKind(Term):
    LOAN = "loan", "贷款", "Loan"
    DEAL = "deal", "合同", "Contract"
