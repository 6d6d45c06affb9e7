"""What is a site's and a matchmaking's alone: sums that open, needs matched with free space, outcomes, files."""

from collections.abc import Callable

from domain.lead import Register
from domain.person import Role
from tests.web.conftest import Browser, Office
from tests.web.records import BEGUN, RECORDS

Login = Callable[..., Browser]


def test_a_lead_s_need_is_matched_with_what_is_free(office: Office, login: Login) -> None:
    form = {
        "company": "某某装备公司",
        "industry": "C",
        "channel": office.centre(),
        "space_m2": 12000,
        "occurred_on": BEGUN,
    }
    lead = office.crm.register(office.by(), Register.model_validate(form)).id
    site, manager = RECORDS["site"].made(office), login(Role.MANAGER)
    assert RECORDS["site"].named in manager.get(f"/leads/{lead}").text
    assert "1.2万㎡" in manager.get("/sites/needs").text
    page = manager.post(f"/sites/{site}/reservations", {"area_m2": "12000", "lead": str(lead)}).text
    assert f"/leads/{lead}" in page
    assert RECORDS["site"].named in manager.get(f"/sites?taker={lead}").text
    assert manager.get("/sites/export.csv").text.count(RECORDS["site"].named) == 1
    assert "8,000㎡" in manager.get("/sites?kind=park&held=free").text


def test_every_loan_stands_in_the_outcomes_and_in_the_file(office: Office, login: Login) -> None:
    meeting, manager = RECORDS["matchmaking"].made(office), login(Role.MANAGER)
    manager.post(f"/matchmakings/{meeting}/loans", {"firm": "某某装备公司", "bank": "某银行", "amount": "300万"})
    page = manager.get(f"/matchmakings/outcomes?meeting={meeting}&kind=loan").text
    assert "某某装备公司" in page
    assert "300万元" in page
    assert "300万元" in manager.get("/matchmakings").text
    assert manager.get("/matchmakings/outcomes/export.csv").text.count("某某装备公司") == 1
    assert manager.get("/matchmakings/export.xlsx").status_code == 200
