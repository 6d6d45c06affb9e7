"""The district that is measured: on an embedded server of its own that waits for the disk, filled with the demo."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from crm import prepare
from crm.application import CRM, By
from crm.database import connect
from crm.demo.cast import MEMBERS
from crm.demo.filling import fill
from crm.demo.pace import LEAN
from crm.embedded import open_server
from crm.settings import PREFIX, Settings
from domain.person import Role
from projections.models import MODELS

SIDE = "bench"
"""The schema in which the floors write."""


@dataclass(frozen=True)
class District:
    settings: Settings
    url: str
    crm: CRM
    leads: int
    rounds: int
    effort: int
    """How many appends, or requests of a page, make a round."""

    def connect(self, *, side: str = SIDE, **keywords: Any) -> psycopg.Connection[Any]:
        """A connection, as the account that owns everything, to a schema beside the district's and then to that."""
        return connect(self.url, f"{side},{self.settings.schema_name}", autocommit=True, **keywords)

    def one(self, query: str) -> Any:
        """The one value a query answers."""
        with self.connect() as conn:
            (value,) = conn.execute(query).fetchone() or (None,)
        return value


def by() -> By:
    """The next command of the district's manager."""
    return By(MEMBERS["manager"].id, Role.MANAGER, uuid4())


@contextmanager
def kept(folder: Path | None = None) -> Iterator[Path]:
    """A folder for a district: the one given, whose district is measured again; or a new one, gone afterwards."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]  # whatever district these lead to, it is not this one
    if folder is not None:
        folder.mkdir(exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="landfall-bench-") as made:
        yield Path(made)


@contextmanager
def opened(folder: Path, leads: int, rounds: int, effort: int) -> Iterator[District]:
    """The district of that folder, empty where it is new, on a server that runs as long as one is inside."""
    with open_server(folder) as url:
        settings = Settings.load(data_dir=folder)
        prepare.prepare(settings, url)
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(f"DROP SCHEMA IF EXISTS {SIDE} CASCADE")
            conn.execute(f"CREATE SCHEMA {SIDE}")
        crm = CRM(settings, url)
        try:
            yield District(settings, url, crm, leads, rounds, effort)
        finally:
            crm.close()


def filled(district: District, say: Callable[[str], None]) -> None:
    """Fill in the demo, through the door that the demo takes: every lead is told, then stored."""
    fill(district.crm, district.url, district.leads, _tenths(say, "steps"), pace=LEAN)


def projected(district: District, say: Callable[[str], None]) -> float:
    """Have the read models show it all; the seconds it took, few where a district is measured again."""
    started = time.monotonic()
    progress = _tenths(say, "events")
    if district.crm.shown():
        prepare.catch_up(district.settings, district.url, progress)
    else:
        prepare.rebuild(district.settings, district.url, MODELS, progress)
    return time.monotonic() - started


def _tenths(say: Callable[[str], None], what: str) -> Callable[[int, int], None]:
    told = -1

    def progress(done: int, of: int) -> None:
        nonlocal told
        if done * 10 // of > told:
            told = done * 10 // of
            say(f"  {done:,} of {of:,} {what}")

    return progress
