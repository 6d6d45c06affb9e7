"""No page's time may grow with the district: what every page and the API ask is explained, with what the planner can do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from crm.demo.cast import identity
from crm.demo.filling import fill
from domain.district import DISTRICT, District, SetRules
from domain.person import Role
from domain.rules import StaffReading
from projections import activity_asked, leads, leads_counted
from tests import asked
from tests.conftest import District as Place
from tests.plans import GROWING, Trouble, overheard, troubles
from tests.web.conftest import Browser, Office
from tests.web.records import RECORDS, Record

Login = Callable[..., Browser]
BUSIEST = identity("channel", "beijing")


@pytest.fixture
def filled(office: Office, district: Place, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A small demo, told over so often that an index pays; of it a list looks through few rows, as it does of many."""
    fill(office.crm, district.url, 120, lambda _done, _of: None)
    office.catch_up()
    for module, name, rows in ((leads, "FIRST", 12), (leads_counted, "FIRST", 12), (leads_counted, "LOOKED", 30)):
        monkeypatch.setattr(module, name, rows)
    monkeypatch.setattr(activity_asked, "SCAN", 100)
    for table, columns in COPIED.items():
        office.projector.conn.execute(_copies(office.projector.conn, table, columns))
    office.projector.conn.execute("ANALYZE")
    return office


COPIED = {"lead": ("id",), "lead_name": ("lead",), "agenda": ("lead",), "contact": ("lead",), "contact_name": ("lead",)}
"""The tables that are filled up, and their columns that are another lead's in every copy."""
COPIES = 80


def _copies(conn: Connection[Any], table: str, changed: tuple[str, ...], copies: int = COPIES) -> str:
    columns = [column.name for column in conn.execute(f"SELECT * FROM {table} LIMIT 0").description or ()]
    values = [f"md5({name}::text || n)::uuid" if name in changed else name for name in columns]
    return f"INSERT INTO {table} SELECT {', '.join(values)} FROM {table}, generate_series(1, {copies}) n"


FAMILIES = {
    "leads": asked.leads,
    "boards": asked.boards,
    "days": asked.days,
    "audits": asked.audits,
    "others": asked.others,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_whoever_sees_everything_has_no_table_read_through(filled: Office, login: Login, family: str) -> None:
    assert grown(filled, login(Role.MANAGER, Role.AUDITOR), family) == []


@pytest.mark.parametrize("family", ["leads", "boards", "days"])
def test_nor_has_whoever_sees_their_own_channels_alone(filled: Office, family: str) -> None:
    filled.crm.change(filled.by(), District, DISTRICT, SetRules(staff_reading=StaffReading.NONE))
    filled.catch_up()
    assert grown(filled, filled.browser(filled.person(Role.STAFF, channel=BUSIEST)), family) == []


def grown(office: Office, browser: Browser, family: str) -> list[Trouble]:
    """What is wrong with the plans of what the pages of one family ask; of a table that is empty here no plan says much."""
    key = {"authorization": f"Bearer {office.token(browser.person)}"}
    conn = office.projector.conn
    paths = list(FAMILIES[family](conn))
    with overheard() as statements:
        for path in paths:
            answer = browser.get(path, **key if path.startswith("/api/") else {})
            assert answer.status_code == 200, (path, answer.text)
    assert len(statements) > len(FAMILIES)
    conn.execute("SET enable_seqscan = off")
    none = {table for table in GROWING if not conn.execute(f'SELECT FROM "{table}" LIMIT 1').rowcount}
    return [one for one in troubles(conn, statements) if not none & set(one.what.split())]


# ── records ─────────────────────────────────────────────────────────────────────────────────────────────────────────


LOOKED_UP = frozenset({"problem", "service"})
"""What there may be hundreds of thousands of."""
BY_DUE = "ORDER BY coalesce(i.clock_on"
"""What is open stands in the order of what is due by the rules of the day, so in that of no index; what is done leaves it."""


@pytest.fixture(params=RECORDS)
def many(office: Office, request: pytest.FixtureRequest) -> tuple[Record, UUID]:
    """One of them, and so many like it that an index pays."""
    record, person = RECORDS[request.param], office.person(Role.MANAGER)
    id = record.made(office)  # noqa: A001
    record.answered(office, id, person)
    conn = office.projector.conn
    conn.execute(_copies(conn, f"{record.kind.NAME}_interval", ("id",), 4000))
    conn.execute("ANALYZE")
    return record, id


def test_no_list_or_page_of_a_record_reads_its_table_through(
    many: tuple[Record, UUID], office: Office, login: Login
) -> None:
    (record, id), browser = many, login(Role.MANAGER)  # noqa: A001
    table = f"{record.kind.NAME}_interval"
    key = {"authorization": f"Bearer {office.token(browser.person)}"}
    offered = asked.of_list(record.path, browser.get(record.path).text, searched=record.kind.NAME in LOOKED_UP)
    paths = [*offered, f"{record.path}/{id}", f"{record.path}/new"]
    with overheard() as statements:
        for path in [*paths, f"/api/v1{record.path}", f"/api/v1{record.path}/{id}"]:
            answer = browser.get(path, **key if path.startswith("/api/") else {})
            assert answer.status_code == 200, (path, answer.text)
    assert len(paths) > len(FAMILIES)
    office.projector.conn.execute("SET enable_seqscan = off")
    about = [one for one in statements if table in one.text and BY_DUE not in one.text]
    assert [one for one in troubles(office.projector.conn, about) if table in one.what or "sort" in one.what] == []
