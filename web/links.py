"""Addresses of routes and files, and the icons drawn into pages."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache, reduce
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from fastapi import Request
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"


class Links:
    """Addresses by route name; what is no part of the path becomes the query, empty values are left out."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._app = request.app

    def to(self, name: str, /, **params: Any) -> str:
        """`url_for('lead', id=…)`, `url_for('leads', stage='landed')`; a list repeats its key."""
        path, known = _pattern(self._app, name)
        for key in known:
            path = path.replace(f"{{{key}}}", _in_path(str(params.pop(key))))
        query = "&".join([f"{key}={_in_query(str(value))}" for key, value in _pairs(params)])
        return f"{path}?{query}" if query else path

    def here(self, **changes: Any) -> str:
        """The present page with some of its query changed: `here(stage='landed', after=None)`."""
        kept = [(key, value) for key, value in self._request.query_params.multi_items() if key not in changes]
        query = kept + [(key, str(value)) for key, value in _pairs(changes)]
        return f"{self._request.url.path}?{urlencode(query)}" if query else self._request.url.path


def url_for(request: Request, name: str, /, **params: Any) -> str:
    """The address of a route, for handlers; templates have the same without `request`."""
    return Links(request).to(name, **params)


@lru_cache(maxsize=8192)
def _in_path(text: str) -> str:
    """A page of fifty rows links to the same few things hundreds of times."""
    return quote(text, safe="")


@lru_cache(maxsize=8192)
def _in_query(text: str) -> str:
    return quote_plus(text)


def _pairs(params: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for key, value in params.items():
        if isinstance(value, (list, tuple, set, frozenset)):
            yield from [(key, one) for one in value if one is not None and one != ""]
        elif value is not None and value != "":
            yield key, value


def routes(app: Any) -> Mapping[str, Iterable[str]]:
    """Every route of the application by name, with the names of its path's parameters."""
    found: Mapping[str, Iterable[str]] = app.state.routes
    return found


def _pattern(app: Any, name: str) -> tuple[str, Iterable[str]]:
    """A route's path with its parameters in braces, and their names; asking the router would walk through all of them."""
    found: dict[str, tuple[str, Iterable[str]]] = app.state.patterns
    if name not in found:
        known = routes(app)[name]
        marks = {param: f"--{param}--" for param in known}
        path = str(app.url_path_for(name, **marks))
        found[name] = reduce(lambda text, param: text.replace(marks[param], f"{{{param}}}"), marks, path), known
    return found[name]


@cache
def asset(path: str) -> str:
    """The address of a file in static/, with a hash of its content so that browsers may keep it for good."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


@cache
def icon(name: str, label: str = "") -> Markup:
    """An outline icon, inline, drawn as app.css says; decorative unless it has a label."""
    svg = (STATIC / "vendor" / "icons" / f"{name}.svg").read_text("utf-8")
    shapes = "".join(re.findall(r"<(?:path|circle|line|rect|polyline|ellipse|polygon) (?!stroke=.none)[^>]*/>", svg))
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    drawn = Markup(shapes)  # noqa: S704 - our own files, matched shape by shape
    return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(spoken, drawn)
