"""Who may come in: passwords, sessions, API tokens, and the throttle of logins. Only hashes are stored.

Every worker asks the same tables, so a revoked session ends and a throttle holds everywhere at once.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from psycopg import Connection
from psycopg.rows import namedtuple_row
from psycopg_pool import ConnectionPool

from domain.base import Refused

SHORTEST_PASSWORD: Final = 10
_TOUCH_AFTER = timedelta(minutes=1)
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex())
"""What is verified for a login nobody has, so that it takes as long as one somebody has."""


def _now() -> datetime:
    return datetime.now(UTC)


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long sessions last, and how many failed logins are let through within `window`."""

    idle: timedelta = timedelta(hours=2)
    absolute: timedelta = timedelta(hours=12)
    window: timedelta = timedelta(minutes=15)
    per_login: int = 8
    per_address: int = 60


class ApiToken(NamedTuple):
    """A program's key: `prefix` helps to recognise it, the key itself is shown once and never stored."""

    id: UUID
    person: UUID
    name: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class Throttled(Refused):
    """Too many failed logins of this name or from this address."""

    def __init__(self, window: timedelta) -> None:
        super().__init__(
            "login.throttled",
            "登录尝试次数过多，请 {minutes} 分钟后再试。",
            "Too many attempts to log in. Please try again in {minutes} minutes.",
            minutes=int(window.total_seconds() // 60),
        )


class Accounts:
    """The doors of one district. `now` is the clock, for tests to move."""

    def __init__(
        self, pool: ConnectionPool[Any], limits: Limits | None = None, now: Callable[[], datetime] = _now
    ) -> None:
        self._pool = pool
        self.limits = limits or Limits()
        self._now = now

    @contextmanager
    def _connection(self) -> Iterator[Connection[Any]]:
        with self._pool.connection() as connection, connection.transaction():
            yield connection

    # ── people and passwords ──

    def open(self, person: UUID, login: str, password: str | None = None, *, must_change: bool = True) -> None:
        """Give `person` a login (or another one); with a password they can come in."""
        self.check_free(login, person)
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO account (person, login) VALUES (%s, %s)"
                " ON CONFLICT (person) DO UPDATE SET login = EXCLUDED.login",
                (person, folded(login)),
            )
        if password is not None:
            self.set_password(person, password, must_change=must_change)

    def check_free(self, login: str, person: UUID | None = None) -> None:
        """Refused when somebody other than `person` has this login."""
        with self._connection() as connection:
            holder = connection.execute("SELECT person FROM account WHERE login = %s", (folded(login),)).fetchone()
        if holder and holder[0] != person:
            raise Refused("login.taken", "这个登录名已有人使用。", "That login name is taken.", field="login")

    def set_password(self, person: UUID, password: str, *, must_change: bool = False, keep: str = "") -> None:
        """Set a password; every session of the person ends, save the one whose token is `keep`."""
        check_new_password(password)
        with self._connection() as connection:
            connection.execute(
                "UPDATE account SET password_hash = %s, must_change = %s WHERE person = %s",
                (_hasher.hash(password), must_change, person),
            )
            connection.execute("DELETE FROM session WHERE person = %s AND token_hash <> %s", (person, _digest(keep)))

    def check_password(self, login: str, password: str) -> UUID | None:
        """The person with this login and password; as slow for an unknown login as for a known one."""
        with self._connection() as connection:
            row = connection.execute(
                "SELECT person, password_hash FROM account WHERE login = %s", (folded(login),)
            ).fetchone()
        person, stored = row if row and row[1] else (None, _NOBODY)
        try:
            _hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError, UnicodeEncodeError):
            return None
        if person and _hasher.check_needs_rehash(stored):
            self._rehash(person, password)
        return person

    def _rehash(self, person: UUID, password: str) -> None:
        with self._connection() as connection:
            connection.execute(
                "UPDATE account SET password_hash = %s WHERE person = %s", (_hasher.hash(password), person)
            )

    def login_of(self, person: UUID) -> str | None:
        """The login name of a person who has one."""
        with self._connection() as connection:
            row = connection.execute("SELECT login FROM account WHERE person = %s", (person,)).fetchone()
        return row[0] if row else None

    # ── coming in ──

    def log_in(self, login: str, password: str, address: str) -> UUID | None:
        """The person, or None; raises Throttled. An attempt counts before it is checked, so racing does not help."""
        attempt, subjects = uuid4(), (_digest("login", folded(login)), _digest("address", address))
        self._count_attempt(attempt, subjects)
        person = self.check_password(login, password)
        if person is not None:
            with self._connection() as connection:
                connection.execute("DELETE FROM login_attempt WHERE subject = %s OR id = %s", (subjects[0], attempt))
        return person

    def _count_attempt(self, attempt: UUID, subjects: tuple[bytes, bytes]) -> None:
        now = self._now()
        since = now - self.limits.window
        with self._connection() as connection:
            connection.execute("DELETE FROM login_attempt WHERE tried_at < %s", (since,))
            for subject in subjects:
                connection.execute(
                    "INSERT INTO login_attempt (id, subject, tried_at) VALUES (%s, %s, %s)", (attempt, subject, now)
                )
        with self._connection() as connection:
            for subject, limit in zip(subjects, (self.limits.per_login, self.limits.per_address), strict=True):
                row = connection.execute(
                    "SELECT count(*) FROM login_attempt WHERE subject = %s AND tried_at >= %s", (subject, since)
                ).fetchone()
                if row and row[0] > limit:
                    raise Throttled(self.limits.window)

    # ── sessions ──

    def create_session(self, person: UUID) -> str:
        """Open a session; its token is only ever in the cookie."""
        token, now = secrets.token_urlsafe(32), self._now()
        with self._connection() as connection:
            connection.execute("DELETE FROM session WHERE opened_at < %s", (now - self.limits.absolute,))
            connection.execute(
                "INSERT INTO session (token_hash, person, opened_at, seen_at) VALUES (%s, %s, %s, %s)",
                (_digest(token), person, now, now),
            )
        return token

    def session(self, token: str) -> tuple[UUID, bool] | None:
        """Whose session this is, while it is neither idle for too long, too old nor revoked.

        Also whether they have to choose a password of their own before anything else.
        """
        now = self._now()
        with self._connection() as connection:
            row = connection.execute(
                "SELECT s.person, a.must_change, s.seen_at FROM session s JOIN account a ON a.person = s.person"
                " WHERE s.token_hash = %s AND s.seen_at > %s AND s.opened_at > %s",
                (_digest(token), now - self.limits.idle, now - self.limits.absolute),
            ).fetchone()
            if row and now - row[2] > _TOUCH_AFTER:
                connection.execute("UPDATE session SET seen_at = %s WHERE token_hash = %s", (now, _digest(token)))
        return (row[0], row[1]) if row else None

    def end_session(self, token: str) -> None:
        """Log out."""
        with self._connection() as connection:
            connection.execute("DELETE FROM session WHERE token_hash = %s", (_digest(token),))

    def revoke(self, person: UUID, now: datetime | None = None) -> None:
        """End every session and every API token of a person."""
        with self._connection() as connection:
            connection.execute("DELETE FROM session WHERE person = %s", (person,))
            connection.execute(
                "UPDATE api_token SET revoked_at = %s WHERE person = %s AND revoked_at IS NULL",
                (now or self._now(), person),
            )

    # ── API tokens ──

    def create_token(self, person: UUID, name: str) -> str:
        """A new API token, to be shown once."""
        token = f"lf_{secrets.token_urlsafe(32)}"
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO api_token (id, person, name, token_hash, created_at) VALUES (%s, %s, %s, %s, %s)",
                (uuid4(), person, name, _digest(token), self._now()),
            )
        return token

    def token(self, token: str) -> UUID | None:
        """Whose API token this is, unless it was revoked."""
        now = self._now()
        with self._connection() as connection:
            row = connection.execute(
                "SELECT person, used_at FROM api_token WHERE token_hash = %s AND revoked_at IS NULL",
                (_digest(token),),
            ).fetchone()
            if row and (row[1] is None or now - row[1] > _TOUCH_AFTER):
                connection.execute("UPDATE api_token SET used_at = %s WHERE token_hash = %s", (now, _digest(token)))
        return row[0] if row else None

    def tokens(self) -> list[ApiToken]:
        """Every API token, the newest first."""
        with self._connection() as connection, connection.cursor(row_factory=namedtuple_row) as cursor:
            rows = cursor.execute(
                "SELECT id, person, name, created_at, used_at, revoked_at FROM api_token ORDER BY created_at DESC, id"
            )
            return [ApiToken(*row) for row in rows]

    def revoke_token(self, id: UUID) -> None:
        """End one API token."""
        with self._connection() as connection:
            connection.execute(
                "UPDATE api_token SET revoked_at = %s WHERE id = %s AND revoked_at IS NULL", (self._now(), id)
            )


def folded(login: str) -> str:
    """A login name as it is compared: case and surrounding spaces do not count."""
    return login.strip().casefold().replace("\0", "")


def check_new_password(password: str) -> None:
    """Refuse a password that is too short, too long to hash in time, or one sign over and over."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(
            "password.short",
            "密码至少 {n} 个字符。",
            "A password has at least {n} characters.",
            field="password",
            n=SHORTEST_PASSWORD,
        )
    if len(password) > 200 or len(set(password)) < 4:  # noqa: PLR2004
        raise Refused(
            "password.weak", "这个密码太容易猜到，请换一个。", "That password is too easy to guess.", field="password"
        )
