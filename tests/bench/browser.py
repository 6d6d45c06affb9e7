"""The least of a browser: one connection kept alive, cookies, redirects, compressed answers. Costs next to nothing."""

import gzip
import re
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import quote, urlencode

SAFE = "/?&=%#"
CSRF = re.compile(r'name="csrf-token" content="([^"]+)"')
TIMEOUT_SECONDS = 30
KEPT_SECONDS = 3  # the server closes a connection that was idle for five


class Browser:
    """What one person sees at 127.0.0.1:`port`; `weight` is what the last answer came to on its way, in bytes."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._cookies: dict[str, str] = {}
        self._csrf = ""
        self._asked = 0.0
        self.weight = 0

    def log_in(self, login: str, password: str) -> None:
        self._meet("/login")
        self.post("/login", {"login": login, "password": password})
        self._meet("/")
        if "/logout" not in self.get("/"):
            raise RuntimeError(f"{login} could not log in")

    def get(self, path: str, target: str = "") -> str:
        """The page, or the block that htmx would ask for."""
        return self._ask("GET", path, None, target)

    def post(self, path: str, fields: Mapping[str, object], target: str = "") -> str:
        """What comes back in the end, redirects followed."""
        return self._ask("POST", path, urlencode({"csrf": self._csrf, **fields}), target)

    def _meet(self, path: str) -> None:
        """Visit a page for the token that its forms carry."""
        token = CSRF.search(self.get(path))
        self._csrf = token[1] if token else ""

    def _ask(self, method: str, path: str, body: str | None, target: str) -> str:
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "zh-CN"}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if target:
            headers |= {"HX-Request": "true", "HX-Target": target}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self._asked > KEPT_SECONDS:
            self._connection.close()
        self._connection.request(method, quote(path, safe=SAFE), body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self.weight = len(content)
        self._asked = time.monotonic()
        self._keep_cookies(answer)
        if answer.status in (302, 303):
            return self._ask("GET", answer.headers["Location"], None, target)
        page = (gzip.decompress(content) if answer.headers.get("Content-Encoding") == "gzip" else content).decode(
            errors="replace"
        )
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {page[:500]}")
        return page

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for header in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self._cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self._cookies[name]
