"""One lead as a workbook: for whoever may read it, from its page."""

import io
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from domain.person import Role
from tests.web.book import bring


@pytest.fixture
def centre(office):
    return office.centre()


@pytest.fixture
def lead(office, centre):
    found = bring(office, centre, contacts=[{"id": uuid4(), "name": "李经理", "phone": "13800000000"}])
    office.catch_up()
    return found


def rows(content: bytes, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()


def test_its_page_offers_everything_recorded_of_it(login, lead):
    manager = login(Role.MANAGER)
    assert f"/leads/{lead}/export.xlsx" in manager.get(f"/leads/{lead}").text
    answer = manager.get(f"/leads/{lead}/export.xlsx")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(".xlsx")
    history = rows(answer.content, "历史")
    assert history[0][2:5] == ["发生日期", "最初登记的日期", "记录时间"]
    assert history[1][0] == 1
    assert ["编号", str(lead)] in rows(answer.content, "线索")
    assert "13800000000" not in str(history)
    assert b"13800000000" not in answer.content


def test_it_is_in_the_language_of_whoever_asks(login, lead):
    manager = login(Role.MANAGER)
    manager.get("/language/en")
    assert rows(manager.get(f"/leads/{lead}/export.xlsx").content, "History")[0][6] == "What"


def test_who_may_not_read_the_lead_does_not_get_it(login, office, lead):
    stranger = login(Role.STAFF, channel=office.centre("驻上海招商联络中心"))
    assert stranger.get(f"/leads/{lead}/export.xlsx").status_code == 403
    assert stranger.get(f"/leads/{uuid4()}/export.xlsx").status_code == 404
