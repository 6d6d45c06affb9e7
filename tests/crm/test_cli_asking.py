"""`crm funnel`, `crm since`, `crm restatements`: what the API answers, in a terminal, a spreadsheet, a program."""

import csv
import io
import json
from datetime import timedelta

import pytest

from crm import clock, readings
from crm.application import CRM
from crm.demo.filling import fill
from crm.demo.logins import open_logins
from tests.crm.test_cli import crm
from web.app import create_app
from web.pages.funnel_question import end_of

__all__ = ["crm"]

TODAY = clock.today()


@pytest.fixture
def filled(district):
    application = CRM(district.settings, district.url)
    fill(application, district.url, 12, lambda _done, _total: None)
    yield application
    application.close()


@pytest.fixture
def api(district, filled, crm):
    """Asks the web application of the same district, with a token."""
    from tests.web.conftest import TestClient

    assert crm("funnel").exit_code == 0  # the read models are there now
    open_logins(filled.accounts, district.settings)
    token = crm("token", "测试", "--login", "manager").stdout.strip()
    with TestClient(create_app(district.settings)) as client:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "zh"}
        yield lambda path, **params: client.get(f"/api/v1{path}", params=params, headers=headers).json()


def told(shown):
    assert shown.exit_code == 0, shown.stderr
    return json.loads(shown.stdout)


def test_the_json_is_what_the_api_answers(crm, api):
    then = str(TODAY - timedelta(60))
    for options, path, params in (
        ((), "/funnel", {}),
        (("--as-at", then, "--known-at", then), "/funnel", {"as_at": then, "known_at": then}),
        (("--known-at", end_of(TODAY).isoformat(), "--group-by", "channel"), "/funnel",
         {"known_at": str(TODAY), "group_by": "channel"}),
        (("--industry", "C", "--group-by", "month"), "/funnel", {"industry": "C", "group_by": "month"}),
        (("--from", then), "/since", {"from": then}),
        (("--as-at", then, "--known-from", then), "/restatements", {"as_at": then, "known_from": then}),
    ):  # fmt: skip
        assert told(crm(path[1:], *options, "--format", "json")) == api(path, **params), options


def test_the_leads_that_moved_are_those_the_api_lists(crm, api, filled):
    day = str(TODAY - timedelta(60))
    for options, path, params in (
        (("since", "--from", day), "/since/leads", {"from": day}),
        (
            ("restatements", "--as-at", day, "--known-from", day),
            "/restatements/leads",
            {"as_at": day, "known_from": day},
        ),
    ):
        found = told(crm(*options, "--leads", "--format", "json"))
        parts = ("happened", "learned") if options[0] == "since" else ("learned",)
        assert set(found) == {"position", *parts}
        for part in parts:
            asked = {**params, "part": part, "limit": 200} if len(parts) > 1 else {**params, "limit": 200}
            assert found[part] == api(path, **asked)["leads"], (options, part)
        table = crm(*options, "--leads", "--format", "csv").stdout.lstrip("\ufeff")
        rows = list(csv.DictReader(io.StringIO(table)))
        leads = [lead for part in reversed(parts) for lead in found[part]]
        assert [row["线索编号"] for row in rows] == [lead["id"] for lead in leads]
        assert [row["企业"] for row in rows] == [lead["company"] for lead in leads]
        shown = crm(*options, "--leads").stdout
        assert shown.splitlines()[0].split()[:3] == ["哪一步", "线索编号", "企业"]
        assert all(lead["id"] in shown for lead in leads)
    with filled.pool.connection() as conn:
        assert {row.route for row in readings.listed(conn).rows} == {"cli.since.leads", "cli.restatements.leads"}


def test_a_spreadsheet_holds_one_row_a_group_and_stage(crm, filled):
    found = told(crm("funnel", "--group-by", "industry", "--format", "json"))
    rows = list(
        csv.DictReader(io.StringIO(crm("funnel", "--group-by", "industry", "--format", "csv").stdout.lstrip("\ufeff")))
    )
    assert len(rows) == 6 * (len(found["groups"]) + 1)
    assert sum(int(row["现处于"]) for row in rows if row["分组"] == "合计") == found["total"]["standing"]
    assert {row["依据至第几号记录"] for row in rows} == {str(found["position"])}


def test_the_table_lines_up_and_speaks_both_languages(crm, filled):
    lines = crm("funnel").stdout.splitlines()
    assert len(lines) == 7
    assert lines[0].split() == [
        "阶段",
        "曾到达",
        "现处于",
        "金额（万元）",
        "暂缓",
        "流失",
        "已合并",
        "登记总数",
        "依据至第几号记录",
    ]
    assert crm("since", "--language", "en").stdout.split()[:2] == ["Step", "Change"]
    nothing = crm("restatements", "--as-at", str(TODAY), "--known-from", str(TODAY)).stdout.splitlines()
    assert len(nothing) == 1


def test_what_cannot_be_asked_is_said_in_a_sentence(crm, filled):
    for options, words in (
        (("funnel", "--as-at", "yesterday"), "--as-at"),
        (
            ("funnel", "--month", "May"),
            "--month：看不懂这个条件，月份可写成 2026-03。 · --month: This condition is not",
        ),
        (("funnel", "--band", "9"), "--band：看不懂这个条件，应为 0 至 5。"),
        (("since", "--kind", "foo"), "--kind：看不懂这个条件，可用：liaison_centre、overseas_mission、"),
        (
            ("funnel", "--kind", "foo"),
            "--kind: This condition is not understood; it is one of: liaison_centre, overseas",
        ),
        (("since", "--from", str(TODAY)), "--from"),
        (("restatements", "--known-from", str(TODAY), "--known-to", "2020-01-01"), "--known-to"),
        (("funnel", "--channel", "北京"), "--channel：看不懂这个条件，应为编号。"),
    ):
        shown = crm(*options)
        assert shown.exit_code == 1, options
        assert words in shown.stderr
        assert "已忽略" not in shown.stderr
        assert shown.stdout == ""
    assert crm("funnel", "--group-by", "colour").exit_code == 2
