"""The auditors' pages: every event found by what is asked, each opened to its hash, and numbers that open what they count."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from html import unescape
from io import BytesIO
from urllib.parse import quote
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest

from crm import readings
from crm.access import rule
from crm.proof.verifying import verify
from domain.lead import Contact, CorrectDate, Lead, Register
from domain.person import Role
from domain.values import ContactPerson, Industry
from tests.conftest import District
from tests.web.conftest import Browser, Office
from web.app import walk
from web.pages.audit_route_words import route_name

Login = Callable[..., Browser]
COMPANY, OTHER = "长春某某装备有限公司", "厦门某某物流有限公司"


@pytest.fixture
def lead(office: Office) -> UUID:
    """A lead with a contact, the second of them put right; positions 2 to 4, after the channel's."""
    centre = office.centre()
    person = ContactPerson(id=uuid4(), name="投资部经理", phone="00000000000")
    made = office.crm.register(
        office.by(Role.MANAGER), Register(company=COMPANY, industry=Industry.C, channel=centre, contacts=(person,))
    ).id
    day = office.crm.lead(made).events[0].occurred_on
    contact = Contact.model_validate({"kind": "phone", "note": "谈到用电价格", "occurred_on": day})
    office.crm.change(office.by(Role.MANAGER), Lead, made, contact)
    office.crm.change(office.by(Role.MANAGER), Lead, made, CorrectDate(fact=2, to=day, reason="录错"))
    office.crm.register(office.by(Role.MANAGER), Register(company=OTHER, industry=Industry.C, channel=centre))
    office.catch_up()
    return made


def total(html: str) -> int:
    found = re.search(r'data-total="(\d+)"', html)
    assert found
    return int(found[1])


def positions(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'href="/audit/events/(\d+)" aria-label', html)]


def test_an_auditor_sees_every_event_the_latest_first(login: Login, lead: UUID) -> None:
    html = login(Role.AUDITOR).get("/audit").text
    assert positions(html) == [6, 5, 4, 3, 2, 1]
    assert total(html) == 6
    assert 'href="/audit" aria-current="page"' in html
    assert COMPANY in html
    assert f'href="/leads/{lead}/history?version=3#v3"' in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=lead", [5, 4, 3, 2]),
        ("type=lead.contacted", [3]),
        ("type=channel", [1]),
        (f"q={quote('长春某某')}", [4, 3, 2]),
        ("q=ccmm", [4, 3, 2]),
        (f"q={quote('没有这家')}", []),
        ("corrections=1", [4]),
        ("role=manager", [5, 4, 3, 2]),
        ("actor=00000000-0000-0000-0000-000000000000&role=manager&type=lead.contacted", [3]),
        ("late=0", []),
        ("occurred_from=2000-01-01&occurred_to=2000-12-31", []),
        ("recorded_to=2000-01-01", []),
        ("recorded_from=2000-01-01T00:00&type=lead.contacted", [3]),
        ("bulk=1", []),
    ],
)
def test_events_are_found_by_what_is_asked(login: Login, lead: UUID, query: str, found: list[int]) -> None:
    html = login(Role.MANAGER).get(f"/audit?{query}").text
    assert [position for position in positions(html) if position < 6] == found, query
    assert str(lead)


def test_conditions_that_cannot_be_read_are_said_and_filter_nothing(login: Login, lead: UUID) -> None:
    auditor = login(Role.AUDITOR)
    for query in ("actor=x", "type=lead.unheard_of", "role=king", "late=-1", "late=x", "recorded_from=gestern",
                  "occurred_to=2026-02-30", "origin=1", "channel=?", "lead=a", "recorded_from=0000-01-01",
                  "recorded_to=9999-12-31", "q=%00"):  # fmt: skip
        html = auditor.get(f"/audit?{query}").text
        assert total(html) == 6, query
        assert "看不懂" in html or query == "recorded_to=9999-12-31", query
    assert total(auditor.get("/audit?after=nonsense").text) == 6
    assert str(lead)


def test_a_day_of_the_log_of_readings_that_cannot_be_read_is_said(login: Login, lead: UUID) -> None:
    auditor = login(Role.AUDITOR)
    for query, name in (
        ("from=2026-02-30", "从哪天"),
        ("to=9999-12-31", "到哪天"),
        ("person=x", "谁"),
        ("kind=x", "方式"),
    ):
        html = auditor.get(f"/audit/readings?{query}").text
        assert f"{name}：看不懂，未作筛选。" in html, query
        assert total(html) > 0
    assert "看不懂" not in auditor.get("/audit/readings?from=2026-02-28&kind=page").text
    assert str(lead)


