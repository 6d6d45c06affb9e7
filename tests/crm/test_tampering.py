"""A ledger tampered with by somebody who may do everything in the database: each kind is found, where, and named."""

import itertools
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from typer.testing import CliRunner

from crm import readings, rights
from crm.access import Viewer
from crm.application import CRM, By
from crm.chain import GENESIS, link
from crm.cli import app
from crm.database import connect
from crm.demo.cast import MEMBERS
from crm.demo.filling import fill
from crm.prepare import prepare, projecting
from crm.proof import bundle, checkpoint, signing
from crm.proof.rotation import start_over
from crm.proof.signing import key_file, memory_file
from crm.proof.verifying import as_data, last, verify
from crm.settings import Settings
from domain.lead import AddNote, Lead
from domain.person import Role
from projections.engine import Projector
from projections.models import MODELS
from projections.rebuild import rebuild
from projections.stored import Recorded, read

SCHEMA = "tampering"
SAVED = "tampering_saved"


def silent(_done, _total):
    """No progress is shown."""


@contextmanager
def quietly(_name):
    yield silent


@dataclass
class Scene:
    """A district with a signed past: what somebody with every right can do to it, and what verification says."""

    settings: Settings
    url: str
    conn: psycopg.Connection[Any]
    outside: list[str]
    key: str

    def run(self, query: str, *values: object) -> list[Any]:
        cursor = self.conn.execute(query, values)
        return cursor.fetchall() if cursor.description else []

    @property
    def last(self) -> int:
        return int(self.run("SELECT max(position) FROM event")[0][0])

    def verify(self, *, outside: bool = False):
        return verify(self.settings, self.url, self.outside if outside else [], quietly)

    def rechain(self, start: int) -> None:
        """Compute the chain anew from a position on, and the head, as its function would."""
        rows = [row for row in read(self.conn, 0, 100_000) if row.position >= start - 1]
        before = rows.pop(0).hash if start > 1 else GENESIS
        for row in rows:
            before = link(before, row)
            self.run("UPDATE event SET hash = %s WHERE position = %s", before, row.position)
        self.run("UPDATE head SET hash = %s, position = (SELECT max(position) FROM event)", before)

    def renumber(self, start: int, by: int) -> None:
        """Move all rows from a position on, one way or the other."""
        self.run("UPDATE event SET position = -position - %s WHERE position >= %s", by, start)
        self.run("UPDATE event SET position = -position WHERE position < 0")

    def behind(self, position: int, *columns: str) -> tuple[Any, ...]:
        (found,) = self.run(f"SELECT {', '.join(columns)} FROM event WHERE position = %s", position)
        return found

    def alien(self, position: int, **other: Any) -> Recorded:
        """A row nobody entered: made after that of another position."""
        names = ", ".join(Recorded._fields)
        (found,) = self.run(f"SELECT {names} FROM event WHERE position = %s", position - 1)
        like = Recorded._make(found)
        return like._replace(position=position, stream=uuid4(), version=1, command=uuid4(), **other)

    def insert(self, row: Recorded) -> None:
        marks = ", ".join(["%s"] * len(row))
        self.run(f"INSERT INTO event ({', '.join(Recorded._fields)}) VALUES ({marks})", *row)

    def forget(self, position: int) -> None:
        """Cut the tail off everywhere in the database: whoever restores an older backup does no more."""
        hash_, moment = self.behind(position, "hash", "recorded_at")
        self.run("DELETE FROM event WHERE position > %s", position)
        self.run("DELETE FROM command WHERE last > %s", position)
        self.run("DELETE FROM checkpoint WHERE size > %s", position)
        self.run("UPDATE head SET position = %s, hash = %s, recorded_at = %s", position, hash_, moment)
        rebuild(projecting(self.settings, self.url), MODELS)


