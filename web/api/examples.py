"""One example for every body, made from its form: the required fields and those that show how a value is written."""

from enum import Enum
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from domain.base import Form, Patch
from domain.lead import CorrectDetails
from domain.values import Money
from web.fields import kind_of

SOME_ID: Final = "7f0c1a52-3b7e-4f60-9d3a-1f4f3c1b2a10"
DAY: Final = "2026-03-05"
VALUES: Final[dict[str, Any]] = {
    "served": "长春示例餐饮店",
    "occurred_on": DAY, "company": "长春示例装备有限公司", "name": "北京招商联络中心", "login": "bj01", "city": "北京",
    "reason": "双方确认", "document": "框架协议〔2026〕3号", "subject": "厂房租赁与用电价格", "place": "示例产业园",
    "where": "示例产业园 A 区", "entity": "长春示例装备有限公司", "note": "谈到用电价格", "next_action": "发送测算表",
    "next_due": "2026-03-12", "region": "吉林", "reference": "出访总结〔2026〕2号", "referrer": "省外商投资企业协会",
    "fact": 2, "to": DAY, "as_at": DAY, "verdict": "pursue", "investment": "1.2亿", "amount": {"amount": "USD 10m", "rate": "7.1"},
    "contacts": [{"name": "投资部经理", "position": "总经理", "phone": "00000000000"}], "country": "CN", "starts_on": DAY,
    "planned_year": 2026, "start": "new", "milestone": "start", "planned_on": "2026-06-30", "evidence": "施工许可证", "physical": 45,
    "invested": "3000万", "production_on": "2026-11-30", "increment": "2000万", "waits_until": "2027-03-20", "leader": SOME_ID,
    "officers": [{"person": SOME_ID, "duty": "包保专员"}], "department": "住建局", "due_on": "2026-04-15", "plan": "协调供电公司提前送电",
    "outcome": "已送电", "cause": "园区变电容量不足", "jobs": 120, "address": "示例产业园 A 区", "result": "已与供电公司协调，本周内送电",
    "year": 2026, "metric": "leads", "owner_kind": "district", "count": 58, "stage": "idea", "value": "97.5", "unit": "%",
    "period": "2026年1—6月", "source": "政务服务局", "project": SOME_ID, "industry": "C",
    "area_m2": 12000, "firm": "长春示例装备有限公司", "buyer": "长春示例整车有限公司", "bank": "示例银行", "holding": 3,
    "progress": "已约供电公司现场踏勘",
    "firms": [{"name": "长春示例装备有限公司", "need": "流动资金"}],
    "applicant": "长春示例装备有限公司", "item": "一号厂房施工许可", "missing": "用地批准书、勘察报告", "promised_on": "2026-04-05",
    "papers": "勘察报告", "requested": "5000万", "handler": SOME_ID,
}  # fmt: skip
"""By field name, as the offices would write it."""
SHOWN: Final = frozenset(
    {
        "occurred_on",
        "investment",
        "contacts",
        "next_action",
        "next_due",
        "note",
        "city",
        "starts_on",
        "count",
        "invested",
        "officers",
        "production_on",
        "applicant",
        "missing",
        "promised_on",
        "department",
        "firm",
        "served",
    }
)
"""Fields that an example holds though they may be left out."""


def example(form: type[Form]) -> dict[str, Any]:
    """A body that this form takes."""
    if form is CorrectDetails:
        return {"fact": 1, "reason": VALUES["reason"], "details": {"region": VALUES["region"]}, "occurred_on": DAY}
    return _of(form)


def _of(model: type[BaseModel]) -> dict[str, Any]:
    if issubclass(model, Patch):
        known = {
            "region": VALUES["region"],
            "project": "示例装备生产线",
            "count": 60,
            "place": VALUES["place"],
            "address": VALUES["address"],
            "result": VALUES["result"],
            "department": VALUES["department"],
        }
        known |= {name: SOME_ID for name, info in model.model_fields.items() if name in known and _is_id(info)}
        return {name: value for name, value in known.items() if name in model.model_fields}
    fields = model.model_fields.items()
    return {name: _value(name, info) for name, info in fields if info.is_required() or name in SHOWN}


def _is_id(info: Any) -> bool:
    return kind_of(info.annotation, info.metadata).type is UUID


def _value(name: str, info: Any) -> Any:
    kind = kind_of(info.annotation, info.metadata).type
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if name in VALUES:
        return VALUES[name]
    if kind is UUID:
        return SOME_ID
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Money:
        return _of(kind)
    return 1 if kind is int else "1000万" if kind is Money else "示例"
