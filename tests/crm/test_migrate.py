"""Migrations: once each, in order, never edited."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from crm import migrate as migrations
from crm.migrate import FromTheFuture, Migration, MigrationChanged, migrate
from tests.conftest import District

FIRST = Migration(1, "0001_first.sql", "CREATE TABLE first (id int PRIMARY KEY);")
SECOND = Migration(2, "0002_second.sql", "CREATE TABLE second (id int PRIMARY KEY);")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    return lambda *files: monkeypatch.setattr(migrations, "migrations", lambda: list(files))


def run(cluster: str, schema: str) -> list[str]:
    with psycopg.connect(cluster) as connection:
        return migrate(connection, schema)


def test_a_district_has_every_migration_of_the_product(district: District) -> None:
    with district.connect() as connection:
        names = connection.execute("SELECT name FROM migration ORDER BY number").fetchall()
    assert [name for (name,) in names] == [migration.name for migration in migrations.migrations()]


def test_what_ran_does_not_run_again(cluster: str, empty_schema: str, given) -> None:
    given(FIRST)
    assert run(cluster, empty_schema) == ["0001_first.sql"]
    given(FIRST, SECOND)
    assert run(cluster, empty_schema) == ["0002_second.sql"]
    assert run(cluster, empty_schema) == []


def test_a_file_edited_after_it_ran_is_refused(cluster: str, empty_schema: str, given) -> None:
    given(FIRST)
    run(cluster, empty_schema)
    given(FIRST._replace(text="CREATE TABLE other (id int);"))
    with pytest.raises(MigrationChanged, match=r"0001_first\.sql"):
        run(cluster, empty_schema)


def test_a_database_of_a_later_version_is_refused(cluster: str, empty_schema: str, given) -> None:
    given(FIRST, SECOND)
    run(cluster, empty_schema)
    given(FIRST)
    with pytest.raises(FromTheFuture, match=r"0002_second\.sql"):
        run(cluster, empty_schema)


def test_a_file_that_fails_leaves_nothing_behind(cluster: str, empty_schema: str, given) -> None:
    given(FIRST, Migration(2, "0002_wrong.sql", "CREATE TABLE wrong (id nonsense);"))
    with pytest.raises(psycopg.errors.UndefinedObject):
        run(cluster, empty_schema)
    given(FIRST)
    assert run(cluster, empty_schema) == ["0001_first.sql"]


def test_processes_that_start_at_once_migrate_once(cluster: str, empty_schema: str, given) -> None:
    given(FIRST, SECOND)
    with ThreadPoolExecutor(4) as threads:
        ran = list(threads.map(lambda _: run(cluster, empty_schema), range(4)))
    assert sorted(ran) == [[], [], [], ["0001_first.sql", "0002_second.sql"]]
