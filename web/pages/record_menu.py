"""What can be done with a record now, as a menu in groups."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from domain.base import Form, Text


class Action(NamedTuple):
    """One thing that can be done: the noun of its address, what it is called, its sign."""

    noun: str
    title: Text
    icon: str


def menu(groups: Sequence[Mapping[type[Form], str]], now: Collection[type[Form]]) -> list[list[Action]]:
    """Of the forms in `groups`, each with its sign, those that would be taken now; groups that are empty are left out."""
    found = [[Action(form.noun, form.title, icon) for form, icon in forms.items() if form in now] for forms in groups]
    return [actions for actions in found if actions]
