"""Pages of a list by keyset: a cursor says after which row (or before which) the page goes on."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

R = TypeVar("R")

COUNTED_AT_MOST = 10_000


class Page(NamedTuple, Generic[R]):
    """Some rows of a list; `next` and `previous` are the cursors of the pages beside it, None where there is none."""

    rows: list[R]
    next: str | None = None
    previous: str | None = None


class Scope(NamedTuple):
    """Whose leads are meant: all, or those of `channels` and those in the hands of `viewer`.

    `contacts`: whether the contact persons of all of them may be found by, or of those channels' and the viewer's own only.
    """

    all: bool = True
    channels: Sequence[UUID] = ()
    viewer: UUID | None = None
    contacts: bool = True

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "all": self.all,
            "channels": list(self.channels),
            "viewer": self.viewer,
            "contacts": self.all and self.contacts,
        }


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Totals:
    """How many there are and what they are worth; with `more`, counting stopped at that many."""

    count: int
    amount_fen: int
    more: bool = False


class BadCursor(ValueError):
    """A cursor that no page has given out."""

    def __init__(self) -> None:
        super().__init__("不认识这个翻页位置 · That is no place in this list.")


def _bigint(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _decimal(text: str) -> Decimal:
    if not re.fullmatch(r"-?\d{1,20}(\.\d{1,6})?", text, re.ASCII):
        raise ValueError(text)
    return Decimal(text)


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError(text)
    text.encode()
    return text


Kind = Callable[[str], Any]
KINDS: dict[str, Kind] = {
    "int": _bigint,
    "decimal": _decimal,
    "text": _storable,
    "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
    "uuid": UUID,
}


def cursor(values: Sequence[Any]) -> str:
    """The place of a row, by the values it is sorted by."""
    texts = [value.isoformat() if isinstance(value, date) else str(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(texts, ensure_ascii=False).encode()).decode().rstrip("=")


def place(text: str | None, kinds: Sequence[str]) -> list[Any]:
    """The values in a cursor, by their kinds; all None for no cursor. Raises BadCursor."""
    if text is None:
        return [None] * len(kinds)
    try:
        texts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return [KINDS[kind](str(value)) for kind, value in zip(kinds, texts, strict=True)]
    except (ValueError, TypeError, RecursionError) as error:
        raise BadCursor from error


def paged(
    found: list[tuple[Any, ...]],
    limit: int,
    keys: int,
    make: Callable[[tuple[Any, ...]], R],
    *,
    after: str | None,
    before: str | None,
) -> Page[R]:
    """A page of rows that were asked for with `limit` + 1; the last `keys` columns are those they are sorted by.

    Going `before`, the rows come in reverse.
    """
    more = len(found) > limit
    rows = found[:limit]
    if before is not None:
        rows.reverse()
    first, last = (cursor(rows[0][-keys:]), cursor(rows[-1][-keys:])) if rows else (None, None)
    return Page(
        [make(row[:-keys]) for row in rows],
        next=last if more or before is not None else None,
        previous=first if (more if before is not None else after is not None) else None,
    )
