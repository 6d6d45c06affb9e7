"""Sites as a table for spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from uuid import UUID

from crm.exports import Value
from domain.base import Text
from domain.site import SiteKind, SiteTerms
from projections.sites import SiteRow

_HEADER: Final = (
    Text("载体名称", "Site"), Text("类别", "Kind"), Text("位置", "Place"), Text("产权或运营单位", "Owner or operator"),
    Text("适合用途", "Fit for"), Text("总面积（㎡）", "Whole area (㎡)"), Text("可供面积（㎡）", "On offer (㎡)"),
    Text("已入驻（㎡）", "Moved into (㎡)"), Text("已预留（㎡）", "Reserved (㎡)"), Text("空闲（㎡）", "Free (㎡)"),
    Text("可交付日期", "Ready from"), Text("供应方式", "Terms"), Text("租金、免租期等", "Rent …"),
    Text("地面承重（吨/㎡）", "Floor load (t/㎡)"), Text("层高（米）", "Height (m)"), Text("供电容量（kVA）", "Power (kVA)"),
    Text("负责人", "Leader"), Text("登记日期", "Registered on"),
)  # fmt: skip


def site_table(rows: Iterable[SiteRow], people: Mapping[UUID, str], language: str = "zh") -> Iterator[list[Value]]:
    """A header and a row for each site."""
    yield [title.said(language) for title in _HEADER]
    for row in rows:
        yield [
            row.name, SiteKind(row.kind).text.said(language), row.place, row.operator, row.use, float(row.area),
            float(row.offered), float(row.occupied), float(row.reserved), float(row.free), row.ready_on,
            SiteTerms(row.terms).text.said(language), row.terms_note, _number(row.floor_load), _number(row.height),
            _number(row.power), people.get(row.leader) if row.leader else None, row.opened_on,
        ]  # fmt: skip


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
