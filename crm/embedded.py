"""The embedded PostgreSQL: one server per data folder, shared by however many processes ask for it.

Whoever uses it holds a shared lock; whoever gets that lock alone on leaving stops the server. After a kill -9 of
everything the server still runs, or its files still lie there, and the next to come adopts it or starts it anew.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from crm.server import DATABASE, Server


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[IO[str]]:
    with path.open("a", encoding="ascii") as file:
        fcntl.flock(file, kind)
        yield file


def _is_alone(users: IO[str]) -> bool:
    """Whether no other process uses the folder; the lock then is exclusive, until it is asked to be shared."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def open_server(data_dir: Path, *, durable: bool = True) -> Iterator[str]:
    """The URL of the district database of the server in `data_dir`, which runs at least as long as one is inside."""
    server = Server(data_dir, durable=durable)
    gate = data_dir / "gate.lock"  # held while the server is started or stopped
    with _locked(data_dir / "users.lock", fcntl.LOCK_SH) as users:
        with _locked(gate, fcntl.LOCK_EX):
            server.ensure_running(alone=_is_alone(users))
            fcntl.flock(users, fcntl.LOCK_SH)
            _ensure_database(server)
        try:
            yield server.url()
        finally:
            with _locked(gate, fcntl.LOCK_EX):
                if _is_alone(users):
                    server.stop()


def _ensure_database(server: Server) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True, connect_timeout=60) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not found:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
