"""Looking at a replay: every page answers from it, as on its day; nothing can be done meanwhile; nobody is misled."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql

from crm import clock
from crm.prepare import projecting
from crm.roles import exists, role_name
from domain.person import Role
from projections import replaying
from projections.engine import head
from projections.models import MODELS
from projections.replay import Cut
from tests.web.book import DAY, work
from tests.web.conftest import Browser, Office
from tests.web.past import EARLY, LATE, LOOKERS, Past
from web.app import walk


@pytest.fixture
def past(office: Office) -> Past:
    return Past(office)


def enter(browser: Browser, name: str = "then") -> Any:
    return browser.post(f"/audit/replays/{name}/visit", follow=False)


def test_there_are_none_and_the_page_says_how_to_make_one(past: Past, login: Callable[..., Browser]) -> None:
    shown = login(Role.AUDITOR).get("/audit/replays").text
    assert "还没有回放" in shown
    assert "crm replay --to" in shown


@pytest.mark.parametrize("role", LOOKERS)
def test_the_list_shows_what_there_is_and_one_click_enters(
    past: Past, login: Callable[..., Browser], role: Role
) -> None:
    past.replay()
    browser = login(role)
    assert "/audit/replays/then/visit" in browser.get("/audit/replays").text
    assert enter(browser).headers["location"] == "/"
    assert f"正在查看第 {past.position} 条记录时" in browser.get("/leads").text


def test_staff_look_at_no_replay_not_even_with_a_cookie_of_their_own_making(
    past: Past, login: Callable[..., Browser]
) -> None:
    past.replay()
    browser = login(Role.STAFF, channel=past.channel)
    assert browser.get("/audit/replays").status_code == 403
    assert enter(browser).status_code == 403
    browser.client.cookies.set("replay", "then")
    shown = browser.get("/leads?status=").text
    assert LATE in shown
    assert "回放" not in shown


def test_every_page_answers_from_the_replay(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.MANAGER)
    assert enter(browser).status_code == 303
    for page in ("/", "/leads", "/board", "/funnel", "/channels", f"/channels/{past.channel}", f"/leads/{past.lead}",
                 f"/leads/{past.lead}/history"):  # fmt: skip
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert "离开回放" in answer.text, page
        assert LATE not in answer.text, page
    assert EARLY in browser.get("/leads").text
    assert EARLY in browser.get("/leads?q=早先").text
    assert LATE not in browser.get("/leads?q=后来").text
    assert LATE not in browser.get("/leads/export.csv").text
    assert EARLY in browser.get("/leads/export.csv").text
    assert browser.get(f"/leads/{past.later}").status_code == 404


def test_what_was_lost_since_stands_open_in_the_replay(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.MANAGER)
    assert "流失" in browser.get(f"/leads/{past.lead}/history").text
    enter(browser)
    assert past.office.app.state.replays.of("then").lead(past.lead).version == 1
    assert browser.get(f"/leads/{past.lead}/history?version=2").status_code == 404


def test_no_page_of_a_replay_offers_a_command(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.MANAGER)
    page, later = f"/leads/{past.lead}", f"/leads/{past.later}"
    assert f"{later}/contacts" in browser.get(later).text
    enter(browser)
    for shown in (page, "/leads", "/board", "/", f"/channels/{past.channel}"):
        posted = {part.split('"')[0] for part in browser.get(shown).text.split('method="post" action="')[1:]}
        assert posted <= {"/logout", "/audit/replays/departure", "/leads/find"}, shown  # a name is looked up by post
        assert "/leads/new" not in browser.get(shown).text


def test_a_command_is_refused_with_a_sentence_and_changes_nothing(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.MANAGER)
    enter(browser)
    before = past.office.crm.position()
    sent = {"kind": "phone", "occurred_on": DAY.isoformat(), "command": str(uuid4())}
    answer = browser.post(f"/leads/{past.lead}/contacts", sent)
    assert answer.status_code == 409
    assert "请先离开回放" in answer.text
    by_script = browser.htmx(f"/leads/{past.lead}/contacts", "form#contact", sent)
    assert by_script.status_code == 409
    assert by_script.headers["HX-Retarget"] == "#notices"  # the form stays as it was typed
    assert browser.get(f"/leads/{past.lead}/contacts/new").status_code in (404, 409)
    assert browser.get("/leads/new").status_code == 409
    assert past.office.crm.position() == before
    browser.post("/audit/replays/departure", {"back": "/leads"})
    assert browser.post(f"/leads/{past.later}/contacts", sent, follow=False).status_code == 303


def test_leaving_leads_back_to_the_same_page_of_the_present(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.AUDITOR)
    enter(browser)
    answer = browser.post("/audit/replays/departure", {"back": "/leads?status="}, follow=False)
    assert answer.headers["location"] == "/leads?status="
    shown = browser.get("/leads?status=").text
    assert LATE in shown
    assert "正在查看第" not in shown
    elsewhere = browser.post("/audit/replays/departure", {"back": "https://example.org/"}, follow=False)
    assert elsewhere.headers["location"].startswith("/")


def test_what_one_had_just_written_is_not_waited_for(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.MANAGER)
    enter(browser)
    browser.client.cookies.set("seen", str(10**9))
    assert "data-updating" not in browser.get("/leads").text


def test_a_replay_that_is_gone_is_said_once_and_then_one_is_in_the_present(
    past: Past, login: Callable[..., Browser]
) -> None:
    past.replay()
    browser = login(Role.AUDITOR)
    enter(browser)
    assert browser.get("/leads").status_code == 200
    past.drop()
    answer = browser.get("/leads")
    assert answer.status_code == 409
    assert LATE not in answer.text
    assert LATE in browser.get("/leads").text
    assert enter(browser).status_code == 409


def test_one_made_anew_under_the_same_name_is_the_one_that_is_shown(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.AUDITOR)
    enter(browser)
    assert LATE not in browser.get("/leads").text
    past.drop()
    past.replay(position=past.position + 1)
    assert LATE in browser.get("/leads").text


def test_one_of_another_version_is_not_shown_and_can_be_made_again(past: Past, login: Callable[..., Browser]) -> None:
    made = past.replay()
    browser = login(Role.AUDITOR)
    with past.connect() as conn:
        asked = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"
        (said,) = conn.execute(asked, [made.schema]).fetchone() or ("",)
        comment = sql.SQL("COMMENT ON SCHEMA {} IS {}")
        conn.execute(comment.format(sql.Identifier(made.schema), sql.Literal(said.replace(made.shape, "older"))))
    shown = browser.get("/audit/replays").text
    assert "须重新生成" in shown
    assert "/audit/replays/then/visit" not in shown
    assert enter(browser).status_code == 409
    past.replay()
    assert enter(browser).status_code == 303


def test_pages_that_are_in_no_replay_show_the_present_and_say_so(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.MANAGER)
    enter(browser)
    for page in ("/imports", "/account", "/audit/replays"):
        assert "本页不在回放之内" in browser.get(page).text, page
    assert "正在查看</" in browser.get("/audit/replays").text


def test_another_window_that_shows_the_present_is_loaded_anew(past: Past, login: Callable[..., Browser]) -> None:
    past.replay()
    browser = login(Role.MANAGER)
    enter(browser)
    stale = browser.get("/leads", **{"HX-Request": "true", "HX-Target": "div#results", "X-Replay": ""})
    assert (stale.status_code, stale.headers.get("HX-Refresh")) == (204, "true")
    same = browser.get("/leads", **{"HX-Request": "true", "HX-Target": "div#results", "X-Replay": "then"})
    assert same.status_code == 200


def test_a_page_of_a_replay_stands_on_its_day(past: Past, login: Callable[..., Browser]) -> None:
    """What is overdue today was not on the day of the replay, though nothing has been recorded since."""
    office = past.office
    work(office, past.later, "next-action", next_action="寄送资料", next_due="2026-01-10")
    office.catch_up()
    overdue, browser = "/leads?overdue=1", login(Role.MANAGER)
    assert LATE in browser.get(overdue).text
    with past.connect() as conn:
        cut, web = Cut(head(conn), DAY), role_name(conn, "web")
        readers = [web if exists(conn, web) else conn.info.user]
    connect = projecting(office.crm.settings, past.url)
    replaying.make(connect, "early", cut, MODELS, readers=readers, made_at=clock.now())
    enter(browser, "early")
    assert LATE in browser.get("/leads").text
    assert LATE not in browser.get(overdue).text
    assert "2026-01-05" in browser.get("/").text
    browser.post("/audit/replays/departure", {"back": "/"})
    assert LATE in browser.get(overdue).text


@pytest.mark.parametrize("role", LOOKERS)
def test_every_page_there_is_can_be_asked_for_in_a_replay(
    past: Past, login: Callable[..., Browser], role: Role
) -> None:
    """Each answers, or is refused with a sentence: what a page asks of the replay is there, and it writes nothing."""
    past.replay()
    browser = login(role)
    enter(browser)
    ids: dict[str, Any] = {"lead": past.lead, "channel": past.channel, "person": browser.person}
    wrong = []
    for route in walk(past.office.app.routes):
        page = route.name.removeprefix("admin.").partition(".")[0]
        given: dict[str, Any] = {name: ids.get(page, uuid4()) for name in route.param_convertors}
        given |= {name: "contacted" for name in ("stage", "noun") if name in given}
        if "GET" not in (route.methods or ()) or route.name.startswith("api.") or route.name == "metrics":
            continue
        given |= {"position": 1} if "position" in given else {}
        answer = browser.get(str(past.office.app.url_path_for(route.name, **given)))
        if answer.status_code not in (200, 303, 308, 403, 404, 409, 422):
            wrong.append((route.name, answer.status_code))
        if answer.status_code == 200 and "text/html" in answer.headers["content-type"]:
            known = "离开回放" in answer.text or "<html" not in answer.text or route.name in ("login", "language")
            assert known, route.name
    assert wrong == []
