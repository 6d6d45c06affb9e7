"""Many commands told beforehand, stored by COPY: under the same lock, in the same chain, as old as the teller says.

For the account that owns the database alone, and for invented districts: what an office enters goes through
`append_events`, where the database's own clock says when.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection, sql

from crm.chain import link
from crm.command import By
from crm.roles import exists, role_name
from crm.store import Row
from projections.stored import Recorded

BATCH: Final = 10_000
"""Events stored under one lock, about."""

_TOLD: Final = (
    "moment timestamptz, place bigint, command uuid, request bytea, actor uuid, role text, origin uuid, stream uuid,"
    " version integer, topic text, schema integer, occurred_on date, data text"
)
_TOLD_TYPES: Final = tuple(column.split()[1] for column in _TOLD.split(", "))
_EVENT: Final = (
    "position, stream, version, topic, schema, occurred_on, recorded_at, actor, role, command, origin, data, hash"
)
_EVENT_TYPES: Final = ("int8", "uuid", "int4", "text", "int4", "date", "timestamptz", "uuid", "text", "uuid", "uuid",
                       "text", "bytea")  # fmt: skip


class Entry(NamedTuple):
    """A command as decided: when it was entered, by whom, and the rows of its events."""

    moment: datetime
    by: By
    request: bytes
    rows: Sequence[Row]


class Foreign(RuntimeError):
    """A command of that id is stored already, with another request."""


class Loader:
    """Takes entries in any order (one stream's in theirs) and stores them in the order of their moments.

    `connect` opens connections as the account. What is stored already is left out, so that a run that was cut short
    is finished by telling the same again.
    """

    def __init__(self, connect: Callable[[], Connection[Any]]) -> None:
        self._connect = connect
        self._told = connect()
        self._told.execute(f"CREATE TEMP TABLE told ({_TOLD})")
        self._place = 0

    def close(self) -> None:
        self._told.close()

    def take(self, entries: Iterable[Entry]) -> None:
        """Keep entries aside until `store`. Raises Foreign."""
        kept = list(entries)
        known = self._known(kept)
        with self._told.cursor() as cursor, cursor.copy("COPY told FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(_TOLD_TYPES)
            for entry in kept:
                if entry.by.command not in known:
                    for row in self._rows(entry):
                        copy.write_row(row)

    def store(self, progress: Callable[[int, int], None], until: datetime | None = None) -> int:
        """Store what was taken, up to a moment; how many events. `progress` is told (events stored, events in all)."""
        (total,) = self._told.execute("SELECT count(*) FROM told").fetchone() or (0,)
        stored, last = 0, until or datetime.max.replace(tzinfo=UTC)
        with self._connect() as ledger, self._told.cursor(name="told", binary=True) as told:
            told.itersize = BATCH
            told.execute("SELECT * FROM told WHERE moment <= %s ORDER BY moment, place", (last,))
            _write_as_owner(ledger)
            for batch in _batches(told):
                _append(ledger, batch)
                ledger.commit()
                stored += len(batch)
                progress(stored, total)
        self._told.execute("DELETE FROM told WHERE moment <= %s", (last,))
        return stored

    def _known(self, entries: Sequence[Entry]) -> set[UUID]:
        asked = {entry.by.command: entry.request for entry in entries}
        query = "SELECT id, request FROM command WHERE id = ANY (%s)"
        known = dict(self._told.execute(query, (list(asked),)).fetchall())
        if any(asked[command] != request for command, request in known.items()):
            raise Foreign
        return set(known)

    def _rows(self, entry: Entry) -> Iterator[tuple[Any, ...]]:
        by = entry.by
        for row in entry.rows:
            self._place += 1
            yield (
                entry.moment, self._place, by.command, entry.request, by.person, str(by.role), by.origin,
                row.originator_id, row.originator_version, row.topic, row.schema, row.occurred_on, row.state.decode(),
            )  # fmt: skip


class _Told(NamedTuple):
    moment: datetime
    place: int
    command: UUID
    request: bytes
    actor: UUID
    role: str
    origin: UUID | None
    stream: UUID
    version: int
    topic: str
    schema: int
    occurred_on: Any
    data: str


def _write_as_owner(ledger: Connection[Any]) -> None:
    """Events belong to a role nobody logs in as, where roles could be made."""
    owner = role_name(ledger, "owner")
    if exists(ledger, owner):
        ledger.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner)))
    ledger.commit()


def _batches(told: Iterable[Any]) -> Iterator[list[_Told]]:
    """Batches that tear no command apart."""
    batch: list[_Told] = []
    for _, rows in groupby(map(_Told._make, told), key=lambda row: row.command):
        batch += rows
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _append(ledger: Connection[Any], batch: Sequence[_Told]) -> None:
    """As `append_events` does it: the head row locked, each event chained to the one before, the head moved on."""
    head = ledger.execute("SELECT position, hash, recorded_at FROM head WHERE id = 1 FOR UPDATE").fetchone()
    before, chained, latest = head or (0, b"", batch[0].moment)
    rows: list[Recorded] = []
    for position, row in enumerate(batch, start=before + 1):
        latest = max(row.moment, latest)
        event = Recorded(
            position, row.stream, row.version, row.topic, row.schema, row.occurred_on, latest, row.actor, row.role,
            row.command, row.origin, row.data, b"",
        )  # fmt: skip
        chained = link(chained, event)
        rows.append(event._replace(hash=chained))
    _copy(ledger, f"event ({_EVENT})", _EVENT_TYPES, rows)
    commands = _commands(batch, rows)
    _copy(
        ledger, "command (id, request, actor, stream, first, last, recorded_at)",
        ("uuid", "bytea", "uuid", "uuid", "int8", "int8", "timestamptz"), commands,
    )  # fmt: skip
    ledger.execute(
        "UPDATE head SET position = %s, hash = %s, recorded_at = %s WHERE id = 1", (rows[-1].position, chained, latest)
    )
    ledger.execute("SELECT pg_notify(current_schema(), %s)", (str(rows[-1].position),))


def _commands(batch: Sequence[_Told], rows: Sequence[Recorded]) -> Iterator[tuple[Any, ...]]:
    for command, pairs in groupby(zip(batch, rows, strict=True), key=lambda pair: pair[0].command):
        found = list(pairs)
        (told, first), (_, last) = found[0], found[-1]
        yield command, told.request, told.actor, told.stream, first.position, last.position, last.recorded_at


def _copy(ledger: Connection[Any], target: str, types: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    statement = f"COPY {target} FROM STDIN (FORMAT binary)"
    with ledger.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)
