"""The projector, killed with -9 some seconds after it has begun to take events in, and started again at once."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Self

SEED = 20230926
PATIENCE = 8.0
"""So many times longer it may take until it has begun."""


class Killed:
    """`kills`: how often it was, so far."""

    def __init__(self, folder: Path, seconds: float, reached: Callable[[], int]) -> None:
        self.kills = 0
        self._folder = folder
        self._seconds = seconds
        self._reached = reached
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._kill_and_start)

    def _kill_and_start(self) -> None:
        chance = Random(SEED)  # noqa: S311  it draws moments, it keeps no secret
        while not self._stopping.is_set():
            with projector(self._folder) as process:
                self._wait_for_its_beginning()
                self._stopping.wait(self._seconds * chance.random())
                process.kill()
            self.kills += 1

    def _wait_for_its_beginning(self) -> None:
        before, until = self._reached(), time.monotonic() + self._seconds * PATIENCE
        while self._reached() == before and time.monotonic() < until and not self._stopping.wait(0.1):
            pass

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()


@contextmanager
def projector(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A projector, as `crm serve` starts one; it ends with its standard input."""
    environment = os.environ | {"CRM_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "crm.projector"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield process