def test_an_event_is_opened_to_its_hash(office: Office, login: Login, lead: UUID) -> None:
    auditor = login(Role.AUDITOR)
    html = auditor.get("/audit/events/4").text
    with office.crm.pool.connection() as conn:
        (hash_,), (before,) = conn.execute("SELECT hash FROM event WHERE position IN (3, 4) ORDER BY position DESC")
    for said in (hash_.hex(), before.hex(), str(lead), "录错", "相符", "lead.date_corrected", 'href="/audit/events/3"'):
        assert said in html, said
    for position in (0, 99, 2**63):
        assert auditor.get(f"/audit/events/{position}").status_code in (404, 422), position
    assert auditor.get("/audit/events/x").status_code == 404


def test_sealed_texts_are_opened_in_words_and_stay_sealed_where_they_are_stored(login: Login, lead: UUID) -> None:
    html = unescape(login(Role.AUDITOR).get("/audit/events/2").text)
    told, _, stored = html.partition('<pre class="stored">')
    assert "投资部经理" in told
    assert "投资部经理" not in stored
    assert "sealed:v1:" in stored
    assert str(lead) in told


def test_an_event_that_was_altered_is_shown_and_said_to_be(office: Office, login: Login, lead: UUID) -> None:
    auditor = login(Role.AUDITOR)
    with office.crm.pool.connection() as conn:
        conn.execute("UPDATE event SET data = replace(data, 'phone', 'visit') WHERE position = 3")
    assert "不相符" in auditor.get("/audit/events/3").text
    with office.crm.pool.connection() as conn:
        conn.execute("UPDATE event SET data = 'broken' WHERE position = 3")
    answer = auditor.get("/audit/events/3")
    assert answer.status_code == 200
    assert "读不出来" in answer.text
    assert str(lead)


def test_staff_have_no_audit(login: Login) -> None:
    staff = login(Role.STAFF)
    for path in ("/audit", "/audit/events/1", "/audit/readings"):
        assert staff.get(path).status_code == 403, path
    assert 'href="/audit"' not in staff.get("/leads").text


def test_the_old_list_leads_to_the_explorer(login: Login) -> None:
    answer = login(Role.ADMIN).get("/admin/activity?topic=lead.contacted")
    assert (answer.status_code, answer.headers["location"]) == (308, "/audit?type=lead.contacted")


def test_what_each_person_did_is_counted_and_every_number_opens_it(office: Office, login: Login, lead: UUID) -> None:
    manager = login(Role.MANAGER)
    html = manager.get("/audit/people").text
    numbers = re.findall(r'data-count="(\d+)" href="([^"]+)"', html)
    assert len(numbers) >= 6
    for count, address in numbers:
        assert total(manager.get(unescape(address)).text) == int(count), address
    assert "没有记录" in manager.get("/audit/people?recorded_from=2000-01-01&recorded_to=2000-01-02").text
    assert manager.get("/audit/people?recorded_from=x&recorded_to=2000-13-01").status_code == 200
    assert str(lead)


def test_readings_are_shown_and_asked(office: Office, login: Login, lead: UUID) -> None:
    auditor, admin = login(Role.AUDITOR), login(Role.ADMIN)
    assert "还没有查阅记录" in admin.get("/audit/readings").text
    auditor.get("/leads")
    auditor.get(f"/leads/{lead}")
    auditor.get("/leads/export.csv")
    html = admin.get("/audit/readings").text
    assert total(html) == 3
    assert COMPANY in html
    for query, count in ((f"person={auditor.person}", 3), (f"person={uuid4()}", 0), ("kind=file", 1), ("kind=page", 2),
                         ("kind=api", 0), ("kind=x", 3), ("from=2000-01-01", 3), ("to=2000-01-01", 0), ("from=x", 3)):  # fmt: skip
        assert total(admin.get(f"/audit/readings?{query}").text) == count, query
    assert admin.get("/audit/readings?after=nonsense").status_code == 200
    assert login(Role.MANAGER).get("/audit/readings").status_code == 403


def test_whatever_can_be_read_as_an_auditor_is_said_in_words(office: Office) -> None:
    wordless = {
        part
        for route in walk(office.app.routes)
        if "GET" in route.methods and Role.AUDITOR in rule(route.name)
        for part in route_name(route.name).zh.split(" · ")
        if part.isascii()
    }
    assert wordless == set()


