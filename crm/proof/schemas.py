"""What the data of a stored event looks like, as JSON Schema: one for every version that is stored somewhere."""

from collections.abc import Iterable
from typing import Any

from domain.base import EVENTS, Event

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(topic: str, version: int) -> dict[str, Any]:
    """The schema of that version's data. Of a version written by an earlier release only its upcaster is known here."""
    kind = EVENTS[topic]
    head = {"$schema": DIALECT, "title": f"{topic} v{version}", "description": " · ".join(kind.TITLE), "type": "object"}
    if version != kind.SCHEMA:
        return head | {"$comment": f"brought to v{version + 1} by upcast_v{version} of {kind.__name__}"}
    return head | _data(kind)


def versions(stored: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """For every type: the versions that are stored, the one written today, and the upcasters that lead from one to the next."""
    found: dict[str, set[int]] = {}
    for topic, version in stored:
        found.setdefault(topic, set()).add(version)
    return {
        topic: {
            "stored": sorted(have),
            "current": EVENTS[topic].SCHEMA,
            "upcasters": [f"v{old} → v{old + 1}" for old in range(min(have), EVENTS[topic].SCHEMA)],
        }
        for topic, have in sorted(found.items())
    }


def _data(kind: type[Event]) -> dict[str, Any]:
    schema = kind.model_json_schema(mode="validation")
    own = kind.payload_fields()
    properties = {name: value for name, value in schema["properties"].items() if name in own}
    used = {"properties": properties, "required": [name for name in schema.get("required", ()) if name in own]}
    return used | {"additionalProperties": False} | ({"$defs": schema["$defs"]} if "$defs" in schema else {})
