"""What is asked of a comparison, read from an address: two days, or one day as known at two moments; and the conditions.

Every part stands in the URL, so that a comparison can be sent to somebody and shows the same to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from domain.base import Text
from web.pages.funnel_question import GROUPS, Question, end_of, read_question
from web.pages.funnel_question import NAMES as OF_FUNNEL
from web.words import SHANGHAI

NAMES: Final[Mapping[str, Text]] = {
    **OF_FUNNEL,
    "from": Text("从", "From"),
    "to": Text("到", "To"),
    "known_from": Text("先看（按哪天所知）", "First seen (as known on)"),
    "known_to": Text("再看（按哪天所知）", "Seen again (as known on)"),
}
"""What a condition is called when it is complained about."""
SHOWS: Final[Mapping[str, Text]] = {
    "standing": Text("现处于", "Standing"),
    "reached": Text("曾到达", "Reached"),
    "amount": Text("金额", "Amounts"),
}
HALF_MONTH: Final = timedelta(days=15)
_CONDITIONS: Final = (*GROUPS, "group_by")
_NOT_BEFORE = Text("须早于“到”的日期。", "It must lie before the later day.")
_LATER = Text("不能晚于今天。", "It cannot be later than today.")
_SOONER = Text("不能早于“先看”的时间。", "It cannot lie before the first look.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Two points to compare. `raw` holds what the address said, `errors` what of it could not be used.

    A moment of None is now, on the day `today`. What was left out of the address has its default.
    """

    page: str
    old_day: date
    new_day: date
    old_known: datetime
    new_known: datetime | None
    question: Question
    today: date
    show: str = "standing"
    raw: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Text] = field(default_factory=dict)

    @property
    def narrowed(self) -> dict[str, str]:
        """The filters in force, as the address says them."""
        return self.question.narrowed

    @property
    def group_by(self) -> str:
        return self.question.group_by

    @property
    def days(self) -> dict[str, str]:
        """The two points as an address says them: what was left out is written out, what was wrong is put right."""
        if self.page == "since":
            return {"from": self.old_day.isoformat(), "to": self.new_day.isoformat()}
        moments = {"known_from": self.old_known, "known_to": self.new_known}
        return {"as_at": self.old_day.isoformat()} | {
            name: self.raw[name]
            if name in self.raw and name not in self.errors
            else _said(moment or end_of(self.today))
            for name, moment in moments.items()
        }

    @property
    def said(self) -> list[date]:
        """The days that sentences about it name."""
        moments = [moment.astimezone(SHANGHAI).date() for moment in (self.old_known, self.new_known) if moment]
        return [self.old_day, self.new_day, *moments]

    @property
    def carried(self) -> dict[str, str]:
        """What a link to the leads behind a figure, or to a file, has to carry on."""
        return {**self.days, **self.narrowed}


def _said(moment: datetime) -> str:
    """An end of a day is said as that day."""
    return moment.date().isoformat() if moment == end_of(moment.date()) else moment.isoformat()


def read_since(params: Mapping[str, str], today: date) -> Asked:
    """`from` and `to`: half a month up to today, where they are left out."""
    raw = _given(params, "from", "to")
    errors: dict[str, Text] = {}
    new = _day(raw, errors, "to", today) or today
    old = _day(raw, errors, "from", today) or _before(new)
    if old >= new:
        errors.setdefault("from", _NOT_BEFORE)
        old = _before(new)
    known = None if new >= today else end_of(new)
    return _asked("since", (old, new), (end_of(old), known), params, raw, errors, today)


def _before(day: date) -> date:
    return max(day - HALF_MONTH, date(1, 1, 1)) if day > date.min + HALF_MONTH else date.min


def read_restatements(params: Mapping[str, str], today: date) -> Asked:
    """`as_at`, `known_from`, `known_to`: the last day of a half-month, as known at its end and as known now."""
    raw = _given(params, "as_at", "known_from", "known_to")
    errors: dict[str, Text] = {}
    day = _day(raw, errors, "as_at", today) or half_month_end(today)
    first = _moment(raw, errors, "known_from") or end_of(day)
    again = _moment(raw, errors, "known_to")
    if again is not None and again >= end_of(today):
        again = None
    if again is not None and again < first:
        errors.setdefault("known_to" if "known_to" in raw else "known_from", _SOONER)
        again = None
    return _asked("restatements", (day, day), (first, again), params, raw, errors, today)


def _asked(
    page: str, days: tuple[date, date], known: tuple[datetime, datetime | None], params: Mapping[str, str],
    raw: Mapping[str, str], errors: Mapping[str, Text], today: date,
) -> Asked:  # fmt: skip
    question = read_question({name: params[name] for name in _CONDITIONS if name in params}, today)
    show = params["show"] if params.get("show") in SHOWS else "standing"
    return Asked(page, *days, *known, question, today, show, {**raw, **question.raw}, {**errors, **question.errors})


def half_month_end(today: date) -> date:
    """The 15th, or the last day of a month, that has passed most recently."""
    return today.replace(day=15) if today.day > 15 else today.replace(day=1) - timedelta(1)  # noqa: PLR2004 - half a month


def _given(params: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: params[name].strip() for name in names if params.get(name, "").strip()}


def _day(raw: Mapping[str, str], errors: dict[str, Text], name: str, today: date) -> date | None:
    read = read_question({"as_at": raw.get(name, "")}, today)
    if read.errors:
        (errors[name],) = read.errors.values()
    return read.as_at


def _moment(raw: Mapping[str, str], errors: dict[str, Text], name: str) -> datetime | None:
    read = read_question({"known_at": raw.get(name, "")}, date.max)
    if read.errors:
        (errors[name],) = read.errors.values()
    return read.known_at
