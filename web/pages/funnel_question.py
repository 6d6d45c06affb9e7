"""What is asked of the funnel, read from an address: the day, what was known, the grouping, the filters.

Every part stands in the URL, so that a figure can be sent to somebody and opens the same for them.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from domain.base import Refused, Text
from domain.channel import ChannelKind
from domain.values import Industry
from projections.funnel import BANDS, FunnelFilters
from web.words import SHANGHAI

GROUPS: Final[Mapping[str, Text]] = {
    "kind": Text("渠道类别", "Channel kind"),
    "channel": Text("渠道", "Channel"),
    "occasion": Text("活动", "Occasion"),
    "country": Text("国家或地区", "Country or region"),
    "region": Text("省市", "Province or city"),
    "industry": Text("行业", "Industry"),
    "owner": Text("负责人", "Owner"),
    "month": Text("登记月份", "Month registered"),
    "band": Text("投资额", "Investment"),
}
"""What the funnel may be split by, and narrowed to."""

NAMES: Final[Mapping[str, Text]] = {
    **GROUPS,
    "group_by": Text("分组", "Group by"),
    "as_at": Text("截至哪天", "As at"),
    "known_at": Text("按哪天所知", "As known on"),
}
"""What a condition is called when it is complained about."""

CLOCKS: Final[Mapping[str, Text]] = {
    "today": Text("按今日所知", "As known today"),
    "then": Text("按当时所知", "As known then"),
}
"""Whether a past day is shown with all that is known of it now, or with what had been recorded by its end."""

_SHOWN = ("count", "amount", "conversion")
_PARAMETERS = frozenset({*NAMES, "show"})
_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")
_STOP = re.compile(r"[0-9]{2,6}")
_QUOTED: Final = 40
_WRONG_DAY = Text("看不懂这个日期，可写成 2026-06-30。", "This is not a date. Write it like 2026-06-30.")
_LATER = Text("不能晚于今天。", "It cannot be later than today.")


def _wrong(zh: str = "", en: str = "") -> Text:
    return Text(f"看不懂这个条件{zh}。", f"This condition is not understood{en}.")


_NO_ID = _wrong("，应为编号", "; it is an id")
_KINDS, _INDUSTRIES = ([word.value for word in words] for words in (ChannelKind, Industry))
_GROUPED: Final = ("none", *GROUPS)
WRONG: Final[Mapping[str, Text]] = {
    "kind": _wrong(f"，可用：{'、'.join(_KINDS)}", f"; it is one of: {', '.join(_KINDS)}"),
    "channel": _NO_ID,
    "occasion": _NO_ID,
    "country": _wrong("，应为两个大写字母，如 DE", "; it is two capital letters like DE"),
    "region": _wrong(),
    "industry": _wrong(f"，可用：{'、'.join(_INDUSTRIES)}", f"; it is one of: {', '.join(_INDUSTRIES)}"),
    "owner": _NO_ID,
    "month": _wrong("，月份可写成 2026-03", "; a month is written like 2026-03"),
    "band": _wrong(f"，应为 0 至 {len(BANDS)}", f"; it is 0 to {len(BANDS)}"),
    "group_by": _wrong(f"，可用：{'、'.join(_GROUPED)}", f"; it is one of: {', '.join(_GROUPED)}"),
}
"""What is said of a condition that cannot be read, with what can."""


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise ValueError(text)
    return text


def _band(text: str) -> str:
    if text not in map(str, range(len(BANDS) + 1)):
        raise ValueError(text)
    return text


def _country(text: str) -> str:
    if not re.fullmatch("[A-Z]{2}", text):
        raise ValueError(text)
    return text


def _group(text: str) -> str:
    if text not in _GROUPED:
        raise ValueError(text)
    return text


def _line(text: str) -> str:
    if len(text) > 200 or "\0" in text:  # noqa: PLR2004 - as long as a Line
        raise ValueError(text)
    return text


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "kind": lambda text: ChannelKind(text).value,
    "channel": UUID,
    "occasion": UUID,
    "country": _country,
    "region": _line,
    "industry": lambda text: Industry(text).value,
    "owner": UUID,
    "month": _month,
    "band": _band,
    "group_by": _group,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the funnel. `raw` holds what the address said, `errors` what of it could not be used."""

    as_at: date | None = None
    known_at: datetime | None = None
    group_by: str = "none"
    show: str = "count"
    filters: FunnelFilters = field(default_factory=FunnelFilters)
    raw: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Text] = field(default_factory=dict)

    @property
    def then(self) -> bool:
        """Whether it asks for a day as known at its own end, also where that was typed as 23:59:59."""
        if self.as_at is None or self.known_at is None:
            return False
        return timedelta(0) <= end_of(self.as_at) - self.known_at < timedelta(seconds=1)

    @property
    def clock(self) -> str:
        """Which of CLOCKS it is shown by; empty for the knowledge of some other day."""
        return "then" if self.then else "" if self.known_at else "today"

    @property
    def narrowed(self) -> dict[str, str]:
        """The filters in force, as the address says them."""
        return {name: self.raw[name] for name in GROUPS if name in self.raw and name not in self.errors}

    @property
    def grouped(self) -> str | None:
        """What it is split by, as an address says it."""
        return None if self.group_by == "none" else self.group_by

    @property
    def kept(self) -> dict[str, str]:
        """What the address said, without what could not be used."""
        return {name: text for name, text in self.raw.items() if name not in self.errors}

    @property
    def carried(self) -> dict[str, str]:
        """What a link to the leads behind a figure has to carry on."""
        return {**self.days, **self.narrowed}

    @property
    def days(self) -> dict[str, str]:
        """The day asked for and what was known when, as the address says them."""
        return {name: self.raw[name] for name in ("as_at", "known_at") if getattr(self, name) is not None}


