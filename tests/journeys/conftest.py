"""The demo as `make demo` serves it, and a real browser in front of it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from docs.house import chromium, demo, signed_in

Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def address(short_folder: Path) -> Iterator[str]:
    folder = short_folder.with_name(f"{short_folder.name}-demo")
    with demo(folder, leads=80) as url:
        yield url
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; where there is none the journeys are left out, unless this is CI: there that is a failure."""
    try:
        with chromium() as opened:
            yield opened
    except Error as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Chromium on this machine: {error.message.splitlines()[0]}")


@pytest.fixture
def sign_in(browser: Browser, address: str) -> Iterator[Opener]:
    """`sign_in("staff", language="en", size=PHONE, script=False)` gives a page; errors in its console fail the test."""
    complaints: list[str] = []
    with ExitStack() as windows:

        def enter(login: str, **how: object) -> Page:
            page: Page = windows.enter_context(signed_in(browser, address, login, **how))
            page.on("pageerror", lambda error: complaints.append(error.message))
            page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 500 else None)
            return page

        yield enter
    assert complaints == []


def open_first_lead(page: Page) -> str:
    """Open the first lead of a list; its path."""
    links: list[str] = page.eval_on_selector_all("#results a", "all => all.map(a => a.getAttribute('href'))")
    path = next(link for link in links if re.fullmatch(r"/leads/[0-9a-f-]{36}", link))
    page.goto(path)
    return path
