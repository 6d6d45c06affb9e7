"""Every event version ever stored loads for ever, and no event's fields change without a new version."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.base import EVENTS
from domain.lead.details import LeadRegistered
from domain.lead.event import LeadEvent
from domain.lead.progress import Contacted, ContactKind
from domain.values import ContactPerson
from projections.stored import restored
from tests.golden.write import HERE, path_of, shape

GOLDEN = sorted(HERE.glob("*.v*.json"))


def load(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def without_values(value: Any) -> Any:
    """The shape with the words of its terms left out: adding one is no new version."""
    if isinstance(value, dict):
        return {key: without_values(inner) for key, inner in value.items() if key != "enum"}
    return [without_values(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_stored_event_of_any_version_loads_as_it_was_written(path):
    golden = load(path)
    data = json.dumps(golden["data"], ensure_ascii=False)
    event = restored(golden["topic"], golden["schema"], data, UUID(int=1), 2, date(2026, 1, 9), 7)
    assert golden["topic"] == event.TOPIC
    assert event.position == 7
    if golden["schema"] == event.SCHEMA:
        assert json.loads(event.model_dump_json(include=set(event.payload_fields()))) == golden["data"]


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_the_fields_of_an_event_change_only_with_its_version(topic):
    path = path_of(EVENTS[topic])
    assert path.exists(), "run python -m tests.golden.write"
    assert without_values(shape(EVENTS[topic])) == without_values(load(path)["shape"])


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_no_word_that_was_ever_stored_is_taken_away(topic):
    then, now = load(path_of(EVENTS[topic]))["shape"]["$defs"], shape(EVENTS[topic])["$defs"]
    for name, term in then.items():
        assert set(term.get("enum", ())) <= set(now[name].get("enum", ()))


def test_every_version_since_the_first_has_its_sample():
    for topic, event in EVENTS.items():
        found = {load(path)["schema"] for path in GOLDEN if load(path)["topic"] == topic}
        assert found == set(range(1, event.SCHEMA + 1))


# ── the guards themselves, tried ────────────────────────────────────────────────────────────────────────────────────


class Unchanged(Contacted):
    """The event as it is, by another name."""


class WithOneMore(Contacted):
    loudness: int | None = None


class OfAnotherType(Contacted):
    kind: str


class NowRequired(Contacted):
    note: str


class Longer(ContactPerson):
    fax: str | None = None


class ChangedInside(LeadRegistered):
    contacts: tuple[Longer, ...] = ()


class WithOneLess(LeadEvent):
    kind: ContactKind


@pytest.mark.parametrize(
    ("changed", "path"),
    [(WithOneMore, "lead.contacted"), (OfAnotherType, "lead.contacted"), (NowRequired, "lead.contacted"),
     (WithOneLess, "lead.contacted"), (ChangedInside, "lead.registered")],
)  # fmt: skip
def test_a_field_that_came_went_or_changed_is_noticed_however_deep(changed, path):
    golden = load(HERE / f"{path}.v1.json")["shape"]
    assert without_values(shape(changed)) != without_values(golden)
    assert without_values(shape(Unchanged)) == without_values(load(HERE / "lead.contacted.v1.json")["shape"])


def test_a_new_version_without_its_upcaster_is_noticed(monkeypatch):
    monkeypatch.setattr(Contacted, "SCHEMA", 2)
    golden = load(HERE / "lead.contacted.v1.json")
    with pytest.raises(AttributeError, match="upcast_v1"):
        restored(golden["topic"], 1, json.dumps(golden["data"]), UUID(int=1), 2, date(2026, 1, 9), 7)
    assert not path_of(Contacted).exists()  # and its sample is asked for
