"""Many commands through the one door: a short lock at a time, no faster than pages follow, and none that fails spoils
its neighbours.
"""

import time
from collections.abc import Callable, Sequence
from uuid import UUID

from eventsourcing.persistence import IntegrityError

from crm.appending import Also, KeyGone
from crm.command import By, CommandReused, Done
from crm.store import Mapper, Recorder
from domain.base import Aggregate, Event, Refused

FEWEST_EVENTS = 50
LOCK_SECONDS = 0.1
AHEAD_EVENTS = 250
"""So many events may be stored and not shown: an officer's command waits behind them before it is to be seen."""
PATIENCE_SECONDS = 1.0
LOOK_SECONDS = 0.005

CONFLICT = Refused(
    "conflict",
    "这条记录刚被他人修改，请核对后重试。",
    "Somebody has just changed this record; please check and try again.",
)
REUSED = Refused("command.reused", *CommandReused.text)


class Command:
    """A command already decided: the events it stores under its id. Takes an aggregate's pending events when made."""

    def __init__(self, by: By, what: Aggregate | Sequence[Event], request: bytes) -> None:
        self.by = by
        self.events = tuple(what.collect_events() if isinstance(what, Aggregate) else what)
        self.request = request
        if not self.events:
            raise ValueError("a command in bulk must have decided something")

    @property
    def streams(self) -> set[UUID]:
        return {event.originator_id for event in self.events}


def append(
    commands: Sequence[Command], mapper: Mapper, recorder: Recorder, also: Also | None = None
) -> dict[UUID, Done]:
    """Store decided commands, all or none; the answer of each, by its id. Raises as the recorder, Refused for somebody erased."""
    owners = [command for command in commands for _ in command.events]
    rows = mapper.rows([event for command in commands for event in command.events])
    batch = [(row, command.by, command.request) for row, command in zip(rows, owners, strict=True)]
    try:
        appended = recorder.append(batch, also)
    except KeyGone:
        mapper.keys.forget_all()  # what is sealed next is sealed under the keys of then
        raise
    found: dict[UUID, Done] = {}
    for row in appended:
        first = found.get(row.command)
        found[row.command] = Done(first.id if first else row.stream, row.position, row.repeated)
    return found


class Pace:
    """How many events go in one append, so that none keeps others waiting for longer than they notice."""

    def __init__(self) -> None:
        self.events = FEWEST_EVENTS

    def took(self, events: int, seconds: float) -> None:
        """So many were stored in so long."""
        fitting = min(events * LOCK_SECONDS / seconds, 2 * self.events)
        self.events = max(FEWEST_EVENTS, min(AHEAD_EVENTS, int(fitting)))


class Followed:
    """Waits for the read models to follow. Where they come no further, nobody projects, and until they do none waits.

    `shown` tells the position that pages show, None where there is none to be told.
    """

    def __init__(self, shown: Callable[[], int | None]) -> None:
        self._shown = shown
        self._stuck = -1

    def until(self, position: int) -> None:
        """Return when pages show everything up to `position`, or it is of no use to wait."""
        best, patient = self._stuck, 0.0
        while True:
            shown, now = self._shown(), time.monotonic()
            if shown is None or shown >= position:
                return
            if shown > best:
                best, patient = shown, now + PATIENCE_SECONDS
            elif now >= patient:
                self._stuck = shown
                return
            time.sleep(LOOK_SECONDS)


class Bulk:
    """One run of many commands; `answers` by command id."""

    def __init__(self, mapper: Mapper, recorder: Recorder, pace: Pace, followed: Followed) -> None:
        self._mapper = mapper
        self._recorder = recorder
        self._pace = pace
        self._followed = followed
        self._spoiled: set[UUID] = set()
        self._stored = 0
        self.answers: dict[UUID, Done | Refused] = {}

    def store(self, commands: Sequence[Command]) -> None:
        rest = list(commands)
        while rest:
            batch = _first_events(rest, self._pace.events)
            started = time.monotonic()
            self._attempt(rest[:batch])
            self._pace.took(sum(len(one.events) for one in rest[:batch]), time.monotonic() - started)
            rest = rest[batch:]
            self._followed.until(self._stored - AHEAD_EVENTS)

    def _attempt(self, commands: Sequence[Command]) -> None:
        """Store these in one append; where one of them cannot be stored, find it by halves."""
        sound = [command for command in commands if not self._is_spoiled(command)]
        if not sound:
            return
        try:
            done = append(sound, self._mapper, self._recorder)
            self.answers |= done
            self._stored = max(self._stored, *(one.position for one in done.values()))
        except (IntegrityError, CommandReused, Refused) as error:
            if len(sound) == 1:
                self._refuse(sound[0], error)
                return
            middle = len(sound) // 2
            self._attempt(sound[:middle])
            self._attempt(sound[middle:])

    def _is_spoiled(self, command: Command) -> bool:
        """What was decided on top of something that was not stored is not stored either."""
        if self._spoiled.isdisjoint(command.streams):
            return False
        self.answers[command.by.command] = CONFLICT
        return True

    def _refuse(self, command: Command, error: Exception) -> None:
        self._spoiled |= command.streams
        refusal = REUSED if isinstance(error, CommandReused) else CONFLICT
        self.answers[command.by.command] = error if isinstance(error, Refused) else refusal


def store_all(
    commands: Sequence[Command], mapper: Mapper, recorder: Recorder, pace: Pace, followed: Followed
) -> list[Done | Refused]:
    """One answer per command, in order. A command that stands twice in the list is stored once."""
    first: dict[UUID, Command] = {}
    for command in commands:
        first.setdefault(command.by.command, command)
    run = Bulk(mapper, recorder, pace, followed)
    run.store(list(first.values()))
    return [_answer(command, first[command.by.command], run.answers) for command in commands]


def _answer(command: Command, first: Command, answers: dict[UUID, Done | Refused]) -> Done | Refused:
    answer = answers[command.by.command]
    if command is first or isinstance(answer, Refused):
        return answer
    return Done(answer.id, answer.position, repeated=True) if command.request == first.request else REUSED


def _first_events(commands: Sequence[Command], most: int) -> int:
    """How many of the first commands hold at most `most` events; at least one."""
    events = 0
    for count, command in enumerate(commands):
        events += len(command.events)
        if events > most and count:
            return count
    return len(commands)
