"""Counts, areas, shares, years and lengths of time."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from pydantic import Field

from domain.base import Refused
from domain.values.text import checked


def _at_least_zero(value: Any) -> Any:
    if value is not None and not 0 <= value <= 10**9:
        raise Refused("number.range", "应在 0 到 10 亿之间。", "It must lie between 0 and 10⁹.")
    return value


Count = Annotated[int, checked(_at_least_zero)]
"""A whole number of people, firms, conferences."""
Area = Annotated[Decimal, checked(_at_least_zero), Field(allow_inf_nan=False)]
"""An area; the field's name says the unit (㎡ or 亩)."""


def _between(least: int, most: int) -> Any:
    def check(value: int) -> int:
        if not least <= value <= most:
            raise Refused(
                "number.between", "应在 {least} 到 {most} 之间。", "It must lie between {least} and {most}.",
                least=least, most=most,
            )  # fmt: skip
        return value

    return checked(check)


Percent = Annotated[int, _between(0, 100)]
"""A share in whole per cent."""
Year = Annotated[int, _between(2000, 2100)]
"""A calendar year that a plan is for."""
Span = Annotated[int, _between(0, 3650)]
"""A length of time in days."""


def per_cent(part: int, whole: int) -> Decimal | None:
    """A rate in per cent, rounded half up to one decimal; None where there is nothing to divide by."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None
