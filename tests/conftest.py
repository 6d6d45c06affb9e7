"""One database cluster per test run, one migrated schema per test."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crm.database import connect, conninfo, migrate
from crm.embedded import open_server
from crm.settings import Settings

COUNTER = itertools.count(1)


@dataclass(frozen=True)
class District:
    """An empty district: its database, its schema, the settings that lead there."""

    url: str
    schema: str
    data_dir: Path

    @property
    def conninfo(self) -> str:
        return conninfo(self.url, self.schema)

    @property
    def settings(self) -> Settings:
        return Settings.load(database_url=self.url, schema_name=self.schema, data_dir=self.data_dir)

    def connect(self, **keywords: Any) -> psycopg.Connection[Any]:
        return connect(self.url, self.schema, **keywords)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share one demo, or one wheel, stay in one process."""
    for item in items:
        for shared in ("browser", "wheel"):
            if item.get_closest_marker(shared):
                item.add_marker(pytest.mark.xdist_group(shared))


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder directly under the temporary one: pytest's own are closed to the user that runs root's database."""
    folder = Path(tempfile.mkdtemp(prefix="landfall-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def cluster(short_folder: Path) -> Iterator[str]:
    """The URL of the run's database; a crash may lose it, so it need not wait for the disk."""
    with open_server(short_folder, durable=False) as url:
        yield url


@pytest.fixture
def empty_schema(cluster: str) -> str:
    """The name of a schema that does not exist yet."""
    return f"test_{next(COUNTER)}"


@pytest.fixture
def district(cluster: str, empty_schema: str, short_folder: Path) -> District:
    with psycopg.connect(cluster) as connection:
        migrate(connection, empty_schema)
    return District(cluster, empty_schema, short_folder)
