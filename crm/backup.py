"""A district in one file and back: a zip of its tables as COPY text, with a manifest that says what must come out again.

COPY rather than pg_dump: the file goes into any schema of any PostgreSQL we run on, and an older backup is brought up
to date by the same migrations. Read models are left out, they are rebuilt; so are sessions. No key is in it: those of
persons, leads and documents go to a file of their own (crm.key_backup), the master key to none.
"""

import hashlib
import hmac
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from psycopg import Connection, sql

from crm import key_backup
from crm.clock import now
from crm.database import connect
from crm.master import check_master
from crm.settings import Settings
from domain.base import Refused
from projections.models import MODELS

FORMAT = "landfall-backup"
FORMAT_VERSION = 2
READABLE = (1, 2)
"""The first version had the keys, wrapped, among its tables."""
MANIFEST = "manifest.json"
_LEFT_OUT = {
    "migration",
    "session",
    "login_attempt",
    "sealing_key",
    "checkpoint_trouble",
    "projection",
    *(table for model in MODELS for table in model.tables),
}
_BLOCK = 1 << 20

Progress = Callable[[int, int], None]
"""(rows done, rows in all)"""


class NotABackup(Refused):
    """The file is something else, or was cut short."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "backup.form",
            "{path} 不是完整的 Landfall 备份文件。",
            "{path} is not a complete Landfall backup.",
            path=str(path),
        )


class KeyFile(NamedTuple):
    """Where the keys go, for how many days, and under which passphrase (None: under the master key)."""

    path: Path
    days: int = key_backup.DAYS
    passphrase: str | None = None


def back_up(
    settings: Settings, url: str, path: Path, progress: Progress, keys: KeyFile | None = None
) -> dict[str, Any]:
    """Write the district to `path`, and its keys apart, both as they stand at one moment; the manifest.

    Refused where a file exists.
    """
    if path.exists():
        raise Refused(
            "backup.exists", "{path} 已存在，不会覆盖。", "{path} exists and is not overwritten.", path=str(path)
        )
    draft = path.with_name(f".{path.name}.part")
    draft.touch(mode=0o600)
    try:
        with (
            connect(url, settings.schema_name) as connection,
            zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as file,
        ):
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            steady(connection)
            manifest = _manifest(connection, settings)
            if not manifest["events"]:
                raise Refused(
                    "backup.empty",
                    "这个区里还没有任何记录，请核对 CRM_DATA_DIR、CRM_DATABASE_URL 与 CRM_SCHEMA。",
                    "This district has no records: check CRM_DATA_DIR, CRM_DATABASE_URL and CRM_SCHEMA.",
                )
            check_master(connection, settings.wrapping_key())
            if keys:
                key_backup.write(settings, connection, keys.path, keys.days, keys.passphrase)
            manifest["tables"] = _written(connection, file, progress)
            file.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def steady(connection: Connection[Any]) -> None:
    """Have COPY write the same text on every server and in every session."""
    connection.execute("SET TIME ZONE 'UTC'; SET datestyle TO 'ISO, YMD'; SET bytea_output TO 'hex'")
    connection.execute("SET client_encoding TO 'UTF8'")


def key_fingerprint(settings: Settings) -> str:
    """By which it is seen, without telling the key, whether a district's master key is the one a backup needs."""
    return hmac.digest(settings.wrapping_key(), b"landfall backup", hashlib.sha256)[:8].hex()


def tables(connection: Connection[Any]) -> list[str]:
    """The tables that hold what cannot be rebuilt, in the order they were made: none refers to a later one."""
    rows = connection.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY c.oid"
    )
    return [name for (name,) in rows if name not in _LEFT_OUT]


def digest(connection: Connection[Any], table: str, columns: Sequence[str]) -> str:
    """SHA-256 of those columns of the table's rows, in order of its key, as COPY writes them."""
    sum_ = hashlib.sha256()
    for block in _rows(connection, table, columns):
        sum_.update(block)
    return sum_.hexdigest()


def count(connection: Connection[Any], table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def _manifest(connection: Connection[Any], settings: Settings) -> dict[str, Any]:
    head = connection.execute("SELECT position, encode(hash, 'hex') FROM head").fetchone() or (0, "")
    ran = connection.execute("SELECT number, name FROM migration ORDER BY number").fetchall()
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "version": version("landfall-crm"),
        "made_at": now().isoformat(timespec="seconds"),
        "schema": settings.schema_name,
        "migrations": dict(ran),
        "events": head[0],
        "head": head[1],
        "master_key": key_fingerprint(settings),
    }


def _written(connection: Connection[Any], file: zipfile.ZipFile, progress: Progress) -> dict[str, Any]:
    """Every table into the file; per table its columns, how many rows, and their digest."""
    sizes = {table: count(connection, table) for table in tables(connection)}
    done, total, said = 0, sum(sizes.values()), {}
    for table, rows in sizes.items():
        sum_, columns = hashlib.sha256(), _columns(connection, table)
        with file.open(f"{table}.copy", "w", force_zip64=True) as entry:
            for block in _rows(connection, table, columns):
                sum_.update(block)
                entry.write(block)
        done += rows
        progress(done, total)
        said[table] = {"columns": columns, "rows": rows, "sha256": sum_.hexdigest()}
    return said


def _columns(connection: Connection[Any], table: str) -> list[str]:
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        (sql.Identifier(table).as_string(),),
    )
    return [name for (name,) in rows]


def _rows(connection: Connection[Any], table: str, columns: Sequence[str]) -> Iterator[bytes]:
    """COPY text of a table, in order of its primary key."""
    key = connection.execute(
        "SELECT a.attname FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
        " WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY k.place",
        (sql.Identifier(table).as_string(),),
    ).fetchall()
    order = sql.SQL(", ").join(sql.Identifier(name) for (name,) in key)
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table), order
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            yield bytes(block)


@contextmanager
def read(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """An open backup and its manifest. Raises NotABackup."""
    try:
        with zipfile.ZipFile(path) as file:
            manifest = json.loads(file.read(MANIFEST))
            if manifest.get("format") != FORMAT or manifest.get("format_version") not in READABLE:
                raise NotABackup(path)
            yield file, manifest
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NotABackup(path) from error


def blocks(entry: "BinaryIO | Any") -> Iterator[bytes]:
    """The content of an open entry, piece by piece."""
    while block := entry.read(_BLOCK):
        yield block
