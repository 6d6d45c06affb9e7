"""No page's time may grow with the district: what every page and the API ask is explained, with what the planner can do."""

from collections.abc import Callable

import pytest

from crm.demo.cast import MEMBERS
from crm.demo.filling import fill
from domain.district import DISTRICT, District, SetRules, StaffReading
from domain.person import Role
from projections import activity_asked, leads, leads_counted
from tests import asked
from tests.conftest import District as Place
from tests.plans import Trouble, overheard, troubles
from tests.web.conftest import Browser, Office

Login = Callable[..., Browser]


@pytest.fixture
def filled(office: Office, district: Place, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A small demo, of which a list looks through few rows, as it does of many."""
    fill(office.crm, district.url, 120, lambda _done, _of: None)
    office.catch_up()
    for module, name, rows in ((leads, "FIRST", 12), (leads_counted, "FIRST", 12), (leads_counted, "LOOKED", 30)):
        monkeypatch.setattr(module, name, rows)
    monkeypatch.setattr(activity_asked, "SCAN", 100)
    office.projector.conn.execute("ANALYZE")
    return office


FAMILIES = {"leads": asked.leads, "boards": asked.boards, "days": asked.days, "audits": asked.audits, "others": asked.others}


@pytest.mark.parametrize("family", FAMILIES)
def test_whoever_sees_everything_has_no_table_read_through(filled: Office, login: Login, family: str) -> None:
    assert grown(filled, login(Role.MANAGER, Role.AUDITOR), family) == []


@pytest.mark.parametrize("family", ["leads", "boards", "days"])
def test_nor_has_whoever_sees_their_own_channels_alone(filled: Office, family: str) -> None:
    filled.crm.change(filled.by(), District, DISTRICT, SetRules(staff_reading=StaffReading.NONE))
    filled.catch_up()
    assert grown(filled, filled.browser(MEMBERS["staff"].id), family) == []


def grown(office: Office, browser: Browser, family: str) -> list[Trouble]:
    """What is wrong with the plans of what the pages of one family ask."""
    key = {"authorization": f"Bearer {office.token(browser.person)}"}
    conn = office.projector.conn
    paths = list(FAMILIES[family](conn))
    with overheard() as statements:
        for path in paths:
            answer = browser.get(path, **key if path.startswith("/api/") else {})
            assert answer.status_code == 200, (path, answer.text)
    assert len(statements) > len(FAMILIES)
    conn.execute("SET enable_seqscan = off")
    return _dump(list(troubles(conn, statements)), family)
def _dump(x, f):
    open(f'/tmp/pages_tr_{f}.txt','a').write('\n\n'.join(sorted({t.what+'\n'+t.statement for t in x})))
    return x
