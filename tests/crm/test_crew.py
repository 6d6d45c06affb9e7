"""A rebuild shared among processes: the same rows, and what goes wrong in one of them ends it without a trace."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm.application import CRM
from crm.demo.filling import fill
from crm.prepare import catch_up, prepare, projecting, rebuild
from crm.settings import Settings
from projections import crew
from projections.activity_rows import Activity
from projections.engine import ReadModel
from projections.models import MODELS
from projections.rebuild import RebuildFailed, digest
from tests.conftest import District

AT_WORK = """
SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() || '__rebuild'
"""

pytestmark = pytest.mark.usefixtures("shared_among_two")


def nothing_shown(_done: int, _total: int) -> None:
    """No progress is shown."""


@pytest.fixture
def shared_among_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "ENOUGH", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


@pytest.fixture
def filled(district: District) -> Iterator[District]:
    prepare(district.settings, district.url)
    with CRM(district.settings, district.url) as crm:
        fill(crm, district.url, 20, nothing_shown)
        catch_up(district.settings, district.url, nothing_shown)
        yield district


def digests(district: District) -> dict[str, str]:
    with projecting(district.settings, district.url)() as conn:
        return {model.name: digest(conn, model) for model in MODELS}


def indexes(district: District) -> list[Any]:
    with district.connect() as conn:
        named = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1"
        return conn.execute(named).fetchall()


def test_two_processes_make_the_rows_that_one_makes(filled: District) -> None:
    before, there, told = digests(filled), indexes(filled), list[tuple[int, int]]()
    rebuild(filled.settings, filled.url, MODELS, lambda done, total: told.append((done, total)))
    assert digests(filled) == before
    assert indexes(filled) == there
    assert told[-1][0] == told[-1][1] > 0


class Broken(Activity):
    def project(self, *_given: Any) -> None:
        raise OSError("nothing to be done about it")


def test_what_fails_in_one_process_ends_all_and_changes_nothing(filled: District) -> None:
    before = digests(filled)
    models = [Broken() if isinstance(model, Activity) else model for model in MODELS]
    with pytest.raises(OSError, match="nothing to be done"):
        rebuild(filled.settings, filled.url, models, nothing_shown)
    assert digests(filled) == before
    assert multiprocessing.active_children() == []


def test_an_event_that_cannot_be_taken_in_is_told(filled: District) -> None:
    before = digests(filled)
    with filled.connect() as conn:
        conn.execute("UPDATE event SET schema = 99 WHERE position = 30")
    with pytest.raises(RebuildFailed, match="UnknownEvent"):
        rebuild(filled.settings, filled.url, MODELS, nothing_shown)
    assert digests(filled) == before


def test_shares_are_about_equally_heavy() -> None:
    class Light(ReadModel):
        name, WEIGHT = "light", 2

    class Heavy(ReadModel):
        name, WEIGHT = "heavy", 5

    given = [Light(), Heavy(), Light(), Light()]
    assert [sum(one.WEIGHT for one in share) for share in crew.shared(given, 2)] == [5, 6]
    assert crew.shared(given[:1], 2) == [given[:1]]


class Endless(Activity):
    def project(self, *_given: Any) -> None:
        time.sleep(600)


def endlessly(url: str, schema: str, folder: str) -> None:
    """What the test below kills: a rebuild that never comes to its end, in two processes."""
    crew.ENOUGH = 1  # type: ignore[misc]
    os.cpu_count = lambda: 2
    models = [Endless() if isinstance(model, Activity) else model for model in MODELS]
    rebuild(Settings.load(database_url=url, schema_name=schema, data_dir=Path(folder)), url, models, nothing_shown)


def test_nothing_goes_on_when_who_asked_is_killed(filled: District) -> None:
    asking = "import sys; from tests.crm.test_crew import endlessly; endlessly(*sys.argv[1:])"
    command = [sys.executable, "-c", asking, filled.url, filled.schema, str(filled.data_dir)]
    with subprocess.Popen(command) as process:
        try:
            _until(filled, lambda at_work: at_work > 0)
        finally:
            process.kill()
    _until(filled, lambda at_work: at_work == 0)


def _until(district: District, true: Callable[[int], bool]) -> None:
    """Wait until that is true of the number of connections at work beside."""
    until = time.monotonic() + 30
    with district.connect(autocommit=True) as conn:
        while True:
            (at_work,) = conn.execute(AT_WORK).fetchone() or (0,)
            if true(at_work):
                return
            assert time.monotonic() < until, at_work
            time.sleep(0.05)
