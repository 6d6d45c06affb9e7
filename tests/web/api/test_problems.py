"""Whatever is wrong is said as problem details, in the caller's language; never a 500."""

import json
from collections.abc import Callable
from uuid import UUID

from crm.access import Role
from tests.web.api.conftest import LEAD, Program, problem
from tests.web.conftest import Browser, Office


def test_without_a_token_the_door_is_shut(office: Office, visitor: Browser) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic bGY6eA=="},
        {"Authorization": "Bearer"},
    ):
        answer = visitor.client.get("/api/v1/leads", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert problem(answer)["type"] == "urn:landfall:logged_out"
        assert "set-cookie" not in answer.headers


def test_a_session_does_not_open_the_api(login: Callable[..., Browser]) -> None:
    browser = login(Role.MANAGER)
    assert browser.get("/api/v1/leads").status_code == 401
    assert browser.post("/api/v1/leads").status_code == 401


def test_a_revoked_token_opens_nothing(officer: Program, office: Office) -> None:
    doors = office.app.state.accounts
    doors.revoke_token(next(one.id for one in doors.tokens() if one.person == officer.person))
    assert officer.get("/leads").status_code == 401


def test_the_door_comes_before_the_body(office: Office, visitor: Browser, program: Callable[..., Program]) -> None:
    assert visitor.client.post("/api/v1/leads", content=b"{").status_code == 401
    assert program(Role.AUDITOR).raw("/leads", b"{").status_code == 403


def test_addresses_that_are_none_are_problems_too(officer: Program) -> None:
    assert problem(officer.get("/nothing"))["status"] == 404
    assert problem(officer.client.get("/api/v2/leads"))["status"] == 404
    assert problem(officer.get("/leads/not-an-id"))["status"] == 404
    assert problem(officer.get(f"/leads/{UUID(int=7)}"))["status"] == 404
    wrong = officer.send("DELETE", "/leads")
    assert (problem(wrong)["status"], wrong.headers["allow"]) == (405, "GET")


def test_bodies_that_are_no_json_are_refused(officer: Program, centre: UUID) -> None:
    lead = officer.lead(centre)
    for body in (
        b"", b"{", b"\xff\xfe", b'{"note": NaN}', b'{"note": Infinity}', b'{"note": "\\ud800"}', b"[" * 10_000,
        b'{"note": ' + b"9" * 5000 + b"}", b"{'note': 'x'}",
    ):  # fmt: skip
        answer = officer.raw(f"/leads/{lead}/notes", body)
        assert answer.status_code == 400, body[:30]
        assert problem(answer)["type"] == "urn:landfall:json"
    assert officer.raw(f"/leads/{lead}/notes", b'{"note": "x"}', "text/plain").status_code == 415
    assert officer.raw(f"/leads/{lead}/notes", b'{"note": "' + b"x" * (1 << 20) + b'"}').status_code == 413
    assert officer.get(f"/leads/{lead}").json()["version"] == 1


def test_bodies_that_say_something_wrong_are_told_where(officer: Program, centre: UUID) -> None:
    lead, good = officer.lead(centre), {**LEAD, "channel": str(centre)}
    for path, body, field in (
        ("/leads", {**good, "company": ""}, "company"),
        ("/leads", {**good, "company": "x" * 201}, "company"),
        ("/leads", {**good, "company": "a\0b"}, "company"),
        ("/leads", {**good, "company": "\u202eabc"}, "company"),
        ("/leads", {**good, "company": 7}, "company"),
        ("/leads", {**good, "investment": "-5万"}, "investment"),
        ("/leads", {**good, "investment": "1e30"}, "investment"),
        ("/leads", {**good, "investment": {"amount": "USD 10m"}}, "investment.rate"),
        ("/leads", {**good, "investment": {"minor": 1, "currency": "USD", "rate": "NaN"}}, "investment.rate"),
        ("/leads", {**good, "land_mu": -1}, "land_mu"),
        ("/leads", {**good, "jobs": 10**4000}, "jobs"),
        ("/leads", {**good, "jobs": "12"}, "jobs"),
        ("/leads", {**good, "occurred_on": "2026-02-30"}, "occurred_on"),
        ("/leads", {**good, "occurred_on": "9999-12-31"}, "occurred_on"),
        ("/leads", {**good, "occurred_on": 0}, "occurred_on"),
        ("/leads", {**good, "channel": "x"}, "channel"),
        ("/leads", {**good, "credit_code": "91220101MA0000000X"}, "credit_code"),
        ("/leads", {**good, "contacts": [{"phone": "1"}]}, "contacts.0.name"),
        ("/leads", {**good, "contacts": [{"name": "投资部经理"}] * 21}, "contacts"),
        ("/leads", {**good, "stage": "landed"}, "stage"),
        (f"/leads/{lead}/date-corrections", {"fact": 10**30, "to": "2026-03-01", "reason": "x"}, "fact"),
        (f"/leads/{lead}/contacts", {"kind": "phone", "next_due": "2026-04-01"}, "next_action"),
        (f"/leads/{lead}/notes", [], "body"),
    ):
        answer = officer.post(path, body)
        assert answer.status_code == 422, (path, body)
        assert field in [one["field"] for one in problem(answer)["errors"]], answer.text
    assert officer.get("/leads").json()["totals"]["count"] == 1


def test_rare_characters_and_markup_are_kept_as_they_are(officer: Program, centre: UUID) -> None:
    name = "𠮷野家<b>&amp;🙂"
    assert officer.get(f"/leads/{officer.lead(centre, company=name)}").json()["company"] == name


def test_problems_speak_the_language_asked_for(officer: Program) -> None:
    for language, title in (("en-GB,en;q=0.9", "Something is not right"), ("zh-CN", "内容有误"), ("fr", "内容有误")):
        answer = officer.get("/leads", headers={"Accept-Language": language}, limit=0)
        assert problem(answer)["title"] == title


def test_a_database_that_is_away_is_said_so(officer: Program, office: Office) -> None:
    office.crm.pool.close()
    answer = officer.get("/leads")
    assert answer.status_code == 503
    assert problem(answer)["type"] == "urn:landfall:unavailable"


def test_the_description_is_open_and_whole(office: Office, visitor: Browser) -> None:
    document = visitor.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    named = {operation["operationId"] for one in document["paths"].values() for operation in one.values()}
    assert {f"api.{name}" for name in named} == {
        name for name in office.app.state.routes if name.startswith("api.")
    } - {"api.openapi"}
    refs = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert refs <= set(document["components"]["schemas"])
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert "application/problem+json" in str(operation["responses"]) or operation["operationId"] == "glossary"


def test_the_description_says_how_long_texts_may_be(officer: Program, centre: UUID) -> None:
    schemas = officer.client.get("/api/openapi.json").json()["components"]["schemas"]
    good = {**LEAD, "channel": str(centre)}
    for name in ("company", "region", "summary"):
        described = schemas["Register"]["properties"][name]
        longest = described.get("anyOf", [described])[0]["maxLength"]
        assert officer.post("/leads", {**good, name: "长" * longest}).status_code == 201
        assert officer.post("/leads", {**good, name: "长" * (longest + 1)}).status_code == 422
    assert schemas["ContactPerson"]["properties"]["name"]["maxLength"] == 100
