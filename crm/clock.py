"""The one clock: moments in UTC, days as the offices count them."""

from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


_standing_on: ContextVar[date | None] = ContextVar("standing_on", default=None)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Asia/Shanghai; for whoever looks at a replay, the day of that replay."""
    return _standing_on.get() or now().astimezone(SHANGHAI).date()


def stand_on(day: date | None) -> None:
    """Have `today` answer `day` for what this task does from now on, in the threads it calls too; None: the present."""
    _standing_on.set(day)