@pytest.fixture(scope="module")
def filled(cluster, tmp_path_factory):
    """The district, filled, projected, and signed twice; and a copy of all its tables to go back to."""
    given = Settings.load(database_url=cluster, schema_name=SCHEMA, data_dir=tmp_path_factory.mktemp("tampering"))
    prepare(given, cluster)
    conn = connect(cluster, SCHEMA, autocommit=True)
    with CRM(given, cluster) as crm:
        fill(crm, cluster, 14, silent)
        notes = [checkpoint.make(given, conn).note]
        lead = conn.execute("SELECT stream FROM event WHERE topic = 'lead.registered' LIMIT 1").fetchone()[0]
        for n in range(40):
            by = By(MEMBERS["manager"].id, Role.MANAGER, UUID(int=n + 1))
            crm.change(by, Lead, lead, AddNote(note=f"第 {n} 次跟进"))
        notes.append(checkpoint.make(given, conn).note)
        with crm.pool.connection() as web:
            viewer = Viewer(MEMBERS["auditor"].id, "", "auditor", frozenset({Role.AUDITOR}), acting=Role.AUDITOR)
            for _ in range(4):
                readings.append(web, viewer, "audit")
    projecting_ = projecting(given, cluster)()
    Projector(projecting_, MODELS).catch_up()
    projecting_.close()
    conn.execute(f"DROP SCHEMA IF EXISTS {SAVED} CASCADE; CREATE SCHEMA {SAVED}")
    for name in tables(conn):
        conn.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(sql.Identifier(SAVED, name), sql.Identifier(name)))
    yield Scene(given, cluster, conn, notes, str(signing.keys(conn)[0].verifier))
    conn.close()


def tables(conn):
    rows = conn.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r'", (SCHEMA,)
    ).fetchall()
    return sorted(name for (name,) in rows if name not in ("migration", "verification"))


@pytest.fixture
def scene(filled):
    """The same for every test: put back as it was afterwards."""
    yield filled
    conn = filled.conn
    with conn.transaction():
        conn.execute("SET CONSTRAINTS ALL DEFERRED")
        names = tables(conn)
        conn.execute("TRUNCATE " + ", ".join(names) + " CASCADE")
        for name in sorted(names, key=lambda name: name in ("session", "api_token", "checkpoint", "checkpoint_sent")):
            table = sql.Identifier(name), sql.Identifier(SAVED, name)
            conn.execute(sql.SQL("INSERT INTO {} SELECT * FROM {}").format(*table))


MIDDLE = 120


def data(scene):
    scene.run("UPDATE event SET data = replace(data, '{', '{ ') WHERE position = %s", MIDDLE)


def amount(scene):
    (position,) = scene.run(
        "SELECT min(position) FROM event WHERE topic = 'lead.contract_signed' OR data LIKE '%%\"minor\":%%'"
    )[0]
    scene.run("UPDATE event SET data = regexp_replace(data, '\"minor\":(\\d)', '\"minor\":9\\1') WHERE position = %s",
              position)  # fmt: skip
    return position


def actor(scene):
    scene.run("UPDATE event SET actor = %s WHERE position = %s", uuid4(), MIDDLE)


def actor_everywhere(scene):
    """Every witness that is a table of ours is made to say the same."""
    other = uuid4()
    scene.run("UPDATE event SET actor = %s WHERE position = %s", other, MIDDLE)
    scene.run("UPDATE activity SET actor = %s WHERE position = %s", other, MIDDLE)
    scene.run("UPDATE command SET actor = %s WHERE first = %s", other, MIDDLE)


def recorded_at(scene):
    scene.run("UPDATE event SET recorded_at = recorded_at - interval '40 days' WHERE position = %s", MIDDLE)


def occurred_on(scene):
    scene.run("UPDATE event SET occurred_on = occurred_on - 30 WHERE position = %s", MIDDLE)


def topic(scene):
    scene.run("UPDATE event SET topic = 'lead.note_added' WHERE position = %s AND topic <> 'lead.note_added'", MIDDLE)


def role(scene):
    scene.run("UPDATE event SET role = 'auditor' WHERE position = %s", MIDDLE)


