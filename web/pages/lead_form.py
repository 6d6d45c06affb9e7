"""A lead's forms as they open: filled with what is in force, in the order people fill them in, offering what can be."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.base import Form
from domain.funnel import STAGES
from domain.lead import Lead, Revise, SetNextAction
from domain.lead.details import DetailsChanged
from web.fields import Field
from web.forms import FormView

SHOWN = ("amount", "owner")
"""What a form changes and therefore opens with, whichever form it is."""


def opening(lead: Lead, kind: type[Form]) -> dict[str, Any]:
    """What a form opens with: the values now in force, where it changes some."""
    now = lead.standing.attributes
    if kind is Revise:
        return {"details": {name: now.get(name) for name in DetailsChanged.model_fields}}
    names = SHOWN + (("next_action", "next_due") if kind is SetNextAction else ())
    return {name: now[name] for name in names if name in kind.model_fields and now.get(name)}


def narrowed(form: FormView, lead: Lead) -> FormView:
    """The same form offering only what the lead could take, and asking nothing that is settled by where it was opened."""
    settled = ("fact", "occurred_on") if "fact" in form.kind.model_fields else ()
    unseen = next((field.error for field in form.fields if field.name in settled and field.error), None)
    fields = tuple(_narrowed(field, lead, settled) for field in sorted(form.fields, key=_order))
    return replace(form, fields=fields, error=form.error or unseen)


def _order(field: Field) -> int:
    """What must be given comes first, then its day, and what is to be done next comes last."""
    if field.name in ("next_action", "next_due"):
        return 3
    return 0 if field.required else 1 if field.name == "occurred_on" else 2


def _narrowed(field: Field, lead: Lead, settled: Sequence[str]) -> Field:
    now = lead.standing.stage
    if field.name in settled:
        return replace(field, widget="hidden")
    if field.name == "to" and field.widget == "select" and now is not None:
        earlier = {stage.value for stage in STAGES if stage.order < now.order}
        return replace(field, choices=tuple(choice for choice in field.choices if choice.value in earlier))
    return field
