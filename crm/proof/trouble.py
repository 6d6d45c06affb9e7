"""What does not work at the moment about signing and sending: kept until it works again, shown in `crm status`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, NamedTuple

from psycopg import Connection

from crm.clock import now
from domain.base import Refused, Text
from projections.sql import Queries

SIGNING = "signing"
LONGEST_ATTEMPT = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=1)

MENDABLE = (Refused, OSError, HTTPException)
"""What may go wrong outside of us; anything else is a fault of ours, and not caught."""

q = Queries(__file__)


class Trouble(NamedTuple):
    """`about` is `signing` or a destination; `times` it failed in a row, 0 while an attempt that was begun has not ended."""

    about: str
    since: datetime
    tried_at: datetime
    times: int
    alarm: bool
    zh: str
    en: str

    @property
    def text(self) -> Text:
        return Text(self.zh, self.en)

    def due(self, moment: datetime) -> bool:
        """Whether it is time to try again: sooner at first, hourly in the end."""
        pause = timedelta(minutes=2 ** min(self.times, 10)) if self.times else LONGEST_ATTEMPT
        return moment - self.tried_at >= min(pause, LONGEST_PAUSE)


BEGUN = Text("上一次没有做完，原因见日志", "the last attempt did not end; the log says why")


def listed(conn: Connection[Any]) -> list[Trouble]:
    """All there is, alarms first. An attempt counts once it should have ended."""
    found = [Trouble._make(row) for row in conn.execute(q["listed"]).fetchall()]
    return [one for one in found if one.times or now() - one.tried_at > LONGEST_ATTEMPT]


def due(conn: Connection[Any], about: str) -> bool:
    row = conn.execute(q["one"], {"about": about}).fetchone()
    return row is None or Trouble._make(row).due(now())


@contextmanager
def remembered(conn: Connection[Any], about: str) -> Iterator[None]:
    """An attempt. What goes wrong is kept, and goes on up; should it die, it will have left a trace."""
    conn.execute(q["begun"], {"about": about, "moment": now(), "zh": BEGUN.zh, "en": BEGUN.en})
    try:
        yield
    except MENDABLE as error:
        said, alarm = words(error), getattr(error, "ALARM", False)
        conn.execute(q["failed"], {"about": about, "moment": now(), "alarm": alarm, "zh": said.zh, "en": said.en})
        raise
    conn.execute(q["over"], {"about": about})


def forget_others(conn: Connection[Any], abouts: Sequence[str]) -> None:
    """What is no longer configured is no trouble."""
    conn.execute(q["forget_others"], {"abouts": list(abouts)})


def words(error: BaseException) -> Text:
    text = getattr(error, "text", None)
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text if isinstance(text, Text) else Text(said, said)
