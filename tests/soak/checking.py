"""What must hold after all of it: nothing missed, nothing twice, and read models as the events make them."""

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

from crm import prepare
from crm.database import connect
from crm.proof.walk import head, walk
from crm.settings import Settings
from projections.models import MODELS
from projections.rebuild import verify
from tests.soak.writer import command

CHUNK = 10_000
GAPLESS = "SELECT count(*), coalesce(min(position), 1), coalesce(max(position), 0) FROM event"
TORN = (
    "SELECT count(*) FROM (SELECT FROM event GROUP BY stream HAVING min(version) <> 1 OR max(version) <> count(*)) AS x"
)
STRAY = "SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT FROM command c WHERE e.position BETWEEN c.first AND c.last AND c.id = e.command)"
STORED = "SELECT count(*) FROM command c JOIN event e ON e.position BETWEEN c.first AND c.last AND e.command = c.id WHERE c.id = ANY (%s)"


def wrong(settings: Settings, url: str, acknowledged: Mapping[int, int]) -> list[str]:
    """Everything that does not hold; `acknowledged` says how many of its commands each writer was told are stored."""
    with connect(url, settings.schema_name, autocommit=True) as conn:
        found = [*_of_ledger(conn), *_of_commands(conn, acknowledged)]
    compared = verify(prepare.projecting(settings, url), MODELS)
    return found + [f"{one.table} is not what the events make: {one}" for one in compared if not one.same]


def _of_ledger(conn: psycopg.Connection[Any]) -> Iterator[str]:
    count, first, last = conn.execute(GAPLESS).fetchone() or (0, 1, 0)
    if (first, last) != (1, count):
        yield f"{count} events stand at positions {first} to {last}"
    for query, what in ((TORN, "streams miss a version"), (STRAY, "events belong to no command")):
        (number,) = conn.execute(query).fetchone() or (0,)
        if number:
            yield f"{number} {what}"
    yield from (finding.text.en for finding in walk(conn, head(conn), [], lambda _done, _of: None).findings)


def _of_commands(conn: psycopg.Connection[Any], acknowledged: Mapping[int, int]) -> Iterator[str]:
    """Each writer's commands have stored one event each, and none beyond those it was told of."""
    for writer, number in acknowledged.items():
        stored = sum(_stored(conn, writer, first, min(first + CHUNK, number)) for first in range(0, number, CHUNK))
        if stored != number:
            yield f"writer {writer} was told of {number} commands, {stored} events are there"
        if _stored(conn, writer, number, number + 1):
            yield f"writer {writer} has stored a command that it was not told of"


def _stored(conn: psycopg.Connection[Any], writer: int, first: int, end: int) -> int:
    ids = [command(writer, number) for number in range(first, end)]
    (found,) = conn.execute(STORED, (ids,)).fetchone() or (0,)
    return int(found)