def version(scene):
    scene.run("UPDATE event SET version = version + 1000 WHERE position = %s", MIDDLE)


def stream(scene):
    scene.run("UPDATE event SET stream = %s WHERE position = %s", uuid4(), MIDDLE)


def origin(scene):
    scene.run("UPDATE event SET origin = %s WHERE position = %s", uuid4(), MIDDLE)


def command_id(scene):
    scene.run("UPDATE event SET command = %s WHERE position = %s", uuid4(), MIDDLE)


def schema_version(scene):
    scene.run("UPDATE event SET schema = 2 WHERE position = %s", MIDDLE)


def hash_(scene):
    scene.run("UPDATE event SET hash = sha256(hash) WHERE position = %s", MIDDLE)


def removed(scene):
    scene.run("DELETE FROM event WHERE position = %s", MIDDLE)


def removed_first(scene):
    scene.run("DELETE FROM event WHERE position = 1")
    return 1


def removed_many(scene):
    scene.run("DELETE FROM event WHERE position BETWEEN %s AND %s", MIDDLE, MIDDLE + 9)


def removed_and_renumbered(scene):
    scene.run("DELETE FROM event WHERE position = %s", MIDDLE)
    scene.renumber(MIDDLE + 1, -1)


def recorded_never(scene):
    scene.run("UPDATE event SET recorded_at = 'infinity' WHERE position = %s", MIDDLE)


def recorded_before_computers(scene):
    scene.run("UPDATE event SET recorded_at = '1949-10-01' WHERE position = %s", MIDDLE)


def occurred_before_our_era(scene):
    scene.run("UPDATE event SET occurred_on = '0044-03-15 BC' WHERE position = %s", MIDDLE)


def command_to_come(scene):
    """Whoever sends that command will be told that it was done."""
    scene.run(
        "INSERT INTO command SELECT %s, request, actor, stream, 7000, 7000, recorded_at FROM command LIMIT 1", uuid4()
    )
    return 7000


def command_of_another_stream(scene):
    scene.run("UPDATE command SET stream = %s WHERE first = %s", uuid4(), MIDDLE)


def command_stretched(scene):
    scene.run("UPDATE command SET last = last + 20 WHERE first = %s", MIDDLE)


def head_ahead_of_time(scene):
    scene.run("UPDATE head SET recorded_at = recorded_at + interval '1 year'")
    return scene.last


def head_gone(scene):
    scene.run("DELETE FROM head")
    return 1


def checkpoint_never(scene):
    scene.run("UPDATE checkpoint SET recorded_at = 'infinity'")


def reading_never(scene):
    scene.run("UPDATE reading SET recorded_at = 'infinity' WHERE position = 2")


def swapped_contents(scene):
    one, other = MIDDLE, MIDDLE + 7
    scene.run("UPDATE event SET position = 0 WHERE position = %s", one)
    scene.run("UPDATE event SET position = %s WHERE position = %s", one, other)
    scene.run("UPDATE event SET position = %s WHERE position = 0", other)
    first, second = scene.behind(one, "hash"), scene.behind(other, "hash")
    scene.run("UPDATE event SET hash = %s WHERE position = %s", *second, one)
    scene.run("UPDATE event SET hash = %s WHERE position = %s", *first, other)


def swapped_rows(scene):
    one, other = MIDDLE, MIDDLE + 1
    scene.run("UPDATE event SET position = 0 WHERE position = %s", one)
    scene.run("UPDATE event SET position = %s WHERE position = %s", one, other)
    scene.run("UPDATE event SET position = %s WHERE position = 0", other)


def inserted(scene):
    row = scene.alien(MIDDLE)
    scene.renumber(MIDDLE, 1)
    scene.insert(row)


def appended(scene):
    row = scene.alien(scene.last + 1)
    scene.insert(row._replace(hash=link(row.hash, row)))
    return row.position


