"""Events stored by earlier versions: brought to today's fields on the way, in every read model, rebuild and replay."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from domain.lead.progress import Contacted
from projections import engine
from projections.models import MODELS
from projections.rebuild import rebuild, verify
from tests.golden.write import HERE
from tests.projections.conftest import Ground
from tests.projections.stories import COLUMNS, row
from tests.projections.told import Tale

DATA, SCHEMA = COLUMNS.index("data"), COLUMNS.index("schema")
STORED_V1 = json.loads((HERE / "lead.contacted.v1.json").read_text("utf-8"))["data"]


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> None:
    """As though the fields of `lead.contacted` had changed twice: v1 said `how`, v2 `means`, today it is `kind`."""

    def upcast_v1(_cls: type[Contacted], values: Mapping[str, Any]) -> dict[str, Any]:
        return {"means" if name == "how" else name: value for name, value in values.items()}

    def upcast_v2(_cls: type[Contacted], values: Mapping[str, Any]) -> dict[str, Any]:
        return {"kind" if name == "means" else name: value for name, value in values.items()}

    monkeypatch.setattr(Contacted, "SCHEMA", 3)
    monkeypatch.setattr(Contacted, "upcast_v1", classmethod(upcast_v1), raising=False)
    monkeypatch.setattr(Contacted, "upcast_v2", classmethod(upcast_v2), raising=False)


def told() -> list[list[Any]]:
    """A lead that was contacted three times, as rows; the contacts with the data of the golden sample."""
    tale = Tale().registered().contacted(on="1-8").contacted(on="1-9").contacted(on="1-10")
    rows = [list(row(event)) for event in tale.events]
    for values in rows[1:]:
        values[DATA] = json.dumps(STORED_V1, ensure_ascii=False)
    return rows


def as_version(values: list[Any], version: int, name: str) -> None:
    data = json.loads(values[DATA])
    values[SCHEMA], values[DATA] = version, json.dumps({name if key == "kind" else key: it for key, it in data.items()})


@pytest.mark.usefixtures("third")
def test_old_events_make_the_rows_that_new_ones_make(ground: Ground) -> None:
    today = told()
    for values in today[1:]:
        values[SCHEMA] = 3
    ground.put(today)
    ground.project()
    expected = {name: digest for name, digest in ground.digests().items() if name != "tree"}
    ground.clear()
    mixed = told()
    for values, version, name in zip(mixed[1:], (1, 2, 3), ("how", "means", "kind"), strict=True):
        as_version(values, version, name)
    ground.put(mixed)
    ground.project()
    assert {state.stopped for state in engine.states(ground.conn)} == {None}
    assert {name: digest for name, digest in ground.digests().items() if name != "tree"} == expected
    before = ground.digests()
    rebuild(lambda: ground.district.connect(autocommit=True), MODELS)
    assert ground.digests() == before
    assert all(one.same for one in verify(lambda: ground.district.connect(autocommit=True), MODELS))


def test_an_upcaster_that_fails_stops_the_read_model_before_the_event(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upcast_v1(_cls: type[Contacted], values: Mapping[str, Any]) -> dict[str, Any]:
        return {"kind": values["never_there"]}

    monkeypatch.setattr(Contacted, "SCHEMA", 2)
    monkeypatch.setattr(Contacted, "upcast_v1", classmethod(upcast_v1), raising=False)
    rows = told()
    rows[1][SCHEMA] = 1
    ground.put(rows)
    ground.project()
    stopped = {state.name: state.stopped for state in engine.states(ground.conn)}
    assert stopped["leads"] == "lead.contacted v1 @2: KeyError"
