"""Nothing personal can be read where it is stored: in tables, WAL, logs, backups, exports. And after erasure, nowhere.

A whole district of its own, its server flushed to disk, searched file by file for strings that stand nowhere else.
"""

import base64
import io
import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from crm.access import SYSTEM, Role
from crm.application import CRM, By
from crm.cli import app
from crm.embedded import open_server
from crm.imports.choices import Source
from crm.imports.judging import Importer
from crm.imports.records import Records
from crm.imports.run import apply
from crm.prepare import catch_up, prepare
from crm.sealed import ERASED
from crm.settings import Settings
from domain.channel import Channel, ChannelKind, OpenChannel
from domain.lead import AddNote, Contact, Lead, Register
from domain.person import AddPerson, Person
from domain.values import ContactPerson
from tests.crm.imports.ledgers import CENTRE, HEADER, delimited
from tests.web.conftest import TestClient
from web.app import create_app
from web.security import Csrf

NAME, PHONE, WECHAT, EMAIL = "欧阳瑑砚", "13912345077", "wx_zhuanyan_77", "zhuanyan77@example.invalid"
NOTE, NEXT, CARD = "欧阳瑑砚住院后推迟签约", "往瑑砚办公室送材料", "瑑砚名片正文"
SECRETS = {
    "name": NAME, "phone": PHONE, "wechat": WECHAT, "email": EMAIL, "note": "住院后推迟", "next": "办公室送材料",
    "document": "名片正文", "refused line": "曌翀退回的行",
}  # fmt: skip


def variants(text: str) -> Iterator[bytes]:
    """The text as it may lie in a file: in any code, in base64 at any place, as hexadecimal digits, escaped."""
    for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        yield text.encode(code)
    for code in ("utf-8", "utf-16-le"):
        raw = text.encode(code)
        for before in range(3):
            inner = base64.b64encode(b"\0" * before + raw)
            yield inner[4 if before else 0 : len(inner) - 4]
        yield raw.hex().encode()
    if not text.isascii():
        yield text.encode("unicode_escape")
        yield "".join(f"%{byte:02X}" for byte in text.encode()).encode()


SHORTEST = 6
"""Bytes; less than that is found in any large file by chance."""
NEEDLES = {
    name: [needle for needle in dict.fromkeys(variants(text)) if len(needle) >= SHORTEST]
    for name, text in SECRETS.items()
}


def said_in(content: bytes) -> set[str]:
    return {name for name, needles in NEEDLES.items() if any(needle in content for needle in needles)}


def found(path: Path) -> dict[str, set[str]]:
    """Which secrets stand in which file under `path`; archives are looked into."""
    told: dict[str, set[str]] = {}
    for file in [path] if path.is_file() else path.rglob("*"):
        if file.is_file():
            for name, content in unpacked(file):
                if hit := said_in(content):
                    told[name] = hit
    return told


def unpacked(file: Path) -> Iterator[tuple[str, bytes]]:
    yield str(file), file.read_bytes()
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                yield f"{file}/{name}", archive.read(name)


