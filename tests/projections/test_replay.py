"""Replays: the read models as they stood at a position, which nobody may write to; made, listed, made again, removed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import psycopg
import pytest
from psycopg import Connection, errors, sql

from projections import replay
from projections.beside import BATCH
from projections.digests import digest
from projections.engine import ReadModel, outdated, states
from projections.lead_rows import Leads
from projections.leads import LeadFilters, totals
from projections.models import MODELS
from projections.rebuild import RebuildFailed, rebuild, verify
from projections.replay import Cut, Replay
from tests.projections.conftest import Ground
from tests.projections.stories import COLUMNS
from tests.projections.told import Tale

LEADS = 20
EVENTS = 2 * LEADS
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = date(2026, 1, 31)


class Past:
    """A ground with a ledger, and the replays made of it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        tale = Tale()
        for number in range(LEADS):
            tale.registered(number).contacted(number)
        ground.given(tale.events)
        ground.project()

    def connect(self) -> Connection[Any]:
        return self.ground.district.connect(autocommit=True)

    def make(self, name: str = "then", position: int = 11, **given: Any) -> Replay:
        readers = given.pop("readers", [self.ground.conn.info.user])
        models = given.pop("models", MODELS)
        return replay.make(self.connect, name, Cut(position, DAY), models, readers=readers, made_at=NOW, **given)

    def drop(self, name: str = "then") -> None:
        replay.drop(self.ground.conn, self.live, name)

    @property
    def live(self) -> str:
        return self.ground.district.schema

    def listed(self) -> list[Replay]:
        return replay.listed(self.ground.conn, self.live)

    def looking(self, made: Replay) -> Connection[Any]:
        conn = self.connect()
        conn.execute(
            sql.SQL("SET search_path TO {}, {}").format(sql.Identifier(made.schema), sql.Identifier(self.live))
        )
        return conn

    def digests(self, made: Replay) -> dict[str, str]:
        with self.looking(made) as conn:
            return {model.name: digest(conn, model) for model in MODELS}


@pytest.fixture
def past(ground: Ground) -> Past:
    return Past(ground)


@pytest.fixture
def reader(past: Past) -> Iterator[str]:
    """A database role that is given nothing but what a replay gives its readers."""
    name = f"{past.live}_reader"
    past.ground.conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
    past.ground.conn.execute(
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(past.live), sql.Identifier(name))
    )
    yield name
    past.ground.conn.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
    past.ground.conn.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_it_holds_what_a_district_with_no_later_events_would(past: Past) -> None:
    made = past.make(position=11)
    past.ground.clear_read_models()
    past.ground.conn.execute("DELETE FROM event WHERE position > 11")
    past.ground.conn.execute("UPDATE head SET position = 11")
    past.ground.project()
    assert past.digests(made) == past.ground.digests()


@pytest.mark.parametrize("position", [1, 2, 17, EVENTS])
def test_nothing_later_is_seen_through_it(past: Past, position: int) -> None:
    made = past.make(position=position)
    assert made.position == position
    with past.looking(made) as conn:
        assert conn.execute("SELECT count(*), max(position) FROM event").fetchone() == (position, position)
        assert conn.execute("SELECT position FROM head WHERE id = 1").fetchone() == (position,)
        assert (
            conn.execute("SELECT hash FROM head").fetchone()
            == conn.execute("SELECT hash FROM event WHERE position = %s", [position]).fetchone()
        )
        assert {state.position for state in states(conn)} == {position}
        assert totals(conn, LeadFilters()).count == (position + 1) // 2
        assert outdated(conn, MODELS) == []


def test_it_has_the_indexes_of_the_live_tables(past: Past) -> None:
    made = past.make()
    named = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = %s AND tablename = ANY (%s) ORDER BY 1, 2"
    tables = [table for model in MODELS for table in model.tables]
    assert past.ground.rows(named, made.schema, tables) == past.ground.rows(named, past.live, tables)


def test_the_live_tables_and_those_who_read_them_notice_nothing(past: Past) -> None:
    before = past.ground.digests()
    past.make()
    assert past.ground.digests() == before
    assert all(one.same for one in verify(past.connect, MODELS))


def test_events_that_come_later_change_nothing_in_it(past: Past) -> None:
    made = past.make(position=EVENTS)
    before = past.digests(made)
    more = Tale().registered(99).contacted(99).events
    past.ground.given([event.placed(EVENTS + number) for number, event in enumerate(more, 1)])
    past.ground.project()
    assert past.digests(made) == before


