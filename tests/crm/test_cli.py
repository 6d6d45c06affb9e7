"""The command line: results on standard output, sentences on standard error, exit codes that can be trusted."""

import csv
import io
import json
import subprocess
import sys
from typing import get_args
from uuid import UUID

import pytest
from psycopg import sql
from typer.main import get_command
from typer.testing import CliRunner

from crm import readings
from crm.application import CRM
from crm.cli import app, running
from crm.cli.people import RoleName
from crm.demo import cast
from crm.demo.filling import fill
from crm.demo.logins import open_logins
from crm.settings import Settings, variable
from domain.person import Role

HEAVY = ("psycopg", "pydantic", "eventsourcing", "uvicorn", "fastapi", "domain.base")


@pytest.fixture
def crm(district, monkeypatch):
    """Runs a command on the test's district."""
    for name in ("database_url", "schema_name", "data_dir"):
        value = {"database_url": district.url, "schema_name": district.schema, "data_dir": str(district.data_dir)}[name]
        monkeypatch.setenv(variable(name, Settings.model_fields[name]), value)
    return lambda *arguments, **more: CliRunner().invoke(app, arguments, catch_exceptions=False, **more)


@pytest.fixture
def filled(district):
    application = CRM(district.settings, district.url)
    fill(application, district.url, 12, lambda _done, _total: None)
    yield application
    application.close()


def commands(command=None, path=()):
    command = command or get_command(app)
    inner = getattr(command, "commands", {})
    if not inner:
        yield path
    for name, one in inner.items():
        yield from commands(one, (*path, name))


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_helps_with_an_example_in_both_languages(path):
    shown = CliRunner().invoke(app, [*path, "--help"])
    assert shown.exit_code == 0
    assert f"Example: crm {' '.join(path)}" in shown.stdout
    assert " · " in shown.stdout


def test_the_commands_are_those_of_the_readme():
    assert {path[0] for path in commands()} == {
        "serve", "project", "demo", "migrate", "rebuild", "replay", "status", "import",
        "export", "person", "token", "backup", "restore", "keys", "erase", "audit", "funnel", "since", "restatements",
    }  # fmt: skip


def test_help_answers_at_once_because_it_imports_little():
    code = f"import crm.cli, sys; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_roles_offered_are_those_of_the_domain():
    assert get_args(RoleName) == tuple(Role)


def test_a_misused_command_exits_with_2(crm):
    assert crm("bogus").exit_code == 2
    assert crm("person", "add", "--login", "a").exit_code == 2
    assert crm("serve", "--port", "99999").exit_code == 2


def test_a_wrong_setting_is_one_sentence(crm, monkeypatch):
    monkeypatch.setenv("CRM_SESSION_IDLE_MINUTES", "soon")
    done = crm("migrate")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("crm: CRM_SESSION_IDLE_MINUTES")
    assert len(done.stderr.splitlines()) == 1


def test_an_unreachable_database_is_one_sentence(crm, monkeypatch):
    monkeypatch.setenv("CRM_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    done = crm("migrate")
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "CRM_DATABASE_URL" in done.stderr


def test_a_person_is_added_with_a_password_that_is_printed_once(crm, district):
    done = crm("person", "add", "--login", "admin", "--name", "系统管理员", "--role", "admin")
    assert done.exit_code == 0
    application = CRM(district.settings, district.url)
    person = application.accounts.check_password("admin", done.stdout.strip())
    application.close()
    assert isinstance(person, UUID)
    again = crm("person", "add", "--login", "Admin", "--name", "另一人", "--role", "staff")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "登录名" in again.stderr


def test_a_password_may_be_typed(crm, district):
    given = {"input": "long-enough-password\n"}
    done = crm("person", "add", "--login", "a", "--name", "甲岗", "--role", "staff", "--ask", **given)
    assert (done.exit_code, done.stdout) == (0, "")
    short = crm("person", "add", "--login", "b", "--name", "乙岗", "--role", "staff", "--ask", input="short\n")
    assert short.exit_code == 1
    assert crm("token", "平台", "--login", "b").exit_code == 1


def test_a_person_with_an_unfit_name_is_refused_in_a_sentence(crm):
    done = crm("person", "add", "--login", "a", "--name", "甲\x00岗", "--role", "staff")
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)