def appended_with_the_head(scene):
    """As the function would do it, but for the command log."""
    row = scene.alien(scene.last + 1)
    chained = link(row.hash, row)
    scene.insert(row._replace(hash=chained))
    scene.run("UPDATE head SET position = %s, hash = %s", row.position, chained)
    return row.position


def cut_off(scene):
    at = scene.last - 10
    scene.run("DELETE FROM event WHERE position > %s", at)
    return at + 1


def cut_off_with_the_head(scene):
    at = scene.last - 10
    (chained,) = scene.behind(at, "hash")
    scene.run("DELETE FROM event WHERE position > %s", at)
    scene.run("UPDATE head SET position = %s, hash = %s", at, chained)
    return at + 1


def head_hash(scene):
    scene.run("UPDATE head SET hash = sha256(hash)")
    return scene.last


def head_ahead(scene):
    scene.run("UPDATE head SET position = position + 5")
    return scene.last + 1


def command_forgotten(scene):
    scene.run("DELETE FROM command WHERE first <= %s AND last >= %s", MIDDLE, MIDDLE)


def command_says_another(scene):
    scene.run("UPDATE command SET actor = %s WHERE first <= %s AND last >= %s", uuid4(), MIDDLE, MIDDLE)


def rewritten(scene):
    data(scene)
    scene.rechain(MIDDLE)


def rewritten_with_every_trace(scene):
    """A fact of another day, its chain and all read models computed anew: only the signature knows."""
    scene.run("UPDATE event SET occurred_on = occurred_on - 30 WHERE position = %s", MIDDLE)
    scene.rechain(MIDDLE)
    rebuild(projecting(scene.settings, scene.url), MODELS)
    return 1


def rewritten_and_unsigned(scene):
    rewritten_with_every_trace(scene)
    scene.run("DELETE FROM checkpoint_sent")
    scene.run("DELETE FROM checkpoint")
    return 1


def forgotten(scene):
    at = scene.last - 10
    scene.forget(at)
    return at + 1


def forgotten_and_written_on(scene):
    first = scene.last - 40 + 1
    scene.forget(first - 1)
    with CRM(scene.settings, scene.url) as crm:
        lead = scene.run("SELECT stream FROM event WHERE topic = 'lead.registered' LIMIT 1")[0][0]
        for _ in range(60):
            crm.change(By(MEMBERS["manager"].id, Role.MANAGER, uuid4()), Lead, lead, AddNote(note="另一段历史"))
    with projecting(scene.settings, scene.url)() as conn:
        Projector(conn, MODELS).catch_up()
    return first


def checkpoint_forged(scene):
    scene.run("UPDATE checkpoint SET note = replace(note, chr(10) || size::text || chr(10),"
              " chr(10) || (size - 1)::text || chr(10)), size = size - 1 WHERE size = %s", scene.last)  # fmt: skip


def checkpoint_of_another_key(scene):
    scene.run("UPDATE log_key SET public = sha256(public)")


def read_model(scene):
    scene.run("UPDATE funnel_interval SET amount_fen = amount_fen + 1 WHERE known_to = 9223372036854775807"
              " AND lead = (SELECT min(lead::text)::uuid FROM funnel_interval)")  # fmt: skip


def read_model_ahead(scene):
    """It would not take in what is recorded next."""
    scene.run("UPDATE projection SET position = position + 1000 WHERE name = 'leads'")


def tree_node(scene):
    scene.run("UPDATE tree_node SET hash = sha256(hash) WHERE level = 4 AND index = 2")


def reading(scene):
    scene.run("UPDATE reading SET person = %s WHERE position = 2", uuid4())


def readings_cut(scene):
    scene.run("DELETE FROM reading WHERE position > 3")


