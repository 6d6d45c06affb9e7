"""Values of the field, each with its own rule; a rule is checked when somebody types, never when history is read back."""

import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from domain.base import Payload, Refused, Term, Text

# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _replayed(info: ValidationInfo) -> bool:
    return bool(info.context and info.context.get("replay"))


def checked(check: Callable[[Any], Any]) -> AfterValidator:
    """A validator for `check` that lets history through untouched."""
    return AfterValidator(lambda value, info: value if _replayed(info) else check(value))


def _readable(text: str, *, lines: bool) -> None:
    for character in text:
        if character in _BIDI:
            raise Refused(
                "text.direction",
                "含有看不见的文字方向控制符，请删去后再提交。",
                "It holds an invisible text-direction mark; please remove it.",
            )
        if unicodedata.category(character) in {"Cc", "Cs"} and not (lines and character in "\n\r\t"):
            raise Refused(
                "text.control",
                "含有不能保存的控制字符，请删去后再提交。",
                "It holds a control character that cannot be kept; please remove it.",
            )


def _text(limit: int, *, lines: bool = False) -> AfterValidator:
    def check(text: str) -> str:
        if len(text) > limit:
            raise Refused(
                "text.too_long",
                "最多 {limit} 个字，现在是 {size} 个。",
                "At most {limit} characters; this has {size}.",
                limit=limit,
                size=len(text),
            )
        _readable(text, lines=lines)
        if not text.strip():
            raise Refused("text.empty", "请填写。", "Please fill this in.")
        return text

    return checked(check)


class Sealed(NamedTuple):
    """Marks a text that is stored as ciphertext, under the key of its `subject`.

    "person": the `id` of the model it stands in; "stream": the aggregate whose event it stands in.
    """

    subject: Literal["person", "stream"]


Word = Annotated[str, _text(60)]
"""A short single line: a reference number, a position."""
Line = Annotated[str, _text(200)]
"""One line of text."""
Prose = Annotated[str, _text(5000, lines=True)]
"""Several lines of text without personal data in them."""
Personal = Annotated[str, _text(100), Sealed("person")]
"""One line about a private person."""
Note = Annotated[str, _text(5000, lines=True), Sealed("stream")]
"""Free text that may speak of private persons."""

# ── the unified social credit code (GB 32100-2015) ──────────────────────────────────────────────────────────────────

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code_check_digit(first17: str) -> str:
    """The 18th character of a unified social credit code, by GB 32100-2015 (weights 3^i mod 31)."""
    total = sum(_CREDIT_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first17))
    return _CREDIT_ALPHABET[-total % 31]


def check_credit_code(text: str) -> str:
    """The code in capitals; refused unless it has 18 signs of the standard's alphabet and the right check digit."""
    code = unicodedata.normalize("NFKC", text).upper().replace(" ", "")
    if len(code) != 18 or any(sign not in _CREDIT_ALPHABET for sign in code):
        raise Refused(
            "credit_code.form",
            "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。",
            "A unified social credit code has 18 digits or capital letters (never I, O, S, V, Z).",
        )
    if credit_code_check_digit(code[:17]) != code[17]:
        raise Refused(
            "credit_code.check_digit",
            "统一社会信用代码的校验位不对，请核对营业执照。",
            "The check digit of this credit code is wrong; please compare it with the business licence.",
        )
    return code


CreditCode = Annotated[str, checked(check_credit_code)]


def normalised_name(company: str) -> str:
    """A company's name for comparing: width, case, spaces, brackets and the usual legal endings do not count."""
    name = unicodedata.normalize("NFKC", company).casefold()
    name = re.sub(r"[\s\W_]+", "", name)
    return (
        re.sub(
            r"(股份有限公司|有限责任公司|集团有限公司|有限公司|集团|公司|coltd|limited|ltd|gmbh|inc|sa|spa)+$", "", name
        )
        or name
    )


# ── money ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_MOST = Decimal(10) ** 15
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
    return money(number.scaleb(power) if number.is_finite() and abs(number.adjusted()) < 40 else number, currency, rate)


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
    if isinstance(value, dict) and "amount" in value and not _replayed(info):
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


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _at_least_zero(value: Any) -> Any:
    if value is not None and not 0 <= value <= 10**9:
        raise Refused("number.range", "应在 0 到 10 亿之间。", "It must lie between 0 and 10⁹.")
    return value


Count = Annotated[int, checked(_at_least_zero)]
"""A whole number of people, firms, conferences."""
Area = Annotated[Decimal, checked(_at_least_zero), Field(allow_inf_nan=False)]
"""An area; the field's name says the unit (㎡ or 亩)."""


# ── people outside, places, industries ──────────────────────────────────────────────────────────────────────────────


class ContactPerson(Payload):
    """Somebody to talk to at the investor's. Everything about them is sealed under their own key."""

    id: UUID
    name: Personal = Field(title="姓名|Name")
    position: Personal | None = Field(None, title="职务|Position")
    phone: Personal | None = Field(None, title="电话|Phone")
    wechat: Personal | None = Field(None, title="微信|WeChat")
    email: Personal | None = Field(None, title="邮箱|E-mail")


def _country(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}", code):
        raise Refused("country.form", "请从列表中选择国家或地区。", "Please choose a country or region from the list.")
    return code


Country = Annotated[str, checked(_country)]
"""ISO 3166-1 alpha-2; CN, HK, MO, TW are each their own value, as the offices' statistics keep them."""


class Industry(Term):
    """The sections of GB/T 4754-2017, China's classification of industries."""

    A = "A", "农、林、牧、渔业", "Agriculture, forestry, fishing"
    B = "B", "采矿业", "Mining"
    C = "C", "制造业", "Manufacturing"
    D = "D", "电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water"
    E = "E", "建筑业", "Construction"
    F = "F", "批发和零售业", "Wholesale and retail"
    G = "G", "交通运输、仓储和邮政业", "Transport, storage and post"
    H = "H", "住宿和餐饮业", "Hotels and catering"
    I = "I", "信息传输、软件和信息技术服务业", "Information and software"  # noqa: E741 - the standard's own letter
    J = "J", "金融业", "Finance"
    K = "K", "房地产业", "Real estate"
    L = "L", "租赁和商务服务业", "Leasing and business services"
    M = "M", "科学研究和技术服务业", "Research and technical services"
    N = "N", "水利、环境和公共设施管理业", "Water, environment and public facilities"
    O = "O", "居民服务、修理和其他服务业", "Household, repair and other services"  # noqa: E741
    P = "P", "教育", "Education"
    Q = "Q", "卫生和社会工作", "Health and social work"
    R = "R", "文化、体育和娱乐业", "Culture, sports and entertainment"
    S = "S", "公共管理、社会保障和社会组织", "Public administration and social bodies"
    T = "T", "国际组织", "International organisations"
