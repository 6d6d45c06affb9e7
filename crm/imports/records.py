"""The imports of a district, kept in a table: the file while it is needed, how far the run is, what came of it. Sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, TypeVar
from uuid import UUID, uuid4

from pydantic_core import from_json

from crm.clock import now, today
from crm.command import Unknown
from crm.imports.choices import Choices, Source
from crm.imports.judging import Importer
from crm.imports.report import Report
from crm.ledger import Ledger
from crm.sealed import ERASED
from domain.base import Payload

State = Literal["waiting", "checking", "checked", "applying", "done", "refused"]
Shape = TypeVar("Shape", bound=Payload)

RUNNING: Final = ("checking", "applying")
KEPT_DAYS: Final = 30
"""How long the file of failed rows, and a file that was never applied, can be fetched."""
STALE: Final = timedelta(seconds=20)
"""A run whose worker has not been heard of for so long is taken over."""

_COLUMNS = (
    "id, undoes, person, role, language, created_at, finished_at, day, state, kind, size, name, choices, report, "
    "failed IS NOT NULL, content IS NOT NULL, done, total, beat, (SELECT u.id FROM import u WHERE u.undoes = import.id) AS undone"
)


@dataclass(frozen=True)
class Record:
    """One import (or, with `undoes`, its undoing). `undone` is the id of what has undone it."""

    id: UUID
    undoes: UUID | None
    person: UUID
    role: str
    language: str
    created_at: datetime
    finished_at: datetime | None
    day: date
    state: State
    kind: str
    size: int
    name: str
    choices: Choices
    report: Report
    has_failed_rows: bool
    has_content: bool
    done: int
    total: int
    beat: datetime | None
    undone: UUID | None

    @property
    def of(self) -> str:
        """Which kind of ledger it is."""
        return self.report.of or self.choices.of

    @property
    def running(self) -> bool:
        return self.state in RUNNING

    @property
    def percent(self) -> int:
        """How far the run is; unknown before the lines are counted."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class Records:
    """The table. Every reader opens what is sealed; where a key is gone, there is nothing left to show."""

    def __init__(self, crm: Ledger) -> None:
        self._crm = crm

    def add(
        self,
        importer: Importer,
        data: bytes,
        name: str,
        kind: str,
        *,
        language: str = "zh",
        choices: Choices | None = None,
    ) -> UUID:
        """A new import, waiting."""
        made = uuid4()
        self._insert(made, importer, name, kind, language, content=data, choices=choices or Choices())
        self.clear_old()
        return made

    def add_undoing(self, importer: Importer, of: Record, language: str = "zh") -> UUID:
        """The record of an undoing, applying. UniqueViolation where there is one."""
        made = uuid4()
        self._insert(made, importer, of.name, of.kind, language, undoes=of.id)
        return made

    def _insert(
        self, id: UUID, importer: Importer, name: str, kind: str, language: str, *, undoes: UUID | None = None,
        content: bytes | None = None, choices: Choices | None = None,
    ) -> None:  # fmt: skip
        self._crm.keys.prepare([id])
        values = {
            "id": id, "undoes": undoes, "person": importer.person, "role": str(importer.role), "language": language,
            "created_at": now(), "day": today(), "state": "applying" if undoes else "waiting", "kind": kind,
            "size": len(content or b""), "name": self._sealed(id, "name", name[:200].encode("utf-8", "replace")),
            "content": self._sealed(id, "content", content), "choices": self._sealed(id, "choices", _json(choices)),
        }  # fmt: skip
        with self._crm.pool.connection() as conn:
            conn.execute(
                "INSERT INTO import (id, undoes, person, role, language, created_at, day, state, kind, size, name, "
                "content, choices) VALUES (%(id)s, %(undoes)s, %(person)s, %(role)s, %(language)s, %(created_at)s, "
                "%(day)s, %(state)s, %(kind)s, %(size)s, %(name)s, %(content)s, %(choices)s)",
                values,
            )

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def one(self, id: UUID) -> Record:
        """Raises Unknown."""
        found = self._read("WHERE id = %(id)s", {"id": id})
        if not found:
            raise Unknown(Unknown.text.en)
        return found[0]

    def latest(self, limit: int = 50, person: UUID | None = None) -> list[Record]:
        """The latest imports, those of one person where one is given; undoings stand with what they undo."""
        return self._read(
            "WHERE undoes IS NULL AND (%(person)s::uuid IS NULL OR person = %(person)s) "
            "ORDER BY created_at DESC, import.id LIMIT %(limit)s",
            {"person": person, "limit": limit},
        )

    def stale(self) -> list[Record]:
        """Runs that nobody is carrying on."""
        return self._read(
            "WHERE state = ANY (%(running)s) AND (beat IS NULL OR beat < %(before)s)",
            {"running": list(RUNNING), "before": now() - STALE},
        )

    def source(self, record: Record, limit_mb: int = 200) -> Source:
        """The import's file, to be read as its choices say. Raises Unknown once it is gone."""
        data = self._fetched(record.id, "content")
        if data is None:
            raise Unknown(Unknown.text.en)
        return Source(data, record.name, record.choices, limit_mb)

    def failed_rows(self, id: UUID) -> bytes | None:
        """The file of failed rows, while it is kept."""
        return self._fetched(id, "failed")

    # ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def move(self, id: UUID, state: State, *, expected: Sequence[State], **sealed: Payload | bytes | None) -> bool:
        """Into another state, with what belongs to it; False where somebody was quicker."""
        finished = now() if state in ("done", "refused") else None
        values: dict[str, Any] = {"id": id, "state": state, "expected": list(expected), "finished": finished}
        for name in ("choices", "report", "failed"):
            value = sealed.get(name)
            values[name] = self._sealed(id, name, value if isinstance(value, bytes | None) else _json(value))
        with self._crm.pool.connection() as conn:
            done = conn.execute(
                "UPDATE import SET state = %(state)s, finished_at = %(finished)s, "
                "choices = coalesce(%(choices)s, choices), report = coalesce(%(report)s, report), "
                "failed = coalesce(%(failed)s, failed), worker = NULL, beat = NULL, "
                "done = CASE WHEN %(state)s = ANY (ARRAY['checking', 'applying']) THEN 0 ELSE done END, "
                "content = CASE WHEN %(state)s = 'done' THEN NULL ELSE content END "
                "WHERE id = %(id)s AND state = ANY (%(expected)s)",
                values,
            )
        return bool(done.rowcount == 1)

    def claim(self, id: UUID, worker: UUID) -> bool:
        """Take a run that waits or has been left; False where another worker has it."""
        with self._crm.pool.connection() as conn:
            done = conn.execute(
                "UPDATE import SET worker = %s, beat = %s WHERE id = %s AND state = ANY (%s) AND (beat IS NULL OR beat < %s)",
                (worker, now(), id, list(RUNNING), now() - STALE),
            )
        return bool(done.rowcount == 1)

    def beat(self, id: UUID, worker: UUID, done: int, total: int) -> bool:
        """Say how far the run is; False where it was taken over."""
        with self._crm.pool.connection() as conn:
            found = conn.execute(
                "UPDATE import SET beat = %s, done = %s, total = %s WHERE id = %s AND worker = %s",
                (now(), done, total, id, worker),
            )
        return bool(found.rowcount == 1)

    def clear_old(self) -> None:
        """Let go of files that have been kept long enough."""
        with self._crm.pool.connection() as conn:
            conn.execute(
                "UPDATE import SET content = NULL, failed = NULL, choices = NULL "
                "WHERE created_at < %s AND (content IS NOT NULL OR failed IS NOT NULL) AND state <> ALL (%s)",
                (now() - timedelta(days=KEPT_DAYS), list(RUNNING)),
            )

    # ── sealing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self, where: str, values: Mapping[str, Any]) -> list[Record]:
        with self._crm.pool.connection() as conn:
            rows = conn.execute(f"SELECT {_COLUMNS} FROM import {where}", values).fetchall()  # noqa: S608 - our own texts
        return [self._record(row) for row in rows]

    def _record(self, row: Sequence[Any]) -> Record:
        values = dict(zip(Record.__dataclass_fields__, row, strict=True))
        opened = {name: self._opened(values["id"], name, values[name]) for name in ("name", "choices", "report")}
        values |= {
            "name": (opened["name"] or ERASED.encode()).decode(),
            "choices": _parsed(Choices, opened["choices"]),
            "report": _parsed(Report, opened["report"]),
        }
        return Record(**values)

    def _fetched(self, id: UUID, column: Literal["content", "failed"]) -> bytes | None:
        queries = {
            "content": "SELECT content FROM import WHERE id = %s",
            "failed": "SELECT failed FROM import WHERE id = %s",
        }
        with self._crm.pool.connection() as conn:
            row = conn.execute(queries[column], (id,)).fetchone()
        return self._opened(id, column, row[0]) if row else None

    def _sealed(self, id: UUID, name: str, content: bytes | None) -> bytes | None:
        return None if content is None else self._crm.keys.encrypt(id, content, f"import {id} {name}".encode())

    def _opened(self, id: UUID, name: str, sealed: bytes | None) -> bytes | None:
        return None if sealed is None else self._crm.keys.decrypt(id, bytes(sealed), f"import {id} {name}".encode())


def _json(payload: Payload | None) -> bytes | None:
    return None if payload is None else payload.model_dump_json().encode()


def _parsed(kind: type[Shape], text: bytes | None) -> Shape:
    return kind.model_validate(from_json(text)) if text else kind()