class Place:
    """A district on a server of its own."""

    def __init__(self, settings: Settings, url: str, crm: CRM, out: Path) -> None:
        self.settings, self.url, self.crm, self.out = settings, url, crm, out
        self.person = uuid4()
        self.lead = self._fill()

    def by(self) -> By:
        return By(SYSTEM, "admin", uuid4())

    def _fill(self) -> UUID:
        crm = self.crm
        centre = crm.create(self.by(), Channel, OpenChannel(kind=ChannelKind.LIAISON_CENTRE, name=CENTRE)).id
        contact = ContactPerson(id=self.person, name=NAME, phone=PHONE, wechat=WECHAT, email=EMAIL, position="总经理")
        form = Register(company="长春示例装备有限公司", industry="C", channel=centre, contacts=(contact,), summary=NOTE)
        lead = crm.register(self.by(), form).id
        crm.change(self.by(), Lead, lead, AddNote(note=NOTE))
        crm.change(self.by(), Lead, lead, Contact(kind="phone", next_action=NEXT, next_due=date(2030, 1, 1), note=NOTE))
        crm.attach(self.by(), lead, f"{NAME}的名片.txt", f"{CARD} {PHONE}".encode())
        self.catch_up()
        header = [*HEADER, "联系人", "备注"]
        rows = [
            header,
            ["长春测试一号有限公司", "", "中国", "制造业", "项目一", 5000, CENTRE, "2023-06-05", NAME, NOTE],
            ["长春测试二号有限公司", "", "中国", "制造业", "项目二", 5000, CENTRE, "去年", NAME, "曌翀退回的行"],
        ]
        applied = apply(crm, Source(delimited(rows), f"{NAME}台账.csv"), Importer(SYSTEM, "admin"))
        assert applied.report.failed == 1
        self.import_id = applied.id
        self.catch_up()
        return lead

    def catch_up(self) -> None:
        catch_up(self.settings, self.url, lambda _done, _total: None)

    def flush(self) -> None:
        """Have everything on disk that the server has in memory."""
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute("CHECKPOINT")
            conn.execute("SELECT pg_switch_wal()")
            conn.execute("CHECKPOINT")

    def run(self, *arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert done.exit_code == code, done.stderr
        assert not said_in(done.stderr.encode())
        return str(done.stdout)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    data = Path(
        tempfile.mkdtemp(prefix="landfall-test-")
    )  # pytest's own are closed to the user that runs root's database
    monkeypatch.setenv("CRM_DATA_DIR", str(data))
    monkeypatch.delenv("CRM_DATABASE_URL", raising=False)
    settings = Settings.load(data_dir=data)
    with open_server(data) as url:
        prepare(settings, url)
        with CRM(settings, url) as crm:
            yield Place(settings, url, crm, tmp_path)
    shutil.rmtree(data)


def exported(place: Place, name: str) -> dict[str, set[str]]:
    """Backups and every export that shows no contact persons, searched."""
    folder = place.out / name
    folder.mkdir()
    place.run("backup", str(folder / "district.zip"), "--keys", str(folder / "district.keys"))
    for export in ("events", "ocel", "xes"):
        (folder / f"{export}.out").write_text(place.run("export", export))
    place.run("audit", "bundle", str(folder / "bundle.zip"))
    return found(folder)


def test_nothing_can_be_read_before_and_nobody_can_read_it_after(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place.flush()
    assert found(place.settings.data_dir) == {}
    assert exported(place, "before") == {}
    opened = place.run("export", "events", "--open")
    assert said_in(opened.encode()) == set(SECRETS) - {"document", "refused line"}, "or the search finds nothing at all"
    assert said_in(place.run("export", "leads").encode()) == {"next"}, "what is next is meant to be shown"

    _erase(place)

    place.flush()
    assert found(place.settings.data_dir) == {}
    assert exported(place, "after") == {}
    rest = place.run("export", "events", "--open")
    imported = {"name", "note"}  # the import made a lead, and a contact person, of its own: another case
    assert said_in(rest.encode()) <= imported
    assert ERASED in rest
    assert said_in(place.run("export", "leads").encode()) == set()
    assert not said_in("\n".join(record.getMessage() for record in caplog.records).encode())
    assert json.loads(place.run("audit", "verify", "--format", "json"))["sound"] is True


def _erase(place: Place) -> None:
    for login in ("first", "second"):
        added = place.crm.create(place.by(), Person, AddPerson(name="系统管理员", login=login, role=Role.ADMIN)).id
        place.crm.accounts.open(added, login, "spring-tide-2026", must_change=False)
    filed = place.run("erase", "person", str(place.person), "--reason", "consent", "--file-number", "3", "--yes")
    assert filed == ""
    place.run("erase", "person", str(place.person), "--reason", "consent", "--approved-by", "second", "--yes")
    place.crm.keys.forget(list(place.crm.keys._held))


def test_pages_and_the_api_show_that_it_is_gone_and_the_search_finds_nobody(place: Place) -> None:
    _erase(place)
    records = Records(place.crm)
    record = records.one(place.import_id)
    assert (record.name, record.report.problems) == (ERASED, ())
    assert records.failed_rows(place.import_id) is None
    with TestClient(create_app(place.settings), base_url="http://testserver") as client:
        crm: CRM = client.app.state.crm  # type: ignore[attr-defined]
        with crm.pool.connection() as conn:
            (second,) = conn.execute("SELECT person FROM account WHERE login = 'second'").fetchone() or (None,)
        accounts = client.app.state.accounts  # type: ignore[attr-defined]
        client.cookies.set("landfall", accounts.create_session(second))
        key = accounts.create_token(second, "测试")
        pages = [
            f"/leads/{place.lead}", f"/leads/{place.lead}/history", f"/admin/erasures/{place.person}",
            f"/leads/{place.lead}/history?version=1", "/leads?q=示例装备", f"/leads/{place.lead}/export.xlsx",
            "/board", "/", "/audit",
        ]  # fmt: skip
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
            shown = dict(unpacked_bytes(page, answer.content))
            assert not any(said_in(content) for content in shown.values()), page
        assert ERASED in client.get(pages[0]).text
        for path in (f"/api/v1/leads/{place.lead}", f"/api/v1/leads/{place.lead}/history", "/api/v1/leads?q=示例装备"):
            answer = client.get(path, headers={"authorization": f"Bearer {key}"})
            assert answer.status_code == 200, answer.text
            assert not said_in(answer.content), path
        assert ERASED in client.get(f"/api/v1/leads/{place.lead}", headers={"authorization": f"Bearer {key}"}).text


def unpacked_bytes(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from ((inner, archive.read(inner)) for inner in archive.namelist())


def test_an_old_backup_without_its_expired_keys_is_noise(place: Place) -> None:
    place.run("backup", str(place.out / "old.zip"), "--keys", str(place.out / "old.keys"))
    (place.out / "old.keys").unlink()
    assert found(place.out) == {}
    with zipfile.ZipFile(place.out / "old.zip") as archive:
        assert "sealing_key.copy" not in archive.namelist()


def test_what_goes_wrong_says_nothing_of_anybody(
    place: Place, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands that are refused, that break, and that the database refuses: no message and no log holds what was typed."""
    caplog.set_level(logging.DEBUG)
    with TestClient(create_app(place.settings), base_url="http://testserver", raise_server_exceptions=False) as client:
        state = client.app.state  # type: ignore[attr-defined]
        admin = place.crm.create(place.by(), Person, AddPerson(name="区领导", login="boss", role=Role.MANAGER)).id
        state.accounts.open(admin, "boss", "spring-tide-2026", must_change=False)
        place.catch_up()
        token = state.accounts.create_session(admin)
        client.cookies.set("landfall", token)
        key = state.accounts.create_token(admin, "测试")
        csrf = Csrf(state.signing_key, token)()
        broken: Callable[..., None] = _broken
        posts = [
            (f"/leads/{place.lead}/notes", {"note": NOTE + "\x00"}),
            (f"/leads/{place.lead}/contacts", {"kind": NAME, "note": NOTE}),
            (f"/leads/{uuid4()}/notes", {"note": NOTE}),
            (f"/leads/{place.lead}/details", {"details.contacts.0.name": NAME * 50, "details.contacts.0.phone": PHONE}),
        ]
        for path, data in posts:
            client.post(path, data={"csrf": csrf, **data})
        for body in ({"note": [NOTE]}, {"note": NOTE, "surplus": NAME}, {"note": NOTE, "occurred_on": NAME}):
            client.post(f"/api/v1/leads/{place.lead}/notes", json=body, headers={"authorization": f"Bearer {key}"})
        monkeypatch.setattr("crm.ledger.Ledger.record", broken)
        answer = client.post(f"/leads/{place.lead}/notes", data={"csrf": csrf, "note": NOTE})
        assert answer.status_code == 500
        assert not said_in(answer.content)
        metrics = client.get("/metrics", headers={"authorization": f"Bearer {key}"})
        assert not said_in(metrics.content)
    told = "\n".join(
        f"{record.getMessage()} {record.exc_text or ''} {record.stack_info or ''}" for record in caplog.records
    )
    assert not said_in(told.encode())
    place.flush()
    assert found(place.settings.data_dir) == {}


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("the disk is full")
