"""The floor of the pages: the least that FastAPI and Jinja can do with fifty rows of one indexed SELECT."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from psycopg_pool import ConnectionPool

from tests.bench.raw import Raw

DATABASE = "LANDFALL_BENCH_DATABASE"
ROWS = """SELECT id, company, country, industry, stage, status, amount_fen, registered_on, updated_at
FROM lead ORDER BY updated_at DESC, id DESC LIMIT 50"""
PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>Leads</title></head><body><main id="main"><table>
<thead><tr><th>Company</th><th>Country</th><th>Industry</th><th>Stage</th><th>Status</th><th>Amount</th><th>Registered</th><th>Updated</th></tr></thead>
<tbody>{% for row in rows %}<tr><td><a href="/leads/{{ row[0] }}">{{ row[1] }}</a></td><td>{{ row[2] }}</td><td>{{ row[3] }}</td>
<td>{{ row[4] }}</td><td>{{ row[5] }}</td><td>{{ row[6] }}</td><td>{{ row[7] }}</td><td>{{ row[8] }}</td></tr>{% endfor %}</tbody>
</table></main></body></html>""")


def create() -> FastAPI:
    """The application; `python -m uvicorn --factory tests.bench.bare:create`."""
    app = FastAPI(lifespan=_open)

    @app.get("/")
    def page() -> HTMLResponse:
        with app.state.pool.connection() as conn:
            return HTMLResponse(PAGE.render(rows=conn.execute(ROWS, prepare=True).fetchall()))

    @app.post("/")
    def append() -> HTMLResponse:
        """The same page after one row was inserted and committed."""
        with app.state.pool.connection() as conn:
            app.state.raw.store(conn)
        return page()

    return app


@asynccontextmanager
async def _open(app: FastAPI) -> AsyncIterator[None]:
    with ConnectionPool(os.environ[DATABASE], min_size=1, kwargs={"autocommit": True}) as pool:
        app.state.pool = pool
        with pool.connection() as conn:
            app.state.raw = Raw(conn, "raw_page")
        yield
