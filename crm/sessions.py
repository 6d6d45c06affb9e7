"""Sessions and API tokens: what a browser or a program shows to come in again. Only hashes of them are stored."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from psycopg import Connection
from psycopg_pool import ConnectionPool

_TOUCH_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long sessions last, and how many failed logins are let through within `window`."""

    idle: timedelta = timedelta(hours=2)
    absolute: timedelta = timedelta(hours=12)
    window: timedelta = timedelta(minutes=15)
    per_login: int = 8
    per_address: int = 60


class Session(NamedTuple):
    """Somebody who is signed in: since when, and when they were last seen."""

    person: UUID
    opened_at: datetime
    seen_at: datetime


class ApiToken(NamedTuple):
    """A program's key: the key itself is shown once and never stored."""

    id: UUID
    person: UUID
    name: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def system_clock() -> datetime:
    return datetime.now(UTC)


def digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


class Door:
    """The tables behind every door, and the clock. `now` is there for tests to move."""

    def __init__(
        self, pool: ConnectionPool[Any], limits: Limits | None = None, now: Callable[[], datetime] = system_clock
    ) -> None:
        self._pool = pool
        self.limits = limits or Limits()
        self._now = now

    @contextmanager
    def _connection(self) -> Iterator[Connection[Any]]:
        with self._pool.connection() as connection, connection.transaction():
            yield connection


class Sessions(Door):
    """Logins that last, in cookies."""

    def create_session(self, person: UUID) -> str:
        """Open a session; its token is only ever in the cookie."""
        token, now = secrets.token_urlsafe(32), self._now()
        with self._connection() as connection:
            connection.execute("DELETE FROM session WHERE opened_at < %s", (now - self.limits.absolute,))
            connection.execute(
                "INSERT INTO session (token_hash, person, opened_at, seen_at) VALUES (%s, %s, %s, %s)",
                (digest(token), person, now, now),
            )
        return token

    def session(self, token: str) -> tuple[UUID, bool] | None:
        """Whose session this is, while it is neither idle for too long, too old nor revoked.

        Also whether they have to choose a password of their own before anything else.
        """
        now = self._now()
        with self._pool.connection() as connection:  # every page asks, and hardly ever writes: no transaction
            row = connection.execute(
                "SELECT s.person, a.must_change, s.seen_at FROM session s JOIN account a ON a.person = s.person"
                " WHERE s.token_hash = %s AND s.seen_at > %s AND s.opened_at > %s",
                (digest(token), now - self.limits.idle, now - self.limits.absolute),
            ).fetchone()
            if row and now - row[2] > _TOUCH_AFTER:
                connection.execute("UPDATE session SET seen_at = %s WHERE token_hash = %s", (now, digest(token)))
        return (row[0], row[1]) if row else None

    def end_session(self, token: str) -> None:
        """Log out."""
        with self._connection() as connection:
            connection.execute("DELETE FROM session WHERE token_hash = %s", (digest(token),))

    def sessions(self) -> list[Session]:
        """Who is signed in, whoever was seen last first."""
        now = self._now()
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT person, opened_at, seen_at FROM session WHERE seen_at > %s AND opened_at > %s ORDER BY seen_at DESC",
                (now - self.limits.idle, now - self.limits.absolute),
            )
            return [Session._make(row) for row in rows]

    def end_sessions(self, person: UUID) -> None:
        """Sign a person out everywhere; their API tokens go on."""
        with self._connection() as connection:
            connection.execute("DELETE FROM session WHERE person = %s", (person,))

    def revoke(self, person: UUID, now: datetime | None = None) -> None:
        """End every session and every API token of a person."""
        with self._connection() as connection:
            connection.execute("DELETE FROM session WHERE person = %s", (person,))
            connection.execute(
                "UPDATE api_token SET revoked_at = %s WHERE person = %s AND revoked_at IS NULL",
                (now or self._now(), person),
            )


class ApiTokens(Door):
    """Keys for programs, each acting as one person."""

    # ── API tokens ──

    def create_token(self, person: UUID, name: str) -> str:
        """A new API token, to be shown once."""
        token = f"lf_{secrets.token_urlsafe(32)}"
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO api_token (id, person, name, token_hash, created_at) VALUES (%s, %s, %s, %s, %s)",
                (uuid4(), person, name, digest(token), self._now()),
            )
        return token

    def token(self, token: str) -> UUID | None:
        """Whose API token this is, unless it was revoked."""
        now = self._now()
        with self._pool.connection() as connection:
            row = connection.execute(
                "SELECT person, used_at FROM api_token WHERE token_hash = %s AND revoked_at IS NULL",
                (digest(token),),
            ).fetchone()
            if row and (row[1] is None or now - row[1] > _TOUCH_AFTER):
                connection.execute("UPDATE api_token SET used_at = %s WHERE token_hash = %s", (now, digest(token)))
        return row[0] if row else None

    def tokens(self) -> list[ApiToken]:
        """Every API token, the newest first."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT id, person, name, created_at, used_at, revoked_at FROM api_token ORDER BY created_at DESC, id"
            )
            return [ApiToken._make(row) for row in rows]

    def revoke_token(self, id: UUID) -> None:
        """End one API token."""
        with self._connection() as connection:
            connection.execute(
                "UPDATE api_token SET revoked_at = %s WHERE id = %s AND revoked_at IS NULL", (self._now(), id)
            )
