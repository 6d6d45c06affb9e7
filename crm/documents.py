"""Files attached to a lead: checked, fingerprinted, and kept as ciphertext, each under a key of its own."""

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg_pool import ConnectionPool
from pydantic import ValidationError

from crm.clock import now
from crm.command import Unknown
from crm.sealing import Keys
from domain.base import Refused
from domain.lead import AttachDocument

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."

TYPES: Final[dict[str, tuple[str, bytes]]] = {
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "docx": (_OFFICE + "wordprocessingml.document", _ZIP),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", _ZIP),
    "pptx": (_OFFICE + "presentationml.presentation", _ZIP),
    "doc": ("application/msword", _OLE),
    "xls": ("application/vnd.ms-excel", _OLE),
    "ppt": ("application/vnd.ms-powerpoint", _OLE),
    "wps": ("application/vnd.ms-works", _OLE),
    "txt": ("text/plain", b""),
}
"""By a name's ending: the media type, and how such a file begins. None that can carry macros by its kind, no web page."""

ERASED_FILE: Final = Refused(
    "document.erased",
    "这个文件已依法删除，不能再次上传。",
    "This file was erased by law and cannot be attached again.",
    field="file",
)


_GONE = "SELECT subject FROM sealing_key WHERE subject = ANY (%s) AND destroyed_at IS NOT NULL"


class Document(NamedTuple):
    """A file as it was attached; `content` is None once its key is gone."""

    media_type: str
    content: bytes | None


class Documents:
    """The files of this district."""

    def __init__(self, pool: ConnectionPool[Any], keys: Keys, limit_mb: int) -> None:
        self._pool = pool
        self._keys = keys
        self._limit_mb = limit_mb

    def store(self, lead: UUID, name: str, content: bytes) -> AttachDocument:
        """Keep a file; the form that attaches it to the lead comes back. Refused (at `file`) by size or type."""
        name = PurePosixPath(name.replace("\\", "/")).name
        media_type = self._checked(name, content)
        fingerprint = hashlib.sha256(content).hexdigest()
        form = _form(name=name, sha256=fingerprint, size=len(content), media_type=media_type)
        subject = document_subject(lead, fingerprint)
        if self.erased(lead, [fingerprint]):
            raise ERASED_FILE
        sealed = self._keys.encrypt(subject, content, _name(lead, fingerprint))
        with self._pool.connection() as conn:
            conn.execute(
                "INSERT INTO document (stream, sha256, content_type, size, content, stored_at, subject) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (stream, sha256) DO NOTHING",
                (lead, fingerprint, media_type, len(content), sealed, now(), subject),
            )
        return form

    def fetch(self, lead: UUID, sha256: str) -> Document:
        """The file of a lead with this fingerprint. Raises Unknown."""
        with self._pool.connection() as conn:
            row = conn.execute(
                "SELECT content_type, content, subject FROM document WHERE stream = %s AND sha256 = %s", (lead, sha256)
            ).fetchone()
        if row is None:
            raise Unknown(Unknown.text.en)
        return Document(row[0], self._keys.decrypt(row[2] or lead, row[1], _name(lead, sha256)))

    def erased(self, lead: UUID, fingerprints: Iterable[str]) -> set[str]:
        """Which of these files of the lead were erased: their events stay, nothing else does."""
        subjects = {document_subject(lead, one): one for one in fingerprints}
        if not subjects:
            return set()
        with self._pool.connection() as conn:
            rows = conn.execute(_GONE, (list(subjects),)).fetchall()
        return {subjects[subject] for (subject,) in rows}

    def detach(self, lead: UUID) -> None:
        """Have every file of the lead under a key of its own: those of earlier versions are under the lead's."""
        with self._pool.connection() as conn:
            rows = conn.execute("SELECT sha256 FROM document WHERE stream = %s AND subject IS NULL", (lead,)).fetchall()
            for (sha256,) in rows:
                self._detach(conn, lead, sha256)

    def _detach(self, conn: Connection[Any], lead: UUID, sha256: str) -> None:
        content, name = self.fetch(lead, sha256).content, _name(lead, sha256)
        if content is not None:
            subject = document_subject(lead, sha256)
            conn.execute(
                "UPDATE document SET content = %s, subject = %s WHERE stream = %s AND sha256 = %s",
                (self._keys.encrypt(subject, content, name), subject, lead, sha256),
            )

    def _checked(self, name: str, content: bytes) -> str:
        if len(content) > self._limit_mb * 1024 * 1024:
            raise Refused(
                "document.size",
                "文件最大 {limit} MB。",
                "A file may have {limit} MB at most.",
                field="file",
                limit=self._limit_mb,
            )
        if not content:
            raise Refused("document.empty", "文件是空的。", "The file is empty.", field="file")
        media_type, beginning = TYPES.get(PurePosixPath(name).suffix[1:].lower(), ("", b""))
        if not media_type or not content.startswith(beginning):
            raise Refused(
                "document.type",
                "不能上传这种文件，或内容与扩展名不符。可以上传：{types}。",
                "Not a kind of file one can attach, or not what its name says. These can be: {types}.",
                field="file",
                types="、".join(TYPES),
            )
        return media_type


def document_subject(lead: UUID, sha256: str) -> UUID:
    """Whose key a file of the lead is under."""
    return uuid5(lead, f"document {sha256}")


def _form(**values: Any) -> AttachDocument:
    try:
        return AttachDocument.model_validate(values)
    except ValidationError as error:
        reason = error.errors()[0].get("ctx", {}).get("error")
        if isinstance(reason, Refused):
            raise reason.at("file") from None
        raise


def _name(lead: UUID, fingerprint: str) -> bytes:
    return f"document:v1:{lead.hex}:{fingerprint}".encode()
