"""The projector's connections: they can read the names that contact persons are found by, and say them to nobody."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm.database import connect, conninfo
from crm.master import MARK, Master, Tampered, fits
from crm.opening import note_subjects, opened
from crm.rights import door
from crm.sealed import ERASED
from crm.settings import Settings
from domain.values import ContactPerson

_LOAD = "SELECT subject, wrapped FROM sealing_key WHERE subject = ANY (%s) AND wrapped IS NOT NULL"


class NameReader:
    """Opens over the connection that it is given, and holds no key: what was erased a moment ago is not read again."""

    def __init__(self, master: Master) -> None:
        self._master = master

    def search_key(self, conn: psycopg.Connection[Any]) -> bytes | None:
        """The key that names are searched by. Raises Tampered when the master key has changed for good."""
        row = conn.execute(_LOAD, ([MARK],)).fetchone()
        return self._master.unwrap(*row) if row else None

    def opened(self, conn: psycopg.Connection[Any], persons: Sequence[ContactPerson]) -> list[ContactPerson]:
        """The persons, readable; empty texts for those whose key is gone."""
        said = [(one.name, one.phone, one.email) for one in persons]
        subjects: set[Any] = set()
        note_subjects(said, subjects)
        ciphers = dict(self._ciphers(conn, list(subjects)))
        texts = (["" if text == ERASED else text for text in one] for one in opened(said, ciphers))
        return [
            one.model_copy(update=dict(zip(("name", "phone", "email"), known, strict=True)))
            for one, known in zip(persons, texts, strict=True)
        ]

    def _ciphers(self, conn: psycopg.Connection[Any], subjects: list[Any]) -> Any:
        for subject, wrapped in conn.execute(_LOAD, (subjects,)).fetchall():
            try:
                yield subject, AESGCM(self._master.unwrap(subject, wrapped))
            except Tampered:
                continue  # one row was spoilt: its person is not found, all others are


class Projecting(psycopg.Connection[Any]):
    """A connection of the projector's; `reader` is None where the master key is not the district's."""

    reader: NameReader | None = None


class Connect:
    """Opens connections as the role that may write read models. Another process that is given it makes it anew."""

    def __init__(self, settings: Settings, url: str, **keywords: Any) -> None:
        self._given = partial(Connect, settings, url, **keywords)
        own = door(url, settings.schema_name, settings.signing_key(), "projector")
        self._open = partial(Projecting.connect, conninfo(own, settings.schema_name), autocommit=True, **keywords)
        with connect(own, settings.schema_name) as connection:
            reads = _can_read(connection, settings)
        self.reader = NameReader(Master(settings.wrapping_key(), settings.wrapping_key)) if reads else None

    def __reduce__(self) -> tuple[Any, ...]:
        return self._given, ()

    def __call__(self) -> Projecting:
        connection = self._open()
        connection.reader = self.reader
        return connection


def _can_read(connection: psycopg.Connection[Any], settings: Settings) -> bool:
    there = connection.execute("SELECT to_regclass('sealing_key')").fetchone() != (None,)
    return there and fits(connection, settings.wrapping_key())
