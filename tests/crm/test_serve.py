"""`crm serve` and `crm demo` as people run them: processes of their own, stopped politely, killed, started again."""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crm.demo.cast import LOGINS
from crm.serve import without_query

SECONDS = 60


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_no_log_tells_what_was_searched_for() -> None:
    said = '%s - "%s %s HTTP/%s" %d'
    record = logging.LogRecord("uvicorn.access", 20, "", 0, said, ("::1", "GET", "/leads?q=a", "1.1", 200), None)
    assert without_query(record)
    assert record.getMessage() == '::1 - "GET /leads HTTP/1.1" 200'


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "crm", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answers(port: int, path: str = "/healthz") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_for(what, process=None):
    deadline = time.monotonic() + SECONDS
    while not what():
        assert process is None or process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.fixture
def demo_folder() -> Iterator[str]:
    """A folder that the user who runs root's database may be let into: not one of pytest's."""
    with tempfile.TemporaryDirectory(prefix="landfall-demo-") as folder:
        yield folder


def printed_until_login(process):
    """What a demo prints, up to the last login."""
    said = ""
    while not re.search(r"^  admin .*$", said, re.MULTILINE):
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def test_a_demo_is_served_killed_and_served_again(demo_folder):
    port = free_port()
    arguments = ("demo", "--port", str(port), "--leads", "25", "--data-dir", demo_folder)
    with running(*arguments) as process:
        said = printed_until_login(process)
        assert f"http://127.0.0.1:{port}/" in said
        assert all(re.search(rf"^  {login} +\S{{10,}}$", said, re.MULTILINE) for login in LOGINS)
        wait_for(lambda: answers(port, "/readyz"), process)
        process.kill()
        process.wait()
    with running(*arguments) as process:
        assert "沿用" in printed_until_login(process)
        wait_for(lambda: answers(port, "/readyz"), process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    assert not answers(port)


def test_several_workers_end_with_the_process_that_started_them(district):
    port = free_port()
    environment = {
        "CRM_DATABASE_URL": district.url, "CRM_SCHEMA": district.schema, "CRM_DATA_DIR": str(district.data_dir),
    }  # fmt: skip
    arguments = ("serve", "--port", str(port), "--workers", "2")
    with running(*arguments, **environment) as process:
        said = [process.stdout.readline() for _ in range(4)]
        assert any("crm person add --login admin" in line for line in said)
        assert said[-1].strip() == f"http://127.0.0.1:{port}/"
        wait_for(lambda: answers(port), process)
        with running(*arguments, **environment) as second:
            assert second.wait(SECONDS) == 1
            assert str(port) in second.stdout.read()
        process.kill()
        process.wait()
    wait_for(lambda: not answers(port))
