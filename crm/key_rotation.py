"""A new master key: every key is wrapped anew in one transaction, no event is touched.

The new key is on disk before anything is wrapped with it, and takes the old one's place after. Whatever a crash leaves
between the two is told apart by which of them opens the district's keys.
"""

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection

from crm.keys import KEY_BYTES, kept_key
from crm.master import check_master, fits, unwrapped, wrapped
from crm.settings import Settings
from domain.base import Refused

FILE: Final = "master.key"
NEXT: Final = "master.key.new"
LOCK: Final = "master.key.lock"
_ALONE: Final = "LOCK TABLE sealing_key IN SHARE ROW EXCLUSIVE MODE"


def rotate(settings: Settings, connection: Connection[Any], target: Path | None) -> int:
    """Wrap every key with a new master key; how many. With CRM_MASTER_KEY the new one is written to `target`, in base64.

    `connection` is an autocommit one of the account that owns the tables. Refused with the wrong master key.
    """
    if settings.master_key is None:
        if target is not None:
            raise Refused(
                "rotate.target",
                "主密钥保存在数据文件夹里，会在原处更换；--to 只用于 CRM_MASTER_KEY。",
                "The master key is a file of the data folder and is replaced there; --to is for CRM_MASTER_KEY.",
            )
        with _one_at_a_time(settings):
            count = _in_its_place(settings, connection)
    else:
        check_master(connection, settings.wrapping_key())
        count = _wrap_all(connection, settings.wrapping_key(), _written(target))
    connection.execute("VACUUM FULL sealing_key")  # or the rows wrapped with the old key would lie about for a while
    return count


def settle(settings: Settings, connection: Connection[Any]) -> None:
    """Finish, or undo, a rotation that was broken off."""
    if settings.master_key is None and (settings.data_dir / NEXT).exists():
        with _one_at_a_time(settings):
            _settle(settings, connection)


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[None]:
    """While a rotation runs, the file beside is all that holds the new key: nobody else finishes, undoes or begins one."""
    with (settings.data_dir / LOCK).open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _in_its_place(settings: Settings, connection: Connection[Any]) -> int:
    _settle(settings, connection)
    old = settings.wrapping_key()
    check_master(connection, old)
    count = _wrap_all(connection, old, kept_key(settings.data_dir / NEXT))
    _take_its_place(settings)
    return count


def _settle(settings: Settings, connection: Connection[Any]) -> None:
    new = settings.data_dir / NEXT
    if not new.exists():
        return  # whoever held the lock before has seen to it
    with connection.transaction():
        connection.execute(_ALONE)  # the server may still be storing what a process that was killed had asked for
        finish = not fits(connection, settings.wrapping_key()) and fits(connection, kept_key(new))
    if finish:
        _take_its_place(settings)
    else:
        new.unlink()


def _take_its_place(settings: Settings) -> None:
    (settings.data_dir / NEXT).replace(settings.data_dir / FILE)
    folder = os.open(settings.data_dir, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written(target: Path | None) -> bytes:
    if target is None:
        raise Refused(
            "rotate.nowhere",
            "主密钥由 CRM_MASTER_KEY 给出，请用 --to 文件 指定新主密钥写到哪里。",
            "The master key is given as CRM_MASTER_KEY: say with --to FILE where the new one is to be written.",
        )
    key = secrets.token_bytes(KEY_BYTES)
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(
            "rotate.exists", "{path} 已存在，不会覆盖。", "{path} exists and is not overwritten.", path=str(target)
        ) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.b64encode(key).decode() + "\n")
        file.flush()
        os.fsync(descriptor)
    return key


def _wrap_all(connection: Connection[Any], old: bytes, new: bytes) -> int:
    before, after = AESGCM(old), AESGCM(new)
    with connection.transaction():
        # Whoever makes a key meanwhile waits, and then sees that the master key is another (crm.sealing).
        connection.execute(_ALONE)
        rows = connection.execute("SELECT subject, wrapped FROM sealing_key WHERE wrapped IS NOT NULL").fetchall()
        subjects = [subject for subject, _ in rows]
        contents = [wrapped(after, subject, unwrapped(before, subject, content)) for subject, content in rows]
        connection.execute(
            "UPDATE sealing_key k SET wrapped = n.wrapped FROM unnest(%s::uuid[], %s::bytea[]) AS n (subject, wrapped) "
            "WHERE k.subject = n.subject",
            (subjects, contents),
        )
    return len(rows)
