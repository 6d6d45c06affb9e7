"""Writes the golden sample of every event version that has none yet; one that exists is history and never rewritten.

Run it after adding an event, or after raising one's SCHEMA: `python -m tests.golden.write`.
"""

import json
from pathlib import Path
from typing import Any

from domain.base import EVENTS, Event

HERE = Path(__file__).parent
ID = "6f1c0a52-6f0e-4a5c-9a47-0d8f1a2b3c4d"
MONEY = {"minor": 12_000_000_000, "currency": "CNY", "rate": None}
DETAILS = {
    "company": "长春示例装备有限公司",
    "credit_code": "91350100M000100Y43",
    "country": "CN",
    "region": "吉林长春",
    "industry": "C",
    "project": "轻量化零部件项目",
    "investment": {"minor": 1_000_000_000, "currency": "EUR", "rate": "7.85"},
    "land_mu": "35.5",
    "space_m2": "12000",
    "jobs": 180,
    "referrer": "行业协会",
    "summary": "分两期建设。\n一期租用厂房。",
    "contacts": [{"id": ID, "name": "投资部经理", "position": "经理", "phone": "000", "wechat": None, "email": None}],
}
VALUES: dict[str, Any] = DETAILS | {
    "channel": ID, "occasion": ID, "brought_by": ID, "owner": ID, "previous": ID, "into": ID, "absorbed": ID,
    "person": ID, "parent": ID, "amount": MONEY, "major_amount": MONEY, "details": {"jobs": 200}, "reason": "按会议纪要",
    "note": "电话沟通约二十分钟。", "next_action": "寄送区情资料", "next_due": "2026-02-01", "document": "框架协议〔2026〕1号",
    "place": "东部产业园", "visitors": 6, "subject": "厂房租赁条件", "where": "东部片区", "entity": "示例装备（长春）有限公司",
    "entity_code": "91350100M000100Y43", "until": "2026-06-30", "result": "已寄出", "name": "驻北京招商联络中心",
    "sha256": "ab" * 32, "size": 2048, "media_type": "application/pdf", "fact": 2, "city": "北京",
    "starts_on": "2026-03-01", "ends_on": "2026-03-08", "conferences": 1, "firms_met": 23, "cooperations": 1,
    "reference": "总结报告", "login": "beijing1", "answer_days": 1, "judge_days": 3, "judge_major_days": 7,
    "feedback_days": 7, "report_days": 14, "staff_reading": "list", "verdict": "pursue", "outcome": "interested",
    "to": "contacted", "as_at": "2026-01-05", "known_at": 4711, "edition": 1, "figures": "cd" * 32,
    "ground": "consent", "basis": "dispute", "why": "identity", "file_number": "二信〔2026〕3号", "texts": [ID],
    "documents": [{"lead": ID, "sha256": "ab" * 32}], "imports": [ID], "requested_by": ID, "approved_by": ID,
    "rejected_by": ID, "kind": "investment", "investor": "长春示例装备有限公司", "planned_year": 2026, "start": "new",
    "content": "建设两条生产线。", "production_on": "2026-11-30", "lead": ID, "increment": MONEY, "milestone": "start",
    "planned_on": "2026-04-15", "evidence": "施工许可证 2026-017", "physical": 45, "invested": MONEY, "fixed": MONEY,
    "way": "enclosed", "enclosed_by": "2026-11-01", "works": "设备安装", "waits_until": None, "leader": ID,
    "metric": "contracts", "owner_kind": "channel", "year": 2026, "count": 58, "jun": 40, "stage": "idea", "estimate": MONEY,
    "value": "97.5", "unit": "%", "period": "2026年1—6月", "bound": "about",
    "task_force": "装备制造专班", "departments": "商务局、住建局", "officers": [{"person": ID, "duty": "包保专员"}],
    "item": "一号厂房施工许可", "applicant": "长春示例装备有限公司",
    "missing": "用地批准书、勘察报告", "promised_on": "2026-02-10", "papers": "勘察报告", "handler": ID, "requested": MONEY,
    "source": "firm", "urgency": "urgent", "raiser": "示例装备行政部", "project": ID, "service": ID, "number": "二问〔2026〕12号", "department": "住建局",
    "due_on": "2026-02-15", "plan": "协调供电公司提前送电", "level": "deputy", "satisfaction": "satisfied", "remark": "已通电",
    "cause": "园区变电容量不足", "given_by": ID, "meeting": ID, "problem": ID, "progress": "已约供电公司现场踏勘", "measure": "列入扩容计划",
    "sector": "manufacturing", "seat": "local", "address": "东部片区 1 号", "former_name": "示例机械厂", "how": "moved",
    "served": "某某餐饮店", "handled_by": ID,
    "area_m2": "12000", "offered_m2": "9000", "operator": "园区运营公司", "use": "装备制造", "ready_on": "2026-05-01",
    "terms": "move_in_first", "terms_note": "免租一年", "floor_load_t": "3", "height_m": "12.5", "power_kva": "2000",
    "features": "行车两台。", "firm": "长春示例装备有限公司", "reservation": 2, "holding": 2,
    "rent_from": "2027-05-01", "organiser": "金融服务部门", "bank": "示例银行", "product": "信用贷", "months": 12,
    "buyer": "长春示例整车有限公司", "firms": [{"name": "长春示例装备有限公司", "company": None, "need": "流动资金"}],
}  # fmt: skip
SPECIAL: dict[str, dict[str, Any]] = {
    "lead.contacted": {"kind": "phone"},
    "channel.opened": {"kind": "overseas_mission"},
    "lead.landed": {"how": "land"},
    "lead.claim_ruled": {"outcome": "moved"},
    "lead.lost": {"reason": "elsewhere"},
    "date_corrected": {"to": "2026-01-08"},
    "lead.details_corrected": {"details": {"document": "投资协议"}},
    "project.opened": {"company": ID, "investment": MONEY},
    "project.revised": {"details": {"place": "东部片区二期"}},
    "project.details_corrected": {"details": {"place": "东部片区"}},
    "procedure.applied": {"kind": "building", "company": ID, "project": ID},
    "procedure.revised": {"details": {"department": "区行政审批局"}},
    "procedure.details_corrected": {"details": {"item": "二号厂房施工许可"}},
    "procedure.handled": {"way": "agent"},
    "funding.applied": {"kind": "special_bond", "company": ID, "project": ID},
    "funding.revised": {"details": {"department": "省财政厅"}},
    "funding.details_corrected": {"details": {"document": "财债〔2026〕2号"}},
    "problem.raised": {"company": ID, "investment": MONEY},
    "problem.revised": {"details": {"raiser": "示例装备财务部"}},
    "problem.classified": {"kind": "utilities"},
    "problem.path_decided": {"way": "joint"},
    "problem.solved": {"outcome": "已送电"},
    "problem.details_corrected": {"details": {"outcome": "已送电"}},
    "plan.became_project": {"project": ID},
    "target.revised": {"details": {"count": 60, "jun": 45}},
    "target.details_corrected": {"details": {"count": 59}},
    "plan.revised": {"details": {"place": "东部片区二期"}},
    "plan.details_corrected": {"details": {"place": "东部片区"}},
    "indicator.reported": {"source": "政务服务局年度报告"},
    "indicator.revised": {"details": {"value": "98"}},
    "indicator.details_corrected": {"details": {"unit": "个"}},
    "company.details_corrected": {"details": {"address": "东部片区"}},
    "company.revised": {"details": {"sector": "services"}},
    "company.registered": {"project": ID},
    "service.logged": {
        "kind": "accompanied",
        "outcome": "goes_on",
        "company": ID,
        "project": ID,
        "result": "窗口已受理",
    },
    "service.followed_up": {"outcome": "solved", "result": "已送电"},
    "service.details_corrected": {"details": {"subject": "用电报装"}},
    "service.revised": {"details": {"result": "已通电"}},
    "site.opened": {"kind": "park"},
    "site.space_reserved": {"project": ID, "company": ID},
    "site.space_occupied": {"project": ID, "company": ID},
    "matchmaking.loan_arranged": {"company": ID},
    "matchmaking.deal_signed": {"company": ID},
    "site.revised": {"details": {"place": "东部片区"}},
    "site.details_corrected": {"details": {"place": "东部片区"}},
    "matchmaking.held": {"kind": "bank_firm"},
    "matchmaking.revised": {"details": {"place": "政务中心"}},
    "matchmaking.details_corrected": {"details": {"product": "抵押贷"}},
    "task.given": {"kind": "decision"},
    "task.revised": {"details": {"name": "尽快送电"}},
    "task.details_corrected": {"details": {"name": "尽快送电"}},
    "person.added": {"role": "staff"},
    "person.role_granted": {"role": "manager"},
    "person.role_withdrawn": {"role": "staff"},
}


