"""The district that is measured: on an embedded server of its own that waits for the disk, filled with the demo."""

import os
import tempfile
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
from crm.embedded import open_server
from crm.settings import PREFIX, Settings
from domain.person import Role

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
def opened(leads: int, rounds: int, effort: int) -> Iterator[District]:
    """An empty district, gone afterwards."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]  # whatever district these lead to, it is not this one
    with tempfile.TemporaryDirectory(prefix="landfall-bench-") as folder, open_server(Path(folder)) as url:
        settings = Settings.load(data_dir=Path(folder))
        prepare.prepare(settings, url)
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(f"CREATE SCHEMA {SIDE}")
        crm = CRM(settings, url)
        try:
            yield District(settings, url, crm, leads, rounds, effort)
        finally:
            crm.close()


def filled(district: District, say: Callable[[str], None]) -> None:
    """Fill in the demo, through the door that the demo takes: every lead is told, then stored."""
    tenth = max(1, district.leads // 5)
    told = -1

    def progress(done: int, of: int) -> None:
        nonlocal told
        if done // tenth > told:
            told = done // tenth
            say(f"  {done:,} of {of:,} steps")

    fill(district.crm, district.url, district.leads, progress)
