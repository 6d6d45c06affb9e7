"""The projector as a process: reconnects, is watched over, and ends with whoever started it."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import psycopg

from crm.database import open_database
from crm.master import Tampered
from crm.projecting import Connect
from crm.proof import schedule
from crm.settings import Settings, variable
from projections.contacts import Contacts
from projections.engine import ReadModel
from projections.follow import follow
from projections.models import MODELS

NAME = "landfall projector"
RETRY_SECONDS = 1.0
RESTART_SECONDS = (0.5, 30.0)  # the first pause after a crash, and the longest
STEADY_SECONDS = 60.0
STOP_SECONDS = 10.0
BROKEN = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.UndefinedTable, Tampered)

log = logging.getLogger(__name__)


def run(settings: Settings, url: str, stopping: threading.Event) -> None:
    """Project until `stopping` is set, over new connections whenever the old ones break; beside it sign what was recorded."""
    schedule.start(settings, url, stopping)
    while not stopping.is_set():
        try:
            connect = Connect(settings, url, application_name=NAME)
            follow(connect, MODELS if connect.reader else _without_names(), stopping)
        except BROKEN as error:
            log.warning("projecting was interrupted (%s); trying again", type(error).__name__)
            stopping.wait(RETRY_SECONDS)


def _without_names() -> list[ReadModel]:
    """All that can be projected by a process that was given another master key."""
    log.warning("the master key is not this district's: contact persons are not found until crm is restarted with it")
    return [model for model in MODELS if not isinstance(model, Contacts)]


class Supervisor:
    """Runs the projector as a child process, again and again should it die."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._environment = os.environ | _given(settings, url)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="projector's supervisor", daemon=True)
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the child and wait until it has gone."""
        self._stopping.set()
        self._thread.join(STOP_SECONDS * 2)

    def _watch(self) -> None:
        pause = RESTART_SECONDS[0]
        while not self._stopping.is_set():
            started = time.monotonic()
            code = self._live()
            if not self._stopping.is_set():
                pause = RESTART_SECONDS[0] if time.monotonic() - started > STEADY_SECONDS else pause
                log.warning("the projector ended with code %s; it starts again in %s s", code, pause)
                self._stopping.wait(pause)
                pause = min(pause * 2, RESTART_SECONDS[1])

    def _live(self) -> int:
        """One life of the child: until it dies, or is told to end. Its end of the pipe tells it that we are gone."""
        command = [sys.executable, "-m", "crm.projector"]
        with subprocess.Popen(command, env=self._environment, stdin=subprocess.PIPE, start_new_session=True) as child:
            self.child = child
            while child.poll() is None and not self._stopping.wait(0.1):
                pass
            if child.poll() is None:
                child.terminate()
                _killed_after(child, STOP_SECONDS)
            return child.wait()


def _killed_after(child: "subprocess.Popen[bytes]", seconds: float) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()


def _given(settings: Settings, url: str) -> dict[str, str]:
    """What the child's settings are read from."""
    given: dict[str, Any] = {"data_dir": settings.data_dir, "schema_name": settings.schema_name}
    if settings.database_url:
        given["database_url"] = url
    return {variable(name, Settings.model_fields[name]): str(value) for name, value in given.items()}


def main() -> None:
    """Project until told to stop, or until the supervisor is gone."""
    settings = Settings.load()
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    stopping = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda _signal, _frame: stopping.set())
    threading.Thread(target=_end_with_supervisor, args=[stopping], daemon=True).start()
    with open_database(settings) as url:
        run(settings, url, stopping)


def _end_with_supervisor(stopping: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    stopping.set()


if __name__ == "__main__":
    main()
