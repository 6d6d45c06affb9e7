"""Replays: the read models as they stood at a position, which nobody may write to; made, listed, made again, removed."""

from collections.abc import Iterator

import pytest
from psycopg import errors, sql

from projections import replay, replaying
from projections.engine import outdated, states
from projections.leads import LeadFilters, totals
from projections.models import MODELS
from projections.rebuild import RebuildFailed, rebuild, verify
from tests.projections.conftest import Ground
from tests.projections.past import DAY, EVENTS, NOW, Past
from tests.projections.told import Tale


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
        replaying.clear(past.ground.conn, past.live)
        assert past.ground.rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema) == [(1,)]
    finally:
        past.ground.conn.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(schema)))


def test_a_position_that_does_not_exist_is_refused(past: Past) -> None:
    for position in (0, EVENTS + 1):
        with pytest.raises(RebuildFailed, match="no event"):
            past.make(position=position)
    assert past.listed() == []
