"""The wheel, installed in an empty environment away from the checkout, runs the demo and serves every file its page loads."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crm.settings import documented

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
FOREIGN = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", *(name for name, *_ in documented())}


def run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ".")
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture
def folder() -> Iterator[Path]:
    """Open to the system user that runs root's database, as pytest's own folders are not."""
    made = Path(tempfile.mkdtemp(prefix="landfall wheel "))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def environment(folder: Path, wheel: Path) -> Path:
    """The folder of programs of an environment that holds the locked requirements and the wheel, nothing else."""
    run(sys.executable, "-m", "venv", folder / "venv")
    pip = [folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.txt")
    run(*pip, "--no-deps", wheel)
    return folder / "venv" / "bin"


@pytest.mark.wheel
def test_the_wheel_holds_what_pages_and_database_need(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "web/static/vendor/htmx.min.js",
        "web/static/vendor/tabler.min.css",
        "web/static/vendor/icons/home.svg",
        "crm/migrations/0001_events.sql",
    ):
        assert needed in names
    assert [name for name in names if name.startswith(("tests/", "frontend/"))] == []


@pytest.mark.wheel
def test_the_demo_runs_from_the_wheel_alone(environment: Path, folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    log = folder / "demo.log"
    command = [environment / "crm", "demo", "--port", port, "--data-dir", folder / "data", "--leads", "20"]
    clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    password = secrets.token_hex(8)
    with log.open("wb") as out:
        demo = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=clean | {"CRM_DEMO_PASSWORD": password},
            stdout=out,
            stderr=out,
        )
    try:
        page_loads_all_it_names(f"http://127.0.0.1:{port}/login", demo, log)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE) == 0, said(log)
    finally:
        demo.kill()
        demo.wait()
    assert password in said(log)
    assert "Traceback" not in said(log)
    assert not (folder / "data" / "database" / "18" / "postmaster.pid").exists()


def page_loads_all_it_names(url: str, demo: subprocess.Popen[bytes], log: Path) -> None:
    page = answer(url, demo, log).decode()
    assert 'lang="zh' in page
    files = re.findall(r'(?:src|href)="([^"]*/static/[^"]+)"', page)
    assert any("vendor" in name for name in files)
    for name in files:
        with urllib.request.urlopen(urljoin(url, name), timeout=10) as response:
            assert response.status == 200


def answer(url: str, demo: subprocess.Popen[bytes], log: Path) -> bytes:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                return response.read()
        except urllib.error.URLError:
            assert demo.poll() is None, said(log)
            assert time.monotonic() < deadline, said(log)
            time.sleep(0.1)


def said(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
