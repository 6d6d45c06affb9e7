"""Why a lead is seen otherwise afterwards: the cause that is named, and the records that did it."""

from typing import Any

from domain.lead import Assign, Lead, Retract
from projections import changes, changes_behind
from projections.changes import Point
from projections.changes_behind import Slot
from projections.funnel import FunnelFilters
from tests.projections.conftest import Ground
from tests.projections.told import OFFICER, SUCCESSOR, Tale, day, lead_id

ASKED: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["lead.merged", "lead.unmerged", "lead.fact_retracted"]),
    ({"owner": OFFICER}, ["lead.merged", "lead.unmerged", "lead.assigned", "lead.fact_retracted"]),
]
"""Conditions, and the records that changed how the lead counts under them."""


def test_a_voided_lead_was_retracted_whatever_else_was_learned_of_it(ground: Ground) -> None:
    tale = Tale().registered(1, owner=OFFICER).registered(2, owner=OFFICER)
    known = len(tale.events)
    tale.merged(1, 2, on="1-12").unmerged(1, 2, on="1-13")
    tale.then(Lead, lead_id(1), Assign(owner=SUCCESSOR, occurred_on=day("1-14")))
    tale.then(Lead, lead_id(1), Retract(fact=1, reason="重复", occurred_on=day("1-20")))
    ground.given(tale.events)
    ground.project()
    old, new = Point(day("1-25"), known), Point(day("1-25"))
    for filters, topics in ASKED:
        narrowed = FunnelFilters(**filters)
        found = changes.compare(ground.conn, old, new, filters=narrowed)
        assert [(move.kind, move.cause) for move in found.moves] == [("voided", "retracted")]
        (row,) = changes_behind.leads(ground.conn, old, new, Slot(cause="retracted"), filters=narrowed).rows
        why = changes_behind.because(ground.conn, old, new, [row.id], filters=narrowed)
        assert [one.event.topic for one in why[row.id]] == topics
    assert [move.cause for move in changes.moves(ground.conn, old, new, weighed=True)] == ["merged"]