def test_a_rebuild_of_the_live_tables_leaves_it_alone(past: Past) -> None:
    made = past.make()
    before = past.digests(made)
    rebuild(past.connect, MODELS)
    assert past.digests(made) == before


def test_readers_may_read_all_of_it_and_write_none(past: Past, reader: str) -> None:
    made = past.make(readers=[reader])
    tables = [table for model in MODELS for table in model.tables]
    with past.looking(made) as conn:
        conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(reader)))
        for table in (*tables, "projection", "event", "head"):
            conn.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(made.schema, table)))
            for writing in ("DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"):
                with pytest.raises((errors.InsufficientPrivilege, errors.WrongObjectType)):
                    conn.execute(sql.SQL(writing).format(sql.Identifier(made.schema, table)))


def test_who_made_it_has_given_up_writing_too(past: Past, reader: str) -> None:
    """Asked of the rights themselves: who runs the tests is a superuser, whom no right binds."""
    made = past.make(readers=[reader])
    kept = past.ground.rows(
        "SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a"
        " WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind IN ('r', 'v') AND a.privilege_type <> 'SELECT'",
        made.schema,
    )
    assert kept == []


# ── listing, names, removing ────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_tells_position_day_and_size(past: Past) -> None:
    assert past.listed() == []
    past.make("early", 4)
    past.make("late", 30)
    late, early = past.listed()
    assert (late.name, late.position, early.name, early.position) == ("late", 30, "early", 4)
    assert (early.day, early.made_at) == (DAY, NOW)
    assert early.bytes > 0
    assert not early.outdated(MODELS)
    assert replay.find(past.ground.conn, past.live, "early") == early._replace(bytes=0)
    assert replay.find(past.ground.conn, past.live, "none") is None


def test_one_call_removes_it(past: Past) -> None:
    made = past.make()
    past.drop()
    assert past.listed() == []
    assert past.ground.rows("SELECT FROM pg_namespace WHERE nspname = %s", made.schema) == []
    with pytest.raises(RebuildFailed, match="no replay"):
        past.drop()


@pytest.mark.parametrize("name", ["", "Then", "1st", "a-b", "a b", "a;drop", 'a"b', "回放", "x" * 60])
def test_a_name_that_cannot_be_one_is_refused_before_anything_is_made(past: Past, name: str) -> None:
    with pytest.raises(RebuildFailed, match="name of a replay"):
        past.make(name)
    assert past.listed() == []


def test_the_longest_name_fits(past: Past) -> None:
    name = "x" * (63 - len(past.live) - len(replay.MARK))
    assert len(past.make(name).schema) == 63
    assert [one.name for one in past.listed()] == [name]


def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(past: Past) -> None:
    made = past.make()
    before = past.digests(made)
    with pytest.raises(RebuildFailed, match="already"):
        past.make(position=5)
    assert past.digests(made) == before


def test_a_schema_that_only_looks_like_a_replay_is_left_alone(past: Past) -> None:
    """Another district may be called so."""
    schema = f"{past.live}{replay.MARK}other"
    past.ground.conn.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    try:
        assert past.listed() == []
        with pytest.raises(RebuildFailed, match="left alone"):
            past.make("other")
        with pytest.raises(RebuildFailed, match="no replay"):
            past.drop("other")
        replay.clear(past.ground.conn, past.live)
        assert past.ground.rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema) == [(1,)]
    finally:
        past.ground.conn.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(schema)))


def test_a_position_that_does_not_exist_is_refused(past: Past) -> None:
    for position in (0, EVENTS + 1):
        with pytest.raises(RebuildFailed, match="no event"):
            past.make(position=position)
    assert past.listed() == []


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


class Interrupted(Leads):
    def project(self, target: Any, batch: Any) -> None:
        super().project(target, batch)
        raise KeyboardInterrupt


def test_a_build_that_was_broken_off_is_seen_not_found_and_cleared_away_by_the_next(past: Past) -> None:
    models: list[ReadModel] = [*MODELS[:2], Interrupted()]
    with pytest.raises(KeyboardInterrupt):
        past.make(models=models)
    (left,) = past.listed()
    assert left.made_at is None
    assert replay.find(past.ground.conn, past.live, "then") is None
    replay.clear(past.ground.conn, past.live)
    assert past.listed() == []
    with pytest.raises(KeyboardInterrupt):
        past.make(models=models)
    past.make()
    assert past.listed()[0].made_at == NOW


