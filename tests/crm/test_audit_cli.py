"""`crm audit …` on the command line: results on standard output, sentences on standard error, exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from crm.application import CRM
from crm.cli import app
from crm.proof import signing
from crm.proof.checkpoint import opened
from crm.proof.note import VerifierKey
from crm.proof.proofs import check_consistency, check_inclusion
from crm.settings import Settings, variable
from tests.conftest import District

Ledger = psycopg.Connection[Any]
Runs = Callable[..., Result]


def use(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(variable(name, Settings.model_fields[name]), value)


@pytest.fixture
def audit(district: District, own_folder: Settings, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Runs `crm audit …` on the test's district."""
    assert own_folder.master_key
    use(monkeypatch, database_url=district.url, schema_name=district.schema, data_dir=str(own_folder.data_dir),
        master_key=own_folder.master_key.get_secret_value())  # fmt: skip
    return lambda *arguments: CliRunner().invoke(app, ["audit", *arguments], catch_exceptions=False)


def keys(audit: Runs) -> list[VerifierKey]:
    return [VerifierKey.parse(line.split()[0]) for line in audit("keys").stdout.splitlines()]


def entry(ledger: Ledger, position: int) -> bytes:
    (row,) = ledger.execute("SELECT hash FROM event WHERE position = %s", (position,)).fetchall()
    return bytes(row[0])


def test_what_is_printed_is_what_outsiders_check(
    busy: CRM, audit: Runs, ledger: Ledger, more: Callable[..., None], tmp_path: Path
) -> None:
    first = audit("checkpoint", "--to", str(tmp_path))
    assert first.exit_code == 0
    assert next(tmp_path.glob("*.checkpoint")).read_text() == first.stdout
    (key,) = keys(audit)
    old = opened(first.stdout, [key])
    assert old.size == 40
    more(3)
    audit("checkpoint")
    assert check_inclusion(audit("proof", "43").stdout, entry(ledger, 43), [key]).size == 43
    assert check_inclusion(audit("proof", "40", "--size", "40").stdout, entry(ledger, 40), [key]).size == 40
    assert check_consistency(audit("consistency", "40").stdout, old.root, [key]).size == 43
    assert check_consistency(audit("consistency", "40", "40").stdout, old.root, [key]).size == 40
    listed = json.loads(audit("checkpoints", "--format", "json").stdout)
    assert [(one["size"], one["key"]) for one in listed] == [(43, key.id.hex()), (40, key.id.hex())]
    assert listed[1]["note"] == first.stdout
    assert [line.split()[0] for line in audit("checkpoints", "--limit", "1").stdout.splitlines()] == ["43"]


def test_a_key_is_handed_over(busy: CRM, audit: Runs) -> None:
    audit("checkpoint")
    done = audit("rotate-key")
    old, new = keys(audit)
    assert opened(done.stdout, [old]) == opened(done.stdout, [new])
    assert str(new) in done.stderr


def test_what_fails_is_one_sentence(busy: CRM, audit: Runs, own_folder: Settings, ledger: Ledger) -> None:
    def refused(*arguments: str) -> str:
        done = audit(*arguments)
        assert done.exit_code == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "crm audit checkpoint" in refused("proof", "1")
    audit("checkpoint")
    assert "41" in refused("proof", "41")
    assert "7" in refused("consistency", "7")
    assert "/nowhere" in refused("checkpoint", "--to", "/nowhere")
    assert "https" in refused("checkpoint", "--to", "http://example.com")
    signing.key_file(own_folder).rename(own_folder.data_dir / "away")
    assert str(signing.key_file(own_folder)) in refused("rotate-key")
    assert audit("rotate-key", "--start-over").exit_code == 0
    ledger.execute("UPDATE event SET hash = sha256('x') WHERE position = 40")
    assert "audit verify" in refused("checkpoint")


def test_an_unreachable_place_for_once_is_not_remembered_and_a_configured_one_is(
    busy: CRM, audit: Runs, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, checkpoint_to=f"/nowhere/configured {tmp_path}")
    done = audit("checkpoint", "--to", "/nowhere/once")
    assert done.exit_code == 1
    assert "configured" in done.stderr
    assert "once" in done.stderr
    assert len(list(tmp_path.glob("*.checkpoint"))) == 1
    assert ledger.execute("SELECT about FROM checkpoint_trouble").fetchall() == [("/nowhere/configured",)]


def test_what_was_signed_is_in_the_backup_and_holds_where_it_is_restored(
    busy: CRM, audit: Runs, district: District, own_folder: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = lambda *arguments: CliRunner().invoke(app, arguments, catch_exceptions=False)  # noqa: E731  a command
    signed = audit("checkpoint").stdout
    known = keys(audit)
    assert run("backup", str(tmp_path / "b.zip")).exit_code == 0
    other = own_folder.model_copy(update={"schema_name": f"{district.schema}_back", "data_dir": tmp_path / "other"})
    other.data_dir.mkdir()
    use(monkeypatch, schema_name=other.schema_name, data_dir=str(other.data_dir))
    assert run("restore", str(tmp_path / "b.zip"), "--without-keys").exit_code == 0
    assert keys(audit) == known
    assert check_inclusion(audit("proof", "1").stdout, _first(district), known).size == 40
    without = audit("checkpoint")
    assert without.exit_code == 1
    assert str(signing.key_file(other)) in without.stderr
    signing.key_file(other).write_text(signing.key_file(own_folder).read_text())
    assert audit("checkpoint").stdout == signed


def _first(district: District) -> bytes:
    with district.connect() as conn:
        return entry(conn, 1)
