"""The web application of one worker: doors, pages, API, static files. `uvicorn --factory web.app:create_app`."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import Headers as RequestHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from crm.access import unruled
from crm.accounts import Accounts, Limits
from crm.application import CRM
from crm.database import open_database
from crm.replays import Replays
from crm.rights import door
from crm.settings import Settings
from web import api, errors
from web.links import STATIC
from web.measure import Measured, Measures
from web.pages import ROUTERS
from web.security import Answered, BodyLimit, Headers
from web.session import permitted

_BESIDE_THE_FILE = 1 << 20
"""What a form may hold beside the file it uploads."""


class Landfall(FastAPI):
    """The application within its outer walls: headers and limits hold for error answers too."""

    def build_middleware_stack(self) -> ASGIApp:
        settings: Settings = self.state.settings
        limit = (settings.upload_limit_mb << 20) + _BESIDE_THE_FILE
        inner = Measured(super().build_middleware_stack(), measures=self.state.measures)
        zipped = GZipMiddleware(BodyLimit(Answered(inner), limit=limit), minimum_size=1000, compresslevel=3)
        return Headers(zipped, secure=settings.secure_cookies)


class Packed(StaticFiles):
    """Static files; where `<file>.gz` lies beside one, that is sent to those who accept it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if "gzip" in RequestHeaders(scope=scope).get("accept-encoding", "") and self.lookup_path(f"{path}.gz")[1]:
            response = await super().get_response(f"{path}.gz", scope)
            plain = await super().get_response(path, scope)
            if response.status_code == 200:  # noqa: PLR2004
                response.headers["Content-Type"] = plain.headers["Content-Type"]
                response.headers["Content-Encoding"] = "gzip"
            response.headers["Vary"] = "Accept-Encoding"
            return response
        return await super().get_response(path, scope)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; it refuses to start with a route that no access rule covers."""
    app = Landfall(
        title="Landfall", lifespan=_open, docs_url=None, redoc_url=None, openapi_url=None,
        dependencies=[Depends(permitted)], separate_input_output_schemas=False,
    )  # fmt: skip
    app.state.settings = settings or Settings.load()
    app.state.measures = Measures()
    for router in (*ROUTERS, *api.ROUTERS):
        app.include_router(router)
    app.state.patterns = {}
    app.state.routes = {route.name: tuple(route.param_convertors) for route in walk(app.routes)}
    app.mount("/static", Packed(directory=STATIC), name="static")
    errors.install(app)
    missing = unruled(app.state.routes)
    if missing:
        raise RuntimeError(f"no access rule in crm.access_rules.RULES for: {', '.join(missing)}")
    return app


def route_names(app: FastAPI) -> list[str]:
    """The names of every route that runs code of ours."""
    return list(app.state.routes)


def walk(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Every route, those of included routers too: FastAPI keeps such a router whole."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif inner := getattr(route, "original_router", None):
            yield from walk(inner.routes)


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    """Everything that must be this worker's own, made after the fork."""
    settings: Settings = app.state.settings
    with open_database(settings) as url:
        app.state.signing_key = key = settings.signing_key()
        own = door(url, settings.schema_name, key, "web")
        app.state.crm = crm = CRM(settings, own)
        app.state.replays = replays = Replays(crm, own)
        app.state.accounts = Accounts(crm.pool, limits(settings))
        try:
            yield
        finally:
            replays.close()
            crm.close()


def limits(settings: Settings) -> Limits:
    """How long sessions last, as the settings say."""
    return Limits(
        idle=timedelta(minutes=settings.session_idle_minutes),
        absolute=timedelta(minutes=settings.session_absolute_minutes),
    )
