"""A backup back into an empty district, and the comparison of what came out with what went in."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple
from zipfile import BadZipFile, ZipFile

import psycopg
from psycopg import Connection, sql

from crm.backup import NotABackup, Progress, blocks, count, digest, key_fingerprint, read, steady
from crm.database import migrate
from crm.destroyed import destroyed, lose
from crm.key_backup import Kept, put_back
from crm.migrate import FromTheFuture, migrations
from crm.sealing import destroy_keys
from crm.settings import Settings
from crm.store import GENESIS, Recorded, link
from crm.store import read as read_events
from domain.base import Refused

PAGE = 5000
_TELLING = ("event", "account", "document")
"""Tables by which a district is seen to be in use."""


class Damaged(Refused):
    """What came out of the backup is not what went in."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "restore.damaged",
            "备份内容与其清单不符：{what}。什么都没有恢复，请换一份备份。",
            "The backup is not what was backed up: {what}. Nothing was restored; take another backup.",
            what=what,
        )


class Compared(NamedTuple):
    """What was found equal."""

    events: int
    head: str
    tables: int
    rows: int


def restore(
    settings: Settings,
    url: str,
    path: Path,
    copying: Progress,
    verifying: Progress,
    keys: Sequence[Kept] | None = None,
    *,
    keyless: bool = False,
) -> Compared:
    """The backup into the district's schema, compared, in one transaction: all of it and as it was, or nothing.

    `keys` come from the file they were kept in; `keyless` gives up all that is sealed, for good. Raises Refused
    (Damaged, NotABackup), FromTheFuture. What later versions add is for `prepare` to do.
    """
    with read(path) as (file, manifest), psycopg.connect(url) as connection:
        newest = _known_migration(manifest)
        enclosed = "sealing_key" in manifest["tables"]
        if keys is None and not keyless and not enclosed:
            raise Refused(
                "restore.keys",
                "备份里没有密钥：请用 --keys 指定同时的密钥备份；实在没有，用 --without-keys，联系人、备注、附件将永远显示 [已删除]。",
                "The keys are not in the backup: give their file with --keys. With --without-keys contact persons, notes "
                "and documents show as [已删除] for ever.",
            )
        if enclosed and manifest["master_key"] != key_fingerprint(settings):
            raise Refused(
                "restore.master_key",
                "这份备份用的是另一把主密钥，联系人资料将无法解读；请先放回当时的 master.key，或设 CRM_MASTER_KEY。",
                "This backup was made under another master key, without which contact persons cannot be read: "
                "put its master.key back first, or set CRM_MASTER_KEY.",
            )
        _clear(connection, settings.schema_name)
        migrate(connection, settings.schema_name, upto=newest)
        connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(settings.schema_name)))
        steady(connection)
        _copy_in(connection, file, path, manifest["tables"], copying)
        compared = _compared(connection, manifest, verifying)
        if not enclosed:
            _have_keys(connection, settings, keys)
        return compared


def _have_keys(connection: Connection[Any], settings: Settings, keys: Sequence[Kept] | None) -> None:
    gone = destroyed(connection)
    destroy_keys(connection, gone)
    if keys is None:
        lose(connection)
    else:
        put_back(connection, settings, keys, gone)


def _compared(connection: Connection[Any], manifest: dict[str, Any], progress: Progress) -> Compared:
    """Recompute the chain over every event and the digest of every table. Raises Damaged."""
    head = _chained(connection, manifest["events"], progress)
    kept = connection.execute("SELECT position, encode(hash, 'hex') FROM head").fetchone()
    if head != manifest["head"] or kept != (manifest["events"], head):
        raise Damaged("head")
    for table, said in manifest["tables"].items():
        if count(connection, table) != said["rows"] or digest(connection, table, said["columns"]) != said["sha256"]:
            raise Damaged(table)
    rows = sum(said["rows"] for said in manifest["tables"].values())
    return Compared(manifest["events"], head, len(manifest["tables"]), rows)


def _known_migration(manifest: dict[str, Any]) -> int:
    """The number of the last migration the backup was made with, if this version knows it."""
    known = {migration.number: migration.name for migration in migrations()}
    said = {int(number): name for number, name in manifest["migrations"].items()}
    for number, name in said.items():
        if known.get(number) != name:
            raise FromTheFuture(name)
    return max(said)


def _clear(connection: Connection[Any], schema: str) -> None:
    """Take away a schema in which nothing has happened yet; refuse any other."""
    if connection.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone() == (None,):
        return
    named = sql.Identifier(schema)
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(named))
    there = [
        table for table in _TELLING if connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,)
    ]
    ours = len(there) == len(_TELLING)
    foreign = connection.execute(
        "SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relkind = 'r' LIMIT 1", (schema,)
    ).fetchone()
    if (foreign and not ours) or any(count(connection, table) for table in there):
        raise Refused(
            "restore.not_empty",
            "只能恢复到空的区，「{schema}」里已有数据；请另设 CRM_SCHEMA 或 CRM_DATA_DIR。",
            "A backup goes into an empty district only, and “{schema}” holds data: set another CRM_SCHEMA or CRM_DATA_DIR.",
            schema=schema,
        )
    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(named))


def _copy_in(connection: Connection[Any], file: ZipFile, path: Path, said: dict[str, Any], progress: Progress) -> None:
    done, total = 0, sum(table["rows"] for table in said.values())
    for name, table in said.items():
        target = sql.Identifier(name)
        columns = sql.SQL(", ").join(map(sql.Identifier, table["columns"]))
        connection.execute(sql.SQL("DELETE FROM {}").format(target))  # what the migrations themselves put there
        try:
            with (
                file.open(f"{name}.copy") as entry,
                connection.cursor() as cursor,
                cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, columns)) as copy,
            ):
                _pour(entry, copy)
        except (
            BadZipFile,
            KeyError,
            psycopg.DataError,
            psycopg.IntegrityError,
            psycopg.errors.UndefinedTable,
        ) as error:
            raise NotABackup(path) from error
        done += table["rows"]
        progress(done, total)


def _pour(entry: IO[bytes], copy: psycopg.Copy) -> None:
    for block in blocks(entry):
        copy.write(block)


def _chained(connection: Connection[Any], events: int, progress: Progress) -> str:
    """The hash at the end of the chain, recomputed over every event from the first. Raises Damaged."""
    before, at = GENESIS, 0
    for row in _events(connection):
        if row.position != at + 1 or link(before, row) != row.hash:
            raise Damaged(f"event {row.position}")
        before, at = row.hash, row.position
        if at % PAGE == 0 or at == events:
            progress(at, events)
    if at != events:
        raise Damaged(f"{at} ≠ {events} events")
    return before.hex()


def _events(connection: Connection[Any]) -> Iterator[Recorded]:
    at = 0
    while page := read_events(connection, at, PAGE):
        yield from page
        at = page[-1].position
