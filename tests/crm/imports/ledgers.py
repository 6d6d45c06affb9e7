"""Ledgers as offices keep them, made here: titles, merged groups, two-row headers, totals, notes, and odd values."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from xlsxwriter import Workbook

from domain.values import credit_code_check_digit

CENTRE = "北京招商联络中心"


def credit_code(number: int) -> str:
    """A well-formed code, different for every number."""
    first = f"91220105MA{number:07d}"
    return first + credit_code_check_digit(first)


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], **options: Any) -> bytes:
    """A plain workbook: sheet name → rows."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, **options}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(n, place, value, day)
                    elif value is not None:
                        sheet.write(n, place, value)
    return out.getvalue()


def delimited(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """The same as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue().encode(encoding)


HEADER = ["企业名称", "统一社会信用代码", "国家/地区", "行业", "项目名称", "投资额(万元)", "渠道", "登记日期"]


def plain(count: int, start: int = 1) -> list[list[Any]]:
    """A header and `count` ordinary leads."""
    return [
        HEADER,
        *(
            [f"长春测试{n}号有限公司", credit_code(n), "中国", "制造业", f"项目{n}", 5000 + n, CENTRE, "2023-06-05"]
            for n in range(start, start + count)
        ),
    ]


def messy() -> bytes:
    """The ledger of an office: two titles, a unit line, a two-row header, sections, merges, blanks, totals, notes."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("填报说明").write(0, 0, "请各单位按月填报")
        sheet = book.add_worksheet("2023年台账")
        day = book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range("A1:Q1", "二道区2023年招商引资项目台账")
        sheet.write("A2", "填报单位：商务局")
        sheet.write("Q2", "单位：万元、人")
        for place, text in enumerate(
            ["序号", "投资方名称", "信用代码", "国别/地区", "所属产业", "项目名称", "计划总投资", "线索来源"]
        ):
            sheet.merge_range(2, place, 3, place, text)
        sheet.merge_range("I3:J3", "联系人")
        sheet.write_row("I4", ["姓名", "电话"])
        sheet.merge_range("K3:M3", "签约情况")
        sheet.write_row("K4", ["意向签约时间", "正式签约时间", "协议名称"])
        sheet.merge_range("N3:N4", "落地\n时间")
        sheet.merge_range("O3:O4", "获取时间")
        sheet.merge_range("P3:P4", "备注")
        sheet.merge_range("Q3:Q4", "内部评级")
        sheet.merge_range("A5:Q5", "一、先进制造业")
        sheet.write_row("A6", [1, "长春𠮷野家电有限公司", credit_code(1), "日本", "家电", "智能家电生产", 12000])
        sheet.merge_range("H6:H7", CENTRE)
        sheet.write_row(
            "I6", ["联系人甲", 13800000001, "2023.6.5", "2023年8月1日", "投资协议〔2023〕1号", "", "2023-5-6", "首批😀"]
        )
        sheet.write_row("A7", [2, "慕尼黑精密\n机械（中国）有限公司", "", "德国慕尼黑", "装备", "精密机床", "USD 10m"])
        sheet.write_row("I7", ["联系人乙", "13800000002", "", "", "", "", 45082, "缺汇率"])
        sheet.write_row("A8", [3])
        sheet.merge_range("A9:F9", "小计")
        sheet.write_formula("G9", "=SUM(G6:G8)", None, 12000)
        sheet.write("A10", "二、现代服务业")
        sheet.write_row("A11", [4, "二道数据服务有限公司", "", "", "软件", "", "1.2亿", CENTRE])
        sheet.write("O11", "2023/7/1")
        sheet.write_string("P11", "=1+1的备注")
        sheet.write_datetime("N11", date(2023, 12, 20), day)
        sheet.write_row("A12", [5, "坏日期有限公司", "", "中国", "软件", "", 300, CENTRE])
        sheet.write("O12", "2023年上半年")
        sheet.merge_range("A14:F14", "合  计")
        sheet.write("G14", 24300)
        sheet.write("A15", "注：投资额为协议约定数。")
        sheet.write("A16", "填表人：商务局综合科")
    return out.getvalue()
