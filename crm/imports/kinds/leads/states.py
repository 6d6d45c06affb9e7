"""When what happened to a lead, by its line: the days given, and the state it is said to be in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from crm.imports.cells import folded
from crm.imports.entry import Defaults
from crm.imports.kinds.leads.columns import COLUMNS
from crm.imports.rows import Values
from domain.base import Text
from domain.funnel import STAGES, Stage, Status

STEPS: Final[Mapping[str, Stage]] = {
    "contacted_on": Stage.CONTACTED,
    "negotiating_on": Stage.NEGOTIATING,
    "intent_on": Stage.INTENT_SIGNED,
    "contract_on": Stage.CONTRACT_SIGNED,
    "landed_on": Stage.LANDED,
}
"""The columns whose day is the day on which a stage was entered, in the funnel's order."""
_DAY_OF = {stage: key for key, stage in STEPS.items()}
HAPPENED: Final = ("registered_on", *STEPS, "last_contact_on", "held_on", "lost_on")
"""The columns that say when something happened."""

_SAID: Final[Sequence[tuple[Stage | Status, str]]] = (
    (STAGES[0], "登记 新线索 储备 储备项目 已登记 新增 待联系 未接洽"),
    (Stage.CONTACTED, "已接洽 接触 已接触 初步接洽 对接 已对接 对接中 初步对接 已联系"),
    (Stage.NEGOTIATING, "洽谈 洽谈中 在谈中 谈判 谈判中 重点在谈 跟踪洽谈 深入洽谈 正在洽谈"),
    (Stage.INTENT_SIGNED, "意向 达成意向 签订意向 已签意向 框架签约 已签框架 签订框架协议 意向协议 mousigned"),
    (Stage.CONTRACT_SIGNED, "签约 已签约 已正式签约 签订协议 签约项目 签约未落地 signed"),
    (Stage.LANDED, "已落地 落户 已落户 注册 已注册 完成注册 开工 已开工 在建 竣工 投产 已投产"),
    (Status.OPEN, "跟进 跟进中 推进 正在推进 持续跟进 active 进行中 正常"),
    (Status.ON_HOLD, "暂停 搁置 缓建 停滞 暂缓推进 paused"),
    (Status.LOST, "终止 已终止 失败 放弃 淘汰 已流失 未成功 取消 不跟进 dropped closedlost"),
)
_STATES: Final[Mapping[str, Stage | Status]] = {
    folded(word): state for state, words in _SAID for word in (state.text.zh, state.text.en, str(state), *words.split())
}


def days_of(found: Values, defaults: Defaults) -> dict[str, date]:
    """When what happened; a state that goes beyond its days gets one, or is complained of."""
    days = {key: found.given[key] for key in HAPPENED if key in found.given}
    said = {key: state for key in ("stage", "state") if (state := _state(found, key))}
    if Status.OPEN in said.values():
        days.pop("held_on", None)
    for key, state in said.items():
        needed = _day_needed(state, days)
        if needed is None:
            continue
        if isinstance(state, Stage) and "stage_on" in found.given:
            days[needed] = found.given["stage_on"]
        elif defaults.undated:
            days[needed] = max(days.values(), default=defaults.day)
        else:
            _complain(found, key, needed)
    return days


def _day_needed(state: Stage | Status, days: Mapping[str, date]) -> str | None:
    """The column that should say since when the lead is in this state, where it does not."""
    if isinstance(state, Status):
        needed = {Status.LOST: "lost_on", Status.ON_HOLD: "held_on"}.get(state)
        return None if needed in days else needed
    reached = max((STEPS[key].order for key in days if key in STEPS), default=1)
    return _DAY_OF[state] if state.order > reached else None


def _complain(found: Values, key: str, needed: str) -> None:
    title = COLUMNS[needed].title
    found.complain(
        key,
        Text(
            f"写的是「{found.given[key]}」，但没有「{title.zh}」。",
            f"It says “{found.given[key]}”, yet gives no “{title.en}”.",
        ),
    )


def _state(found: Values, key: str) -> Stage | Status | None:
    """What the column says; words that name no state become part of the note."""
    text = found.given.get(key)
    if text is None:
        return None
    state = _STATES.get(folded(text))
    if state is None:
        kept = f"{COLUMNS[key].title.zh}：{text}"
        found.given["note"] = f"{kept}\n{found.given['note']}" if "note" in found.given else kept
        found.remarks.append(
            Text(f"状态「{text}」不是阶段名称，记入备注", f"the state “{text}” is no stage and was put into the note")
        )
    return state
