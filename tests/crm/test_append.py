"""The append function: the one door to the ledger."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from crm.store import GENESIS, Recorded, link, read
from tests.conftest import District

APPEND = (
    "SELECT command, stream, position, repeated FROM append_events(%s::uuid[], %s::int[], %s::text[], %s::int[], "
    "%s::date[], %s::text[], %s::uuid[], %s::bytea[], %s::uuid[], %s::text[], %s::uuid[])"
)
OFFICER = UUID(int=11)


class Fact:
    """One event to append; what is not said is like every other."""

    def __init__(self, stream=None, version=1, command=None, request=b"same", data="{}", origin=None):
        self.stream, self.version = stream or uuid4(), version
        self.command, self.request = command or uuid4(), request
        self.data, self.origin = data, origin


def append(conn, *facts):
    columns = [
        (
            f.stream,
            f.version,
            "lead.noted",
            1,
            date(1969, 7, 20),
            f.data,
            f.command,
            f.request,
            OFFICER,
            "staff",
            f.origin,
        )
        for f in facts
    ]
    return conn.execute(APPEND, [list(column) for column in zip(*columns, strict=True)]).fetchall()


@pytest.fixture
def conn(district: District):
    with district.connect(autocommit=True) as connection:
        yield connection


def test_positions_follow_one_another_without_a_gap_whatever_fails_between(conn):
    taken = Fact()
    append(conn, taken)
    with pytest.raises(errors.UniqueViolation):
        append(conn, Fact(), Fact(stream=taken.stream))
    append(conn, Fact(), Fact())
    assert [row.position for row in read(conn, 0, 10)] == [1, 2, 3]


@pytest.mark.parametrize("versions", [(2,), (1, 3), (2, 1)])
def test_the_versions_of_a_stream_stand_in_the_order_of_its_positions(conn, versions):
    stream = uuid4()
    with pytest.raises(errors.UniqueViolation):
        append(conn, *(Fact(stream=stream, version=version) for version in versions))
    assert read(conn, 0, 10) == []


def test_the_head_row_knows_the_last_position_hash_and_moment(conn):
    append(conn, Fact(), Fact())
    last = read(conn, 0, 10)[-1]
    assert conn.execute("SELECT position, hash, recorded_at FROM head").fetchall() == [(2, last.hash, last.recorded_at)]


def test_python_and_the_function_agree_on_every_link_of_the_chain(conn):
    append(conn, Fact(data='{"note": "𠮷野 \\\\ \\"引号\\""}'), Fact(data="", origin=uuid4()))
    append(conn, Fact(data="长" * 5000))
    previous = GENESIS
    for row in read(conn, 0, 10):
        previous = link(previous, row)
        assert previous == row.hash


@pytest.mark.parametrize(
    "change",
    [
        {"position": 8},
        {"stream": uuid4()},
        {"version": 2},
        {"topic": "lead.lost"},
        {"schema": 2},
        {"occurred_on": date(2026, 1, 6)},
        {"recorded_at": datetime(2026, 1, 5, microsecond=1, tzinfo=UTC)},
        {"actor": uuid4()},
        {"role": "admin"},
        {"command": uuid4()},
        {"origin": uuid4()},
        {"data": "{ }"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_chain_covers_every_column(change):
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    row = Recorded(
        7, UUID(int=1), 1, "lead.noted", 1, date(2026, 1, 5), moment, OFFICER, "staff", UUID(int=2), None, "{}", b""
    )
    assert link(GENESIS, row) != link(GENESIS, row._replace(**change))
    assert link(GENESIS, row) != link(b"\1" * 32, row)


def test_a_command_that_comes_again_is_answered_as_the_first_time_and_stores_nothing(conn):
    stream, command = uuid4(), uuid4()
    first = append(conn, Fact(stream, 1, command), Fact(stream, 2, command))
    again = append(conn, Fact(uuid4(), 1, command), Fact(uuid4(), 1, command))
    assert first == [(command, stream, 1, False), (command, stream, 2, False)]
    assert again == [(command, stream, 2, True)]
    assert len(read(conn, 0, 10)) == 2


def test_in_a_batch_only_the_commands_that_are_new_are_stored(conn):
    known, fresh = Fact(), Fact()
    append(conn, known)
    assert append(conn, known, fresh, Fact(fresh.stream, 2, fresh.command)) == [
        (known.command, known.stream, 1, True),
        (fresh.command, fresh.stream, 2, False),
        (fresh.command, fresh.stream, 3, False),
    ]
    assert conn.execute("SELECT first, last FROM command WHERE id = %s", [fresh.command]).fetchone() == (2, 3)


def test_a_command_id_with_another_request_is_refused_with_a_state_of_its_own(conn):
    fact = Fact(request=b"one")
    append(conn, fact)
    with pytest.raises(psycopg.Error) as refusal:
        append(conn, Fact(command=fact.command, request=b"other"))
    assert refusal.value.sqlstate == "LF409"


def test_the_moment_of_recording_never_goes_back_even_if_the_clock_does(conn):
    conn.execute("UPDATE head SET recorded_at = timestamptz '2099-01-01 00:00Z'")
    append(conn, Fact())
    assert read(conn, 0, 1)[0].recorded_at == datetime(2099, 1, 1, tzinfo=UTC)


def test_all_events_of_an_append_have_one_moment_and_listeners_hear_the_last_position(conn, district):
    with district.connect(autocommit=True) as listener:
        listener.execute(f"LISTEN {district.schema}")
        append(conn, Fact(), Fact())
        heard = [note.payload for note in listener.notifies(timeout=2, stop_after=1)]
    assert heard == ["2"]
    assert len({row.recorded_at for row in read(conn, 0, 10)}) == 1


def test_many_at_once_stand_in_one_order_and_one_chain(district):
    def write(_: int) -> None:
        with district.connect(autocommit=True) as own:
            for _ in range(25):
                append(own, Fact(), Fact())

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    with district.connect() as conn:
        rows = read(conn, 0, 1000)
    assert [row.position for row in rows] == list(range(1, 201))
    previous = GENESIS
    for row in rows:
        previous = link(previous, row)
        assert previous == row.hash
    moments = [row.recorded_at for row in rows]
    assert moments == sorted(moments)


def test_a_temporary_table_of_the_caller_does_not_stand_in_for_the_ledger(conn):
    conn.execute("CREATE TEMP TABLE head (id smallint, position bigint, hash bytea, recorded_at timestamptz)")
    conn.execute("INSERT INTO head VALUES (1, 41, '', now())")
    append(conn, Fact())
    conn.execute("DROP TABLE pg_temp.head")
    assert [row.position for row in read(conn, 0, 10)] == [1]
