"""Checkpoints sent out of the database's reach: to a folder, or to an address over HTTPS."""

import base64
import os
import re
import secrets
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from psycopg import Connection

from crm.clock import now
from crm.proof.checkpoint import Body, Stored
from crm.proof.note import BadNote, Note
from crm.settings import DESTINATION, Settings
from domain.base import Refused
from projections.sql import Queries

TIMEOUT_SECONDS = 15
AT_ONCE = 50

q = Queries(__file__)


class NoDestination(Refused):
    """Neither a folder nor an address that may be used."""

    def __init__(self) -> None:
        super().__init__(
            "destination.form",
            "检查点只能送往文件夹的绝对路径或 https:// 地址。",
            "A checkpoint goes to the absolute path of a folder or to an https:// address.",
        )


class Unsent(Refused):
    """It did not arrive; it is tried again."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__("checkpoint.unsent", zh, en)


class Contradicted(Unsent):
    """Another state of the same ledger, of the same size, is there already: one of the two is forged."""

    ALARM = True

    def __init__(self, where: str) -> None:
        super().__init__(
            f"警报：{where} 已有一份同样条数、内容不同的检查点，两者必有一伪，没有覆盖",
            f"ALARM: {where} holds another checkpoint of the same size; one of the two is forged. Nothing was overwritten",
        )


class Folder(NamedTuple):
    path: Path

    @property
    def name(self) -> str:
        return str(self.path)

    def send(self, made: Stored) -> None:
        """Put it there under a name of its own. Raises Unsent, Contradicted, OSError."""
        if not self.path.is_dir():
            raise Unsent("文件夹不存在", "There is no such folder")
        body = Body.parse(Note.parse(made.note).text)
        target = self.path / f"{_stem(body)}-{made.key}.checkpoint"
        for other in sorted(self.path.glob(f"{_stem(body)}-*.checkpoint")):
            if _text_of(other) != str(body):
                raise Contradicted(str(other))
        if not target.exists():
            _put(target, made.note)
        elif target.read_text(encoding="utf-8") != made.note:
            raise Contradicted(str(target))


class Address(NamedTuple):
    url: str

    @property
    def name(self) -> str:
        """Without the secrets that may stand in it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{_host(parts)}{parts.path}"

    def send(self, made: Stored) -> None:
        """Post it. Raises Unsent, Contradicted, OSError."""
        parts = urlsplit(self.url)
        headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "landfall"}
        if parts.username:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
        address = parts._replace(netloc=_host(parts)).geturl()
        request = urllib.request.Request(address, made.note.encode(), headers, method="POST")  # noqa: S310  see DESTINATION
        try:
            with _opener(parts).open(request, timeout=TIMEOUT_SECONDS):
                pass
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == HTTPStatus.CONFLICT:
                raise Contradicted(self.name) from None
            raise Unsent(f"对方答复 {error.code}", f"The answer was {error.code}") from None
        except urllib.error.URLError as error:
            why = getattr(error.reason, "strerror", None) or str(error.reason)
            raise Unsent(f"连接不上：{why}", f"It cannot be reached: {why}") from None


Destination = Folder | Address


def destination(text: str) -> Destination:
    """Where `text` leads. Raises NoDestination."""
    if text.startswith("/"):
        return Folder(Path(text))
    if DESTINATION.match(text):
        return Address(text)
    raise NoDestination


def configured(settings: Settings) -> list[Destination]:
    given = settings.checkpoint_to
    return [destination(text) for text in given.get_secret_value().split()] if given else []


def pending(conn: Connection[Any], to: Destination) -> list[Stored]:
    """What has not arrived there yet, oldest first. A destination that is new is sent the latest only."""
    rows = conn.execute(q["pending"], {"destination": to.name, "limit": AT_ONCE}).fetchall()
    return [Stored._make(row) for row in rows]


def deliver(conn: Connection[Any], to: Destination) -> int:
    """Send what is pending; how many arrived. Over an autocommit connection. Raises Unsent, Contradicted, OSError."""
    checkpoints = pending(conn, to)
    for made in checkpoints:
        to.send(made)
        conn.execute(q["sent"], {"destination": to.name, "size": made.size, "key": made.key, "moment": now()})
    return len(checkpoints)


def _stem(body: Body) -> str:
    """How its files begin: origin and size, in characters that any file system takes."""
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', body.origin)}-{body.size:012d}"


def _text_of(path: Path) -> str | None:
    try:
        return Note.parse(path.read_bytes()).text
    except BadNote:
        return None


def _put(target: Path, text: str) -> None:
    """Whole or not at all, and never over something that is there."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, target)
        except FileExistsError:
            raise Contradicted(str(target)) from None
        except OSError:  # a file system without links, as network shares are
            draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A checkpoint goes where it was said to go, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _opener(parts: SplitResult) -> urllib.request.OpenerDirector:
    """Through the proxy that the environment names, but for this machine itself."""
    proxies = urllib.request.ProxyHandler({} if parts.scheme == "http" else None)
    return urllib.request.build_opener(proxies, _NoRedirect)