def test_a_specialist_is_posted_where_they_are_added(crm, filled):
    done = crm(
        "person",
        "add",
        "--login",
        "bj9",
        "--name",
        "驻北京招商专员九",
        "--role",
        "staff",
        "--channel",
        "驻北京招商联络中心",
    )
    assert done.exit_code == 0
    nowhere = crm("person", "add", "--login", "x", "--name", "某岗", "--role", "staff", "--channel", "驻月球")
    assert nowhere.exit_code == 1
    assert crm("token", "t", "--login", "x").exit_code == 1


def test_a_token_is_printed_and_works(crm, filled, district):
    open_logins(filled.accounts, district.settings)
    done = crm("token", "数据平台", "--login", "manager")
    assert done.exit_code == 0
    assert filled.accounts.token(done.stdout.strip()) == cast.MEMBERS["manager"].id
    missing = crm("token", "数据平台", "--login", "nobody")
    assert (missing.exit_code, missing.stdout) == (1, "")


def test_migrate_says_what_it_did(crm):
    assert crm("migrate").stdout.strip() == "无须升级 · nothing to do"


def test_status_is_json_and_fails_when_unwell(crm, filled):
    behind = crm("status", "--format", "json", "--lag", "5")
    assert behind.exit_code == 1
    assert json.loads(behind.stdout)["problems"]
    assert crm("rebuild").exit_code == 0
    well = crm("status", "--format", "json", "--lag", "0")
    assert well.exit_code == 0
    report = json.loads(well.stdout)
    assert report["head"]["position"] == filled.position()
    assert {model["behind"] for model in report["projections"]} == {0}
    leads = next(model for model in report["projections"] if model["name"] == "leads")
    assert leads["rows"]["lead"] >= 12


def test_status_of_a_schema_that_is_not_there(crm, monkeypatch):
    monkeypatch.setenv("CRM_SCHEMA", "nothing_here")
    done = crm("status")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "crm migrate" in done.stderr


def test_one_read_model_is_rebuilt_by_its_name(crm, filled):
    assert crm("rebuild", "leads").stdout.strip() == "leads"
    done = crm("rebuild", "nothing")
    assert done.exit_code == 1
    assert "leads" in done.stderr


def test_every_event_is_exported_as_it_is_stored(crm, filled, district):
    lines = [json.loads(line) for line in crm("export", "events").stdout.splitlines()]
    assert [line["position"] for line in lines] == list(range(1, filled.position() + 1))
    with district.connect() as connection:
        stored = connection.execute("SELECT topic, encode(hash, 'hex'), data FROM event ORDER BY position").fetchall()
    assert [(line["type"], line["hash"], line["data"]) for line in lines] == [
        (t, h, json.loads(d)) for t, h, d in stored
    ]
    assert "sealed:v1:" in json.dumps(lines)
    assert "sealed:v1:" not in crm("export", "events", "--open").stdout


def test_what_the_command_line_takes_out_stands_in_the_log_of_readings(crm, filled, district):
    crm("export", "events")
    crm("export", "leads")
    with district.connect() as conn:
        rows = readings.listed(conn).rows
        assert readings.check(conn) is None
    assert [(row.route, row.role, row.rested_on > 0) for row in rows] == [
        ("cli.leads", "system", True), ("cli.events", "system", True),
    ]  # fmt: skip


def test_leads_are_exported_as_a_table(crm, filled, tmp_path):
    rows = list(csv.reader(io.StringIO(crm("export", "leads").stdout.removeprefix("\ufeff"))))
    assert rows[0][0] == "企业名称"
    assert len(rows) == 1 + 12
    target = tmp_path / "leads.xlsx"
    assert crm("export", "leads", "--xlsx", str(target), "--language", "en").stdout == ""
    assert target.read_bytes()[:2] == b"PK"


LEDGER = "企业名称,行业门类,投资额,渠道,登记日期\n苏州测试样本有限公司,制造业,5000万,企业自荐与引荐,2026-01-05\n,制造业,1亿,企业自荐与引荐,2026-01-06\n"


