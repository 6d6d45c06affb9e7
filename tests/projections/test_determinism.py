"""The same events make the same rows: whatever the batches, the order, the session, the district."""

from random import Random
from typing import Any

import pytest
from psycopg import Connection

from projections.beside import BATCH
from projections.digests import digest
from projections.models import MODELS
from projections.rebuild import rebuild
from tests.projections.conftest import Ground
from tests.projections.stories import COLUMNS
from tests.projections.told import Tale

LEADS = 20


@pytest.fixture
def filled(ground: Ground) -> Ground:
    tale = Tale()
    for number in range(LEADS):
        tale.registered(number).contacted(number).contacted(number, on="1-8")
    ground.given(tale.events)
    ground.project()
    return ground


SESSIONS = (
    "SET timezone = 'Pacific/Kiritimati'; SET datestyle = 'German, DMY'",
    "SET timezone = 'America/St_Johns'; SET intervalstyle = 'sql_standard'; SET extra_float_digits = -5",
    "SET lc_monetary = 'C'; SET lc_numeric = 'C'; SET bytea_output = 'escape'; SET work_mem = '64kB'",
    "SET client_encoding = 'UTF8'; SET enable_hashjoin = off; SET enable_indexscan = off; SET jit = off",
)


@pytest.mark.parametrize("settings", SESSIONS)
def test_the_session_of_who_projects_makes_no_difference(filled: Ground, settings: str) -> None:
    def connect() -> Connection[Any]:
        conn = filled.district.connect(autocommit=True)
        conn.execute(settings)
        return conn

    before = filled.digests()
    rebuild(connect, MODELS)
    assert filled.digests() == before
    with connect() as conn:
        assert {model.name: digest(conn, model) for model in MODELS} == before


@pytest.mark.parametrize("seed", range(4))
def test_batches_and_the_order_in_which_read_models_start_make_no_difference(filled: Ground, seed: int) -> None:
    random, before = Random(seed), filled.digests()  # noqa: S311 - which batches are tried is no secret
    filled.clear_read_models()
    models = random.sample(list(MODELS), len(MODELS))
    for number in range(1, len(models) + 1):
        filled.project(random.choice([1, 2, 3, 7, 1000, BATCH]), models[:number])
    assert filled.digests() == before


def test_another_district_with_the_same_events_has_the_same_rows(filled: Ground) -> None:
    copied = filled.rows(f"SELECT {', '.join(COLUMNS)} FROM event ORDER BY position")
    before = filled.digests()
    filled.clear()
    filled.put(copied)
    filled.project(3)
    assert filled.digests() == before
