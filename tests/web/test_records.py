"""What holds for every aggregate with a list, a page and commands of the general kind: rights, bad input, double clicks, stale forms."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from domain import FORMS
from domain.base import Text
from domain.person import Role
from tests.web.conftest import Browser, Office
from tests.web.records import BEGUN, RECORDS, Record

Login = Callable[..., Browser]
pytestmark = pytest.mark.parametrize("record", RECORDS.values(), ids=list(RECORDS))


def english(browser: Browser) -> Browser:
    browser.get("/language/en")
    return browser


def as_json(typed: dict[str, str]) -> dict[str, int | str]:
    """What was typed into a form, as a body of the API."""
    return {name.replace(".amount", ""): int(text) if text.isdecimal() else text for name, text in typed.items()}


def test_an_empty_list_says_what_to_do_and_only_to_those_who_may(record: Record, login: Login) -> None:
    page = login(Role.MANAGER).get(record.path).text
    assert record.empty[0] in page
    assert f"{record.path}/new" in page
    auditor = english(login(Role.AUDITOR)).get(record.path).text
    assert record.empty[1] in auditor
    assert f"{record.path}/new" not in auditor


def test_one_is_opened_and_stands_in_the_list_and_on_its_page(record: Record, login: Login) -> None:
    manager = login(Role.MANAGER)
    page = manager.post(record.path, record.opens)
    assert page.status_code == 200
    assert record.named in page.text
    assert record.named in manager.get(record.path).text
    assert record.named in manager.get(f"{record.path}?q={record.named[:2]}").text
    assert record.named not in manager.get(f"{record.path}?q=查无此名").text


def test_bad_input_is_said_at_its_field_and_comes_back_as_typed(record: Record, login: Login) -> None:
    manager = login(Role.MANAGER)
    for wrong, said in record.wrong:
        answer = manager.post(record.path, record.opens | wrong)
        assert answer.status_code == 422, wrong
        assert said in answer.text, wrong
        assert all(value.strip() in answer.text for value in wrong.values())
    assert record.empty[0] in manager.get(record.path).text


def test_a_double_click_opens_one(record: Record, login: Login) -> None:
    manager, command = login(Role.MANAGER), str(uuid4())
    first, second = (manager.post(record.path, record.opens | {"command": command}, follow=False) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]


def test_every_command_has_a_sheet_in_both_languages(record: Record, office: Office, login: Login) -> None:
    id = record.made(office)  # noqa: A001
    for browser, place in ((login(Role.MANAGER), 0), (english(login(Role.MANAGER)), 1)):
        for (name, noun), form in FORMS.items():
            if name == record.kind.NAME and form is not record.kind.CREATES:
                answer = browser.htmx(f"{record.path}/{id}/{noun}?fact=1", "dialog#sheet")
                assert answer.status_code == 200, noun
                assert Text(*form.title)[place] in answer.text, noun


def test_a_command_is_told_on_the_page_and_one_that_is_refused_says_why(
    record: Record, office: Office, login: Login
) -> None:
    id, manager = record.made(office), login(Role.MANAGER)  # noqa: A001
    noun, typed, said = record.does
    assert said in manager.post(f"{record.path}/{id}/{noun}", typed).text
    noun, typed, why = record.refused
    answer = manager.post(f"{record.path}/{id}/{noun}", typed)
    assert answer.status_code == 422
    assert why in answer.text


def test_a_stale_form_shows_what_is_now_in_force(record: Record, office: Office, login: Login) -> None:
    id, manager = record.made(office), login(Role.MANAGER)  # noqa: A001
    typed, shown = record.revises
    manager.post(f"{record.path}/{id}/details", typed)
    answer = manager.post(f"{record.path}/{id}/details", dict.fromkeys(typed, "别处") | {"version": "1"})
    assert answer.status_code == 409
    assert "别处" in answer.text
    assert shown in answer.text


def test_corrections_are_made_from_the_page_and_told_there(record: Record, office: Office, login: Login) -> None:
    id, manager = record.made(office), login(Role.MANAGER)  # noqa: A001
    noun, typed, said = record.does
    manager.post(f"{record.path}/{id}/{noun}", typed)
    fact = {"fact": "2", "reason": "记错了"}
    page = manager.post(f"{record.path}/{id}/date-corrections", fact | {"to": BEGUN.isoformat()}).text
    assert f"<ins>{BEGUN}</ins>" in page
    page = manager.post(f"{record.path}/{id}/retractions", fact).text
    assert "已撤销" in page
    page = manager.post(f"{record.path}/{id}/reinstatements", fact).text
    assert said in page


def test_only_those_who_answer_the_opener_and_managers_work_on_it(record: Record, office: Office, login: Login) -> None:
    noun, typed, _ = record.does
    mine, stranger = login(Role.STAFF), login(Role.STAFF)
    opened = mine.post(record.path, record.opens, follow=False).headers["location"]
    assert stranger.get(opened).status_code == 200
    assert f"{opened}/{noun}" not in stranger.get(opened).text
    assert stranger.get(f"{opened}/{noun}").status_code == 403
    assert stranger.post(f"{opened}/{noun}", typed).status_code == 403
    assert login(Role.AUDITOR).post(f"{opened}/{noun}", typed).status_code == 403
    if record.answered(office, UUID(opened.rpartition("/")[2]), stranger.person):
        assert stranger.post(f"{opened}/{noun}", typed, follow=False).status_code == 303
    assert login(Role.STAFF).get(f"{opened}/{noun}").status_code == 403
    assert mine.get(f"{opened}/{noun}").status_code == 200


def test_what_is_not_there_is_not_found(record: Record, login: Login) -> None:
    manager = login(Role.MANAGER)
    noun, typed, _ = record.does
    for path in (f"{record.path}/{uuid4()}", f"{record.path}/north", f"{record.path}/{uuid4()}/{noun}"):
        assert manager.get(path).status_code == 404, path
    assert manager.post(f"{record.path}/{uuid4()}/{noun}", typed).status_code == 404


def test_filters_nobody_can_read_filter_nothing_and_say_so(record: Record, office: Office, login: Login) -> None:
    record.made(office)
    page = login(Role.MANAGER).get(f"{record.path}?status=sleeping&as_at=gestern&sort=colour&after=nowhere").text
    assert record.named in page
    assert "看不懂" in page


def test_the_list_is_that_of_a_day_as_known_on_another(record: Record, office: Office, login: Login) -> None:
    record.made(office)
    manager = login(Role.MANAGER)
    assert record.named in manager.get(f"{record.path}?as_at={BEGUN}").text
    assert record.named not in manager.get(f"{record.path}?as_at={BEGUN}&known_at={BEGUN}").text


def test_the_api_opens_lists_shows_and_commands_by_the_same_rules(record: Record, office: Office, login: Login) -> None:
    manager, stranger = login(Role.MANAGER), login(Role.STAFF)
    theirs, others = (
        {"authorization": f"Bearer {office.token(browser.person)}"} for browser in (manager, stranger) if browser.person
    )
    path, (noun, typed, _) = f"/api/v1{record.path}", record.does
    made = manager.client.post(path, json=as_json(record.opens), headers=theirs)
    assert made.status_code == 201, made.text
    office.catch_up()
    one = f"{path}/{made.json()['id']}"
    assert noun in manager.client.get(one, headers=theirs).json()["commands"]
    assert manager.client.post(f"{one}/{noun}", json=as_json(typed), headers=theirs).status_code == 200
    assert stranger.client.post(f"{one}/{noun}", json=as_json(typed), headers=others).status_code == 403
    shown = stranger.client.get(one, headers=others).json()
    assert shown["commands"] == []
    assert shown["version"] == 2
    listed = stranger.client.get(path, headers=others).json()
    assert [row["id"] for row in listed[record.path[1:]]] == [made.json()["id"]]
