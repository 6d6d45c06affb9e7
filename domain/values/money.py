"""Money: in its own currency with the rate of its day, read as the offices write it, counted in 分."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from domain.base import Payload, Refused, Text
from domain.values.text import checked, replayed

_MOST = Decimal(10) ** 15
_DIGITS_AT_MOST = 40
_UNITS = {"": 0, "元": 0, "万": 4, "万元": 4, "亿": 8, "亿元": 8, "千万": 7, "千万元": 7, "百万": 6, "百万元": 6}
_LATIN_UNITS = {"": 0, "k": 3, "m": 6, "mn": 6, "mio": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}
_CURRENCIES = {
    "¥": "CNY",
    "￥": "CNY",
    "人民币": "CNY",
    "RMB": "CNY",
    "CNY": "CNY",
    "$": "USD",
    "US$": "USD",
    "USD": "USD",
    "美元": "USD",
    "美金": "USD",
    "€": "EUR",
    "EUR": "EUR",
    "欧元": "EUR",
    "HKD": "HKD",
    "HK$": "HKD",
    "港元": "HKD",
    "港币": "HKD",
    "JPY": "JPY",
    "日元": "JPY",
    "GBP": "GBP",
    "£": "GBP",
    "英镑": "GBP",
    "KRW": "KRW",
    "韩元": "KRW",
    "MOP": "MOP",
    "澳门元": "MOP",
    "TWD": "TWD",
    "新台币": "TWD",
    "CHF": "CHF",
    "瑞士法郎": "CHF",
    "SGD": "SGD",
    "新加坡元": "SGD",
}
_NAMES = "|".join(sorted(map(re.escape, _CURRENCIES), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<before>{_NAMES})?\s*(?P<number>[+-]?[\d,，]*\.?\d+(?:e[+-]?\d+)?)\s*"
    rf"(?P<unit>[十百千]?万元?|百万元?|千万元?|亿元?|元|k|mn|mio|million|m|bn|billion|b)?\s*(?P<after>{_NAMES})?",
    re.IGNORECASE,
)
CURRENCIES = tuple(dict.fromkeys(_CURRENCIES.values()))
"""The currencies an amount may be given in (ISO 4217)."""


_ZH_CURRENCY = {
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "JPY": "日元",
    "GBP": "英镑",
    "KRW": "韩元",
    "MOP": "澳门元",
    "TWD": "新台币",
    "CHF": "瑞士法郎",
    "SGD": "新加坡元",
}
_ZH_SCALE = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_EN_SCALE = ((Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))


def _scaled(units: Decimal, scale: tuple[tuple[Decimal, str], ...]) -> str:
    for size, name in scale:
        if units >= size:
            return f"{(units / size).quantize(Decimal('0.01')).normalize():,f}{name}"
    return f"{units.quantize(Decimal('0.01')).normalize():,f}"


class Money(Payload):
    """An amount in its own currency: `minor` hundredths of it, and the `rate` (CNY for one unit) used on its day."""

    minor: int
    currency: str = "CNY"
    rate: Decimal | None = None

    @property
    def text(self) -> Text:
        """The amount as the offices write it, in its own currency: 1.2亿元, 5000万元; USD 10m."""
        units = Decimal(self.minor) / 100
        zh, en = _scaled(units, _ZH_SCALE), _scaled(units, _EN_SCALE)
        zh_currency = "元" if self.currency == "CNY" else _ZH_CURRENCY.get(self.currency, self.currency)
        return Text(f"{zh}{zh_currency}", f"{self.currency} {en}")

    @property
    def fen(self) -> int:
        """The amount in 分 (1/100 CNY), rounded half up once."""
        return int((self.minor * (self.rate or Decimal(1))).quantize(Decimal(1), ROUND_HALF_UP))


def _refused_amount(text: object) -> Refused:
    return Refused(
        "money.form",
        "看不懂金额「{text}」。可以写成 5000万、1.2亿、USD 10m。",
        "“{text}” is not an amount. Write 50m, 1.2亿, 5000万 or USD 10m.",
        text=str(text)[:40].replace("{", "").replace("}", ""),
    )


def parse_amount(text: str, *, unit: str | None = None, rate: Decimal | None = None) -> Money:
    """Read `1.2亿`, `5000万`, `USD 10m`, `1,200万美元`; a bare number is in `unit` (元, 万元 or 亿元).

    Raises Refused for what is no amount, is a bare number where no unit is known, is not above zero, or beyond 10¹⁵.
    """
    tidy = unicodedata.normalize("NFKC", str(text)).strip()
    found = _AMOUNT.fullmatch(tidy)
    if not found or (found["before"] and found["after"]):
        raise _refused_amount(text)
    named = found["before"] or found["after"]
    currency = _CURRENCIES[named.upper() if named.isascii() else named] if named else "CNY"
    try:
        number = Decimal(re.sub("[,，]", "", found["number"]))
    except InvalidOperation:
        raise _refused_amount(text) from None
    written = (found["unit"] or "").lower()
    if not written and not named:
        if unit is None:
            raise Refused(
                "money.unit",
                "请写明单位，例如 5000万、1.2亿。",
                "Please write the unit: 5000万, 1.2亿, CNY 50m.",
            )
        written = unit
    power = _UNITS.get(written, _LATIN_UNITS.get(written))
    if power is None:
        raise _refused_amount(text)
    return money(
        number.scaleb(power) if number.is_finite() and abs(number.adjusted()) < _DIGITS_AT_MOST else number,
        currency,
        rate,
    )


def money(units: Decimal, currency: str = "CNY", rate: Decimal | None = None) -> Money:
    """`units` of `currency` as Money; refused unless finite, above zero and at most 10¹⁵."""
    if not units.is_finite() or units <= 0:
        raise Refused("money.positive", "金额应大于零。", "An amount must be above zero.")
    if units > _MOST:
        raise Refused("money.too_large", "金额过大，请核对单位。", "That amount is too large; please check its unit.")
    return Money(minor=int((units * 100).quantize(Decimal(1), ROUND_HALF_UP)), currency=currency, rate=rate)


def _typed_amount(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, (str, int, float, Decimal)) and not isinstance(value, bool):
        return parse_amount(str(value))
    if isinstance(value, dict) and "amount" in value and not replayed(info):
        return _amount_and_rate(value)
    return value


def _amount_and_rate(value: dict[str, Any]) -> Any:
    unknown = set(value) - {"amount", "rate"}
    if unknown:
        raise _refused_amount(", ".join(sorted(map(str, unknown))))
    text = str(value["amount"] if value["amount"] is not None else "").strip()
    rate = str(value.get("rate") or "").strip()
    if not text:
        return None
    try:
        given = Decimal(unicodedata.normalize("NFKC", rate)) if rate else None
    except InvalidOperation:
        given = Decimal(0)
    if given is not None and not (given.is_finite() and 0 < given < 10**6):
        raise Refused("money.rate", "汇率应为大于零的数。", "A rate is a number above zero.", field="rate")
    return parse_amount(text, rate=given)


def _rated(amount: Money) -> Money:
    if amount.minor <= 0 or amount.minor > _MOST * 100:
        raise Refused("money.positive", "金额应大于零。", "An amount must be above zero.")
    if amount.currency not in CURRENCIES:
        raise Refused("money.currency", "不认识这种货币。", "That currency is not known here.")
    if amount.currency == "CNY":
        return amount if amount.rate is None else Money(minor=amount.minor)
    if amount.rate is None or not (amount.rate.is_finite() and 0 < amount.rate < 10**6):
        raise Refused(
            "money.rate", "外币金额请填写当日汇率。", "A foreign amount needs the rate of its day.", field="rate"
        )
    return amount


Amount = Annotated[Money, BeforeValidator(_typed_amount), checked(_rated)]
"""Money as typed: `1.2亿`, or {"amount": "USD 10m", "rate": "7.1"}; a foreign amount needs its rate."""
