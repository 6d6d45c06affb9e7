"""How the product speaks: one `Words` per request says texts, money, dates and numbers in the viewer's language."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from markupsafe import Markup

from domain.base import Text
from domain.site.kinds import area_text
from domain.values import per_cent

SHANGHAI = ZoneInfo("Asia/Shanghai")
LANGUAGES = ("zh", "en")
_LOCALES = {"zh": Locale.parse("zh_CN"), "en": Locale.parse("en_GB")}
_YI, _WAN = Decimal(10**8), Decimal(10**4)
_NO_DATA = "—"
_NO_MONEY = Markup('<span class="none">—</span>')
_NEAR = {0: Text("今天", "today"), -1: Text("昨天", "yesterday"), 1: Text("明天", "tomorrow")}


def _trimmed(number: Decimal, places: int) -> str:
    """`number` rounded half up, grouped, without zeros at its end."""
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _chinese_money(yuan: Decimal) -> str:
    if abs(yuan) >= _YI:
        return f"{_trimmed(yuan / _YI, 2)}亿元"
    if abs(yuan) >= _WAN:
        return f"{_trimmed(yuan / _WAN, 2 if abs(yuan) < 100 * _WAN else 0)}万元"
    return f"{_trimmed(yuan, 2)}元"


def _english_money(units: Decimal, currency: str = "CNY") -> str:
    for size, sign in ((10**9, "bn"), (10**6, "m"), (10**3, "k")):
        if abs(units) >= size:
            return f"{currency} {_trimmed(units / size, 2)}{sign}"
    return f"{currency} {_trimmed(units, 2)}"


# A page says the same amounts and days over and over.
@lru_cache(maxsize=4096)
def _amount(fen: int, language: str) -> str:
    yuan = Decimal(fen) / 100
    return _chinese_money(yuan) if language == "zh" else _english_money(yuan)


@lru_cache(maxsize=4096)
def _money(fen: int, language: str) -> Markup:
    exact = numbers.format_currency(Decimal(fen) / 100, "CNY", locale=_LOCALES[language])
    return Markup('<span class="num" title="{}">{}</span>').format(exact, _amount(fen, language))


@lru_cache(maxsize=4096)
def _distance(days: int, language: str) -> str:
    """So many days ahead or ago, in weeks and months where those say it better."""
    if days in _NEAR:
        return _NEAR[days].said(language)
    said = dates.format_timedelta(
        timedelta(days=days), granularity="day", threshold=14, add_direction=True, locale=_LOCALES[language]
    )
    return str(said)


class Words:
    """Everything that is said differently in Chinese and English. `today` is the Shanghai day of the request."""

    def __init__(self, language: str, today: date) -> None:
        self.language = language if language in LANGUAGES else "zh"
        self.today = today
        self._locale = _LOCALES[self.language]

    def t(self, zh: str | Text, en: str = "", **params: object) -> str:
        """A text in the viewer's language: `t('共 {n} 条', '{n} in all', n=5)` or `t(some_Text)`."""
        zh, en = zh if isinstance(zh, Text) else (zh, en)
        text = en if self.language == "en" else zh
        return text.format(**params) if params else text

    def term(self, word: Any) -> str:
        """The name of a Term, Stage, Status …: anything with a `.text`; an empty one is a dash."""
        return _NO_DATA if word is None else self.t(word.text)

    def terms(self, words: Sequence[Any]) -> str:
        """Several names in one line."""
        return ("、" if self.language == "zh" else ", ").join(self.term(word) for word in words) or _NO_DATA

    def amount(self, fen: int | None) -> str:
        """An amount of 分 in plain text, as people say it: 1.2亿元, CNY 120m."""
        return _NO_DATA if fen is None else _amount(fen, self.language)

    def money(self, fen: int | None) -> Markup:
        """The same for a page, with the exact amount as a title."""
        return _NO_MONEY if fen is None else _money(fen, self.language)

    def foreign(self, minor: int, currency: str) -> str:
        """An amount in its own currency, given in hundredths: USD 10m, 1,000万美元."""
        units = Decimal(minor) / 100
        if currency == "CNY":
            return self.amount(minor)
        if self.language == "en":
            return _english_money(units, currency)
        name = numbers.get_currency_name(currency, locale=self._locale)
        return _chinese_money(units).removesuffix("元") + name

    def number(self, value: int | Decimal | None) -> str:
        """A count, grouped by thousands."""
        if isinstance(value, int):
            return f"{value:,}"  # as both locales have it; a page holds hundreds, and asking them takes its time
        return _NO_DATA if value is None else numbers.format_decimal(value, locale=self._locale)

    def area(self, m2: Decimal | int | None) -> str:
        """An area as the offices write it: 1.2万㎡; 12,000 ㎡."""
        return _NO_DATA if m2 is None else self.t(area_text(m2))

    def percent(self, part: int, whole: int) -> str:
        """A rate rounded half up to one decimal; a dash when there is nothing to divide by."""
        rate = per_cent(part, whole)
        return _NO_DATA if rate is None else f"{rate}%"

    def day(self, value: date | None) -> str:
        """A business date: 2023-06-05, the same in both languages because people compare columns of them."""
        return _NO_DATA if value is None else value.isoformat()

    def moment(self, value: datetime | None) -> str:
        """A recorded time, on the Shanghai clock: 2023-06-05 14:03."""
        return _NO_DATA if value is None else value.astimezone(SHANGHAI).isoformat(" ")[:16]

    def ago(self, value: date | None) -> str:
        """A day as seen from today: 今天, 昨天, 3天后, in 3 days."""
        if value is None:
            return _NO_DATA
        return _distance((value - self.today).days, self.language)

    def days(self, count: int | None) -> str:
        """A length of time in days."""
        return _NO_DATA if count is None else self.t("{n} 天", "{n} d", n=count)

    def month(self, value: date) -> str:
        """A month: 2023年6月, Jun 2023."""
        return dates.format_date(value, "y年M月" if self.language == "zh" else "LLL y", locale=self._locale)

    def country(self, code: str | None) -> str:
        """A country or region by its ISO 3166-1 code, in the names offices use."""
        if not code:
            return _NO_DATA
        return country_names(self.language).get(code, code)


_REGIONS = {
    "zh": {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"},
    "en": {"HK": "Hong Kong, China", "MO": "Macao, China", "TW": "Taiwan, China"},
}
_NO_PLACE = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})


@cache
def country_names(language: str) -> dict[str, str]:
    """Every country or region by its ISO 3166-1 code, in one language, China first, then by name."""
    names = _LOCALES[language].territories
    found = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NO_PLACE}  # noqa: PLR2004
    found |= _REGIONS[language]
    return dict(sorted(found.items(), key=lambda entry: (entry[0] not in _FIRST, entry[1])))


_FIRST = ("CN", "HK", "MO", "TW")