CHILD = """
import sys
from datetime import UTC, date, datetime
from crm.database import connect
from projections import replay
from projections.models import MODELS
def open_():
    return connect(sys.argv[1], sys.argv[2], autocommit=True)
def told(done, total):
    print(done, flush=True)
    sys.stdin.read()
replay.make(open_, "then", replay.Cut(11, date(2026, 1, 31)), MODELS, readers=[], made_at=datetime.now(UTC), progress=told)
"""


def test_a_build_that_was_killed_is_cleared_away_and_one_that_runs_is_not(past: Past) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, past.ground.district.url, past.live],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == b"11\n"
    replay.clear(past.ground.conn, past.live)
    assert [one.made_at for one in past.listed()] == [None]
    with pytest.raises(RebuildFailed, match="being made"):
        past.make()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    child.stdin.close()
    deadline = time.monotonic() + 10
    while past.listed() and time.monotonic() < deadline:
        replay.clear(past.ground.conn, past.live)
        time.sleep(0.01)
    assert past.listed() == []


def test_an_event_that_cannot_be_read_is_named_and_nothing_is_left(past: Past) -> None:
    past.ground.conn.execute("UPDATE event SET topic = 'lead.teleported' WHERE position = 7")
    with pytest.raises(RebuildFailed, match=r"lead\.teleported v1 @7: UnknownEvent"):
        past.make()
    assert past.listed() == []
    past.make("before", 6)


def test_one_of_another_version_says_so_and_is_made_again_without_ado(past: Past) -> None:
    class Older(Leads):
        VERSION = 99

    models: list[ReadModel] = [Older() if model.name == "leads" else model for model in MODELS]
    past.make(models=models)
    (old,) = past.listed()
    assert old.outdated(MODELS)
    assert not past.make(position=12).outdated(MODELS)
    assert [one.position for one in past.listed()] == [12]


def test_it_is_removed_while_somebody_reads_it(past: Past) -> None:
    made = past.make()
    with past.looking(made) as conn, conn.transaction():
        conn.execute("SELECT count(*) FROM lead")
        with past.connect() as other:
            other.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(made.schema)))
    past.drop()
    assert past.listed() == []


# ── the same events, the same rows ──────────────────────────────────────────────────────────────────────────────────


SESSIONS = (
    "SET timezone = 'Pacific/Kiritimati'; SET datestyle = 'German, DMY'",
    "SET timezone = 'America/St_Johns'; SET intervalstyle = 'sql_standard'; SET extra_float_digits = -5",
    "SET lc_monetary = 'C'; SET lc_numeric = 'C'; SET bytea_output = 'escape'; SET work_mem = '64kB'",
    "SET client_encoding = 'UTF8'; SET enable_hashjoin = off; SET enable_indexscan = off; SET jit = off",
)


@pytest.mark.parametrize("settings", SESSIONS)
def test_the_session_of_who_projects_makes_no_difference(past: Past, settings: str) -> None:
    def connect() -> Connection[Any]:
        conn = past.connect()
        conn.execute(settings)
        return conn

    before = past.ground.digests()
    rebuild(connect, MODELS)
    assert past.ground.digests() == before
    with connect() as conn:
        assert {model.name: digest(conn, model) for model in MODELS} == before


@pytest.mark.parametrize("seed", range(4))
def test_batches_and_the_order_in_which_read_models_start_make_no_difference(past: Past, seed: int) -> None:
    random, before = Random(seed), past.ground.digests()  # noqa: S311 - which batches are tried is no secret
    past.ground.clear_read_models()
    models = random.sample(list(MODELS), len(MODELS))
    for number in range(1, len(models) + 1):
        past.ground.project(random.choice([1, 2, 3, 7, 1000, BATCH]), models[:number])
    assert past.ground.digests() == before


def test_another_district_with_the_same_events_has_the_same_rows(past: Past) -> None:
    copied = past.ground.rows(f"SELECT {', '.join(COLUMNS)} FROM event ORDER BY position")
    before = past.ground.digests()
    past.ground.clear()
    past.ground.put(copied)
    past.ground.project(3)
    assert past.ground.digests() == before
