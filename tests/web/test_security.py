"""Headers on every answer, tokens on every post, limits on every body."""

from collections.abc import Callable

import psycopg
import pytest
from httpx import Response

from crm.application import CRM
from domain.person import Role
from tests.web.conftest import PASSWORD, Browser, Office
from web.security import Csrf, safe_path

Login = Callable[..., Browser]


@pytest.mark.parametrize("path", ["/login", "/account", "/nowhere", "/static/app.css", "/healthz"])
def test_every_answer_carries_the_security_headers(login: Login, path: str) -> None:
    headers = login(Role.STAFF).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_caches_and_versioned_files_are_for_good(login: Login) -> None:
    browser = login(Role.STAFF)
    assert browser.get("/account").headers["Cache-Control"] == "no-store"
    assert "immutable" in browser.get("/static/app.css?v=1").headers["Cache-Control"]
    assert browser.get("/static/nothing.css?v=1").headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_for_the_server_only(office: Office, visitor: Browser) -> None:
    office.person(Role.STAFF, login="beijing1")
    answer = visitor.post("/login", {"login": "beijing1", "password": PASSWORD}, follow=False)
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("landfall="))
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


def test_a_post_without_its_token_changes_nothing(office: Office, login: Login) -> None:
    browser = login(Role.STAFF)
    answer = browser.client.post("/logout", follow_redirects=False)
    assert answer.status_code == 403
    assert "页面已过期" in answer.text
    assert office.app.state.accounts.session(browser.client.cookies["landfall"])


def test_a_token_of_another_session_is_refused(login: Login) -> None:
    mine, theirs = login(Role.STAFF), login(Role.STAFF)
    answer: Response = mine.client.post("/logout", data={"csrf": theirs.csrf()}, follow_redirects=False)
    assert answer.status_code == 403


def test_the_token_may_come_in_a_header(login: Login) -> None:
    browser = login(Role.STAFF)
    answer = browser.client.post("/logout", headers={"X-CSRF-Token": browser.csrf()}, follow_redirects=False)
    assert answer.status_code == 303


def test_tokens_differ_each_time_and_all_match() -> None:
    csrf = Csrf(b"k" * 32, "session")
    tokens = {csrf() for _ in range(20)}
    assert len(tokens) == 20
    assert all(csrf.matches(token) for token in tokens)


@pytest.mark.parametrize("token", [None, "", "x", "AAAA", "é", "A" * 86 + "==", 7])
def test_what_is_no_token_does_not_match(token: object) -> None:
    assert not Csrf(b"k" * 32, "session").matches(token)


@pytest.mark.parametrize("path", ["/leads", "/leads?q=1&stage=landed", "/"])
def test_paths_of_this_site_are_safe_to_go_to(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path", [None, "", "leads", "//x.example", "/\\x.example", "https://x.example", "/a\r\nSet-Cookie: x=1"]
)
def test_everything_else_leads_home(path: str | None) -> None:
    assert safe_path(path) == "/"


def test_a_body_beyond_the_limit_is_refused_in_words(office: Office, login: Login) -> None:
    browser = login(Role.STAFF)
    limit = office.app.state.settings.upload_limit_mb
    large = {"file": ("ledger.xlsx", b"x" * ((limit + 2) << 20))}
    answer = browser.client.post("/account/password", files=large, follow_redirects=False)
    assert answer.status_code == 413
    assert f"{limit} MB" in answer.text


def test_a_body_that_does_not_say_its_length_is_cut_off_too(office: Office, login: Login) -> None:
    browser = login(Role.STAFF)
    pieces = (b"old=" + b"x" * (1 << 20) for _ in range(office.app.state.settings.upload_limit_mb + 2))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = browser.client.post("/account/password", content=pieces, headers=headers, follow_redirects=False)
    assert answer.status_code == 413


def test_a_megabyte_in_one_field_is_refused_in_words(login: Login) -> None:
    answer = login(Role.STAFF).post("/account/password", {"old": "x" * (2 << 20)})
    assert answer.status_code == 400
    assert "内容过长" in answer.text


def test_an_unknown_page_is_a_404_in_words(login: Login) -> None:
    answer = login(Role.STAFF).get("/nowhere")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_a_database_that_is_away_is_a_503_that_asks_for_patience(login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_crm: CRM) -> None:
        raise psycopg.OperationalError("the server closed the connection; user beijing1")

    browser = login(Role.STAFF)
    monkeypatch.setattr("web.pages.health.positions", away)
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "beijing1" not in answer.text


def test_an_unexpected_error_is_a_reference_number_and_a_log_line_without_what_was_typed(
    login: Login, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    typed = "投资部经理 00000000000"

    def broken(_crm: CRM) -> None:
        raise RuntimeError(typed)

    browser = login(Role.STAFF)
    monkeypatch.setattr("web.pages.health.positions", broken)
    answer = browser.get("/readyz")
    assert answer.status_code == 500
    assert "Content-Security-Policy" in answer.headers
    reference = caplog.records[-1].getMessage().split()[1].rstrip(":")
    assert reference in answer.text
    assert typed not in caplog.text + answer.text
    assert "RuntimeError" in caplog.text


def test_alive_and_ready_are_for_everybody_and_figures_for_administrators(office: Office, visitor: Browser) -> None:
    assert visitor.get("/healthz").text == "ok\n"
    assert visitor.get("/readyz").json()["stopped"] == []
    assert visitor.get("/metrics").status_code == 401
    keys = {role: office.token(office.person(role)) for role in (Role.STAFF, Role.ADMIN)}
    assert visitor.get("/metrics", authorization=f"Bearer {keys[Role.STAFF]}").status_code == 403
    shown = visitor.get("/metrics", authorization=f"Bearer {keys[Role.ADMIN]}").text
    assert 'route="health",method="GET",status="200"' in shown
    assert "landfall_event_position" in shown
    assert 'landfall_projection_lag{projection="people"} 0' in shown


def test_a_stopped_projection_is_not_ready(office: Office, visitor: Browser) -> None:
    with office.crm.pool.connection() as connection, connection.transaction():
        connection.execute("UPDATE projection SET stopped = 'at 1' WHERE name = 'people'")
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["stopped"] == ["people"]
