"""The words of a site: its kinds, on which terms there is space in it, and how space is held."""

from decimal import Decimal
from typing import Final

from domain.base import Term, Text

M2_IN_MU: Final = Decimal(10_000) / 15
"""㎡ in one 亩."""


class SiteKind(Term):
    PARK = "park", "园区", "Park"
    BUILDING = "building", "楼宇", "Building"
    LAND = "land", "地块", "Land plot"


class SiteTerms(Term):
    """On which terms a firm comes in."""

    LEASE = "lease", "租赁", "Lease"
    MOVE_IN_FIRST = "move_in_first", "先入驻后付租", "Move in first, rent later"
    SALE = "sale", "出售", "Sale"
    LEASE_OR_SALE = "lease_or_sale", "可租可售", "Lease or sale"
    TRANSFER = "transfer", "土地出让", "Land-use right granted"


class Hold(Term):
    """How space is held for somebody."""

    RESERVED = "reserved", "预留", "Reserved"
    OCCUPIED = "occupied", "入驻", "Moved in"


def area_text(m2: Decimal | int) -> Text:
    """An area as the offices write it: 1.2万㎡, 850㎡; 12,000 ㎡."""
    plain = f"{m2:,.2f}".rstrip("0").rstrip(".")
    wan = f"{Decimal(m2) / 10_000:,.4f}".rstrip("0").rstrip(".")
    return Text(f"{wan}万㎡" if m2 >= 10_000 else f"{plain}㎡", f"{plain} ㎡")  # noqa: PLR2004 - what 万 says
