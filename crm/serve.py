"""Serves a district: pages and projections until somebody says stop.

The workers of the web are uvicorn's, one process in front of them; the projector is a child of its own, watched over.
"""

import errno
import gc
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from crm.settings import Settings, variable
from domain.base import Refused
from projections.parent import when_gone

WEB = "web.app:create_app"
PORT_WAIT_SECONDS = 3.0  # a server that was killed leaves workers that notice soon (`projections.parent`)
GRACEFUL_SECONDS = 5


class PortTaken(Refused):
    """Somebody else listens there."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            "port.taken",
            "{host} 的端口 {port} 已被占用，请用 --port 另选一个。",
            "Port {port} of {host} is taken: choose another with --port.",
            host=host,
            port=port,
        )


class NoSuchAddress(Refused):
    """The machine has no such address, or may not use the port."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(
            "address.unusable",
            "不能在 {host} 的端口 {port} 上服务（{why}），请用 --host、--port 另选。",
            "Pages cannot be served on port {port} of {host} ({why}): choose others with --host and --port.",
            host=host,
            port=port,
            why=why,
        )


class NotStarted(Refused):
    """The pages did not come up; the log above says why."""

    def __init__(self) -> None:
        super().__init__(
            "serve.not_started", "网页服务没有启动，原因见上。", "The pages did not start; the reason is above."
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to host and port; waits a moment for the workers of a killed server. Raises PortTaken, NoSuchAddress."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + PORT_WAIT_SECONDS
    while True:
        # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an acknowledgement.
        bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, port))
            bound.listen()  # who comes before the pages are ready waits instead of being turned away
        except OSError as error:
            bound.close()
            if error.errno != errno.EADDRINUSE:
                raise NoSuchAddress(host, port, error.strerror or str(error)) from None
            if time.monotonic() > deadline:
                raise PortTaken(host, port) from None
            time.sleep(0.2)
        else:
            bound.set_inheritable(True)
            return bound


def load_ahead() -> None:
    """Have the pages' code loaded while the database starts: each takes as long as the other, and waits for it."""
    threading.Thread(target=import_module, args=[WEB.partition(":")[0]], daemon=True, name="load ahead").start()


def run(settings: Settings, url: str, bound: socket.socket) -> None:
    """Serve on `bound` until SIGINT or SIGTERM; the district's database is open and prepared."""
    from uvicorn import Config, Server
    from uvicorn.supervisors import Multiprocess

    _hand_down(settings)
    config = Config(
        "crm.serve:worker",
        factory=True,
        workers=settings.workers,
        log_level=settings.log_level if settings.log_level != "info" else "warning",
        access_log=settings.log_level == "debug",  # and then without_query
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        lifespan="on",
    )
    with suppress(KeyboardInterrupt), _projecting(settings, url):
        if settings.workers > 1:
            Multiprocess(config, sockets=[bound]).run()
        else:
            server = Server(config)
            server.run(sockets=[bound])
            if not server.started:
                raise NotStarted


def worker() -> Any:
    """The web application of one worker process, which ends with the process that started it."""
    from uvicorn.importer import import_from_string

    if os.environ.get(_SUPERVISOR, str(os.getpid())) != str(os.getpid()):
        when_gone(lambda: os.kill(os.getpid(), signal.SIGTERM))
    logging.getLogger("uvicorn.access").addFilter(without_query)
    app = import_from_string(WEB)()
    # What is loaded stays: looking through all of it for garbage, again and again, kept a page waiting for 150 ms.
    gc.freeze()
    return app


def without_query(record: logging.LogRecord) -> bool:
    """What follows the path tells whom and what people searched for: it is logged at no level."""
    if isinstance(record.args, tuple):
        record.args = tuple(one.partition("?")[0] if isinstance(one, str) else one for one in record.args)
    return True


_SUPERVISOR = "LANDFALL_SUPERVISOR"


def _hand_down(settings: Settings) -> None:
    """Put what the command line said into the environment: workers and projector read their settings there."""
    os.environ[_SUPERVISOR] = str(os.getpid())
    for name in ("data_dir", "schema_name", "host", "port", "workers"):
        os.environ[variable(name, Settings.model_fields[name])] = str(getattr(settings, name))


@contextmanager
def _projecting(settings: Settings, url: str) -> Iterator[None]:
    if not settings.run_projector:
        yield
        return
    from crm.projector import Supervisor

    supervisor = Supervisor(settings, url)
    supervisor.start()
    try:
        yield
    finally:
        supervisor.stop()


def project(settings: Settings, url: str) -> None:
    """Run the projections in this process until SIGINT or SIGTERM."""
    from crm.projector import run as run_projector

    stopping = threading.Event()
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda _signal, _frame: stopping.set())
    run_projector(settings, url, stopping)
