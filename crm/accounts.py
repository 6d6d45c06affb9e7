"""Who may come in: passwords, sessions, API tokens, and the throttle of logins. Only hashes are stored.

Every worker asks the same tables, so a revoked session ends and a throttle holds everywhere at once.
"""

import secrets
from datetime import timedelta
from functools import cache
from typing import Final
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from crm.sessions import ApiTokens, Limits, Sessions, digest
from domain.base import Refused

__all__ = ["Accounts", "Limits", "Throttled", "check_new_password", "folded"]

SHORTEST_PASSWORD: Final = 10
_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """What is verified for a login nobody has, so that it takes as long as one somebody has."""
    return _hasher.hash(secrets.token_hex())


class Throttled(Refused):
    """Too many failed logins of this name or from this address."""

    def __init__(self, window: timedelta) -> None:
        super().__init__(
            "login.throttled",
            "登录尝试次数过多，请 {minutes} 分钟后再试。",
            "Too many attempts to log in. Please try again in {minutes} minutes.",
            minutes=int(window.total_seconds() // 60),
        )


class Accounts(Sessions, ApiTokens):
    """The doors of one district: logins and passwords, and with them sessions and API tokens."""

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
            connection.execute("DELETE FROM session WHERE person = %s AND token_hash <> %s", (person, digest(keep)))

    def check_password(self, login: str, password: str) -> UUID | None:
        """The person with this login and password; as slow for an unknown login as for a known one."""
        with self._connection() as connection:
            row = connection.execute(
                "SELECT person, password_hash FROM account WHERE login = %s", (folded(login),)
            ).fetchone()
        nobody = _nobody()  # made at the first login, whoever's: it takes its time, and a command line needs none
        person, stored = row if row and row[1] else (None, nobody)
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

    # ── coming in ──

    def log_in(self, login: str, password: str, address: str) -> UUID | None:
        """The person, or None; raises Throttled. An attempt counts before it is checked, so racing does not help."""
        attempt, subjects = uuid4(), (digest("login", folded(login)), digest("address", address))
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