KINDS = [
    (data, "changed", MIDDLE), (amount, "changed", None), (actor, "changed_actor", MIDDLE),
    (actor_everywhere, "changed", MIDDLE), (recorded_at, "changed_recorded_at", MIDDLE),
    (occurred_on, "changed_field", MIDDLE), (topic, "changed_field", MIDDLE), (role, "changed_field", MIDDLE),
    (version, "changed_field", MIDDLE), (stream, "changed_field", MIDDLE), (origin, "changed_field", MIDDLE),
    (command_id, "changed_field", MIDDLE), (schema_version, "changed_field", MIDDLE), (hash_, "changed_hash", MIDDLE),
    (removed, "removed", MIDDLE), (removed_first, "removed", None), (removed_many, "removed", MIDDLE),
    (removed_and_renumbered, "renumbered", MIDDLE), (swapped_contents, "swapped", MIDDLE),
    (swapped_rows, "swapped", MIDDLE), (inserted, "inserted", MIDDLE), (appended, "appended", None),
    (appended_with_the_head, "command_log", None), (cut_off, "cut_off", None), (cut_off_with_the_head, "cut_off", None),
    (head_hash, "head", None), (head_ahead, "cut_off", None), (command_forgotten, "command_log", MIDDLE),
    (command_says_another, "command_log", MIDDLE), (rewritten, "rewritten", 1),
    (rewritten_with_every_trace, "rewritten", None), (checkpoint_forged, "checkpoint", None),
    (checkpoint_of_another_key, "checkpoint", None), (read_model, "read_model", None), (tree_node, "read_model", None),
    (read_model_ahead, "read_model", None),
    (recorded_never, "changed_recorded_at", MIDDLE), (recorded_before_computers, "changed_recorded_at", MIDDLE),
    (occurred_before_our_era, "changed_field", MIDDLE), (command_to_come, "command_log", None),
    (command_of_another_stream, "command_log", MIDDLE), (command_stretched, "command_log", MIDDLE),
    (head_ahead_of_time, "head", None), (head_gone, "appended", None), (checkpoint_never, "checkpoint", None),
    (reading_never, "readings", None), (reading, "readings", None), (readings_cut, "readings", None),
]  # fmt: skip
"""What is done, the kind of damage it is found to be, and the position (None: what the deed answers, or the district)."""


@pytest.mark.parametrize(("tamper", "kind", "position"), KINDS, ids=[deed.__name__ for deed, *_ in KINDS])
def test_tampering_is_found_where_it_was_done(scene, tamper, kind, position):
    done = tamper(scene)
    report = scene.verify()
    assert [finding.damage for finding in report.findings][:1] == [kind], report.findings
    assert report.findings[0].position == (position or done)
    assert not report.sound


