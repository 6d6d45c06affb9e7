"""Commands by the API: carried out once, by the same rules, on the version that was seen."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from crm.access import Role
from domain import FORMS
from domain.person import AddPerson, Deactivate
from tests.web.api.conftest import LEAD, Program, problem
from tests.web.conftest import Office
from web.api.body import parsed
from web.api.examples import example
from web.api.openapi import BODIES


def test_a_lead_goes_from_registered_to_landed(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre, contacts=[{"name": "投资部经理", "phone": "00000000000"}])
    for noun, body in (
        ("contacts", {"kind": "phone"}),
        ("intent", {"document": "框架协议"}),
        ("contract", {"document": "投资协议", "amount": {"amount": "USD 10m", "rate": "7.1"}}),
        ("landing", {"how": "registered", "where": "示例产业园", "entity": "长春示例装备有限公司"}),
    ):
        done = officer.post(f"/leads/{lead}/{noun}", body)
        assert done.status_code == 200, done.text
    shown = officer.get(f"/leads/{lead}", wait_for=done.json()["position"]).json()
    assert (shown["stage"], shown["status"], shown["version"]) == ("landed", "open", 5)
    assert shown["amount"] == {
        "minor": 10**9,
        "currency": "USD",
        "rate": "7.1",
        "fen": 7_100_000_000,
        "text": "1,000万美元",
    }
    assert shown["contacts"][0]["name"] == "投资部经理"
    assert done.headers["etag"] == '"5"'


def test_the_same_key_twice_is_carried_out_once(officer: Program, centre: UUID) -> None:
    body = {**LEAD, "channel": str(centre), "contacts": [{"name": "投资部经理"}]}
    first, second = (officer.post("/leads", body, Idempotency_Key="order 7") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == {**first.json(), "repeated": True}
    assert officer.get("/leads").json()["totals"]["count"] == 1


def test_the_same_key_for_something_else_is_a_conflict(officer: Program, centre: UUID) -> None:
    body = {**LEAD, "channel": str(centre)}
    officer.post("/leads", body, Idempotency_Key="order 7")
    other = officer.post("/leads", {**body, "company": "另一家企业"}, Idempotency_Key="order 7")
    assert other.status_code == 409
    assert problem(other)["type"] == "urn:landfall:command_reused"


def test_keys_of_two_people_do_not_meet(officer: Program, manager: Program, centre: UUID) -> None:
    body = {**LEAD, "channel": str(centre)}
    mine, theirs = (one.post("/leads", body, Idempotency_Key="1").json() for one in (officer, manager))
    assert mine["id"] != theirs["id"]


def test_a_retry_is_answered_though_its_sender_may_no_longer_do_it(
    officer: Program, manager: Program, office: Office, centre: UUID
) -> None:
    lead = manager.lead(office.centre("上海联络中心"), owner=str(officer.person))
    first = officer.post(f"/leads/{lead}/assignment", {"owner": str(manager.person)}, Idempotency_Key="k")
    again = officer.post(f"/leads/{lead}/assignment", {"owner": str(manager.person)}, Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["version"] == first.json()["version"]


def test_a_stale_version_is_refused_with_the_current_one(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre)
    officer.post(f"/leads/{lead}/notes", {"note": "备注"}, If_Match='"1"')
    stale = officer.post(f"/leads/{lead}/notes", {"note": "又一条"}, If_Match='"1"')
    assert stale.status_code == 412
    assert problem(stale)["current_version"] == 2
    assert officer.get(f"/leads/{lead}").json()["version"] == 2


def test_an_if_match_that_is_no_version_is_refused(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre)
    for match in ("seven", '"1', "W/x", "-1", '"99999999999999"'):
        answer = officer.post(f"/leads/{lead}/notes", {"note": "备注"}, If_Match=match)
        assert answer.status_code == 422, match
        assert [one["field"] for one in problem(answer)["errors"]] == ["If-Match"]
    assert officer.get(f"/leads/{lead}").json()["version"] == 1


def test_a_lead_of_another_channel_is_closed_to_staff(
    officer: Program, manager: Program, office: Office, centre: UUID
) -> None:
    lead = manager.lead(office.centre("上海联络中心"), contacts=[{"name": "法务负责人"}], summary="机密")
    for path in (f"/leads/{lead}", f"/leads/{lead}/history", f"/leads/{lead}/documents/{'0' * 64}"):
        assert problem(officer.get(path))["status"] == 403
    assert officer.post(f"/leads/{lead}/notes", {"note": "备注"}).status_code == 403
    listed = officer.get("/leads")
    assert [row["readable"] for row in listed.json()["leads"]] == [False]
    assert "法务负责人" not in listed.text


def test_a_lead_of_another_channel_is_not_there_where_staff_see_only_their_own(
    officer: Program, manager: Program, program: Callable[..., Program], office: Office
) -> None:
    lead = manager.lead(office.centre("上海联络中心"))
    rules = {**example(FORMS["district", "rules"]), "staff_reading": "none", "occurred_on": None}
    assert program(Role.ADMIN).post("/rules", rules).status_code == 200
    assert officer.get(f"/leads/{lead}").status_code == 404
    assert officer.get("/leads").json()["totals"]["count"] == 0
    assert officer.get("/funnel").json()["total"]["registered"] == 0
    assert officer.get("/leads/duplicates", company=LEAD["company"]).json()["duplicates"] == []


def test_staff_bring_leads_in_through_their_own_channels_only(officer: Program, office: Office) -> None:
    answer = officer.post("/leads", {**LEAD, "channel": str(office.centre("上海联络中心"))})
    assert problem(answer)["errors"][0]["field"] == "channel"


def test_what_a_command_points_at_must_be_there(officer: Program, centre: UUID) -> None:
    lead, nobody = officer.lead(centre), str(uuid4())
    commands: list[tuple[str, dict[str, Any], str]] = [
        ("assignment", {"owner": nobody}, "owner"),
        ("claims", {"channel": nobody, "reason": "依据"}, "channel"),
        ("merger", {"into": nobody, "reason": "同一项目"}, "into"),
        ("details", {"details": {"country": "QQ"}}, "details.country"),
    ]
    for noun, body, field in commands:
        answer = officer.post(f"/leads/{lead}/{noun}", body)
        assert answer.status_code == 422, noun
        assert [one["field"] for one in problem(answer)["errors"]] == [field]


def test_auditors_read_and_change_nothing(program: Callable[..., Program], officer: Program, centre: UUID) -> None:
    auditor, lead = program(Role.AUDITOR), officer.lead(centre)
    assert auditor.get(f"/leads/{lead}/history").status_code == 200
    assert auditor.post(f"/leads/{lead}/notes", {"note": "备注"}).status_code == 403
    assert auditor.post("/leads", {**LEAD, "channel": str(centre)}).status_code == 403


def test_leads_are_merged_and_parted(officer: Program, centre: UUID) -> None:
    gone, kept = officer.lead(centre), officer.lead(centre)
    assert officer.post(f"/leads/{gone}/merger", {"into": kept, "reason": "同一项目"}).status_code == 200
    assert officer.get(f"/leads/{gone}").json()["merged_into"] == kept
    assert officer.get(f"/leads/{kept}").json()["absorbed"][0]["id"] == gone
    assert officer.post(f"/leads/{gone}/unmerger", {"reason": "并非同一项目"}, If_Match='"1"').status_code == 412
    assert officer.post(f"/leads/{gone}/unmerger", {"reason": "并非同一项目"}, If_Match='"2"').status_code == 200
    assert officer.get(f"/leads/{kept}").json()["absorbed"] == []


def test_a_whole_book_is_handed_over(officer: Program, manager: Program, centre: UUID) -> None:
    book = {officer.lead(centre, owner=str(officer.person)) for _ in range(3)}
    body = {"giver": str(officer.person), "taker": str(manager.person), "reason": "调岗"}
    moved = manager.post("/leads/hand-over", body, Idempotency_Key="move")
    assert set(moved.json()["leads"]) == book
    again = manager.post("/leads/hand-over", body, Idempotency_Key="move")
    assert set(again.json()["leads"]) == book
    other = manager.post("/leads/hand-over", {**body, "reason": "离岗"}, Idempotency_Key="move")
    assert problem(other)["type"] == "urn:landfall:command_reused"
    assert manager.get("/leads", owner="me").json()["totals"]["count"] == 3
    assert officer.post("/leads/hand-over", body).status_code == 403


def test_a_document_comes_back_as_it_was_sent(officer: Program, centre: UUID) -> None:
    lead, content = officer.lead(centre), b"%PDF-1.7 example"
    sent = officer.send("POST", f"/leads/{lead}/documents", files={"file": ("协议.pdf", content)})
    assert sent.status_code == 200, sent.text
    [document] = officer.get(f"/leads/{lead}").json()["documents"]
    assert document["name"] == "协议.pdf"
    assert officer.get(f"/leads/{lead}/documents/{document['sha256']}").content == content
    wrong = officer.send("POST", f"/leads/{lead}/documents", files={"file": ("a.exe", b"MZ")})
    assert problem(wrong)["errors"][0]["field"] == "file"
    assert officer.post(f"/leads/{lead}/documents", {"file": "x"}).status_code == 415


def test_a_person_is_added_once_with_a_first_password(program: Callable[..., Program], office: Office) -> None:
    admin = program(Role.ADMIN)
    body = {"name": "驻上海招商专员", "login": "sh01", "role": "staff"}
    first, second = (admin.post("/people", body, Idempotency_Key="sh01") for _ in range(2))
    assert first.status_code == 201, first.text
    assert office.app.state.accounts.check_password("sh01", first.json()["password"]) == UUID(first.json()["id"])
    assert (second.json()["id"], second.json()["password"]) == (first.json()["id"], None)


def test_nobody_deactivates_themselves(program: Callable[..., Program]) -> None:
    admin = program(Role.ADMIN)
    answer = admin.post(f"/people/{admin.person}/deactivation", {"reason": "离岗"})
    assert problem(answer)["type"] == "urn:landfall:person.self"


def test_the_token_of_somebody_deactivated_opens_nothing(program: Callable[..., Program], officer: Program) -> None:
    assert program(Role.ADMIN).post(f"/people/{officer.person}/deactivation", {"reason": "离岗"}).status_code == 200
    assert officer.get("/leads").status_code == 401


def test_a_channel_is_opened_and_tended_by_those_posted_there(
    officer: Program, manager: Program, centre: UUID, office: Office
) -> None:
    trip = manager.post(
        "/channels",
        {"kind": "overseas_mission", "name": "赴德招商团", "country": "DE", "starts_on": "2026-03-02",
         "parent": str(centre), "occurred_on": "2026-03-01"},
    ).json()["id"]  # fmt: skip
    outcome = {"conferences": 2, "firms_met": 30, "cooperations": 1}
    assert officer.post(f"/channels/{trip}/outcome", outcome).status_code == 403
    assert manager.post(f"/channels/{trip}/outcome", outcome).status_code == 200
    shown = officer.get(f"/channels/{centre}").json()
    assert [one["firms_met"] for one in shown["occasions"]] == [30]
    assert officer.post("/channels", {"kind": "cluster", "name": "招引群"}).status_code == 403


def test_every_command_has_an_example_that_its_form_takes(office: Office) -> None:
    assert set(FORMS.values()) <= set(BODIES)
    who = office.by()
    read = {form: parsed(form, example(form), who) for form in BODIES}
    assert all(type(value) is form for form, value in read.items())
    assert {AddPerson, Deactivate} <= set(read)


def test_what_a_corrected_detail_refers_to_must_be_there(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre)
    for details in ({"channel": str(UUID(int=77))}, {"owner": str(UUID(int=77))}, {"country": "ZZ"}, {"channel": 7}):
        answer = officer.post(f"/leads/{lead}/detail-corrections", {"fact": 1, "reason": "误填", "details": details})
        assert (answer.status_code, problem(answer)["type"]) == (422, "urn:landfall:pick.unknown")
    right = {
        "fact": 1,
        "reason": "误填",
        "details": {"channel": str(centre), "company": "长春示例装备（集团）有限公司"},
    }
    assert officer.post(f"/leads/{lead}/detail-corrections", right).status_code == 200
    assert officer.post(f"/leads/{lead}/detail-corrections", {**right, "fact": 99}).status_code == 422
    again = officer.post(f"/leads/{lead}/detail-corrections", right)
    assert (again.status_code, problem(again)["type"]) == (422, "urn:landfall:correction.unchanged")
