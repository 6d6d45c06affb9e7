"""The district's database: the server given by CRM_DATABASE_URL or the embedded one; connections and pools to its schema.

No SQL names a schema: every connection's search_path does.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

from crm.embedded import open_server
from crm.migrate import migrate
from crm.owner import DatabaseUnavailable, packaged_install
from crm.settings import Settings

__all__ = [
    "DatabaseUnavailable",
    "binary",
    "client_environment",
    "connect",
    "conninfo",
    "migrate",
    "open_database",
    "pool",
]

OLDEST_SERVER = 150000
POOL_WAIT_SECONDS = 2.0  # the library's 30 s, retried ten times, is minutes of a page that hangs


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """The URL of the district's database, served at least as long as one is inside. Raises DatabaseUnavailable."""
    if settings.database_url:
        url = settings.database_url.get_secret_value()
        _refuse_unfit(url)
        yield url
    else:
        with open_server(settings.data_dir) as url:
            yield url


def conninfo(url: str, schema: str) -> str:
    """`url` with the search_path set to `schema`, beside whatever options it carries.

    How dates and strings are written is set as well: a server's own habits would change what we read and run.
    """
    options = conninfo_to_dict(url).get("options")
    ours = f"-c search_path={schema} -c datestyle=ISO -c standard_conforming_strings=on"
    return make_conninfo(url, options=f"{options or ''} {ours}".strip())


def connect(url: str, schema: str, **keywords: Any) -> "psycopg.Connection[psycopg.rows.TupleRow]":
    return psycopg.connect(conninfo(url, schema), **keywords)


def pool(url: str, schema: str, *, size: int = 8, **keywords: Any) -> ConnectionPool:
    """An open pool of at most `size` connections; its user closes it (`with pool(…) as p`)."""
    return ConnectionPool(
        conninfo(url, schema), min_size=1, max_size=size, timeout=POOL_WAIT_SECONDS, kwargs=keywords, open=True
    )


def binary(program: str) -> str:
    """Where pg_dump, pg_restore or psql is: the embedded PostgreSQL 18's, which any process may run, or that on PATH."""
    embedded = packaged_install() / "bin" / program
    found = str(embedded) if embedded.exists() else shutil.which(program)
    if found is None:
        raise DatabaseUnavailable(
            f"找不到 {program} · {program} is not to be found: install the PostgreSQL client programs."
        )
    return found


def client_environment(url: str) -> dict[str, str]:
    """The environment with which such a program reaches `url`: on its command line, everyone could read the password."""
    names = {
        "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
        "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
        "sslkey": "PGSSLKEY", "options": "PGOPTIONS",
    }  # fmt: skip
    given = {
        names[key]: str(value) for key, value in conninfo_to_dict(url).items() if key in names and value is not None
    }
    return os.environ | given


def _refuse_unfit(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.OperationalError as error:
        why = " ".join(str(error).split())
        raise DatabaseUnavailable(
            f"连不上 CRM_DATABASE_URL 所指的数据库，请检查地址、口令与服务 · "
            f"Cannot reach the database of CRM_DATABASE_URL; check address, password and server: {why}"
        ) from error
    if version < OLDEST_SERVER:
        raise DatabaseUnavailable(
            "CRM_DATABASE_URL 须是 PostgreSQL 15 及以上 · CRM_DATABASE_URL must be PostgreSQL 15 or later."
        )
    if encoding != "UTF8":
        raise DatabaseUnavailable(
            f"CRM_DATABASE_URL 的数据库编码须是 UTF8，现为 {encoding} · The database of CRM_DATABASE_URL must be encoded in UTF8, not {encoding}."
        )
