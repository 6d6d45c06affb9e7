"""Short histories told by hand: `Tale()` gathers what each aggregate is made to do, in order, with positions."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.base import Aggregate, Event, Form
from domain.lead import Contact, Lead, Merge, Register, SignContract, Unmerge

CENTRE, MISSION = UUID(int=1), UUID(int=2)
OFFICER, SUCCESSOR = UUID(int=11), UUID(int=12)


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def lead_id(number: int) -> UUID:
    return UUID(int=1000 + number)


class Tale:
    """`tale.of(Lead, id).contact(…)` and the like, saved by `tale.then(aggregate, form)`."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._aggregates: dict[UUID, Any] = {}

    def of(self, kind: type[Aggregate], id: UUID) -> Any:
        return self._aggregates.setdefault(id, kind(id))

    def then(self, kind: type[Aggregate], id: UUID, form: Form) -> "Tale":
        """The aggregate does what the form says."""
        aggregate = self.of(kind, id)
        getattr(aggregate, form.verb)(form)
        self.keep(aggregate)
        return self

    def keep(self, *aggregates: Aggregate) -> None:
        for aggregate in aggregates:
            for event in aggregate.collect_events():
                self.events.append(event.placed(len(self.events) + 1))

    def registered(self, number: int = 1, on: str = "1-5", **values: object) -> "Tale":
        given = {"company": "长春示例装备有限公司", "industry": "C", "channel": CENTRE, "owner": OFFICER}
        form = Register.model_validate(given | {"occurred_on": day(on)} | values)
        return self.then(Lead, lead_id(number), form)

    def contacted(self, number: int = 1, on: str = "1-10", **values: object) -> "Tale":
        form = Contact.model_validate({"kind": "phone", "occurred_on": day(on)} | values)
        return self.then(Lead, lead_id(number), form)

    def contracted(self, number: int = 1, on: str = "2-1", amount: str = "2亿") -> "Tale":
        form = SignContract.model_validate({"document": "投资协议", "amount": amount, "occurred_on": day(on)})
        return self.then(Lead, lead_id(number), form)

    def merged(self, gone: int, stays: int, on: str) -> "Tale":
        away, survivor = self.of(Lead, lead_id(gone)), self.of(Lead, lead_id(stays))
        away.merge(Merge(into=survivor.id, reason="同一项目", occurred_on=day(on)))
        survivor.absorb(away, day(on))
        self.keep(away, survivor)
        return self

    def unmerged(self, gone: int, stays: int, on: str) -> "Tale":
        back, survivor = self.of(Lead, lead_id(gone)), self.of(Lead, lead_id(stays))
        back.unmerge(Unmerge(reason="两回事", occurred_on=day(on)))
        survivor.release(back.id, day(on))
        self.keep(back, survivor)
        return self
