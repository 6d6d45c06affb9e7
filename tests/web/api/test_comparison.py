"""Comparisons by the API: they add up, and every move opens as many leads."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crm import clock
from tests.web.api.conftest import Program, problem
from tests.web.conftest import Office

TODAY = clock.today()


@pytest.fixture
def told(officer: Program, centre: UUID) -> list[str]:
    made = [
        officer.lead(centre, company=f"示例{name}", investment="5000万", occurred_on=str(TODAY - timedelta(40)))
        for name in "甲乙丙"
    ]
    officer.lead(centre, company="示例丁", occurred_on=str(TODAY - timedelta(5)))
    officer.post(f"/leads/{made[0]}/intent", {"document": "框架协议", "occurred_on": str(TODAY - timedelta(3))})
    officer.post(f"/leads/{made[1]}/contacts", {"kind": "phone", "occurred_on": str(TODAY - timedelta(30))})
    officer.office.catch_up()
    return made


def counted(figures: dict[str, Any]) -> Counter[tuple[str, str | None]]:
    total = figures["total"]
    found: Counter[tuple[str, str | None]] = Counter({("merged", None): total["merged"]})
    for stage in total["stages"]:
        found["open", stage["stage"]] = stage["standing"]
        found["on_hold", stage["stage"]] = stage["on_hold"]
        found["lost", stage["stage"]] = stage["lost"]
    return +found


def moved(figures: dict[str, Any], moves: list[dict[str, Any]]) -> Counter[tuple[str, str | None]]:
    found = counted(figures)
    for move in moves:
        for side, sign in (("before", -1), ("after", 1)):
            if move[side]:
                found[move[side]["status"], move[side]["stage"]] += sign * move["leads"]
    return +found


def test_since_adds_up_in_both_steps(officer: Program, told: list[str]) -> None:
    found = officer.get("/since", wait_for=1).json()
    assert moved(found["old"], found["learned"]) == counted(found["between"])
    assert moved(found["between"], found["happened"]) == counted(found["new"])
    assert {(move["kind"], move["leads"]) for move in found["happened"]} == {("entered", 1), ("advanced", 1)}
    assert {(move["kind"], move["cause"]) for move in found["learned"]} == {("entered", "late")}
    assert found["old"]["as_at"] == str(TODAY - timedelta(15))


def test_every_move_opens_as_many_leads_and_what_was_learned_says_why(officer: Program, told: list[str]) -> None:
    found = officer.get("/restatements", as_at=str(TODAY), known_from=str(TODAY - timedelta(1))).json()
    assert moved(found["old"], found["learned"]) == counted(found["new"])
    for move in found["learned"]:
        after = move["after"]
        behind = officer.get(
            "/restatements/leads", as_at=str(TODAY), known_from=str(TODAY - timedelta(1)), move=move["kind"],
            measure="standing", stage=after["stage"], side="came",
        ).json()  # fmt: skip
        assert behind["count"] == len(behind["leads"]) == move["leads"]
        for lead in behind["leads"]:
            assert lead["because"]
            assert lead["because"][-1]["after"]["stage"] == lead["after"]["stage"] == after["stage"]


def test_what_cannot_be_compared_is_named(officer: Program) -> None:
    for path, params, field in (
        ("/since", {"from": "yesterday"}, "from"),
        ("/since", {"from": str(TODAY)}, "from"),
        ("/since", {"to": "2999-01-01"}, "to"),
        ("/restatements", {"known_from": str(TODAY), "known_to": "2020-01-01"}, "known_to"),
        ("/restatements/leads", {"key": "x"}, "key"),
        ("/since", {"kind": "none"}, "kind"),
        ("/since/leads", {"after": "nowhere"}, "after"),
    ):
        answer = officer.get(path, **params)
        assert answer.status_code == 422, (path, params)
        assert [one["field"] for one in problem(answer)["errors"]] == [field]


def test_known_on_a_day_is_known_at_its_end_in_shanghai(officer: Program, told: list[str]) -> None:
    by_day = officer.get("/funnel", known_at=str(TODAY), as_at=str(TODAY)).json()
    by_moment = officer.get("/funnel", known_at=f"{TODAY}T23:59:59.999999+08:00").json()
    assert by_day["total"] == by_moment["total"] == officer.get("/funnel").json()["total"]
    assert officer.get("/funnel", known_at=str(TODAY - timedelta(1))).json()["total"]["registered"] == 0
    for group_by in ("kind", "channel", "occasion", "country", "region", "industry", "owner", "month", "band"):
        then = officer.get("/funnel", known_at=str(TODAY), group_by=group_by).json()
        assert sum(group["registered"] for group in then["groups"]) == 4, group_by


def test_a_comparison_waits_for_the_moment_it_asks_for(officer: Program, told: list[str], office: Office) -> None:
    office.projector.conn.execute("UPDATE projection SET position = position - 1")
    assert officer.get("/funnel", known_at=str(TODAY)).status_code == 503
    answer = officer.get(
        "/restatements", as_at=str(TODAY), known_from=str(TODAY), known_to=f"{TODAY}T23:59:59.999999+08:00"
    )
    assert answer.status_code == 503
    office.projector.conn.execute("UPDATE projection SET position = position + 1")
    assert officer.get("/funnel", known_at=str(TODAY)).status_code == 200
