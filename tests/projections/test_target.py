"""The temporary tables rows come in through: empty each time, and never grown beyond what was loaded lately."""

from collections.abc import Sequence

import pytest

from projections import target
from tests.projections.conftest import Ground
from tests.projections.told import Tale


def files(ground: Ground) -> Sequence[int]:
    """The sizes of the temporary tables that were written to."""
    names = ground.rows(
        "SELECT pg_relation_size(oid) FROM pg_class WHERE relname LIKE 'incoming%%' AND relpersistence = 't'"
    )
    return [size for (size,) in names if size]


def told(leads: int) -> Tale:
    tale = Tale()
    for number in range(leads):
        tale.registered(number).contacted(number)
    return tale


def test_event_by_event_gives_the_same_rows_however_often_the_files_are_cut_off(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.given(told(10).events)
    ground.project()
    at_once = ground.digests()
    ground.clear_read_models()
    monkeypatch.setattr(target, "WORN_OUT", 3)
    ground.project(batch=1)
    assert ground.digests() == at_once


def test_rows_long_gone_are_not_read_past_for_ever(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "WORN_OUT", 50)
    ground.given(told(150).events)
    ground.project(batch=1)
    assert max(files(ground)) <= 8 * 8192