def test_checkpoints_are_signed_on_demand_and_their_proofs_taken_out(office: Office, login: Login, lead: UUID) -> None:
    auditor, manager = login(Role.AUDITOR), login(Role.MANAGER)
    assert "还没有签署过" in auditor.get("/audit/checkpoints").text
    assert auditor.get("/audit/events/3/proof").status_code == 404
    assert manager.post("/audit/checkpoints").status_code == 403
    html = auditor.post("/audit/checkpoints").text
    size = office.crm.position()
    assert f"已签署前 {size:,} 条记录" in html
    note = auditor.get(f"/audit/checkpoints/{size}")
    assert note.text.splitlines()[1] == str(size)
    assert "attachment" in note.headers["content-disposition"]
    assert auditor.get(f"/audit/checkpoints/{size + 1}").status_code == 404
    assert "/audit/events/3/proof" in auditor.get("/audit/events/3").text
    proof = auditor.get("/audit/events/3/proof").text
    assert proof.startswith("c2sp.org/tlog-proof@v1\nindex 2\n")
    with office.crm.pool.connection() as conn:
        last = readings.listed(conn).rows[0]
    assert (last.route, last.subject) == ("audit.event.proof", lead)


def test_bundles_of_a_lead_and_of_a_period_are_taken_out_and_the_taking_is_recorded(
    office: Office, login: Login, lead: UUID
) -> None:
    admin, today = login(Role.ADMIN), office.crm.history(lead)[0][0].recorded_at.date().isoformat()
    period = {"recorded_from": "2026-01-01", "recorded_to": "2026-12-31"}
    assert admin.post("/audit/bundle", {"lead": str(lead)}).status_code == 422  # nothing signed yet
    admin.post("/audit/checkpoints")
    for asked, events in (({"lead": str(lead)}, 3), ({"recorded_from": today, "recorded_to": "2100-01-01"}, None)):
        answer = admin.post("/audit/bundle", asked)
        if events is None:
            assert answer.status_code == 422  # longer than a year
            continue
        with ZipFile(BytesIO(answer.content)) as file:
            assert len(file.read("events.jsonl").splitlines()) == events
            assert "verify.py" in file.namelist()
    for asked in ({}, {"lead": "x"}, {"recorded_from": "2026-01-01"}, {**period, "recorded_to": "2025-01-01"}):
        assert admin.post("/audit/bundle", asked).status_code == 422, asked
    assert admin.post("/audit/bundle", {"lead": str(uuid4())}).status_code == 404
    assert login(Role.MANAGER).post("/audit/bundle", {"lead": str(lead)}).status_code == 403
    with office.crm.pool.connection() as conn:
        rows = readings.listed(conn, readings.Filters(person=admin.person)).rows
    assert {(row.route, row.role) for row in rows} == {("audit.bundle", "admin")}
    assert {row.subject for row in rows} >= {lead, None}


def test_the_last_verification_is_shown_with_what_it_found(
    office: Office, login: Login, lead: UUID, district: District
) -> None:
    admin = login(Role.ADMIN)
    assert "还没有核验过" in admin.get("/audit/checkpoints").text
    with office.crm.pool.connection() as conn:
        conn.execute("UPDATE event SET actor = gen_random_uuid() WHERE position = 3")
    verify(district.settings, district.url, [], lambda _name: nullcontext(lambda _done, _all: None))
    html = admin.get("/audit/checkpoints").text
    assert "发现问题" in html
    assert 'href="/audit/events/3"' in html
    assert str(lead)


def test_in_english_nothing_of_ours_is_left_in_chinese(office: Office, login: Login, lead: UUID) -> None:
    auditor = login(Role.AUDITOR)
    auditor.get("/language/en")
    auditor.post("/audit/checkpoints")
    names = f"{COMPANY}|{OTHER}|北京联络中心|审计专员|投资部经理|谈到用电价格|录错|中文"
    for path in ("/audit", "/audit?late=30&corrections=1&q=x&role=staff", "/audit/people", "/audit/checkpoints", "/audit/readings",
                 "/audit/replays", *(f"/audit/events/{position}" for position in range(1, 6))):  # fmt: skip
        page = auditor.get(path)
        assert page.status_code == 200, path
        left = re.sub(names, "", page.text.partition("<main")[2])
        assert re.findall("[\u4e00-\u9fff]+", left) == [], path
    assert str(lead)
