"""The application: loads an aggregate, lets it decide, stores what happened — once, however often it is asked."""

import random
import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID, uuid4

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import InfrastructureFactory, IntegrityError
from eventsourcing.utils import Environment, EnvType
from psycopg import errors
from psycopg_pool import ConnectionPool

from crm import clock
from crm.appending import Also, KeyGone
from crm.bulk import Command, Followed, Pace, append, store_all
from crm.command import By, CommandReused, Done, Stale, Unknown, request_hash
from crm.database import pool
from crm.documents import Documents
from crm.loaded import Loaded, folded
from crm.rights import door
from crm.sealing import Keys
from crm.settings import Settings
from crm.store import Datastore, Factory, Mapper, Recorded, Recorder, decode
from domain.base import Aggregate, Event, Form, Refused
from domain.lead.event import LeadEvent
from domain.lead.lead import Lead

__all__ = ["By", "Command", "CommandReused", "Done", "Ledger", "Stale", "Unknown"]

Some = TypeVar("Some", bound=Aggregate)
Filled = TypeVar("Filled", bound=Form)

ATTEMPTS = 8
PAUSE_SECONDS = 0.02  # after each attempt up to as many times this: who has just won comes back at once
TURNS = 64
FIRST_POLL_SECONDS, POLL_SECONDS = 0.001, 0.005  # most have not long to wait; who has asks less often
POOL_SIZE = 8
CONFLICT = Refused(
    "conflict", "这条记录正被多人同时修改，请重试。", "Several people are changing this record; try again."
)


