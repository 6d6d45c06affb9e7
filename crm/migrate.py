"""Brings a schema to the tables this version needs: numbered SQL files, run once each, in order, never edited afterwards."""

import hashlib
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, NamedTuple

from psycopg import Connection, sql


class Migration(NamedTuple):
    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class MigrationChanged(RuntimeError):
    """A file that was run before says something else now: history would differ from one district to the next."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"升级文件 {name} 在执行后被改动 · The migration {name} was changed after it had run: add a new file instead."
        )


class FromTheFuture(RuntimeError):
    """The schema was made by a later version of the product."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"数据库已由更新的版本升级（{name}） · A later version has upgraded this database ({name}): run that version."
        )


def migrations() -> list[Migration]:
    """Every file of crm/migrations, in order of its number."""
    found = [
        Migration(int(file.name[:4]), file.name, file.read_text(encoding="utf-8"))
        for file in files("crm").joinpath("migrations").iterdir()
        if file.name.endswith(".sql")
    ]
    return sorted(found)


def migrate(connection: Connection[Any], schema: str, *, upto: int | None = None) -> list[str]:
    """Make `schema` if missing and run what it lacks, all in one transaction; the names of the files that ran.

    `upto` stops at that number: a backup is restored into the tables it was made of, before these are brought up to date.
    """
    with connection.transaction():
        # Two that start at once would both create; the second waits here, and finds everything done.
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"landfall migrate {schema}"])
        if connection.execute("SELECT to_regnamespace(%s)", [schema]).fetchone() == (None,):
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migration (number int PRIMARY KEY, name text NOT NULL, "
            "checksum text NOT NULL, applied_at timestamptz NOT NULL)"
        )
        wanted = [m for m in _missing(connection) if upto is None or m.number <= upto]
        return [migration.name for migration in wanted if _apply(connection, migration)]


def lacking(connection: Connection[Any]) -> list[str]:
    """The files that have not run in the schema of this connection; nothing is made or changed."""
    if connection.execute("SELECT to_regclass('migration')").fetchone() == (None,):
        return [migration.name for migration in migrations()]
    return [migration.name for migration in _missing(connection)]


def _missing(connection: Connection[Any]) -> list[Migration]:
    known = {migration.number: migration for migration in migrations()}
    recorded = connection.execute("SELECT number, name, checksum FROM migration ORDER BY number").fetchall()
    for number, name, checksum in recorded:
        if number not in known:
            raise FromTheFuture(name)
        if known.pop(number).checksum != checksum:
            raise MigrationChanged(name)
    return list(known.values())


def _apply(connection: Connection[Any], migration: Migration) -> bool:
    connection.execute(migration.text.encode())
    connection.execute(
        "INSERT INTO migration VALUES (%s, %s, %s, %s)",
        [migration.number, migration.name, migration.checksum, datetime.now(UTC)],
    )
    return True
