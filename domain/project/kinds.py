"""The words of a project: its kinds, its milestones, how it stands, and the classes of its size."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from domain.base import Term, Text
from domain.values import Money


class ProjectKind(Term):
    INVESTMENT = "investment", "招商项目", "Attracted investment"
    PUBLIC_WORKS = "public_works", "政府投资项目", "Public works"
    SPECIAL_BOND = "special_bond", "专项债项目", "Special-bond project"
    CENTRAL_BUDGET = "central_budget", "中央预算内项目", "Central-budget project"
    EXPANSION = "expansion", "企业增资扩产", "Expansion of a firm here"


class StartKind(Term):
    """How it comes into a year's plan: begun in it, or carried on from the years before."""

    NEW = "new", "新建", "New"
    CONTINUED = "continued", "续建", "Continued"


class ProjectStatus(Term):
    ACTIVE = "active", "推进中", "Under way"
    PAUSED = "paused", "停工", "Paused"
    TERMINATED = "terminated", "终止", "Terminated"


class Milestone(Term):
    """What a project comes to. They do not nest: ground may be broken before every permit is there."""

    LAND = "land", "摘牌", "Land taken"
    PROCEDURES = "procedures", "手续", "Procedures complete"
    START = "start", "开工", "Construction start"
    TOPPING_OUT = "topping_out", "封顶", "Topping out"
    COMPLETION = "completion", "竣工", "Completion"
    PRODUCTION = "production", "投产", "In production"
    FULL_CAPACITY = "full_capacity", "达产", "Full capacity"

    @property
    def order(self) -> int:
        """1 for the first as they are usually reached, counting up."""
        return MILESTONES.index(self) + 1


MILESTONES: Final = tuple(Milestone)


class WinterWay(Term):
    """What happens to a site while the ground is frozen."""

    ENCLOSED = "enclosed", "暖封闭施工", "Enclosed for winter building"
    WAITS = "waits", "冬歇停工", "Waits for spring"


SIZES: Final = (5_000_0000_00, 1_0000_0000_00, 10_0000_0000_00, 100_0000_0000_00)
"""Where the classes of size begin, in 分 of contracted investment: 5000万, 1亿, 10亿, 100亿."""


def size_of(fen: int, sizes: Sequence[int] = SIZES) -> int:
    """The class of that investment: 0 below the first limit, counting up."""
    return bisect_right(sizes, fen)


def size_text(size: int, sizes: Sequence[int] = SIZES) -> Text:
    """What a class of size is called."""
    limits = [Text(text.zh.replace(",", ""), text.en) for text in (Money(minor=fen).text for fen in sizes)]
    if size == 0:
        return Text(f"{limits[0].zh}以下", f"below {limits[0].en}")
    if size == len(sizes):
        return Text(f"{limits[-1].zh}以上", f"{limits[-1].en} and more")
    low, high = limits[size - 1 : size + 1]
    return Text(f"{low.zh}–{high.zh}", f"{low.en} – {high.en}")
