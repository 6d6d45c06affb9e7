"""A ledger of an office, from its file to its leads, again, and back."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from crm.application import By
from crm.imports.choices import Source
from crm.imports.judging import Importer
from crm.imports.records import Records
from crm.imports.run import preview
from crm.imports.undoing import begin_undoing, undo
from domain.base import Refused
from domain.lead import AddNote, Lead
from tests.crm.imports.conftest import IMPORTER, Office
from tests.crm.imports.ledgers import CENTRE, HEADER, credit_code, delimited, messy, plain, workbook


def position(office: Office) -> int:
    return office.crm.position()


def test_a_preview_writes_nothing(office: Office) -> None:
    before = position(office)
    report = preview(office.crm, office.source(messy()), IMPORTER)
    assert (report.new, report.failed, report.left_out) == (2, 2, 6)
    assert report.currencies == ["USD"]
    assert position(office) == before
    assert office.leads() == {}


def test_a_messy_ledger_becomes_the_leads_it_implies(office: Office) -> None:
    applied = office.apply(messy(), rates={"USD": Decimal("7.1")})
    report = applied.report
    assert (report.new, report.failed, report.left_out) == (3, 1, 6)
    assert [remark.line for remark in report.others] == [5, 9, 10, 14, 15, 16]
    assert set(office.leads()) == {"长春𠮷野家电有限公司", "慕尼黑精密机械（中国）有限公司", "二道数据服务有限公司"}
    assert office.history("长春𠮷野家电有限公司") == [
        ("lead.registered", date(2023, 5, 6)),
        ("lead.intent_signed", date(2023, 6, 5)),
        ("lead.contract_signed", date(2023, 8, 1)),
        ("lead.note_added", date(2023, 8, 1)),
    ]
    home = office.leads()["长春𠮷野家电有限公司"]
    assert (home.amount_fen, home.country, home.industry, home.channel) == (12_000_000_000, "JP", "C", office.centre)
    machines = office.leads()["慕尼黑精密机械（中国）有限公司"]
    assert (machines.amount_fen, machines.country, machines.region) == (7_100_000_000, "DE", "慕尼黑")
    assert machines.channel == office.centre, "the channel's cell is merged over two lines"


def test_every_event_keeps_its_imports_id(office: Office) -> None:
    applied = office.apply(messy())
    lead = office.leads()["长春𠮷野家电有限公司"]
    assert {row.origin for row, _ in office.crm.history(lead.id)} == {applied.id}


def test_personal_data_is_sealed_and_can_be_read_back(office: Office) -> None:
    office.apply(messy())
    lead = office.crm.lead(office.leads()["长春𠮷野家电有限公司"].id)
    (contact,) = lead.attribute("contacts")
    assert (contact.name, contact.phone) == ("联系人甲", "13800000001")
    with office.crm.pool.connection() as conn:
        stored = conn.execute("SELECT string_agg(data, '') FROM event").fetchone()
    assert stored
    assert "13800000001" not in stored[0]


def test_a_second_run_changes_nothing(office: Office) -> None:
    office.apply(messy())
    before = position(office)
    again = office.apply(messy()).report
    assert (again.new, again.already, again.failed) == (0, 2, 2)
    assert position(office) == before


def test_the_same_ledger_as_csv_is_known_too(office: Office) -> None:
    office.apply(workbook({"台账": plain(5)}))
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        report = office.apply(delimited(plain(5), encoding), "台账.csv").report
        assert (report.new, report.already) == (0, 5), encoding


def test_failed_rows_come_back_and_can_be_mended(office: Office) -> None:
    applied = office.apply(messy())
    assert applied.failed is not None
    back = Source(applied.failed, "failed.xlsx")
    report = preview(office.crm, back, IMPORTER)
    assert (report.new, report.failed) == (0, 2), "the file comes back as it was"
    assert [header.text for header in report.headers][-1] == "未导入原因"
    assert [header.key for header in report.headers][-1] is None
    rows = list(back.lines)
    assert "一段" not in str(rows[0].cells[-1])
    assert "汇率" in str(rows[0].cells[-1])
    assert "2023年上半年" in str(rows[1].cells[-1])


def test_an_import_can_be_undone_and_done_again(office: Office) -> None:
    first = office.apply(workbook({"台账": plain(3)}))
    undone = undo(office.crm, first.id, IMPORTER)
    office.projector.catch_up()
    assert (undone.retracted, undone.kept) == (3, [])
    assert office.leads() == {}
    with pytest.raises(Refused):
        undo(office.crm, first.id, IMPORTER)
    again = office.apply(workbook({"台账": plain(3)}))
    assert (again.report.new, again.report.already) == (3, 0)
    assert len(office.leads()) == 3


def test_undoing_keeps_what_somebody_has_worked_on(office: Office) -> None:
    first = office.apply(workbook({"台账": plain(3)}))
    worked = office.leads()["长春测试2号有限公司"].id
    form = AddNote(note="已电话联系", occurred_on=date(2024, 1, 5))
    office.crm.change(By(uuid4(), "staff", uuid4()), Lead, worked, form)
    undone = undo(office.crm, first.id, IMPORTER)
    office.projector.catch_up()
    assert undone.retracted == 2
    assert [remark.name for remark in undone.kept] == ["长春测试2号有限公司"]
    assert list(office.leads()) == ["长春测试2号有限公司"]


def test_an_undoing_that_was_broken_off_is_finished(office: Office) -> None:
    first = office.apply(workbook({"台账": plain(3)}))
    begin_undoing(office.crm, first.id, IMPORTER)
    record = Records(office.crm).one(Records(office.crm).one(first.id).undone)  # type: ignore[arg-type]
    from crm.imports.undoing import carry_out_undoing

    assert carry_out_undoing(office.crm, record, IMPORTER, lambda _done, _total: None).retracted == 3
    assert carry_out_undoing(office.crm, record, IMPORTER, lambda _done, _total: None).retracted == 3


def test_duplicates_are_pointed_at_and_left_out_unless_allowed(office: Office) -> None:
    office.apply(workbook({"台账": plain(2)}))
    rows = plain(2)
    rows[1][5], rows[2][4] = 9999, "另一个项目"
    rows.append(["长春测试9号", None, "中国", "制造业", "项目9", 100, CENTRE, "2023-06-05"])
    rows.append(["长春测试9号有限公司", None, "中国", "制造业", "项目9", 200, CENTRE, "2023-06-05"])
    ledger = workbook({"台账": rows})
    report = preview(office.crm, office.source(ledger), IMPORTER)
    assert (report.new, report.duplicates) == (2, 2)
    assert [remark.line for remark in report.twins] == [2, 5]
    assert "第 4 行" in report.twins[1].why.zh
    allowed = preview(office.crm, office.source(ledger, allowed=[2]), IMPORTER)
    assert (allowed.new, allowed.duplicates) == (3, 1)
    assert office.apply(ledger, allow_duplicates=True).report.new == 4


def test_an_unknown_channel_names_near_ones_and_a_default_helps(office: Office) -> None:
    rows = [["公司名称", "产业", "来源"], ["甲公司", "制造业", "北京招商中心"], ["乙公司", "制造业", ""]]
    report = preview(office.crm, office.source(workbook({"a": rows})), IMPORTER)
    assert (report.new, report.failed) == (1, 1), "北京 names one centre only"
    rows[1][2] = "深圳招商联络中心"
    report = preview(office.crm, office.source(workbook({"a": rows}), channel=office.centre), IMPORTER)
    assert (report.new, report.failed) == (1, 1)
    assert "相近的有" in report.problems[0].why.zh
    assert CENTRE in report.problems[0].why.zh


def test_staff_import_into_their_own_channels_only(office: Office) -> None:
    officer = Importer(uuid4(), "staff", lambda channel: channel == office.centre)
    rows = [["企业", "行业", "渠道"], ["甲公司", "C", CENTRE], ["乙公司", "C", "上海招商联络中心"]]
    report = preview(office.crm, office.source(workbook({"a": rows})), officer)
    assert (report.new, report.failed) == (1, 1)
    assert "不能通过渠道" in report.problems[0].why.zh


def test_people_and_occasions_are_found_by_name(office: Office) -> None:
    rows = [
        ["企业名称", "行业", "活动", "负责人", "引进人", "状态", "流失时间", "流失原因", "首次接洽时间"],
        [
            "甲公司",
            "装备制造",
            "2023年德国招商团",
            "beijing",
            "驻北京招商专员",
            "流失",
            "2023-09-01",
            "落户外地",
            "2023-06-20",
        ],
        ["乙公司", "软件", "2023年德国招商团", "", "", "在谈", "", "", "2023-06-20"],
    ]
    report = preview(office.crm, office.source(workbook({"a": rows})), IMPORTER)
    assert (report.new, report.failed) == (1, 1)
    assert "没有「进入在谈时间」" in report.problems[0].why.zh
    office.apply(workbook({"a": rows}), undated=True)
    first, second = office.leads()["甲公司"], office.leads()["乙公司"]
    assert (first.status, first.loss_reason, first.owner) == ("lost", "elsewhere", first.brought_by)
    assert (second.stage, second.stage_since) == ("negotiating", date(2023, 6, 20))


def test_a_broken_run_goes_on_where_it_stopped(office: Office) -> None:
    from crm.imports.run import carry_out

    class Stop(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done:
            raise Stop

    source = office.source(workbook({"台账": plain(1200)}))
    records = Records(office.crm)
    made = records.add(IMPORTER, source.data, source.name, "xlsx", choices=source.choices)
    records.move(made, "applying", expected=["waiting"])
    with pytest.raises(Stop):
        carry_out(office.crm, records.one(made), source, IMPORTER, stop)
    half = position(office)
    again = carry_out(office.crm, records.one(made), records.source(records.one(made)), IMPORTER, lambda _d, _t: None)
    assert (again.report.new, again.report.already, again.report.events) == (1200, 0, {"lead.registered": 1200})
    assert position(office) == half + 700
    assert records.one(made).has_content is False


def test_what_is_kept_of_an_import_is_ciphertext(office: Office) -> None:
    applied = office.apply(messy(), "联系人甲的台账.xlsx")
    with office.crm.pool.connection() as conn:
        row = conn.execute(
            "SELECT name, content, choices, report, failed FROM import WHERE id = %s", (applied.id,)
        ).fetchone()
    assert row
    assert row[1] is None
    for sealed in row:
        assert sealed is None or "慕尼黑".encode() not in sealed
    record = Records(office.crm).one(applied.id)
    assert record.name == "联系人甲的台账.xlsx"
    assert Records(office.crm).failed_rows(applied.id) == applied.failed


def test_odd_text_fails_with_its_reason(office: Office) -> None:
    rows = [
        HEADER,
        ["甲\x07公司", credit_code(1), "中国", "C", "", 1, CENTRE, "2023-1-1"],
        ["乙\u202e公司", credit_code(2), "中国", "C", "", 1, CENTRE, "2023-1-1"],
        ["丙" * 300, credit_code(3), "中国", "C", "", 1, CENTRE, "2023-1-1"],
        ["", credit_code(4), "中国", "C", "项目", 1, CENTRE, "2023-1-1"],
        ["丁公司", "123", "中国", "C", "", -5, CENTRE, "2023-1-1"],
        ["<script>alert(1)</script>", "", "中国", "C", "😀𠮷", "", CENTRE, "2023-1-1"],
        ["戊公司", "", "中国", "C", "", "", CENTRE, "2999-1-1"],
        [0, "", "中国", "C", "", "", CENTRE, "2023-1-1"],
    ]
    report = preview(office.crm, office.source(delimited(rows), "odd.csv"), IMPORTER)
    assert [problem.line for problem in report.problems] == [2, 3, 4, 5, 6, 8, 9]
    assert report.new == 1
    assert "统一社会信用代码" in report.problems[4].why.zh
    assert "计划投资额" in report.problems[4].why.zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_headers_can_be_mapped_by_hand(office: Office, language: str) -> None:
    rows = [
        ["甲方", "板块", "谁带来的", "说不清"],
        ["甲公司", "软件", CENTRE, "某某"],
        ["乙公司", "软件", CENTRE, "某某"],
    ]
    mapping = {"甲方": "company", "板块": "industry", "谁带来的": "channel", "说不清": "-"}
    report = preview(office.crm, office.source(workbook({"a": rows}), header_line=1, mapping=mapping), IMPORTER)
    assert report.new == 2
    with pytest.raises(Refused) as refused:
        preview(office.crm, office.source(workbook({"a": rows}), header_line=1, mapping={"没有": "company"}), IMPORTER)
    assert "没有" in refused.value.text.said(language)
