"""A program of ours in a process of its own, for as long as one is inside; what it and its children take of memory."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 60
STOP_SECONDS = 30
LOOK_SECONDS = 0.02
KILO = 1024


class Running(NamedTuple):
    """`port` is where it answers."""

    process: "subprocess.Popen[bytes]"
    port: int
    ready_after: float


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def started(module: list[str], **environment: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", *module]
    return subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)


@contextmanager
def running(module: list[str], port: int, ready: str, **environment: str) -> Iterator[Running]:
    """Run a module with its arguments, once it answers at `ready`; stopped on leaving, as Ctrl-C would."""
    begun = time.perf_counter()
    with started(module, **environment) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}{ready}", process)
            yield Running(process, port, time.perf_counter() - begun)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(LOOK_SECONDS)
    raise RuntimeError(f"{address} does not answer; exit code {process.poll()}")


def resident(process: int, *, child: str = "") -> float:
    """MB that the process, or its child of that name, holds in memory; 0 when there is none."""
    asked = ["ps", "-A", "-o", "pid=,ppid=,rss=,args="]
    every = [line.split(None, 3) for line in subprocess.check_output(asked, text=True).splitlines()]
    wanted = [
        int(rss) for pid, parent, rss, args in every
        if (int(parent) == process and child in args if child else int(pid) == process)
    ]  # fmt: skip
    return sum(wanted) / KILO