def shape(event: type[Event]) -> dict[str, Any]:
    """What the event's data looks like, without the words that describe it."""
    schema = event.model_json_schema(mode="validation")
    kept = {name: value for name, value in schema["properties"].items() if name in event.payload_fields()}
    bare: dict[str, Any] = _bare({"properties": kept, "$defs": schema.get("$defs", {})})
    return bare


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _bare(inner) for key, inner in value.items() if key not in {"title", "description", "pick", "default"}
        }
    return [_bare(inner) for inner in value] if isinstance(value, list) else value


def sample(event: type[Event]) -> dict[str, Any]:
    """Data of such an event, as it is stored (nothing sealed)."""
    special = SPECIAL.get(event.TOPIC) or SPECIAL.get(event.TOPIC.partition(".")[2], {})
    values = {name: VALUES[name] for name in event.payload_fields() if name in VALUES} | special
    made = event.model_validate(values | {"originator_id": ID, "originator_version": 2, "occurred_on": "2026-01-09"})
    stored: dict[str, Any] = json.loads(made.model_dump_json(include=set(event.payload_fields())))
    return stored


def path_of(event: type[Event]) -> Path:
    return HERE / f"{event.TOPIC}.v{event.SCHEMA}.json"


def main() -> None:
    for event in EVENTS.values():
        if not path_of(event).exists():
            golden = {"topic": event.TOPIC, "schema": event.SCHEMA, "shape": shape(event), "data": sample(event)}
            path_of(event).write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
