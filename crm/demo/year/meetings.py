"""Meetings of banks with firms and of supply with demand: who came, which loans and contracts came of it, one by one."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from crm.demo.cast import MEMBERS
from crm.demo.telling import Told
from crm.demo.year.firms import FIRMS, Firm
from crm.demo.year.record import Record, workday
from domain.matchmaking import (
    ArrangeLoan,
    HoldMatchmaking,
    Matchmaking,
    MatchmakingKind,
    MeetFirms,
    MetFirm,
    SignDeal,
)
from domain.values import parse_amount


class Held(NamedTuple):
    name: str
    kind: MatchmakingKind
    month: int
    firms: int
    loans: int


MEETINGS: Final = (
    Held("银企对接会（工业企业专场）", MatchmakingKind.BANK_FIRM, 3, 46, 34),
    Held("银企对接会（商贸服务专场）", MatchmakingKind.BANK_FIRM, 5, 41, 29),
    Held("建材产需对接会", MatchmakingKind.SUPPLY_DEMAND, 6, 28, 0),
    Held("银企对接会（建筑企业专场）", MatchmakingKind.BANK_FIRM, 8, 33, 24),
    Held("汽车零部件产需对接会", MatchmakingKind.SUPPLY_DEMAND, 9, 31, 0),
    Held("金融助企融资对接会", MatchmakingKind.BANK_FIRM, 10, 37, 27),
)
"""114 loans, each to a firm of its own."""
_BANKS: Final = ("吉林银行", "工商银行二道支行", "建设银行二道支行", "农村商业银行", "邮储银行二道支行")
_AMOUNTS: Final = ("80万", "120万", "150万", "200万", "300万", "350万")
_WHO: Final = MEMBERS["desk1"]


def meetings(year: int) -> Iterator[Told]:
    firm = 0
    for number, held in enumerate(MEETINGS):
        record, day = Record(Matchmaking, number), workday(date(year, held.month, 16))
        form = HoldMatchmaking(name=held.name, kind=held.kind, organiser="二道区金融办、工信局", occurred_on=day)
        yield record.tell(_WHO, form)
        came = FIRMS[firm : firm + held.firms]
        met = tuple(MetFirm(name=one.name, company=one.id) for one in came)
        yield record.tell(_WHO, MeetFirms(firms=met, occurred_on=day))
        for nth, one in enumerate(came[: held.loans]):
            yield record.tell(_WHO, _loan(nth, one, day))
        if held.name.startswith("建材"):
            yield record.tell(_WHO, _contract(day))
        firm += held.firms


def _loan(nth: int, firm: Firm, held: date) -> ArrangeLoan:
    day = workday(held + timedelta(days=7 + nth % 20))
    return ArrangeLoan(
        firm=firm.name, company=firm.id, bank=_BANKS[nth % len(_BANKS)], amount=parse_amount(_AMOUNTS[nth % len(_AMOUNTS)]),
        months=12, occurred_on=day,
    )  # fmt: skip


def _contract(held: date) -> SignDeal:
    return SignDeal(
        firm="亚泰集团长春建材有限公司", buyer="长春东蕴实业有限公司", amount=parse_amount("1200万"), subject="预拌混凝土与新型墙体材料",
        occurred_on=held,
    )  # fmt: skip
