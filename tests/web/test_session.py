"""Coming in, staying in, and being put out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from crm.accounts import Accounts, Limits, Throttled
from domain.base import Refused
from domain.person import Role
from tests.web.conftest import PASSWORD, Browser, Office

Login = Callable[..., Browser]


def _enter(browser: Browser, login: str, password: str = PASSWORD, onward: str = "/account") -> int:
    answer = browser.post("/login", {"login": login, "password": password, "next": onward}, follow=False)
    return int(answer.status_code)


def test_a_person_logs_in_with_name_and_password(office: Office, visitor: Browser) -> None:
    office.person(Role.STAFF, login="beijing1")
    assert _enter(visitor, " Beijing1 ") == 303
    assert "beijing1" in visitor.get("/account").text


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(office: Office, visitor: Browser) -> None:
    office.person(Role.STAFF, login="beijing1")
    wrong = visitor.post("/login", {"login": "beijing1", "password": "not-this-one"})
    unknown = visitor.post("/login", {"login": "nobody", "password": "not-this-one"})
    assert wrong.status_code == unknown.status_code == 422
    assert "登录名或密码不对" in wrong.text
    assert "登录名或密码不对" in unknown.text


def test_the_session_is_another_one_after_every_login(office: Office, visitor: Browser) -> None:
    office.person(Role.STAFF, login="beijing1")
    _enter(visitor, "beijing1")
    first = visitor.client.cookies["landfall"]
    _enter(visitor, "beijing1")
    assert visitor.client.cookies["landfall"] != first
    assert office.app.state.accounts.session(first) is None


def test_logging_out_ends_the_session_on_the_server(office: Office, login: Login) -> None:
    browser = login(Role.STAFF)
    token = browser.client.cookies["landfall"]
    browser.post("/logout", follow=False)
    assert office.app.state.accounts.session(token) is None


def test_whoever_is_logged_out_is_sent_to_the_login_and_back(office: Office, visitor: Browser) -> None:
    office.person(Role.STAFF, login="beijing1")
    answer = visitor.get("/account?tab=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Faccount%3Ftab%3D1"
    entered = visitor.post(
        "/login", {"login": "beijing1", "password": PASSWORD, "next": "/account?tab=1"}, follow=False
    )
    assert entered.headers["location"] == "/account?tab=1"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site_after_logging_in(office: Office, visitor: Browser, elsewhere: str) -> None:
    office.person(Role.STAFF, login="beijing1")
    answer = visitor.post("/login", {"login": "beijing1", "password": PASSWORD, "next": elsewhere}, follow=False)
    assert answer.headers["location"] == "/"


def test_a_fragment_asked_for_without_a_session_gets_the_login_sheet_so_that_the_page_stays(visitor: Browser) -> None:
    answer = visitor.htmx("/account")
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#door"
    assert answer.text.lstrip().startswith('<div id="door"')


def test_logging_in_from_the_sheet_hands_the_page_the_new_token(office: Office, visitor: Browser) -> None:
    office.person(Role.STAFF, login="beijing1")
    answer = visitor.htmx("/login", "div#door", {"login": "beijing1", "password": PASSWORD})
    assert answer.status_code == 200
    assert "data-closes" in answer.text
    assert "data-csrf=" in answer.text


def test_deactivating_a_person_puts_them_out_at_once(office: Office, login: Login) -> None:
    from domain.person import Deactivate

    browser = login(Role.STAFF)
    assert browser.get("/account").status_code == 200
    office.crm.deactivate(office.by(), browser.person, Deactivate(reason="调离"))
    office.catch_up()
    assert browser.get("/account").status_code == 303


def test_changing_the_password_ends_every_other_session(office: Office, login: Login) -> None:
    browser = login(Role.STAFF)
    other = office.browser(browser.person)
    new = "another-tide-2027"
    answer = browser.post("/account/password", {"old": PASSWORD, "password": new, "again": new})
    assert "密码已修改" in answer.text
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "another-tide-2027", "another-tide-2027", "当前密码不对"),
        (PASSWORD, "short", "short", "至少 10 个字符"),
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "太容易猜到"),
        (PASSWORD, "another-tide-2027", "another-tide-2028", "不一致"),
        (PASSWORD, PASSWORD, PASSWORD, "与当前密码相同"),
    ],
)
def test_a_bad_new_password_is_refused_at_its_field(login: Login, old: str, new: str, again: str, said: str) -> None:
    answer = login(Role.STAFF).post("/account/password", {"old": old, "password": new, "again": again})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_password_somebody_else_set_has_to_be_changed_first(login: Login) -> None:
    browser = login(Role.ADMIN, must_change=True)
    assert "换成您自己的" in browser.get("/account").text
    assert browser.get("/metrics").headers["location"] == "/account"


def test_too_many_wrong_passwords_close_the_door_even_to_the_right_one(office: Office, visitor: Browser) -> None:
    office.person(Role.STAFF, login="beijing1")
    for _ in range(office.app.state.accounts.limits.per_login):
        assert _enter(visitor, "beijing1", "wrong-every-time") == 422
    assert _enter(visitor, "beijing1") == 429


def test_the_throttle_is_the_same_in_every_worker_and_opens_again(office: Office) -> None:
    person = office.person(Role.STAFF, login="beijing1")
    now = datetime.now(UTC)
    limits = Limits(per_login=2)
    first, second = (Accounts(office.crm.pool, limits, lambda: now) for _ in range(2))
    assert first.log_in("beijing1", "wrong", "192.0.2.1") is None
    assert second.log_in("beijing1", "wrong", "192.0.2.2") is None
    with pytest.raises(Throttled):
        first.log_in("beijing1", PASSWORD, "192.0.2.3")
    later = Accounts(office.crm.pool, limits, lambda: now + limits.window + timedelta(seconds=1))
    assert later.log_in("beijing1", PASSWORD, "192.0.2.1") == person


def test_one_address_may_not_try_many_names(office: Office) -> None:
    accounts = Accounts(office.crm.pool, Limits(per_address=3))
    for name in ("a", "b", "c"):
        accounts.log_in(name, "wrong", "192.0.2.1")
    with pytest.raises(Throttled):
        accounts.log_in("d", "wrong", "192.0.2.1")
    assert accounts.log_in("d", "wrong", "192.0.2.9") is None


def test_a_session_ends_when_idle_and_when_old(office: Office) -> None:
    person = office.person(Role.STAFF)
    now = datetime.now(UTC)
    moment = [now]
    accounts = Accounts(
        office.crm.pool, Limits(idle=timedelta(hours=1), absolute=timedelta(hours=3)), lambda: moment[0]
    )
    token = accounts.create_session(person)
    for minutes in (50, 100, 150):
        moment[0] = now + timedelta(minutes=minutes)
        assert accounts.session(token) == (person, False)
    moment[0] = now + timedelta(minutes=181)
    assert accounts.session(token) is None
    idle = accounts.create_session(person)
    moment[0] += timedelta(minutes=61)
    assert accounts.session(idle) is None


def test_only_hashes_of_tokens_are_stored(office: Office) -> None:
    person = office.person(Role.STAFF)
    token, key = office.app.state.accounts.create_session(person), office.token(person)
    with office.crm.pool.connection() as connection:
        stored = connection.execute("SELECT token_hash FROM session UNION ALL SELECT token_hash FROM api_token")
        kept = b"".join(bytes(row[0]) for row in stored)
    assert token.encode() not in kept
    assert key.encode() not in kept


def test_a_revoked_api_token_opens_nothing(office: Office) -> None:
    person = office.person(Role.ADMIN)
    accounts = office.app.state.accounts
    key = office.token(person)
    assert accounts.token(key) == person
    accounts.revoke_token(accounts.tokens()[0].id)
    assert accounts.token(key) is None


def test_a_login_name_is_given_once(office: Office) -> None:
    office.person(Role.STAFF, login="beijing1")
    with pytest.raises(Refused) as refused:
        office.app.state.accounts.open(office.person(Role.STAFF, login="beijing2"), "BEIJING1")
    assert refused.value.field == "login"


def test_the_language_is_kept_and_the_page_with_it(login: Login) -> None:
    browser = login(Role.STAFF)
    answer = browser.get("/language/en?back=/account")
    assert answer.headers["location"] == "/account"
    assert "Change password" in browser.get("/account").text
    assert "修改密码" in login(Role.STAFF).get("/account").text
