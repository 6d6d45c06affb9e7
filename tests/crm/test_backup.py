"""A backup comes back the same, into an empty district only, and damage is noticed."""

import json
import shutil
import zipfile
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from crm import key_backup
from crm.access import SYSTEM
from crm.application import CRM, By
from crm.backup import KeyFile, NotABackup, back_up
from crm.demo.filling import fill
from crm.demo.logins import open_logins
from crm.migrate import FromTheFuture
from crm.prepare import prepare
from crm.restore import Damaged, restore
from crm.sealed import ERASED
from crm.settings import Settings
from domain.base import Refused
from domain.lead import AddNote, Lead


def silent(_done, _total):
    """No progress is shown."""


@pytest.fixture(scope="module")
def source(cluster, short_folder):
    """The settings of a small demo district."""
    given = Settings.load(database_url=cluster, schema_name="backup_source", data_dir=short_folder)
    prepare(given, cluster)
    crm = CRM(given, cluster)
    fill(crm, cluster, 12, silent)
    open_logins(crm.accounts, given)
    crm.close()
    return given


@pytest.fixture(scope="module")
def made(source, cluster, tmp_path_factory):
    """Its backup, and the manifest; the keys beside it."""
    file = tmp_path_factory.mktemp("backup") / "district.zip"
    return file, back_up(source, cluster, file, silent, KeyFile(file.with_suffix(".keys")))


@pytest.fixture(scope="module")
def keys(source, made):
    """Its keys."""
    return key_backup.read(source, made[0].with_suffix(".keys"))


@pytest.fixture
def backup(made, tmp_path):
    """A copy of the backup, for a test to spoil."""
    return Path(shutil.copy(made[0], tmp_path / "district.zip"))


@pytest.fixture
def elsewhere(source, empty_schema):
    """Settings of a district that is not there yet."""
    return source.model_copy(update={"schema_name": empty_schema})


def test_what_comes_back_is_equal(source, made, backup, elsewhere, cluster, keys):
    same = restore(elsewhere, cluster, backup, silent, silent, keys)
    prepare(elsewhere, cluster)
    assert (same.events, same.head) == (made[1]["events"], made[1]["head"])
    before, after = (CRM(given, cluster) for given in (source, elsewhere))
    lead = next(one for one in _leads(before) if before.lead(one).attribute("contacts"))
    assert [event for _, event in before.history(lead)] == [event for _, event in after.history(lead)]
    assert "sealed:" not in after.lead(lead).attribute("contacts")[0].name
    assert after.position() == before.position()
    before.close()
    after.close()


def _leads(crm):
    with crm.pool.connection() as connection:
        return [stream for (stream,) in connection.execute("SELECT stream FROM event WHERE topic = 'lead.registered'")]


def test_a_restored_district_is_worked_on(source, cluster, backup, elsewhere, keys):
    restore(elsewhere, cluster, backup, silent, silent, keys)
    prepare(elsewhere, cluster)
    crm = CRM(elsewhere, cluster)
    assert fill(crm, cluster, 14, silent).fresh
    assert crm.aggregate(Lead, _leads(crm)[-1]).version
    crm.close()


def test_a_district_that_holds_something_is_left_alone(source, cluster, backup, keys):
    with pytest.raises(Refused) as refused:
        restore(source, cluster, backup, silent, silent, keys)
    assert refused.value.key == "restore.not_empty"


def test_a_prepared_but_empty_district_takes_a_backup(made, cluster, backup, elsewhere, keys):
    prepare(elsewhere, cluster)
    restore(elsewhere, cluster, backup, silent, silent, keys)
    with psycopg.connect(cluster) as connection:
        table = sql.Identifier(elsewhere.schema_name, "event")
        (count,) = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
    assert count == made[1]["events"]


def test_a_schema_of_somebody_elses_is_left_alone(source, cluster, backup, elsewhere, keys):
    with psycopg.connect(cluster, autocommit=True) as connection:
        name = sql.Identifier(elsewhere.schema_name)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        connection.execute(sql.SQL("CREATE TABLE {}.payroll (id int PRIMARY KEY)").format(name))
    with pytest.raises(Refused) as refused:
        restore(elsewhere, cluster, backup, silent, silent, keys)
    assert refused.value.key == "restore.not_empty"


def test_a_backup_is_never_overwritten(source, cluster, backup):
    with pytest.raises(Refused) as refused:
        back_up(source, cluster, backup, silent)
    assert refused.value.key == "backup.exists"