class Read(Protocol):
    """A question as it was read."""

    @property
    def raw(self) -> Mapping[str, str]: ...
    @property
    def errors(self) -> Mapping[str, Text]: ...


def demand_understood(asked: Read, names: Mapping[str, Text]) -> None:
    """Refuse a question that was not understood as a whole: a list, or a file, says nothing of what it left out."""
    if asked.errors:
        zh = (
            f"{names[name].zh}“{asked.raw.get(name, '')[:_QUOTED]}”：{said.zh}" for name, said in asked.errors.items()
        )
        en = (
            f"{names[name].en} “{asked.raw.get(name, '')[:_QUOTED]}”: {said.en}" for name, said in asked.errors.items()
        )
        raise Refused("filter", "".join(zh), " ".join(en), field=next(iter(asked.errors)))


def read_question(params: Mapping[str, str], today: date) -> Question:
    """Read the address; what cannot be understood is named in `errors` and left out."""
    raw = _settled(params, today)
    errors: dict[str, Text] = {}
    values: dict[str, Any] = {}
    for name, convert in _READ.items():
        if name in raw:
            try:
                values[name] = convert(raw[name])
            except ValueError:
                errors[name] = WRONG[name]
    return Question(
        _day(raw, errors, today),
        _instant(raw, errors, today),
        values.pop("group_by", "none"),
        raw["show"] if raw.get("show") in _SHOWN else "count",
        FunnelFilters(**values),
        raw,
        errors,
    )


def unsettled(params: Mapping[str, str]) -> bool:
    """Whether the address says what the controls of the page were set to, rather than the days these mean."""
    return bool(params.keys() & {"clock", "replay", "stop"})


def _settled(params: Mapping[str, str], today: date) -> dict[str, str]:
    """What the address says, with the slider and the switch put into the words of an address: days.

    The slider counts where its own button was pressed, the switch where no other day was typed as the one known.
    """
    raw = {name: value.strip() for name, value in params.items() if name in _PARAMETERS and value.strip()}
    stop = params.get("stop", "")
    if params.get("replay") and _STOP.fullmatch(stop) and month_number(date.min) <= int(stop) <= month_number(today):
        raw["as_at"] = month_end(int(stop), today).isoformat()
    if params.get("clock") == "then" and "known_at" not in raw:
        raw.setdefault("as_at", today.isoformat())
        raw["known_at"] = raw["as_at"]
    return raw


def month_number(day: date) -> int:
    """Months counted from the year 0: what the slider's stops are numbered by."""
    return day.year * 12 + day.month - 1


def month_end(month: int, today: date) -> date:
    """The last day of the month of that number, or today where that comes first."""
    if month >= month_number(today):
        return today
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(1)


def end_of(day: date) -> datetime:
    """The last moment of a day in Shanghai. Raises OverflowError for the last day there is."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI) - timedelta(microseconds=1)


def _day(raw: Mapping[str, str], errors: dict[str, Text], today: date) -> date | None:
    if "as_at" not in raw:
        return None
    try:
        day = date.fromisoformat(raw["as_at"])
    except ValueError:
        errors["as_at"] = _WRONG_DAY
        return None
    if day > today:
        errors["as_at"] = _LATER
        return None
    return day


def _instant(raw: Mapping[str, str], errors: dict[str, Text], today: date) -> datetime | None:
    """What was known when: an instant, or a date, which means the end of that day in Shanghai."""
    if "known_at" not in raw:
        return None
    try:
        moment = _moment(raw["known_at"])
        later = moment.astimezone(SHANGHAI).date() > today
    except (ValueError, OverflowError) as error:
        beyond = isinstance(error, OverflowError) and raw["known_at"].startswith(str(date.max.year))
        errors["known_at"] = _LATER if beyond else _WRONG_DAY
        return None
    if later:
        errors["known_at"] = _LATER
        return None
    return moment


def _moment(text: str) -> datetime:
    """Raises ValueError, and OverflowError for what is beyond all calendars in Shanghai or Greenwich."""
    with suppress(ValueError):
        return end_of(date.fromisoformat(text))
    # A plus sign that somebody did not escape arrives as a space.
    moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    moment.astimezone(UTC)
    return moment
