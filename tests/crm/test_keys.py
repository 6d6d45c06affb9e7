"""The keys apart from the data: their backup expires, their return raises nobody, the master key can be changed."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from crm import key_backup, key_rotation
from crm.application import CRM, By
from crm.clock import now
from crm.destroyed import destroyed
from crm.key_backup import NotKeys, put_back
from crm.mentions import free_texts
from crm.prepare import catch_up, prepare, projecting
from crm.sealed import ERASED
from crm.sealing import Tampered
from crm.settings import Settings
from domain.base import Refused
from domain.lead import AddNote, Lead
from tests.conftest import District
from tests.crm.conftest import Giver, call, registration, someone


@pytest.fixture
def prepared(district: District, tmp_path: Path) -> District:
    """A district with a master key of its own, for it will be changed."""
    own = replace(district, data_dir=tmp_path / "data")
    prepare(own.settings, own.url)
    return own


@pytest.fixture
def crm(prepared: District) -> Iterator[CRM]:
    with CRM(prepared.settings, prepared.url) as application:
        yield application


def rotate(district: District, settings: Settings | None = None, target: Path | None = None) -> int:
    with district.connect(autocommit=True) as conn:
        return key_rotation.rotate(settings or district.settings, conn, target)


def settled(district: District) -> None:
    with district.connect() as conn:
        key_rotation.settle(district.settings, conn)


# ── a new master key ────────────────────────────────────────────────────────────────────────────────────────────────


def test_workers_that_run_read_and_write_on_after_a_rotation(crm: CRM, by: Giver, prepared: District) -> None:
    person = someone("欧阳某甲")
    lead = crm.create(by(), Lead, registration(contacts=(person,))).id
    before = (prepared.data_dir / "master.key").read_text()
    events = stored(prepared)
    assert rotate(prepared) == 2  # the person and the search key
    assert (prepared.data_dir / "master.key").read_text() != before
    assert stored(prepared) == events
    crm.keys.forget([person.id])
    assert crm.lead(lead).attribute("contacts") == (person,)
    crm.change(by(), Lead, lead, call("轮换之后写的"))
    with CRM(prepared.settings, prepared.url) as fresh:
        assert free_texts(fresh.lead(lead).events[-1]) == ["轮换之后写的"]
        assert fresh.lead(lead).attribute("contacts") == (person,)
    assert (prepared.data_dir / "master.key").stat().st_mode & 0o777 == 0o600


def stored(district: District) -> list[object]:
    with district.connect() as conn:
        return [tuple(row) for row in conn.execute("SELECT position, data, hash FROM event ORDER BY 1")]


def test_a_worker_that_cannot_know_the_new_key_makes_no_key_under_the_old_one(
    crm: CRM, by: Giver, prepared: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_MASTER_KEY", base64.b64encode(prepared.settings.wrapping_key()).decode())
    given = prepared.settings
    with CRM(given, prepared.url) as worker:
        lead = worker.create(by(), Lead, registration(contacts=(someone("甲"),))).id
        rotate(prepared, given, tmp_path / "new.key")
        with pytest.raises(Tampered, match="restart"):
            worker.create(by(), Lead, registration(contacts=(someone("乙"),)))
    monkeypatch.setenv("CRM_MASTER_KEY", (tmp_path / "new.key").read_text().strip())
    with CRM(prepared.settings, prepared.url) as restarted:
        assert restarted.lead(lead).attribute("contacts")[0].name == "甲"
    with prepared.connect() as conn:
        assert conn.execute("SELECT count(*) FROM sealing_key").fetchone() == (2,)


def test_with_the_key_in_the_environment_one_says_where_the_new_one_goes(
    crm: CRM, prepared: District, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=r"rotate\.target"):
        rotate(prepared, target=tmp_path / "x")
    monkeypatch.setenv("CRM_MASTER_KEY", base64.b64encode(prepared.settings.wrapping_key()).decode())
    with pytest.raises(Refused, match=r"rotate\.nowhere"):
        rotate(prepared)
    (tmp_path / "x").write_text("somebody's")
    with pytest.raises(Refused, match=r"rotate\.exists") as refused:
        rotate(prepared, target=tmp_path / "x")
    assert "不会覆盖" in refused.value.text.zh
    assert (tmp_path / "x").read_text() == "somebody's"


@pytest.mark.parametrize("committed", [True, False])
def test_a_rotation_that_was_cut_short_is_finished_or_undone_at_the_next_start(
    crm: CRM, by: Giver, prepared: District, committed: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = crm.create(by(), Lead, registration(contacts=(someone("甲"),))).id
    broken = "_take_its_place" if committed else "_wrap_all"
    monkeypatch.setattr(key_rotation, broken, _cut)
    with pytest.raises(KeyboardInterrupt):
        rotate(prepared)
    monkeypatch.undo()
    assert (prepared.data_dir / "master.key.new").exists()
    prepare(prepared.settings, prepared.url)
    assert not (prepared.data_dir / "master.key.new").exists()
    with CRM(prepared.settings, prepared.url) as fresh:
        assert fresh.lead(lead).attribute("contacts")[0].name == "甲"


def _cut(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("other", [settled, rotate])
def test_whoever_starts_or_rotates_meanwhile_waits_and_loses_no_key(
    crm: CRM, by: Giver, prepared: District, other: Callable[[District], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = crm.create(by(), Lead, registration(contacts=(someone("甲"),))).id
    wrap, others = key_rotation._wrap_all, ThreadPoolExecutor(1)
    waiting: list[Future[object]] = []

    def slowly(*given: Any) -> int:
        if not waiting:
            waiting.append(others.submit(other, prepared))
            with pytest.raises(TimeoutError):
                waiting[0].result(0.5)
        return wrap(*given)

    monkeypatch.setattr(key_rotation, "_wrap_all", slowly)
    assert rotate(prepared) == 2
    waiting[0].result(10)
    assert not (prepared.data_dir / "master.key.new").exists()
    with CRM(prepared.settings, prepared.url) as fresh:
        assert fresh.lead(lead).attribute("contacts")[0].name == "甲"


# ── backups of the keys ─────────────────────────────────────────────────────────────────────────────────────────────


def written(prepared: District, path: Path, days: int = 30, passphrase: str | None = None) -> Path:
    with prepared.connect() as conn:
        key_backup.write(prepared.settings, conn, path, days, passphrase)
    return path


def test_keys_come_back_but_nobody_who_was_erased(crm: CRM, by: Giver, prepared: District, tmp_path: Path) -> None:
    gone, stays = someone("要删除的人"), someone("留下的人")
    lead = crm.create(by(), Lead, registration(contacts=(gone, stays))).id
    file = written(prepared, tmp_path / "a.keys")
    crm.keys.destroy(gone.id)
    with prepared.connect(autocommit=True) as conn:
        conn.execute("DELETE FROM sealing_key WHERE subject = %s", [stays.id])
        done = put_back(conn, prepared.settings, key_backup.read(prepared.settings, file), destroyed(conn))
    assert (done.back, done.there, done.destroyed) == (1, 0, 1)
    with CRM(prepared.settings, prepared.url) as fresh:
        assert [one.name for one in fresh.lead(lead).attribute("contacts")] == [ERASED, "留下的人"]


def test_an_erasure_that_only_the_events_know_of_holds(crm: CRM, by: Giver, prepared: District, tmp_path: Path) -> None:
    from crm.erasure import Erasures
    from domain.erasure import Ground, RequestErasure

    gone = someone("要删除的人")
    lead = crm.create(by(), Lead, registration(contacts=(gone,))).id
    crm.change(by(), Lead, lead, AddNote(note="要删除的人来电"))
    file = written(prepared, tmp_path / "a.keys")
    catch_up(prepared.settings, prepared.url, lambda _done, _total: None)
    asked = RequestErasure(ground=Ground.CONSENT, texts=(lead,))
    Erasures(crm).request(By(uuid4(), "admin", uuid4()), gone.id, asked)
    Erasures(crm).approve(By(uuid4(), "admin", uuid4()), gone.id)
    with prepared.connect(autocommit=True) as conn:
        conn.execute("DELETE FROM sealing_key")
        put_back(conn, prepared.settings, key_backup.read(prepared.settings, file), destroyed(conn))
    with CRM(prepared.settings, prepared.url) as fresh:
        opened = fresh.lead(lead)
        assert opened.attribute("contacts")[0].name == ERASED
        assert [free_texts(event) for event in opened.events] == [[], []], "none that can be read"


def test_a_newer_backup_of_keys_takes_along_what_it_knows_to_be_gone(
    crm: CRM, by: Giver, prepared: District, tmp_path: Path
) -> None:
    gone = someone("要删除的人")
    lead = crm.create(by(), Lead, registration(contacts=(gone,))).id
    early = key_backup.read(prepared.settings, written(prepared, tmp_path / "a.keys"))
    crm.keys.destroy(gone.id)
    late = key_backup.read(prepared.settings, written(prepared, tmp_path / "b.keys"))
    with prepared.connect(autocommit=True) as conn:
        conn.execute("DELETE FROM sealing_key")
        put_back(conn, prepared.settings, early, ())
        put_back(conn, prepared.settings, late, ())
    with CRM(prepared.settings, prepared.url) as fresh:
        assert fresh.lead(lead).attribute("contacts")[0].name == ERASED


def test_after_its_day_a_backup_of_keys_is_refused(
    crm: CRM, prepared: District, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(prepared, tmp_path / "a.keys", days=30)
    monkeypatch.setattr(key_backup, "now", lambda: now() + timedelta(days=29))
    key_backup.read(prepared.settings, file)
    monkeypatch.setattr(key_backup, "now", lambda: now() + timedelta(days=31))
    with pytest.raises(Refused, match=r"keys\.expired"):
        key_backup.read(prepared.settings, file)


def test_the_day_cannot_be_moved_and_no_key_stands_in_the_file(
    crm: CRM, by: Giver, prepared: District, tmp_path: Path
) -> None:
    crm.create(by(), Lead, registration(contacts=(someone("甲"),)))
    file = written(prepared, tmp_path / "a.keys")
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    year = str(now().year)
    file.write_bytes(content.replace(f'"expires_at": "{year}'.encode(), b'"expires_at": "2999'))
    assert file.read_bytes() != content
    with pytest.raises(NotKeys):
        key_backup.read(prepared.settings, file)
    with prepared.connect() as conn:
        for (wrapped,) in conn.execute("SELECT wrapped FROM sealing_key"):
            assert wrapped not in content


def test_under_a_passphrase_it_outlives_the_master_key(crm: CRM, by: Giver, prepared: District, tmp_path: Path) -> None:
    lead = crm.create(by(), Lead, registration(contacts=(someone("甲"),))).id
    file = written(prepared, tmp_path / "a.keys", passphrase="correct horse battery")
    under_master = written(prepared, tmp_path / "b.keys")
    with pytest.raises(NotKeys):
        key_backup.read(prepared.settings, file, "wrong horse battery")
    (prepared.data_dir / "master.key").unlink()
    with pytest.raises(NotKeys):
        key_backup.read(prepared.settings, under_master)
    with prepared.connect(autocommit=True) as conn:
        conn.execute("DELETE FROM sealing_key")
        put_back(conn, prepared.settings, key_backup.read(prepared.settings, file, "correct horse battery"), ())
    with CRM(prepared.settings, prepared.url) as fresh:
        assert fresh.lead(lead).attribute("contacts")[0].name == "甲"


@pytest.mark.parametrize(
    "content", [b"", b"{}\n", b"not json", bytes(range(64)), b'{"format": "landfall-keys", "format_version": 1}\n']
)
def test_another_file_is_refused(crm: CRM, prepared: District, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.keys").write_bytes(content)
    with pytest.raises(NotKeys):
        key_backup.read(prepared.settings, tmp_path / "a.keys")


def test_a_projector_with_another_master_key_reads_no_names_and_goes_on(
    crm: CRM, by: Giver, prepared: District, tmp_path: Path
) -> None:
    crm.create(by(), Lead, registration(contacts=(someone("甲"),)))
    stranger = prepared.settings.model_copy(update={"data_dir": tmp_path / "other"})
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.key").write_text((prepared.data_dir / "secret.key").read_text())
    assert projecting(stranger, prepared.url).reader is None
    assert projecting(prepared.settings, prepared.url).reader is not None
