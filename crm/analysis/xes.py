"""XES (IEEE 1849): a case for every lead, with the standard extensions for names, time, organisation and life cycle."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.sax.saxutils import quoteattr

from psycopg import Connection

from crm.analysis.cases import Case, Told, Value, attributes, cases, particulars
from crm.analysis.parties import Party, parties

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="lifecycle:model" value="standard"/>
"""
_TAGS = ((bool, "boolean"), (int, "int"), (float, "float"), (datetime, "date"), (str, "string"))
_UNFIT = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
"""Characters that XML cannot hold."""


def lines(
    conn: Connection[Any], until: int, language: str, step: Callable[[int, int], None] = lambda _done, _all: None
) -> Iterator[str]:
    """The file, as the events up to position `until` have it. `step` is told how many events are written of how many."""
    known, done = parties(conn, until), 0
    yield _HEAD
    yield _attribute("concept:name", "Landfall") + "\n"
    for case in cases(conn, until):
        if case.told:
            yield _trace(case, known, language)
        done += len(case.told)
        step(done, max(done, until))
    yield "</log>\n"


def _trace(case: Case, known: dict[UUID, Party], language: str) -> str:
    said: dict[str, Value] = {"concept:name": str(case.lead)}
    said |= attributes(case.last) | {"corrections": case.corrections, "facts_retracted": case.retracted}
    parts = [_attribute(name, value) for name, value in said.items()]
    events = [_event(case, told, known, language) for told in case.told]
    return f"<trace>{''.join(parts)}\n{''.join(events)}</trace>\n"


def _event(case: Case, told: Told, known: dict[UUID, Party], language: str) -> str:
    channel = known.get(told.standing.attributes.get("channel"))  # type: ignore[arg-type]
    said: dict[str, Value | None] = {
        "concept:name": told.event.TITLE.said(language),
        "concept:instance": f"e{told.row.position}",
        "time:timestamp": told.at,
        "lifecycle:transition": "complete",
        "org:resource": str(told.row.actor) if told.row.actor in known else None,
        "org:role": told.row.role,
        "org:group": channel.now("name") if channel else None,
        "topic": told.row.topic,
        "position": told.row.position,
        "recorded_at": told.row.recorded_at,
        "days_late": told.late,
        "corrected": told.event.originator_version in case.corrected,
        "first_dated": str(told.first_dated) if told.first_dated else None,
        **dict(particulars(told.event)),
    }
    parts = [_attribute(name, value) for name, value in said.items() if value is not None]
    return f"<event>{''.join(parts)}</event>\n"


def _attribute(name: str, value: Value) -> str:
    tag = next(said for kind, said in _TAGS if isinstance(value, kind))
    if isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = value.isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)
    return f'<{tag} key="{name}" value={quoteattr(text.translate(_UNFIT))}/>'