def test_an_empty_district_is_not_backed_up_in_silence(district, tmp_path):
    with pytest.raises(Refused) as refused:
        back_up(district.settings, district.url, tmp_path / "empty.zip", silent)
    assert refused.value.key == "backup.empty"
    assert not list(tmp_path.iterdir())


def test_nobody_else_can_read_the_file_and_no_key_is_in_it(source, cluster, backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    key = source.wrapping_key()
    with zipfile.ZipFile(backup) as content:
        everything = b"".join(content.read(name) for name in content.namelist())
        assert not {"session.copy", "login_attempt.copy", "lead.copy", "sealing_key.copy"} & set(content.namelist())
    assert key not in everything
    assert key.hex().encode() not in everything


def test_without_its_keys_it_is_not_restored_by_mistake(source, cluster, backup, elsewhere):
    with pytest.raises(Refused) as refused:
        restore(elsewhere, cluster, backup, silent, silent)
    assert refused.value.key == "restore.keys"
    assert not _exists(cluster, elsewhere)


def test_without_its_keys_what_was_sealed_shows_as_erased_and_work_goes_on(source, cluster, backup, elsewhere):
    restore(elsewhere, cluster, backup, silent, silent, keyless=True)
    prepare(elsewhere, cluster)
    with CRM(elsewhere, cluster) as crm:
        leads = [crm.lead(one) for one in _leads(crm)]
        lead = next(one for one in leads if one.attribute("contacts") and one.standing.status == "open")
        assert lead.attribute("contacts")[0].name == ERASED
        assert not any("sealed:" in str(one.standing.attributes) for one in leads)
        crm.change(By(SYSTEM, "admin", uuid4()), Lead, lead.id, AddNote(note="恢复后写的"))
        assert crm.lead(lead.id).events[-1].note == "恢复后写的"


def _exists(cluster, settings):
    with psycopg.connect(cluster) as connection:
        return connection.execute("SELECT to_regnamespace(%s)", (settings.schema_name,)).fetchone() != (None,)


@pytest.mark.parametrize(
    "content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "another zip"]
)
def test_another_file_is_refused(source, cluster, elsewhere, tmp_path, content, keys):
    file = tmp_path / "file.zip"
    file.write_bytes(content)
    with pytest.raises(NotABackup):
        restore(elsewhere, cluster, file, silent, silent, keys)


def test_a_file_that_was_cut_short_is_refused(source, cluster, backup, elsewhere, keys):
    backup.write_bytes(backup.read_bytes()[:-200])
    with pytest.raises(NotABackup):
        restore(elsewhere, cluster, backup, silent, silent, keys)
    assert not _exists(cluster, elsewhere)


def _rewritten(file, change):
    """The backup with `change(name, content)` in place of each of its entries."""
    with zipfile.ZipFile(file) as content:
        entries = {name: content.read(name) for name in content.namelist()}
    with zipfile.ZipFile(file, "w") as content:
        for name, data in entries.items():
            content.writestr(name, change(name, data))


def test_an_event_that_was_altered_is_noticed(source, cluster, backup, elsewhere, keys):
    _rewritten(
        backup,
        lambda name, data: (
            data.replace("机械".encode(), "机器".encode()).replace(b"pursue", b"decline")
            if name == "event.copy"
            else data
        ),
    )
    with pytest.raises(Damaged):
        restore(elsewhere, cluster, backup, silent, silent, keys)
    assert not _exists(cluster, elsewhere)


def test_an_account_that_was_slipped_in_is_noticed(source, cluster, backup, elsewhere, keys):
    extra = b"00000000-0000-0000-0000-000000000001\tintruder\t\\N\tf\n"
    _rewritten(backup, lambda name, data: data + extra if name == "account.copy" else data)
    with pytest.raises(Damaged):
        restore(elsewhere, cluster, backup, silent, silent, keys)
    assert not _exists(cluster, elsewhere)


def test_a_backup_of_a_later_version_is_refused(source, cluster, backup, elsewhere, keys):
    def later(name, data):
        if name != "manifest.json":
            return data
        manifest = json.loads(data)
        manifest["migrations"]["9999"] = "9999_later.sql"
        return json.dumps(manifest).encode()

    _rewritten(backup, later)
    with pytest.raises(FromTheFuture):
        restore(elsewhere, cluster, backup, silent, silent, keys)
