"""Files as they come: what opens, what is refused and why, and what is found in it."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from crm.imports.book import EPOCH_1904, open_book
from crm.imports.choices import Source
from domain.base import Refused
from tests.crm.imports.ledgers import delimited, messy, plain, workbook


def changed(data: bytes, change: Callable[[str, bytes], bytes | None], **extra: bytes) -> bytes:
    """The workbook with its parts changed, dropped (None) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in extra.items():
            new.writestr(name.replace("__", "/").replace("_", "."), part)
    return out.getvalue()


def same(_name: str, part: bytes) -> bytes:
    return part


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, part: part.replace(old, new) if "worksheets/" in name else part


def refusal(data: bytes, name: str = "台账.xlsx", **limits: int) -> str:
    with pytest.raises(Refused) as refused:
        list(open_book(data, name, **limits).sheet().rows())
    assert refused.value.text.en
    return refused.value.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_whatever_its_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    rows = [["企业名称", "行业"], ["𠮷野；家电,有限公司😀", "两\n行"], ["甲\u2028乙", '引"号']]
    sheet = open_book(delimited(rows, encoding, delimiter), "a.csv").sheet()
    assert list(sheet.rows()) == rows


def test_a_workbooks_cells_keep_their_kinds() -> None:
    rows = [["甲", 1.5, date(2023, 6, 5), True], ["", "=1+1", None, "é"]]
    sheet = open_book(workbook({"a": rows}, strings_to_formulas=False), "a.xlsx").sheet()
    assert list(sheet.rows()) == [["甲", 1.5, date(2023, 6, 5), True], ["", "=1+1", "", "é"]]


def test_columns_and_lines_left_empty_keep_their_places() -> None:
    sheet = open_book(workbook({"a": [[], [], [None, None, "x"]]}), "a.xlsx").sheet()
    assert [row[2] for row in sheet.rows() if any(row)] == ["x"]
    assert len(list(sheet.rows())) == 3


def test_the_other_calendar_of_spreadsheets_is_known() -> None:
    assert open_book(workbook({"a": [["x"]]}, date_1904=True), "a.xlsx").epoch == EPOCH_1904


def test_what_is_no_ledger_is_refused() -> None:
    good = workbook({"a": plain(3)})
    assert refusal(b"") == "file.empty"
    assert refusal(b"\0" * 100) == "file.empty"
    assert refusal(good[: len(good) // 2]) == "file.damaged"
    assert refusal(b"PK\x03\x04" + b"x" * 50) == "file.damaged"
    assert refusal(b"\x01\x02\x00" * 30, "a.csv") == "file.encoding"
    assert refusal(bytes(range(0x80, 0x100)) * 3, "a.csv") == "file.encoding"
    assert refusal(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 512) == "file.kind"
    assert refusal(bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le")) == "file.encrypted"
    assert refusal(b"%PDF-1.7", "a.pdf") == "file.kind"
    assert refusal(good, limit_mb=0) == "file.too_large"
    assert refusal(changed(good, lambda name, part: None if name.endswith("workbook.xml") else part)) == "file.damaged"
    assert refusal(changed(good, lambda name, part: None if "worksheets/" in name else part)) == "file.damaged"
    assert refusal(changed(good, lambda name, part: part[:90] if "worksheets/" in name else part)) == "file.damaged"


def test_bombs_are_refused() -> None:
    good = workbook({"a": [["甲", "乙"], ["丙", "丁"]]})
    far = in_sheet(b'r="B2"', b"r='XFD1048576'")
    assert refusal(changed(good, far)) == "file.bomb", "two cells that span the whole sheet"
    assert refusal(changed(good, same, xl__media__a_bin=b"\0" * (321 << 20))) == "file.bomb"
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><sst'
    assert refusal(changed(good, lambda _name, part: part.replace(b"<sst", entity, 1))) == "file.damaged"


def test_a_size_that_lies_is_found_out() -> None:
    good = changed(workbook({"a": plain(1)}), same, xl__media__a_bin=b"\0" * (1 << 20))
    place = good.rfind(b"PK\x01\x02")
    lying = bytearray(good)
    lying[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(lying)) == "file.damaged"


def test_columns_coloured_down_to_the_last_line_are_no_bomb() -> None:
    good = workbook({"a": [["甲", "乙"], ["丙", "丁"]]})
    coloured = in_sheet(b"</sheetData>", b'<row r="1048576"><c r="ZZ1048576" s="1"/></row></sheetData>')
    assert len(list(open_book(changed(good, coloured), "a.xlsx").sheet().rows())) == 2


def test_macros_and_broken_formulas_are_pointed_at() -> None:
    good = changed(workbook({"a": [["甲"]]}), same, xl__vbaProject_bin=b"x")
    assert "宏" in open_book(good, "a.xlsm").notices[0].zh
    broken = in_sheet(b"</sheetData>", b'<row r="9"><c r="A9" t="e"><v>#REF!</v></c></row></sheetData>')
    assert "公式" in open_book(changed(workbook({"a": [["甲"]]}), broken), "a.xlsx").notices[0].zh


def test_a_formula_gives_the_value_it_last_had() -> None:
    rows = list(Source(messy(), "a.xlsx").sheet.rows())
    assert rows[8][6] == 12000.0


def test_of_several_sheets_the_ledger_is_found() -> None:
    source = Source(messy(), "a.xlsx")
    assert source.sheet.name == "2023年台账"
    assert (source.layout.top, source.layout.bottom, source.layout.unit) == (2, 3, "万元")


def test_every_line_below_the_header_is_accounted_for() -> None:
    kinds = [(line.number, line.kind) for line in Source(messy(), "a.xlsx").lines]
    assert kinds == [
        (5, "title"), (6, "record"), (7, "record"), (9, "total"), (10, "title"), (11, "record"), (12, "record"),
        (14, "total"), (15, "note"), (16, "note"),
    ]  # fmt: skip


def test_a_header_is_found_again_on_the_next_page() -> None:
    rows = [*plain(2), *plain(2, 3), ["合计", "", "", "", "", 9]]
    kinds = [line.kind for line in Source(delimited(rows), "a.csv").lines]
    assert kinds == ["record", "record", "header", "record", "record", "total"]


def test_a_two_line_header_is_understood_in_csv_too() -> None:
    rows = [
        ["台账", "", "", "", ""],
        ["序号", "企业", "签约情况", "", "行业"],
        ["", "", "意向签约时间", "正式签约时间", ""],
        ["1", "甲公司", "2023-1-1", "2023-2-1", "C"],
    ]
    keys = [header.key for header in Source(delimited(rows), "a.csv").headers]
    assert keys == [None, "company", "intent_on", "contract_on", "industry"]


def test_where_no_header_is_the_message_says_what_to_do() -> None:
    with pytest.raises(Refused) as refused:
        list(Source(delimited([["1", "2"], ["3", "4"]]), "a.csv").lines)
    assert (refused.value.key, refused.value.field) == ("file.no_header", "header_line")
