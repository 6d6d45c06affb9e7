"""The district's rules: set as facts, in order, and read back as they were written whatever version that was."""

import json
from datetime import date

import pytest

from domain.base import Refused
from domain.district import DISTRICT, FIRST_OF_V2, District, RulesSet, SetRules
from domain.project.kinds import SIZES, ProjectKind
from domain.rules import Counting, LightRules, Rules, SizeClasses
from domain.values import Money
from projections.stored import restored
from tests.golden.test_golden import load
from tests.golden.write import HERE

DAY = date(2026, 3, 1)


def test_what_a_first_version_did_not_say_is_what_was_in_force_then() -> None:
    golden = load(HERE / "district.rules_set.v1.json")
    event = restored(golden["topic"], 1, json.dumps(golden["data"]), DISTRICT, 1, DAY, 7)
    assert isinstance(event, RulesSet)
    assert event.rules == Rules(major_amount=Money(minor=12_000_000_000))
    assert event.rules.model_dump(mode="json", include=set(FIRST_OF_V2)) == FIRST_OF_V2


def test_the_classes_of_size_begin_where_they_usually_do() -> None:
    assert SizeClasses().limits == SIZES


def test_there_is_a_word_for_every_kind_of_project() -> None:
    assert {kind.value for kind in ProjectKind} <= set(Counting.model_fields)
    assert Counting(public_works=False).excluded == {ProjectKind.PUBLIC_WORKS}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (SetRules(lights=LightRules(late_red_months=1, late_yellow_months=2)), "lights.late_red_months"),
        (SetRules(lights=LightRules(behind_red_points=9)), "lights.behind_red_points"),
        (SetRules(sizes=SizeClasses(third=Money(minor=1))), "sizes.third"),
    ],
)
def test_limits_stand_in_their_order(form: SetRules, field: str) -> None:
    with pytest.raises(Refused) as refused:
        District(DISTRICT).set_rules(form.model_copy(update={"occurred_on": DAY}))
    assert refused.value.field == field


def test_setting_the_same_again_is_refused() -> None:
    district = District(DISTRICT)
    district.set_rules(SetRules(occurred_on=DAY))
    with pytest.raises(Refused):
        district.set_rules(SetRules(occurred_on=DAY))
