"""Counts and areas."""

from decimal import Decimal
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
