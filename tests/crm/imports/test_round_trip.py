"""What leaves as a table can come back as a ledger; what leaves as events is every event, in order."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm import exports
from crm.imports.run import preview
from crm.imports.undoing import undo
from projections.leads import LeadFilters, LeadRow, every
from tests.crm.imports.conftest import IMPORTER, Office
from tests.crm.imports.ledgers import CENTRE, delimited, messy, workbook

LEDGER = [
    [
        "企业名称",
        "项目名称",
        "行业",
        "国家",
        "渠道",
        "投资额(万元)",
        "登记日期",
        "正式签约时间",
        "流失时间",
        "流失原因",
        "下一步",
        "截止日期",
        "负责人",
    ],
    [
        "=cmd|'/c calc'!A1",
        "甲项目",
        "软件",
        "日本",
        CENTRE,
        1200,
        "2023-1-5",
        "2023-3-1",
        "",
        "",
        "报送材料",
        "2023-4-1",
        "beijing",
    ],
    ["+乙公司", "@项目", "金融", "法国", CENTRE, 300.5, "2023-1-6", "", "2023-5-1", "联系不上", "", "", ""],
]


def exported(office: Office, language: str, form: str) -> bytes:
    with office.crm.pool.connection() as rows, office.crm.pool.connection() as names:
        table = exports.lead_table(names, every(rows, LeadFilters(), sort="registered"), office.crm.open, language)
        return exports.xlsx(table) if form == "xlsx" else "".join(exports.csv_lines(table)).encode()


def told(row: LeadRow) -> tuple[Any, ...]:
    """What a table of leads says of one."""
    return (
        row.project, row.credit_code, row.country, row.region, row.industry, row.amount_fen, row.channel, row.owner,
        row.stage, row.status, row.registered_on, row.next_due,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exported_leads_can_be_imported_again(office: Office, language: str, form: str) -> None:
    first = office.apply(messy(), rates={"USD": Decimal("7.1")})
    second = office.apply(delimited(LEDGER), "odd.csv")
    before = {company: told(row) for company, row in office.leads().items()}
    assert len(before) == 5
    table = exported(office, language, form)
    report = preview(office.crm, office.source(table, f"leads.{form}", undated=True), IMPORTER)
    assert (report.new, report.failed, report.duplicates) == (0, 0, 5), "they are there already"
    for one in (first, second):
        undo(office.crm, one.id, IMPORTER)
    office.projector.catch_up()
    assert office.leads() == {}
    assert office.apply(table, f"leads.{form}", undated=True).report.new == 5
    assert {company: told(row) for company, row in office.leads().items()} == before


def test_no_cell_of_an_export_is_a_formula(office: Office) -> None:
    office.apply(delimited(LEDGER), "odd.csv")
    lines = exported(office, "zh", "csv").decode().splitlines()
    assert any(line.startswith("'=cmd") for line in lines)
    assert any(line.startswith("'+乙公司,'@项目") for line in lines)
    assert not [line for line in lines if line.startswith(("=", "+", "-", "@"))]


def test_a_failed_row_that_looks_like_a_formula_comes_back_as_text(office: Office) -> None:
    rows = [["企业名称", "行业", "渠道"], ["=1+1", "看不懂的行业", CENTRE]]
    for data, name in ((delimited(rows), "a.csv"), (workbook({"a": rows}, strings_to_formulas=False), "a.xlsx")):
        failed = office.apply(data, name).failed
        assert failed is not None
        again = office.source(failed, name)
        assert [str(one.cells[0]).lstrip("'") for one in again.lines] == ["=1+1"]
        assert b"<f>" not in failed


def test_every_event_leaves_as_a_line_in_order(office: Office) -> None:
    office.apply(messy())
    with office.crm.pool.connection() as conn:
        lines = [json.loads(line) for line in exports.events(conn)]
        opened = [json.loads(line) for line in exports.events(conn, office.crm.keys.open_all)]
    assert [line["position"] for line in lines] == list(range(1, office.crm.position() + 1))
    assert {
        "stream",
        "version",
        "type",
        "occurred_on",
        "recorded_at",
        "actor",
        "role",
        "command",
        "origin",
        "data",
    } <= set(lines[0])
    note = next(n for n, line in enumerate(lines) if line["type"] == "lead.note_added")
    assert lines[note]["data"]["note"].startswith("sealed:")
    assert opened[note]["data"]["note"] == "首批😀"
    assert date.fromisoformat(lines[note]["occurred_on"]) == date(2023, 8, 1)
