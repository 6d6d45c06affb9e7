"""A form that was overtaken: laid on top of what others recorded meanwhile, so that nothing of theirs is undone unseen."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from web.fields import Picks
from web.forms import FormView, flat, view

_ROW = re.compile(r"\.\d+\..*$")


def rebased(form: FormView, posted: Mapping[str, Any], then: Any, now: Any, picks: Picks) -> FormView:
    """The form again: what the person touched as typed, all else as it now is.

    `then` are the values the form had opened with, `now` those in force; where the two and what was typed differ,
    the value in force stands beside the input.
    """
    known = form.kind.model_fields
    typed = {name: text for name, text in posted.items() if isinstance(text, str) and name.partition(".")[0] in known}
    opened, current, given = _units(flat(then)), _units(flat(now)), _units(typed)
    shown = dict(typed)
    for unit, inputs in given.items():
        if unit in {**opened, **current} and _filled(inputs) == opened.get(unit, {}):
            shown = {name: text for name, text in shown.items() if name not in inputs} | current.get(unit, {})
    drawn = view(
        form.kind, form.action, raw=shown, picks=picks, current=now, version=form.version, command=form.command,
        error=form.error,
    )  # fmt: skip
    return replace(drawn, status=form.status)


def _units(inputs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Inputs by what is decided as one: a single value, or all rows of a list."""
    units: dict[str, dict[str, str]] = {}
    for name, text in inputs.items():
        units.setdefault(_ROW.sub("", name), {})[name] = text
    return units


def _filled(inputs: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in inputs.items() if text.strip()}
