"""Who may do what in the database."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from psycopg import errors, sql

from crm import readings, rights
from crm.access import Viewer
from crm.application import CRM
from crm.database import connect, migrate
from crm.store import read
from domain.lead import Lead
from domain.person import Role
from projections.engine import Projector, prepare
from projections.models import MODELS
from tests.conftest import District
from tests.crm.conftest import call, registration, someone


def drop_roles(url: str, names: list[str]) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        for name in names:
            conn.execute(sql.SQL("DROP OWNED BY {0} CASCADE; DROP ROLE {0}").format(sql.Identifier(name)))


@pytest.fixture
def apart(district: District) -> Iterator[District]:
    """A district whose roles are made; roles outlive a schema, so they go with the test."""
    with district.connect() as conn:
        names = [rights.role_name(conn, part) for part in rights.PARTS]
        assert rights.establish(conn, district.settings.signing_key()).apart
    yield district
    drop_roles(district.url, names)


def as_part(district: District, part: rights.Part) -> District:
    return replace(district, url=rights.door(district.url, district.schema, district.settings.signing_key(), part))


def test_pages_work_through_the_web_role_to_the_last_verb(apart, by):
    web = as_part(apart, "web")
    assert web.url != apart.url
    with CRM(apart.settings, apart.url) as crm:
        with crm.pool.connection() as conn:
            assert conn.info.user == rights.role_name(conn, "web")
        lead = crm.create(by(), Lead, registration(summary="秘密", contacts=(someone(),))).id
        crm.change(by(), Lead, lead, call())
        assert crm.lead(lead).attribute("summary") == "秘密"
    with web.connect() as conn:
        assert len(read(conn, 0, 10)) == 2


CHANGES = (
    "UPDATE event SET actor = actor",
    "DELETE FROM event",
    "TRUNCATE event",
    "INSERT INTO event SELECT * FROM event",
    "UPDATE head SET position = 0",
    "DELETE FROM head",
    "UPDATE command SET last = 0",
    "DELETE FROM command",
    "INSERT INTO command SELECT * FROM command",
    "ALTER TABLE event ADD COLUMN note text",
    "DROP TABLE event",
    "DROP FUNCTION append_events",
    "DELETE FROM migration",
    "INSERT INTO reading SELECT * FROM reading",
    "UPDATE reading SET role = role",
    "DELETE FROM reading",
    "TRUNCATE reading",
    "UPDATE reading_head SET position = 0",
    "DELETE FROM reading_head",
    "DROP FUNCTION append_reading",
)
MAKINGS = (
    "CREATE TABLE beside (id int)",
    "CREATE OR REPLACE FUNCTION append_events() RETURNS void LANGUAGE sql AS ''",
)


@pytest.mark.parametrize("part", ["web", "projector", "auditor"])
def test_nobody_who_logs_in_changes_the_ledger_but_through_the_function(apart, part):
    statements = CHANGES if part == "projector" else CHANGES + MAKINGS  # the projector makes tables of its own
    with as_part(apart, part).connect() as conn:
        for statement in statements:
            with pytest.raises(errors.InsufficientPrivilege), conn.transaction():
                conn.execute(statement)


def test_the_owner_of_the_ledger_cannot_change_it_either_and_nobody_logs_in_as_it(apart):
    with apart.connect(autocommit=True) as conn:
        owner = rights.role_name(conn, "owner")
        assert conn.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [owner]).fetchone() == (False,)
        for right, may in (("INSERT", True), ("UPDATE", False), ("DELETE", False), ("TRUNCATE", False)):
            for table in ("event", "reading"):
                assert conn.execute("SELECT has_table_privilege(%s, %s, %s)", [owner, table, right]).fetchone() == (
                    may,
                )


@pytest.mark.parametrize("part", ["projector", "auditor"])
def test_only_the_web_appends_and_reads_secrets(apart, part):
    with as_part(apart, part).connect() as conn:
        for statement in (
            "SELECT append_events(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)",
            "SELECT append_reading(NULL, NULL, NULL, NULL, NULL)",
            "TABLE session",
        ):
            with pytest.raises(errors.InsufficientPrivilege), conn.transaction():
                conn.execute(statement)


SECRETS = ("account", "session", "api_token", "login_attempt", "sealing_key", "document", "import")
FOR_AUDITORS = ("event", "head", "command", "migration", "reading", "reading_head", "projection", "activity", "lead")


def test_an_auditor_s_role_reads_what_proves_and_what_is_shown_but_no_secret_and_writes_nothing(apart):
    with as_part(apart, "projector").connect(autocommit=True) as conn:
        prepare(conn, MODELS)
    with as_part(apart, "auditor").connect(autocommit=True) as conn:
        for table in FOR_AUDITORS:
            conn.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(table)))
        for table in SECRETS:
            with pytest.raises(errors.InsufficientPrivilege):
                conn.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(table)))
        writable = conn.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
            " AND has_table_privilege(current_user, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')"
        ).fetchall()
    assert writable == []


def test_a_table_that_comes_later_is_a_secret_until_it_is_named(apart):
    with apart.connect(autocommit=True) as conn:
        conn.execute("CREATE TABLE later_secret (id int PRIMARY KEY)")
        assert rights.establish(conn, apart.settings.signing_key()).apart
    with as_part(apart, "auditor").connect() as conn, pytest.raises(errors.InsufficientPrivilege):
        conn.execute("TABLE later_secret")


def test_the_web_writes_readings_down_through_the_function_only(apart):
    viewer = Viewer(UUID(int=5), "审计专员", "audit", frozenset({Role.AUDITOR}))
    with as_part(apart, "projector").connect(autocommit=True) as conn:
        prepare(conn, MODELS)
    with as_part(apart, "web").connect(autocommit=True) as conn:
        assert readings.append(conn, viewer, "leads") == 1
        assert readings.check(conn) is None


def test_read_models_are_the_projector_s_and_pages_only_read_them(apart):
    with as_part(apart, "projector").connect(autocommit=True) as conn:
        conn.execute("CREATE TABLE lead_row (id int PRIMARY KEY)")
        conn.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(f"{apart.schema}__rebuild")))
        assert conn.execute("SELECT count(*) FROM event").fetchone() == (0,)
    for part in ("web", "auditor"):
        with as_part(apart, part).connect() as conn:
            assert conn.execute("SELECT count(*) FROM lead_row").fetchone() == (0,)
            with pytest.raises(errors.InsufficientPrivilege):
                conn.execute("DELETE FROM lead_row")


def test_what_the_account_projected_before_becomes_the_projector_s(apart, by):
    """As after a restore, or where an earlier version had no roles."""
    with apart.connect(autocommit=True) as conn:
        prepare(conn, MODELS)
    with CRM(apart.settings, apart.url) as crm:
        assert crm.wait(0, timeout=0) is True  # pages read what the account makes, too
        crm.create(by(), Lead, registration())
    with apart.connect() as conn:
        assert rights.establish(conn, apart.settings.signing_key()).apart
    with as_part(apart, "projector").connect(autocommit=True) as conn:
        assert Projector(conn, MODELS).catch_up() == 1
    with as_part(apart, "web").connect(autocommit=True) as conn:
        assert conn.execute("SELECT count(*) FROM lead").fetchone() == (1,)
        with pytest.raises(errors.InsufficientPrivilege):
            conn.execute("DELETE FROM lead")


def test_making_the_roles_again_changes_nothing_and_new_tables_are_granted(apart):
    with apart.connect(autocommit=True) as conn:
        conn.execute("CREATE TABLE later (id int PRIMARY KEY)")
        assert rights.establish(conn, apart.settings.signing_key()).apart
        migrate(conn, apart.schema)
    with as_part(apart, "web").connect() as conn:
        conn.execute("INSERT INTO later VALUES (1)")


def test_where_all_is_in_place_nobody_is_kept_waiting(apart):
    with apart.connect() as reading, apart.connect() as conn:
        reading.execute("SELECT count(*) FROM event")
        conn.execute("SET lock_timeout = '2s'")
        assert rights.establish(conn, apart.settings.signing_key()).apart


def test_processes_that_start_at_once_make_the_rights_once(apart):
    def start(secret: bytes) -> bool:
        with apart.connect() as conn:
            return rights.establish(conn, secret).apart

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(start, [b"one", b"two", b"three", apart.settings.signing_key()]))


def test_the_status_says_in_both_languages_what_holds(apart):
    for part in ("web", "auditor"):
        with as_part(apart, part).connect() as conn:
            said = rights.status(conn)
        assert said.apart
        assert all(line.zh and line.en for line in said.lines)
    with apart.connect(autocommit=True) as conn:
        web = sql.Identifier(rights.role_name(conn, "web"))
        conn.execute(sql.SQL("GRANT UPDATE ON event TO {}").format(web))
        assert "event" in rights.status(conn).lines[0].en
        assert not rights.status(conn).apart
        assert rights.establish(conn, apart.settings.signing_key()).apart


def test_with_another_secret_the_door_stays_the_account_s_own(apart):
    assert rights.door(apart.url, apart.schema, b"another", "web") == apart.url


@pytest.fixture
def lone_account(cluster: str, empty_schema: str, district: District) -> Iterator[District]:
    """A district on an account that may make a schema, and no roles."""
    name, schema = f"{empty_schema}_account", f"{empty_schema}_own"
    account, target = sql.Identifier(name), sql.Identifier(schema)
    with psycopg.connect(cluster, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'only this'").format(account))
        conn.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(target, account))
    own = psycopg.conninfo.make_conninfo(cluster, user=name, password="only this")
    with psycopg.connect(own) as conn:
        migrate(conn, schema)
    yield replace(district, url=own, schema=schema)
    drop_roles(cluster, [name])


def test_an_account_that_may_not_make_roles_gives_up_its_own_right_to_change_events(lone_account, by):
    with lone_account.connect() as conn:
        said = rights.establish(conn, lone_account.settings.signing_key())
    assert not said.apart
    assert "given up" in said.lines[1].en
    assert (
        rights.door(lone_account.url, lone_account.schema, lone_account.settings.signing_key(), "web")
        == lone_account.url
    )
    with CRM(lone_account.settings, lone_account.url) as crm:
        crm.create(by(), Lead, registration())
    for statement in (
        "UPDATE event SET actor = actor", "DELETE FROM event", "TRUNCATE event",
        "UPDATE reading SET role = role", "DELETE FROM reading", "TRUNCATE reading",
    ):  # fmt: skip
        with connect(lone_account.url, lone_account.schema) as conn, pytest.raises(errors.InsufficientPrivilege):
            conn.execute(statement)


def test_roles_of_two_districts_on_one_server_are_never_the_same(district):
    names = set()
    for schema in (district.schema, "a" * 63, "a" * 62):
        with contextlib.closing(connect(district.url, schema)) as conn:
            conn.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
            names |= {rights.role_name(conn, part) for part in rights.PARTS}
    assert len(names) == 12
    assert all(len(name) <= 63 for name in names)


def test_pages_show_the_last_verification_and_cannot_write_one(apart):
    with as_part(apart, "web").connect(autocommit=True) as conn:
        assert conn.execute("SELECT count(*) FROM verification").fetchone() == (0,)
        for change in (
            "INSERT INTO verification VALUES (gen_random_uuid(), now(), now(), 1, true, '{}')",
            "UPDATE verification SET sound = true",
            "DELETE FROM verification",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                conn.execute(change)


def test_what_the_projector_makes_cannot_stand_in_for_what_the_append_function_calls(apart, by):
    """A function that fits exactly is preferred to a built-in one that takes anything: it would run as the owner."""
    with as_part(apart, "projector").connect() as conn:
        prepare(conn, MODELS)
        conn.execute(
            """
            CREATE FUNCTION array_append(known integer[], one integer) RETURNS integer[] LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'stood in'; END $$;
            CREATE FUNCTION unnest(every integer[]) RETURNS SETOF integer LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'stood in'; END $$;
            CREATE FUNCTION cardinality(every uuid[]) RETURNS integer LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'stood in'; END $$;
            CREATE FUNCTION convert_to(text, text) RETURNS bytea LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'stood in'; END $$;
            CREATE FUNCTION pg_notify(name, text) RETURNS void LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'stood in'; END $$;
            """
        )
    with CRM(apart.settings, apart.url) as crm:
        lead = crm.create(by(), Lead, registration()).id
        crm.change(by(), Lead, lead, call())
        with crm.pool.connection() as conn:
            assert (
                readings.append(conn, Viewer(by().person, "", "a", frozenset({Role.AUDITOR}), acting=Role.AUDITOR), "x")
                == 1
            )