class Ledger(Application[UUID]):
    """One per worker process, built after it was forked; `pool` serves the read models too."""

    name = "landfall"

    def __init__(self, settings: Settings, url: str) -> None:
        self.settings = settings
        self.schema = settings.schema_name
        self._secret = settings.signing_key()
        self._turns = [Lock() for _ in range(TURNS)]
        self.pool = self.open_pool(url)
        self._datastore = Datastore(self.pool, self.schema)
        self.keys = Keys(self.pool, settings.wrapping_key(), settings.wrapping_key)
        self.documents = Documents(self.pool, self.keys, settings.upload_limit_mb)
        self._mapper, self._recorder = Mapper(self.keys), Recorder(self._datastore)
        self._pace, self._followed = Pace(), Followed(self.shown)
        self._loaded = Loaded(self._mapper, self._recorder)
        super().__init__()

    def open_pool(self, url: str) -> ConnectionPool[Any]:
        """Connections through the web's door, to the district's schema."""
        return pool(door(url, self.schema, self._secret, "web"), self.schema, size=POOL_SIZE, autocommit=True)

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Nothing of the process environment: what steers us are our own settings."""
        return Environment(name, env or {})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return Factory(env, self._datastore, self._mapper, self._recorder)

    # ── commands ────────────────────────────────────────────────────────────────────────────────────────────────────

    def create(self, by: By, kind: type[Aggregate], form: Form, id: UUID | None = None) -> Done:
        """Make a new aggregate by its first form. Refused where `id` exists."""

        def decide() -> Aggregate:
            made = kind(id or uuid4())
            decided(made, form)
            return made

        try:
            return self.decide(by, lambda: [decide()], self.request(kind, id, form), retry=False)
        except (Stale, Unknown):
            raise Refused("exists", "这条记录已经存在。", "This record exists already.") from None

    def change(self, by: By, kind: type[Aggregate], id: UUID, form: Form, *, version: int | None = None) -> Done:
        """Let the aggregate do what the form says. A `version` given is what the caller saw: newer ones raise Stale."""

        def decide() -> Aggregate:
            aggregate = self.aggregate(kind, id)
            if version is not None and aggregate.version != version:
                raise Stale(aggregate.version)
            decided(aggregate, form)
            return aggregate

        # Within this process commands on one aggregate take turns; against other processes they are decided again.
        with self._turns[id.int % TURNS]:
            return self.decide(by, lambda: [decide()], self.request(kind, id, form), retry=version is None)

    def decide(
        self,
        by: By,
        decision: Callable[[], Sequence[Aggregate]],
        request: bytes,
        *,
        retry: bool = True,
        also: Also | None = None,
    ) -> Done:
        """Store what `decision` makes of the present state, deciding again when that has changed meanwhile.

        A repeated command is found where it would be stored; one that is refused may be for that very reason.
        """
        try:
            return self._decided(by, decision, request, retry=retry, also=also)
        except (Refused, Stale, Unknown):
            done = self.done(by.command, request)
            if done is None:
                raise
            return done

    def _decided(
        self, by: By, decision: Callable[[], Sequence[Aggregate]], request: bytes, *, retry: bool, also: Also | None
    ) -> Done:
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(attempt * PAUSE_SECONDS * random.random())  # noqa: S311  who waits how long is no secret
            aggregates = decision()
            try:
                return self.record(by, *aggregates, request=request, also=also)
            except KeyGone:
                continue  # to be sealed anew under the key of now; of a person who is erased, refused
            except IntegrityError:
                # What was decided on is history by now; the aggregates' pending events are gone with the attempt.
                if not retry:
                    raise Stale(self.aggregate(type(aggregates[0]), aggregates[0].id).version) from None
        raise CONFLICT

    def record(self, by: By, *aggregates: Aggregate, request: bytes, also: Also | None = None) -> Done:
        """Store the pending events of one or several aggregates in one append, under one command.

        `also` is done over the same connection in the same transaction. Answers with the first of the aggregates.
        Raises IntegrityError when one has changed meanwhile, CommandReused.
        """
        events = [event for aggregate in aggregates for event in aggregate.collect_events()]
        if not events:
            return Done(aggregates[0].id, 0)
        return append([Command(by, events, request)], self._mapper, self._recorder, also)[by.command]

    def bulk(self, commands: Sequence[Command]) -> list[Done | Refused]:
        """Store many decided commands, a short lock at a time; one that fails does not spoil the others."""
        return store_all(commands, self._mapper, self._recorder, self._pace, self._followed)

    def done(self, command: UUID, request: bytes) -> Done | None:
        """What a command answered when it was carried out; None if it never was. Raises CommandReused."""
        with self.pool.connection() as conn:
            row = conn.execute(
                "SELECT stream, last, request FROM command WHERE id = %s", (command,), prepare=True
            ).fetchone()
        if row is None:
            return None
        if row[2] != request:
            raise CommandReused(CommandReused.text.en)
        return Done(row[0], row[1], repeated=True)

    def request(self, kind: type[Aggregate], id: UUID | None, form: Form) -> bytes:
        """The hash by which a repeated request is known."""
        return request_hash(self._secret, kind.NAME, id, form)

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def aggregate(self, kind: type[Some], id: UUID, version: int | None = None, *, anew: bool = False) -> Some:
        """The aggregate as it stands, or as it stood at `version`; personal data opened. Raises Unknown.

        `anew`: as it is stored, read from its first event on, whatever this process remembers of it.
        """
        anew = anew or version is not None
        found = self._replayed(id, version) if anew else self._loaded.get(id)
        if not isinstance(found, kind) or version not in (None, found.version):
            raise Unknown(Unknown.text.en)
        if isinstance(found, Lead):
            found.join({other: self._facts(other, anew=anew) for other in found.absorbed})
        return found

    def _replayed(self, id: UUID, version: int | None) -> Aggregate | None:
        try:
            found: Aggregate = self.repository.get(id, version=version, projector_func=folded)
        except AggregateNotFoundError:
            return None
        return found

    def lead(self, id: UUID, version: int | None = None) -> Lead:
        """The lead, with the histories of the leads merged into it."""
        return self.aggregate(Lead, id, version)

    def history(self, id: UUID) -> list[tuple[Recorded, Event]]:
        """Every event of one stream, in order: as stored, and opened."""
        with self.pool.connection() as conn, conn.cursor(binary=True) as cursor:
            rows = [Recorded._make(row) for row in cursor.execute(_HISTORY, (id,), prepare=True).fetchall()]
        return [(row, decode(row, self.keys)) for row in rows]

    def recorded(self, positions: Sequence[int]) -> dict[int, Recorded]:
        """The events at these positions, as they are stored."""
        with self.pool.connection() as conn, conn.cursor(binary=True) as cursor:
            found = cursor.execute(_RECORDED, (list(positions),), prepare=True).fetchall()
        return {row[0]: Recorded._make(row) for row in found}

    def forget(self, subjects: Sequence[UUID]) -> None:
        """Hold nothing any longer that is sealed under keys of these, nor the keys."""
        self.keys.forget(subjects)
        self._loaded.forget(subjects)

    def begun_by(self, id: UUID) -> UUID | None:
        """Who recorded the first event of a stream."""
        with self.pool.connection() as conn:
            row = conn.execute(
                "SELECT actor FROM event WHERE stream = %s AND version = 1", (id,), prepare=True
            ).fetchone()
        return row[0] if row else None

    def open(self, text: str) -> str:
        """The plain text of one that a read model holds sealed."""
        return self.keys.open(text)

    def open_all(self, value: Any) -> Any:
        """A row, or a list of rows, with every sealed text in it opened."""
        return self.keys.open_all(value)

    def version_at(self, id: UUID, position: int) -> int:
        """The version an aggregate had when events had come to `position`; 0 before its first."""
        with self.pool.connection() as conn:
            row = conn.execute(_VERSION_AT, (id, position), prepare=True).fetchone()
        return int(row[0]) if row else 0

    def position(self) -> int:
        """The position of the last event stored; 0 before the first."""
        return self.recorder.max_notification_id() or 0

    def wait(self, position: int, timeout: float = 0.5) -> bool:
        """Whether every running projection has come to `position`, waiting up to `timeout` seconds for it."""
        until, pause = time.monotonic() + timeout, FIRST_POLL_SECONDS
        while (shown := self.shown()) is None or shown < position:
            if time.monotonic() >= until:
                return False
            time.sleep(pause)
            pause = min(pause * 1.5, POLL_SECONDS)
        return True

    def shown(self) -> int | None:
        """The position that every running projection has come to; None where none runs."""
        try:
            with self.pool.connection() as conn:
                row = conn.execute(
                    "SELECT min(position) FROM projection WHERE stopped IS NULL", prepare=True
                ).fetchone()
        except errors.UndefinedTable:
            return None
        return None if row is None else row[0]

    def _facts(self, lead: UUID, *, anew: bool) -> list[LeadEvent]:
        found = self._replayed(lead, None) if anew else self._loaded.get(lead)
        return found.events if isinstance(found, Lead) else []


_HISTORY = (
    "SELECT position, stream, version, topic, schema, occurred_on, recorded_at, actor, role, command, origin, data, hash "
    "FROM event WHERE stream = %s ORDER BY version"
)


_RECORDED = _HISTORY.replace("stream = %s ORDER BY version", "position = ANY (%s)")
_VERSION_AT = "SELECT version FROM event WHERE stream = %s AND position <= %s ORDER BY version DESC LIMIT 1"


def decided(aggregate: Aggregate, form: Form, *more: Any) -> None:
    """Have the aggregate do what the form says, on the form's day or today; `more` its verb needs to know beside it."""
    form = dated(form)
    getattr(aggregate, form.verb)(form, *more)


def dated(form: Filled) -> Filled:
    """The form with its day: today where none was given. Refused for a day to come."""
    today = clock.today()
    if form.occurred_on is None:
        return form.model_copy(update={"occurred_on": today})
    if form.occurred_on > today:
        raise Refused("future", "日期不能晚于今天。", "The date cannot be in the future.", field="occurred_on")
    return form
