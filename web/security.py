"""What every answer and every post goes through: response headers, CSRF tokens, the limit on bodies, safe redirects."""

import base64
import hashlib
import hmac
import secrets
from contextlib import nullcontext, suppress
from http.cookies import SimpleCookie
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DIRECTIVES: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",  # Tabler's stylesheet draws its arrows and ticks as data: images
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(_DIRECTIVES),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
FOR_GOOD: Final = "public, max-age=31536000, immutable"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class TooLarge(HTTPException):
    """The body of a request is larger than the settings allow."""

    def __init__(self) -> None:
        super().__init__(413)


class Headers:
    """Adds the security headers; nothing but static files may be kept by a cache. Hands out the visitor's cookie."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, MutableHeaders(scope=message), message["status"])
            await send(message)

        await self._app(scope, receive, sending)

    def _add(self, scope: Scope, headers: MutableHeaders, status: int) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        static = scope["path"].startswith("/static/") and status < 400  # noqa: PLR2004
        headers.setdefault("Cache-Control", FOR_GOOD if static and b"v=" in scope["query_string"] else "no-store")
        if self._secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        visitor = scope.get("state", {}).get("new_visitor")
        if visitor:
            headers.append("Set-Cookie", cookie("visitor", visitor, secure=self._secure))


class BodyLimit:
    """Stops reading a body beyond `limit` bytes, whether its length was announced or not."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read = 0
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        too_large = announced.isdigit() and int(announced) > self._limit

        async def receiving() -> Message:
            nonlocal read
            if too_large:
                raise TooLarge
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise TooLarge
            return message

        await self._app(scope, receiving, send)


class Answered:
    """Ends an error that was already answered and logged (`web.errors`): nobody prints it a second time, with what
    somebody typed in its message.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(Exception) if scope["type"] == "http" else nullcontext():
            await self._app(scope, receive, send)


def cookie(name: str, value: str, *, secure: bool) -> str:
    """One Set-Cookie value: HttpOnly, SameSite=Lax, for the whole site."""
    jar: SimpleCookie = SimpleCookie({name: value})
    for attribute, setting in (("path", "/"), ("httponly", True), ("samesite", "Lax"), ("secure", secure)):
        jar[name][attribute] = setting
    return jar[name].OutputString()


class Csrf:
    """The CSRF secret of one session (or of one visitor before login). Tokens are masked, each time differently,
    so that compressed pages do not give the secret away.
    """

    def __init__(self, key: bytes, session: str) -> None:
        self._secret = hmac.new(key, b"csrf\0" + session.encode(), hashlib.sha256).digest()

    def __call__(self) -> str:
        pad = secrets.token_bytes(len(self._secret))
        return base64.urlsafe_b64encode(pad + _xor(pad, self._secret)).decode()

    def matches(self, token: object) -> bool:
        """Whether `token` was made for this session."""
        try:
            raw = base64.urlsafe_b64decode(token) if isinstance(token, str) else b""
        except ValueError:
            return False
        half = len(self._secret)
        return len(raw) == 2 * half and hmac.compare_digest(_xor(raw[:half], raw[half:]), self._secret)


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def safe_path(address: str | None, fallback: str = "/") -> str:
    """`address` if it is a path of this site, else `fallback`: nobody is sent elsewhere after logging in."""
    path = address or ""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and " " not in path
    return path if ours else fallback
