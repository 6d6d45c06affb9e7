"""Ledgers of every kind: read, shown, imported once, given back, undone, and out of one district into another."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from crm import clock
from crm.application import By
from crm.imports.choices import Choices, Source
from crm.imports.headers import recognised
from crm.imports.judging import Importer
from crm.imports.kind import Kind
from crm.imports.kinds import KINDS, kind_of
from crm.imports.run import preview
from crm.imports.template import template
from crm.imports.undoing import undo
from domain.base import Refused
from domain.corrections import Retract
from tests.crm.imports.conftest import IMPORTER, Office
from tests.crm.imports.ledgers import delimited, workbook
from tests.crm.imports.samples import SAMPLES, Sample, prepared

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
every_sample = pytest.mark.parametrize("of", SAMPLES)


def count(sample: Sample) -> int:
    """How many records its ledger holds."""
    return sum(row[1] not in {"合计", "小计"} and row[0] != "小计" for row in sample.rows[1:])


def applied(office: Office, sample: Sample, rows: Sequence[Sequence[Any]] | None = None) -> Any:
    return office.apply(delimited(rows or sample.rows), f"{sample.of}.csv", of=sample.of)


# ── columns and templates ───────────────────────────────────────────────────────────────────────────────────────────


@every_kind
def test_every_column_is_known_by_its_own_titles(kind: Kind) -> None:
    for key, column in kind.columns.items():
        for title in column.title:
            assert recognised(0, title, kind.columns).key == key, title
    assert kind.columns.naming[0] in kind.columns


@every_kind
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_is_understood_wholly_and_its_example_is_no_record(kind: Kind, language: str) -> None:
    source = Source(template(kind, language), "template.xlsx", Choices(of=kind.key))
    assert [header.key for header in source.headers] == [None, *kind.columns]
    assert source.unknown == []
    assert [line.kind for line in source.lines] == ["example"]
    assert len(source.book.sheets) == 2


@every_kind
def test_what_the_example_says_can_be_imported(kind: Kind, office: Office) -> None:
    rows = list(Source(template(kind), "a.xlsx", Choices(of=kind.key)).sheet.rows())
    filled = [rows[0], ["1", *rows[1][1:]]]
    choices = {"of": kind.key, "channel": office.centre if "channel" in kind.asks else None}
    report = preview(office.crm, office.source(workbook({"a": filled}), **choices), IMPORTER)
    assert (report.new, [problem.why.zh for problem in report.problems]) == (1, [])


# ── what happens to a ledger ────────────────────────────────────────────────────────────────────────────────────────


@every_sample
def test_a_preview_of_any_kind_writes_nothing(office: Office, of: str) -> None:
    sample = prepared(office, of)
    before = office.crm.position()
    report = preview(office.crm, office.source(delimited(sample.rows), "a.csv", of=of), IMPORTER)
    assert [problem.why.zh for problem in report.problems] == []
    assert (report.of, report.new, report.failed) == (of, count(sample), 0)
    assert [header.text for header in report.headers if header.key is None and not header.idle] == []
    assert len(report.shown) == count(sample)
    assert office.crm.position() == before


@every_sample
def test_a_ledger_of_any_kind_becomes_what_it_tells_and_a_second_run_changes_nothing(office: Office, of: str) -> None:
    sample = prepared(office, of)
    first = applied(office, sample)
    assert (first.report.new, first.report.failed) == (count(sample), 0)
    with office.crm.pool.connection() as conn:
        asked = "SELECT topic FROM event WHERE stream = (SELECT stream FROM event WHERE origin = %s ORDER BY position LIMIT 1) ORDER BY version"  # fmt: skip
        topics = [topic for (topic,) in conn.execute(asked, (first.id,)).fetchall()]
    assert topics == list(sample.facts)
    before, told = office.crm.position(), sample.told(office)
    again = applied(office, sample)
    assert (again.report.new, again.report.already) == (0, count(sample))
    assert office.crm.position() == before
    assert sample.told(office) == told


@every_sample
def test_a_line_that_looks_like_one_there_is_left_out_unless_allowed(office: Office, of: str) -> None:
    sample = prepared(office, of)
    applied(office, sample)
    rows = delimited(sample.with_cell(*sample.other))
    report = preview(office.crm, office.source(rows, "a.csv", of=of), IMPORTER)
    assert (report.new, report.duplicates, report.already) == (0, 1, count(sample) - 1)
    assert report.twins[0].line == 2
    twice = delimited([*sample.rows[:2], sample.with_cell(*sample.other)[1]])
    fresh = preview(office.crm, office.source(twice, "a.csv", of=of, allow_duplicates=True), IMPORTER)
    assert (fresh.new, fresh.duplicates) == (1, 0)


@every_sample
def test_two_lines_of_one_file_that_are_alike_are_pointed_at(office: Office, of: str) -> None:
    sample = prepared(office, of)
    twice = delimited([*sample.rows[:2], sample.with_cell(*sample.other)[1]])
    report = preview(office.crm, office.source(twice, "a.csv", of=of), IMPORTER)
    assert (report.new, report.duplicates) == (1, 1)
    assert "第 2 行" in report.twins[0].why.zh


@every_sample
def test_failed_rows_of_any_kind_come_back_with_the_reason_and_can_be_mended(office: Office, of: str) -> None:
    sample = prepared(office, of)
    header, wrong, why = sample.wrong
    done = applied(office, sample, sample.with_cell(header, wrong))
    assert (done.report.new, done.report.failed) == (count(sample) - 1, 1)
    assert why in done.report.problems[0].why.zh
    assert done.failed is not None
    rows = list(office.source(done.failed, "failed.csv", of=of).sheet.rows())
    assert rows[0][-1] == "未导入原因"
    rows[1][rows[0].index(header)] = sample.rows[1][sample.rows[0].index(header)]
    assert office.apply(delimited(rows), "failed.csv", of=of).report.new == 1


@every_sample
def test_an_import_of_any_kind_is_undone_but_for_what_was_worked_on(office: Office, of: str) -> None:
    sample = prepared(office, of)
    done = applied(office, sample)
    kind = kind_of(of)
    with office.crm.pool.connection() as conn:
        made = conn.execute("SELECT stream FROM event WHERE origin = %s AND version = 1", (done.id,)).fetchall()
    touched = office.crm.aggregate(kind.aggregate, made[0][0])
    form = Retract(fact=touched.version, reason="核对有误", occurred_on=clock.today())
    office.crm.change(By(uuid4(), "manager", uuid4()), kind.aggregate, touched.id, form)
    undone = undo(office.crm, done.id, IMPORTER)
    office.projector.catch_up()
    assert undone.retracted == count(sample) - 1
    assert [remark.name for remark in undone.kept] == [getattr(touched.events[0], kind.called)]
    assert len(sample.told(office)) == 1
    again = applied(office, sample)
    assert (again.report.new, again.report.already) == (count(sample) - 1, 1)


def test_undoing_keeps_firms_and_projects_that_others_speak_of(office: Office) -> None:
    sample = SAMPLES["companies"]
    firms = applied(office, sample)
    projects = applied(office, SAMPLES["projects"])
    applied(office, SAMPLES["services"])
    undone = undo(office.crm, projects.id, IMPORTER)
    assert [(one.name, one.why.zh) for one in undone.kept] == [("某某装备生产线", "其他记录引用了它")]
    undone = undo(office.crm, firms.id, IMPORTER)
    office.projector.catch_up()
    assert (undone.retracted, len(undone.kept)) == (2, 1)
    assert [row["name"] for row in sample.told(office)] == ["某某智能装备有限公司"]


# ── out of one district into another ────────────────────────────────────────────────────────────────────────────────


@every_sample
@pytest.mark.parametrize(("language", "form"), [("zh", "xlsx"), ("zh", "csv"), ("en", "xlsx")])
def test_what_one_district_takes_out_another_can_bring_in(
    office: Office, other: Office, of: str, language: str, form: str
) -> None:
    sample = prepared(office, of)
    applied(office, sample)
    prepared(other, of)
    table = sample.exported(office, language, form)
    report = other.apply(table, f"{of}.{form}", of=of, undated=True).report
    assert [problem.why.zh for problem in report.problems] == []
    assert (report.new, report.duplicates) == (count(sample), 0)
    assert sample.told(other) == sample.told(office)


# ── who may, and what is none ───────────────────────────────────────────────────────────────────────────────────────


@every_kind
def test_who_may_not_make_one_may_not_import_any(office: Office, kind: Kind) -> None:
    nobody = Importer(uuid4(), "admin", may_open=lambda _route: False)
    with pytest.raises(Refused) as refused:
        preview(office.crm, office.source(template(kind), "a.xlsx", of=kind.key), nobody)
    assert refused.value.field == "of"


def test_a_kind_that_is_none_is_refused_naming_those_there_are() -> None:
    with pytest.raises(Refused) as refused:
        kind_of("harbours")
    assert "projects" in refused.value.text.zh


def test_a_firm_or_project_that_is_not_there_is_named(office: Office) -> None:
    sample = SAMPLES["problems"]
    report = preview(office.crm, office.source(delimited(sample.rows), "a.csv", of="problems"), IMPORTER)
    assert (report.new, report.failed) == (2, 1)
    assert "没有叫「某某装备生产线」的项目" in report.problems[0].why.zh
    assert "没有叫「某某智能装备有限公司」的企业" in report.problems[0].why.zh


def test_the_same_words_mean_another_record_in_another_kind_of_ledger(office: Office) -> None:
    made = {}
    for of, header in (("sites", ["载体名称", "类别", "总面积"]), ("companies", ["企业名称", "所属行业", "地址"])):
        cells = ["某某园区", "园区" if of == "sites" else "服务业", "2000"]
        made[of] = office.apply(delimited([header, cells]), "a.csv", of=of).report.new
    assert made == {"sites": 1, "companies": 1}
