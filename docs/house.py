"""A demo district served as `make demo` serves it, and a browser to look at it with: for pictures and for journeys."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "demo-" + "district-2026"
CHROMIUM = Path(os.environ.get("CRM_CHROMIUM", "/usr/bin/chromium"))
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
WIDE, PHONE = (1280, 860), (390, 844)
START_SECONDS = 180


@contextmanager
def demo(data_dir: Path, leads: int = 120) -> Iterator[str]:
    """The address of a running demo district of `leads` leads; stopped on leaving, as Ctrl-C would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "crm",
        "demo",
        "--port",
        str(port),
        "--leads",
        str(leads),
        "--data-dir",
        str(data_dir),
    ]
    environment = os.environ | {"CRM_DEMO_PASSWORD": PASSWORD}
    # Its progress and its complaints go where ours go: a demo that fails to start says why.
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            yield _answering(f"http://127.0.0.1:{port}", process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _answering(address: str, process: "subprocess.Popen[bytes]") -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/readyz", timeout=2):  # noqa: S310  our own address
                return address
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the demo did not answer; exit code {process.poll()}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else Playwright's own."""
    with sync_playwright() as playwright:
        program = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        yield browser
        browser.close()


@contextmanager
def signed_in(
    browser: Browser,
    address: str,
    login: str,
    *,
    language: str = "zh",
    size: tuple[int, int] = WIDE,
    script: bool = True,
) -> Iterator[Page]:
    """A window of `size` in which `login` has just come in."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="en-GB" if language == "en" else "zh-CN",
        java_script_enabled=script,
        base_url=address,
    )
    page = context.new_page()
    page.goto("/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    yield page
    context.close()