def test_a_ledger_is_previewed_then_imported_once(crm, filled, tmp_path):
    file = tmp_path / "台账.csv"
    file.write_text(LEDGER, encoding="utf-8")
    before = filled.position()
    assert "1 new" in crm("import", str(file), "--dry-run").stdout
    assert filled.position() == before
    done = crm("import", str(file))
    assert "1 new" in done.stdout
    assert done.exit_code == 1  # a line without a company is refused, and given back
    assert "企业名称" in (tmp_path / "台账-failed.csv").read_text(encoding="utf-8-sig")
    after = filled.position()
    assert after == before + 1
    assert "1 imported before" in crm("import", str(file)).stdout
    assert filled.position() == after


def test_a_ledger_of_another_kind_is_imported(crm, filled, tmp_path):
    file = tmp_path / "载体.csv"
    file.write_text("载体名称,类别,总面积（㎡）\n某某测试产业园,园区,20000\n", encoding="utf-8")
    assert "新载体 1" in crm("import", "--of", "sites", str(file), "--dry-run").stdout
    done = crm("import", "--of", "sites", str(file))
    assert (done.exit_code, "1 new" in done.stdout) == (0, True)
    refused = crm("import", "--of", "harbours", str(file))
    assert refused.exit_code == 1
    assert "projects" in refused.stderr


def test_a_file_that_is_not_there_is_one_sentence(crm):
    done = crm("import", "/nowhere/台账.xlsx")
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert "台账.xlsx" in done.stderr


def test_a_demo_keeps_apart_from_the_districts_own_data(district, tmp_path):
    embedded = Settings(data_dir=tmp_path)
    assert running._apart(embedded, own_folder=True).data_dir == tmp_path / "demo"
    assert running._apart(embedded, own_folder=False).data_dir == tmp_path
    own_server = Settings(data_dir=tmp_path, database_url=district.url)
    assert running._apart(own_server, own_folder=True).schema_name == "landfall_demo"
    assert running._apart(district.settings, own_folder=True).schema_name == district.schema


def test_another_master_key_is_refused_before_anything_is_sealed_or_backed_up_with_it(
    crm, filled, monkeypatch, tmp_path
):
    monkeypatch.setenv("CRM_MASTER_KEY", "A" * 43 + "=")
    for command in (("export", "leads"), ("backup", str(tmp_path / "district.zip"))):
        done = crm(*command)
        assert (done.exit_code, done.stdout, done.stderr.count("CRM_MASTER_KEY")) == (1, "", 2)


def test_an_import_says_which_columns_and_lines_it_leaves_out(crm, filled, tmp_path):
    file = tmp_path / "台账.csv"
    file.write_text(
        "企业名称,行业门类,渠道,朝向\n苏州测试样本有限公司,制造业,企业自荐与引荐,南\n合计,,,\n", encoding="utf-8"
    )
    done = crm("import", str(file), "--dry-run")
    assert "朝向" in done.stderr
    assert "第 3 行 合计" in done.stderr
    assert done.stdout.count("\n") == 1


def test_an_address_that_is_not_ours_is_not_called_taken(crm):
    done = crm("serve", "--host", "192.0.2.1", "--port", "8000")
    assert done.exit_code == 1
    assert "192.0.2.1" in done.stderr
    assert "--host" in done.stderr


# ── rebuild --verify, replay ────────────────────────────────────────────────────────────────────────────────────────


def test_rebuild_verify_says_that_all_is_equal_and_names_what_is_not(crm, filled, district):
    assert crm("rebuild").exit_code == 0
    sound = crm("rebuild", "--verify")
    assert sound.exit_code == 0
    assert "✗" not in sound.stdout
    assert "all equal" in sound.stderr
    with district.connect(autocommit=True) as conn:
        (lead,) = conn.execute("SELECT id FROM lead ORDER BY id LIMIT 1").fetchone()
        conn.execute("UPDATE lead SET company = 'X' WHERE id = %s", [lead])
    damaged = crm("rebuild", "--verify", "leads")
    assert damaged.exit_code == 1
    assert f"改动 changed {lead}" in damaged.stdout
    assert "leads" in damaged.stderr
    told = json.loads(crm("rebuild", "--verify", "leads", "--format", "json").stdout)
    (wrong,) = [one for one in told if not one["same"]]
    assert (wrong["table"], wrong["differing"]) == ("lead", 1)
    assert wrong["first"] == [{"key": str(lead), "kind": "changed"}]
    assert wrong["live"]["sha256"] != wrong["anew"]["sha256"]
    assert crm("rebuild", "leads").exit_code == 0
    assert crm("rebuild", "--verify").exit_code == 0


