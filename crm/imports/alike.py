"""Alike by name: the same name, and nothing that keeps them apart."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from psycopg import Connection

from crm.imports.duplicates import Likeness, Other
from crm.imports.entry import Entry
from domain.base import Text
from projections.interval_lists import IntervalList


def by_name(rows: IntervalList[Any], apart: Callable[[Any], str], said: Callable[[Any], Text], same: Text) -> Likeness:
    """Likeness of records of a list that is sorted by name. `apart` is asked of the form that makes one, and of a row."""

    def there(conn: Connection[Any], entries: Sequence[Entry]) -> Iterator[tuple[str, Other]]:
        for row in rows.named(conn, [_name(entry) for entry in entries]):
            yield row.name, Other(apart(row), said(row))

    return Likeness(lambda entry: [_name(entry)], lambda entry: apart(entry.forms[0]), there, same)


def _name(entry: Entry) -> str:
    name: str = entry.forms[0].name  # type: ignore[attr-defined]
    return name