@pytest.mark.parametrize(
    ("tamper", "kind"),
    [(rewritten_and_unsigned, "rewritten"), (forgotten, "old_backup"), (forgotten_and_written_on, "old_backup")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_leaves_no_trace_inside_is_found_by_a_checkpoint_kept_outside(scene, tamper, kind):
    position = tamper(scene)
    report = scene.verify(outside=True)
    assert report.findings[0].damage == kind, report.findings
    assert report.findings[0].position == position


@contextmanager
def done_and_undone(scene, do, undo):
    scene.run(do)
    yield
    scene.run(undo)


@pytest.mark.parametrize(
    ("do", "undo", "kind"),
    [
        ("GRANT UPDATE ON event TO PUBLIC", "REVOKE UPDATE ON event FROM PUBLIC", "rights"),
        (
            "CREATE RULE quiet AS ON UPDATE TO head DO ALSO NOTHING",
            "DROP RULE quiet ON head",
            "rights",
        ),
        ("GRANT UPDATE (data, hash) ON event TO {web}", "REVOKE UPDATE (data, hash) ON event FROM {web}", "rights"),
        ("GRANT DELETE ON reading TO {web}", "REVOKE DELETE ON reading FROM {web}", "rights"),
        ("GRANT SELECT ON session TO {auditor}", "REVOKE SELECT ON session FROM {auditor}", "rights"),
        ("GRANT UPDATE ON checkpoint TO {web}", "REVOKE UPDATE ON checkpoint FROM {web}", "rights"),
        ("GRANT CREATE ON SCHEMA tampering TO {web}", "REVOKE CREATE ON SCHEMA tampering FROM {web}", "rights"),
        (
            "GRANT EXECUTE ON FUNCTION append_events TO {auditor}",
            "REVOKE EXECUTE ON FUNCTION append_events FROM {auditor}",
            "rights",
        ),
        ("ALTER ROLE {web} BYPASSRLS", "ALTER ROLE {web} NOBYPASSRLS", "rights"),
        ("ALTER ROLE {owner} LOGIN", "ALTER ROLE {owner} NOLOGIN", "rights"),
        (
            "ALTER FUNCTION append_events OWNER TO CURRENT_USER",
            "ALTER FUNCTION append_events OWNER TO {owner}",
            "rights",
        ),
        ("ALTER TABLE reading ENABLE ROW LEVEL SECURITY", "ALTER TABLE reading DISABLE ROW LEVEL SECURITY", "rights"),
        (
            "ALTER FUNCTION append_events SET search_path = tampering, pg_catalog, pg_temp",
            "ALTER FUNCTION append_events SET search_path = tampering, pg_temp",
            "append_function",
        ),
        (
            "CREATE FUNCTION array_append(integer[], integer) RETURNS integer[] LANGUAGE sql AS 'SELECT $1'",
            "DROP FUNCTION array_append(integer[], integer)",
            "append_function",
        ),
        ("ALTER TABLE head DROP CONSTRAINT head_id_check", "ALTER TABLE head ADD CHECK (id = 1)", "structure"),
        ("ALTER TABLE event ALTER actor DROP NOT NULL", "ALTER TABLE event ALTER actor SET NOT NULL", "structure"),
        ("CREATE TABLE more () INHERITS (event)", "DROP TABLE more", "structure"),
        ("ALTER TABLE event SET UNLOGGED", "ALTER TABLE event SET LOGGED", "structure"),
        ("ALTER TABLE verification RENAME TO hidden", "ALTER TABLE hidden RENAME TO verification", "structure"),
        ("ALTER TABLE head RENAME position TO place", "ALTER TABLE head RENAME place TO position", "structure"),
    ],
)
def test_a_door_left_open_is_found(scene, do, undo, kind):
    names = {part: rights.role_name(scene.conn, part) for part in rights.PARTS}
    with done_and_undone(scene, do.format(**names), undo.format(**names)):
        assert [finding.damage for finding in scene.verify().findings] == [kind]
    assert scene.verify().sound


def test_a_role_that_may_act_as_the_owner_is_found(scene):
    web, owner = (rights.role_name(scene.conn, part) for part in ("web", "owner"))
    with done_and_undone(scene, f"GRANT {owner} TO {web}", f"REVOKE {owner} FROM {web}"):
        assert {finding.damage for finding in scene.verify().findings} == {"rights"}
    assert scene.verify().sound


def test_the_same_event_twice_is_found(scene):
    """Without its constraints the table takes it; they are put back, and the row with it goes."""
    keys = "ALTER TABLE event DROP CONSTRAINT event_pkey, DROP CONSTRAINT event_stream_version_key"
    scene.run(keys)
    scene.run("INSERT INTO event SELECT * FROM event WHERE position = %s", MIDDLE)
    report = scene.verify()
    scene.run("DELETE FROM event WHERE ctid = (SELECT max(ctid) FROM event WHERE position = %s)", MIDDLE)
    scene.run("ALTER TABLE event ADD PRIMARY KEY (position), ADD UNIQUE (stream, version)")
    assert (report.findings[0].damage, report.findings[0].position) == ("inserted", MIDDLE)
    assert scene.verify().sound


def test_the_command_line_finds_rights_that_migrate_would_mend(scene, monkeypatch):
    """It looks before anything is put right."""
    web = rights.role_name(scene.conn, "web")
    monkeypatch.setenv("CRM_DATABASE_URL", scene.url)
    monkeypatch.setenv("CRM_SCHEMA", SCHEMA)
    monkeypatch.setenv("CRM_DATA_DIR", str(scene.settings.data_dir))
    with done_and_undone(
        scene, f"GRANT INSERT, DELETE ON event TO {web}", f"REVOKE INSERT, DELETE ON event FROM {web}"
    ):
        said = CliRunner().invoke(app, ["audit", "verify"])
    assert said.exit_code == 1, said.output
    assert "DELETE, INSERT" in said.output


def test_another_append_function_is_found(scene):
    (source,) = scene.run(
        "SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.proname = 'append_events'"
        " AND p.pronamespace = to_regnamespace(%s)",
        SCHEMA,
    )[0]
    scene.run(source.replace("moment := greatest(", "moment := least("))
    assert [finding.damage for finding in scene.verify().findings] == ["append_function"]
    scene.run(source)
    assert scene.verify().sound


def test_an_untouched_district_is_sound_and_the_result_is_kept(scene):
    report = scene.verify(outside=True)
    assert report.findings == []
    assert all(check.sound for check in report.checks)
    assert len(report.checks) == 7
    kept = last(scene.conn)
    assert kept is not None
    assert (kept.sound, kept.position, kept.report) == (True, scene.last, as_data(report))


def test_twenty_kinds_and_more():
    deeds = {deed.__name__ for deed, *_ in KINDS}
    assert len(deeds) == len(KINDS) >= 20
    assert len(set(itertools.chain.from_iterable([kind] for _, kind, _ in KINDS))) >= 12


SEEN_FROM_OUTSIDE = [
    data, amount, actor, actor_everywhere, recorded_at, occurred_on, topic, role, version, stream, origin, command_id,
    schema_version, hash_, removed, removed_first, removed_many, removed_and_renumbered, swapped_contents,
    swapped_rows, inserted, cut_off, cut_off_with_the_head, rewritten, rewritten_with_every_trace, forgotten_and_written_on,
]  # fmt: skip
"""What the bundle of the tampered ledger shows to somebody who kept the key and a checkpoint elsewhere."""


def outsider(scene, folder):
    """What the verifier in a bundle of everything says, offline, in an empty folder."""
    with CRM(scene.settings, scene.url) as crm, (folder / "bundle.zip").open("wb") as file:
        bundle.write(crm, file)
    with zipfile.ZipFile(folder / "bundle.zip") as packed:
        packed.extract("verify.py", folder)
    (folder / "kept.txt").write_text(scene.outside[-1], encoding="utf-8")
    command = [sys.executable, "-I", "-S", "verify.py", "bundle.zip", "--key", scene.key, "--checkpoint", "kept.txt"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("tamper", SEEN_FROM_OUTSIDE, ids=lambda deed: deed.__name__)
def test_an_outsider_sees_it_offline(scene, tamper, tmp_path):
    tamper(scene)
    said = outsider(scene, tmp_path)
    assert said.returncode == 1, said.stdout + said.stderr
    assert "Traceback" not in said.stderr


def test_an_outsider_finds_nothing_wrong_with_an_untouched_ledger(scene, tmp_path):
    said = outsider(scene, tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr


@contextmanager
def signed_anew(scene):
    """Signing was begun anew with another key; the old one is put back afterwards."""
    files = {file: file.read_bytes() for file in (key_file(scene.settings), memory_file(scene.settings))}
    start_over(scene.settings, scene.conn)
    yield
    for file, content in files.items():
        file.write_bytes(content)


def test_signing_begun_anew_is_no_damage_and_is_said(scene):
    with signed_anew(scene):
        report = scene.verify(outside=True)
        assert report.findings == []
        assert any("--start-over" in text.zh for text in report.beyond)


def test_signing_begun_anew_does_not_cover_up_another_history(scene):
    position = forgotten_and_written_on(scene)
    with signed_anew(scene):
        assert scene.verify().findings == []
        found = scene.verify(outside=True).findings[0]
        assert (found.damage, found.position) == ("old_backup", position)