def test_nobody_is_found_by_name_in_a_replay_so_that_erasing_them_leaves_nothing_there(crm, filled, district):
    crm("rebuild")
    position = str(filled.position())
    schema = json.loads(crm("replay", "--to", position, "--into", "now", "--format", "json").stdout)["schema"]
    with district.connect() as conn:
        assert conn.execute("SELECT count(*) > 0 FROM contact_name").fetchone() == (True,)
        conn.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        assert conn.execute("SELECT count(*) FROM contact_name").fetchone() == (0,)
        assert conn.execute("SELECT count(*) > 0 FROM contact").fetchone() == (True,)


def test_a_replay_is_made_listed_and_removed(crm, filled):
    made = crm("replay", "--to", "20", "--into", "early", "--format", "json")
    assert made.exit_code == 0
    replay = json.loads(made.stdout)
    assert (replay["name"], replay["position"], replay["state"]) == ("early", 20, "ready")
    assert replay["bytes"] > 0
    assert "Replaying: 20/20" in made.stderr
    by_day = json.loads(crm("replay", "--to", replay["day"], "--into", "by_day", "--format", "json").stdout)
    assert by_day["position"] >= 20
    assert by_day["day"] == replay["day"]
    listed = crm("replay", "--list")
    assert {line.split()[0] for line in listed.stdout.splitlines()} == {"early", "by_day"}
    for name in ("early", "by_day"):
        assert crm("replay", "--drop", name).stdout == f"{name}\n"
    assert json.loads(crm("replay", "--list", "--format", "json").stdout) == []
    assert crm("replay", "--drop", "early").exit_code == 1


@pytest.mark.parametrize(
    ("to", "said"),
    [("0", "no record 0"), ("99999999999999999999999", "no record"), ("2999-01-01", "not come"), ("1999-01-01", "no records yet"),
     ("soon", "neither"), ("2026-13-01", "neither"), ("-5", "neither"), ("", "neither")],
)  # fmt: skip
def test_a_replay_to_what_is_no_position_and_no_day_is_one_sentence(crm, filled, to, said):
    done = crm("replay", f"--to={to}", "--into", "x")
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert said in done.stderr
    assert crm("replay", "--list").stdout == ""


def test_a_replay_misused_exits_with_2_and_a_wrong_name_with_1(crm, filled):
    for given in (
        (),
        ("--to", "5"),
        ("--into", "x"),
        ("--list", "--drop", "x"),
        ("--list", "--to", "5", "--into", "x"),
    ):
        assert crm("replay", *given).exit_code == 2
    wrong = crm("replay", "--to", "5", "--into", "Not So")
    assert (wrong.exit_code, len(wrong.stderr.splitlines())) == (1, 1)
    assert crm("replay", "--to", "5", "--into", "x").exit_code == 0
    assert crm("replay", "--to", "6", "--into", "x").exit_code == 1


def digests(crm):
    """Of every table, save the one that is keyed by a key of the district's own."""
    told = json.loads(crm("rebuild", "--verify", "--format", "json").stdout)
    return {one["table"]: one["anew"] for one in told if one["same"] and one["table"] != "contact_name"}


def test_status_migrate_rebuild_backup_and_restore_do_not_mind_replays(crm, filled, district, tmp_path, monkeypatch):
    crm("replay", "--to", "20", "--into", "early")
    assert crm("migrate").exit_code == 0
    assert crm("rebuild").exit_code == 0
    assert crm("status", "--lag", "0").exit_code == 0
    assert [one["name"] for one in json.loads(crm("status", "--format", "json").stdout)["replays"]] == ["early"]
    assert crm("rebuild", "--verify").exit_code == 0
    sound = digests(crm)
    assert crm("backup", str(tmp_path / "a.zip")).exit_code == 0
    assert crm("keys", "backup", str(tmp_path / "a.keys")).exit_code == 0
    monkeypatch.setenv("CRM_SCHEMA", f"{district.schema}_again")
    restored = crm("restore", str(tmp_path / "a.zip"), "--keys", str(tmp_path / "a.keys"))
    assert restored.exit_code == 0, restored.stderr
    assert crm("replay", "--list").stdout == ""
    assert digests(crm) == sound
