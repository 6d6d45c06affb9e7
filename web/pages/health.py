"""For machines that watch: alive, ready, measured. Nothing here names a person or a lead."""

from collections.abc import Iterator

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from crm.application import CRM
from web.links import STATIC
from web.session import Crm

router = APIRouter()


@router.get("/healthz", name="health")
def health() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/readyz", name="ready")
def ready(crm: Crm) -> JSONResponse:
    """The database answers and no projection has stopped; 503 otherwise."""
    head, projections = positions(crm)
    stopped = sorted(name for name, _, reason in projections if reason)
    lag = max((head - position for _, position, _ in projections), default=0)
    return JSONResponse(
        {"database": "ok", "position": head, "lag": lag, "stopped": stopped}, 503 if stopped or not projections else 200
    )


@router.get("/metrics", name="metrics")
def metrics(request: Request, crm: Crm) -> PlainTextResponse:
    """Prometheus' text format, for administrators: by session, or with an administrator's API token as bearer."""
    lines = [*request.app.state.measures.lines(), *_position_lines(crm)]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


@router.get("/favicon.ico", name="favicon")
def favicon() -> Response:
    """For browsers that look here whatever the page says."""
    return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")


def positions(crm: CRM) -> tuple[int, list[tuple[str, int, str | None]]]:
    """The last event's position, and (name, position, why it stopped) of every projection."""
    with crm.pool.connection() as connection:
        head = connection.execute("SELECT position FROM head WHERE id = 1").fetchone()
        rows = connection.execute("SELECT name, position, stopped FROM projection ORDER BY name").fetchall()
    return (head[0] if head else 0), [(name, position, stopped) for name, position, stopped in rows]


def _position_lines(crm: CRM) -> Iterator[str]:
    head, projections = positions(crm)
    yield "# HELP landfall_event_position Position of the last event."
    yield "# TYPE landfall_event_position gauge"
    yield f"landfall_event_position {head}"
    yield "# HELP landfall_projection_lag Events a projection has yet to take in."
    yield "# TYPE landfall_projection_lag gauge"
    for name, position, _ in projections:
        yield f'landfall_projection_lag{{projection="{name}"}} {head - position}'
    yield "# HELP landfall_projection_stopped 1 where a projection has stopped at an event it cannot take in."
    yield "# TYPE landfall_projection_stopped gauge"
    for name, _, stopped in projections:
        yield f'landfall_projection_stopped{{projection="{name}"}} {int(bool(stopped))}'
