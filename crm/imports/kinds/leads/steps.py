"""The forms that record a line's steps: one for each day it gives, with what the line says of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from crm.imports.cells import folded
from domain.base import Form, Refused
from domain.lead import (
    AddNote,
    Contact,
    ContactKind,
    EnterNegotiation,
    Hold,
    Land,
    LandingKind,
    Lose,
    LossReason,
    SetNextAction,
    SignContract,
    SignIntent,
)

_USUAL_KINDS: Final = {
    "拜访": ContactKind.VISIT, "上门": ContactKind.VISIT, "走访": ContactKind.VISIT, "视频": ContactKind.VIDEO,
    "邮件": ContactKind.EMAIL, "电联": ContactKind.PHONE,
}  # fmt: skip
_LOSSES: Final = {
    "落户外地 外地 其他城市 异地": LossReason.ELSEWHERE,
    "政策 条件": LossReason.CONDITIONS,
    "土地 用地 载体 厂房": LossReason.LAND,
    "资金 融资": LossReason.FUNDING,
    "市场 取消投资 行情": LossReason.MARKET,
    "联系不上 失联 无回复": LossReason.NO_ANSWER,
    "环保 环评 能耗 产业不符": LossReason.UNSUITABLE,
}


def _contact(given: Mapping[str, Any], day: date) -> Contact:
    return Contact(kind=_contact_kind(given.get("contact_kind", "")), occurred_on=day)


@lru_cache(maxsize=256)
def _contact_kind(said: str) -> ContactKind:
    """How people met, by the word for it; a meeting where nothing says otherwise."""
    text = folded(said)
    words = [(folded(name), kind) for kind in ContactKind for name in kind.text] + list(_USUAL_KINDS.items())
    return next((kind for word, kind in words if word in text), ContactKind.MEETING)


def _negotiate(given: Mapping[str, Any], day: date) -> EnterNegotiation:
    subject = " ".join(str(given.get("negotiation_subject") or given.get("project") or "投资合作").split())
    return EnterNegotiation(subject=subject[:200], occurred_on=day)


def _intent(given: Mapping[str, Any], day: date) -> SignIntent:
    document = given.get("intent_document") or (given.get("contract_document") if "contract_on" not in given else None)
    return SignIntent(document=document or "意向协议（台账未写名称）", occurred_on=day)


def _contract(given: Mapping[str, Any], day: date) -> SignContract:
    amount = given.get("contract_amount") or given.get("investment")
    if amount is None:
        raise Refused(
            "contract.amount",
            "已签约的项目须有签约金额或投资额。",
            "A signed project needs its amount.",
            field="amount",
        )
    document = given.get("contract_document") or "投资协议（台账未写名称）"
    return SignContract(amount=amount, document=document, occurred_on=day)


def _land(given: Mapping[str, Any], day: date) -> Land:
    text = str(given.get("landed_how", ""))
    land = any(word in text.casefold() for word in ("地", "摘牌", "land"))
    how = LandingKind.LAND if land and "注册" not in text and "落地" not in text else LandingKind.REGISTERED
    return Land(
        how=how,
        where=given.get("landed_where") or "本区",
        entity=given.get("landed_entity") or given.get("company", ""),
        entity_code=given.get("landed_code"),
        occurred_on=day,
    )


def _hold(given: Mapping[str, Any], day: date) -> Hold:
    return Hold(reason=given.get("hold_reason") or given.get("loss_reason") or "台账标为暂缓", occurred_on=day)


def _lose(given: Mapping[str, Any], day: date) -> Lose:
    text = given.get("loss_reason") or given.get("hold_reason") or ""
    named = next((reason for reason in LossReason if folded(text) in map(folded, (*reason.text, str(reason)))), None)
    usual = next((reason for words, reason in _LOSSES.items() if any(word in text for word in words.split())), None)
    reason = named or usual or LossReason.OTHER
    return (
        Lose(reason=reason, note=text or "台账未写原因", occurred_on=day)
        if not named
        else Lose(reason=reason, occurred_on=day)
    )


STEP: Final[Mapping[str, Callable[[Mapping[str, Any], date], Form]]] = {
    "contacted_on": _contact,
    "negotiating_on": _negotiate,
    "intent_on": _intent,
    "contract_on": _contract,
    "landed_on": _land,
    "last_contact_on": _contact,
    "held_on": _hold,
    "lost_on": _lose,
}


def work(given: Mapping[str, Any], last: date, *, lost: bool) -> Iterator[Callable[[], Form]]:
    """Notes, and the next action; one without its due day, or of a lost lead, is kept as a note."""
    note, action, due = given.get("note"), given.get("next_action"), given.get("next_due")
    planned = action and due and not lost
    if action and not planned:
        note = f"{note}\n下一步：{action}" if note else f"下一步：{action}"
    if note:
        yield lambda: AddNote(note=note, occurred_on=last)
    if planned:
        yield lambda: SetNextAction(next_action=action, next_due=due, occurred_on=last)
