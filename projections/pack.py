"""A meeting's figures as a document: put together from the events up to one position alone, the same for ever.

Names are those of that position, amounts whole 分, order never a matter of chance; `written` gives the bytes whose
digest the meeting keeps. No personal data of contact persons and no free text is in it, so that erasing somebody
changes nothing. Change what a document holds only by a new edition: the old ones are put together as they were.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import Connection

from domain.funnel import STAGES
from domain.meeting import MeetingPinned
from projections import changes, dispatch, funnel, names_then
from projections.changes import KINDS, Move, Point, Side
from projections.funnel import Figures, Group
from projections.moves import Between
from projections.paging import EVERYTHING
from projections.sql import Queries

q = Queries(__file__)

Document = dict[str, Any]
EDITION: Final = 3
"""By which rules a new document is put together. In edition 1 the cause of a voided lead was the weightiest of what was
learned of it, a merger say that was undone before; since edition 2 it is the retraction that voided it. Edition 3 holds
what the dispatch looks at beside the funnel: projects, lights, problems, tasks.
"""
LISTED_AT_MOST: Final = 200
"""The leads listed of each kind of move; the figures beside them count all. Part of every edition."""


class Basis(NamedTuple):
    """What the figures of a meeting rest on: its name, its day, its position, and the meeting it is compared with."""

    name: str
    as_at: date
    known_at: int
    previous: UUID | None = None
    edition: int = EDITION

    @property
    def point(self) -> Point:
        return Point(self.as_at, self.known_at)


def put_together(conn: Connection[Any], basis: Basis) -> Document:
    """The document. Run it in a transaction of REPEATABLE READ whose read models have come to the position."""
    return EDITIONS[basis.edition](conn, basis)


def written(document: Document) -> bytes:
    """The one way to write a document down: keys in order, no space, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(document: Document) -> str:
    """The SHA-256 of the document as it is written, in hexadecimal."""
    return hashlib.sha256(written(document)).hexdigest()


def _first(conn: Connection[Any], basis: Basis) -> Document:
    return _document(conn, basis, weighed=True)


def _second(conn: Connection[Any], basis: Basis) -> Document:
    return _document(conn, basis)


def _document(conn: Connection[Any], basis: Basis, *, weighed: bool = False) -> Document:
    channels = funnel.funnel(conn, as_at=basis.as_at, known_at=basis.known_at, group_by="channel")
    return {
        "edition": basis.edition,
        "name": basis.name,
        "as_at": basis.as_at.isoformat(),
        "ledger": _ledger(conn, basis.known_at),
        "total": _group(channels.total),
        "channels": _channels(conn, channels.groups, basis.known_at),
        "since": _since(conn, basis, basis.previous, weighed=weighed) if basis.previous else None,
    }


def _third(conn: Connection[Any], basis: Basis) -> Document:
    return {**_document(conn, basis), "dispatch": dispatched(conn, basis)}


def dispatched(conn: Connection[Any], basis: Basis) -> Document:
    """What the dispatch looked at, compared with the meeting before, or with half a month earlier where there was none."""
    return dispatch.put_together(conn, between(conn, basis), basis.as_at)


def between(conn: Connection[Any], basis: Basis) -> Between:
    """The two points that a meeting compares."""
    before = basis.previous and names_then.meetings(conn, [basis.previous], basis.known_at)[basis.previous].pinned
    old = Point(before.as_at, before.known_at) if before else dispatch.half_a_month_before(basis.point, basis.as_at)
    return Between(old, basis.point)


EDITIONS: Final[Mapping[int, Callable[[Connection[Any], Basis], Document]]] = {1: _first, 2: _second, 3: _third}


def _ledger(conn: Connection[Any], position: int) -> Document:
    """The last event taken in: with its place in the chain, whoever has the ledger can prove which events these are."""
    recorded_at, chain = conn.execute(q["recorded"], {"position": position}).fetchone() or (None, b"")
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds") if recorded_at else None
    return {"position": position, "recorded_at": moment, "chain": chain.hex()}


def _group(group: Group) -> Document:
    counts = {
        name: getattr(group, name) for name in ("registered", "standing", "amount_fen", "on_hold", "lost", "merged")
    }
    following: list[Figures | None] = [*group.stages[1:], None]
    stages = [_stage(at, after) for at, after in zip(group.stages, following, strict=True)]
    return {**counts, "stages": stages}


def _stage(at: Figures, after: Figures | None) -> Document:
    """A stage's figures; `went_on` ÷ `reached` is its conversion."""
    return {**vars(at), "stage": at.stage.value, "went_on": after.reached if after else None}


def _channels(conn: Connection[Any], groups: Iterable[Group], position: int) -> list[Document]:
    """By channel, those that brought most first."""
    found = {UUID(str(group.key)): group for group in groups}
    names = names_then.channels(conn, found, position)
    rows = [{"id": str(key), **_named(names.get(key)), **_group(group)} for key, group in found.items()]
    return sorted(rows, key=lambda row: (-row["registered"], row["name"], row["id"]))


def _named(channel: names_then.ChannelThen | None) -> Document:
    return {"name": channel.name, "kind": channel.kind} if channel else {"name": "", "kind": None}


def _since(conn: Connection[Any], basis: Basis, previous: UUID, *, weighed: bool) -> Document:
    """What became otherwise since the meeting before: what was only learned of its own day, and what happened since."""
    before = names_then.meetings(conn, [previous], basis.known_at)[previous]
    if before.pinned is None:
        raise LookupError(previous)
    then = Point(before.pinned.as_at, before.pinned.known_at)
    between = then._replace(known_at=basis.known_at)
    learned = changes.compare(conn, then, between, weighed=weighed)
    happened = changes.compare(conn, between, basis.point)
    return {
        "meeting": _meeting(previous, before.name, before.pinned),
        "before": _group(learned.old.total),
        "between": _group(happened.old.total),
        "learned": {"moves": _moves(learned.moves), "leads": _leads(conn, then, between, weighed=weighed)},
        "happened": {"moves": _moves(happened.moves), "leads": _leads(conn, between, basis.point)},
    }


def _meeting(id: UUID, name: str, pinned: MeetingPinned) -> Document:
    return {"id": str(id), "name": name, "as_at": pinned.as_at.isoformat(), "known_at": pinned.known_at}


def _moves(moves: Iterable[Move]) -> list[Document]:
    rows = [
        {
            "kind": move.kind, "cause": move.cause, "from": _side(move.before), "to": _side(move.after),
            "revalued": move.revalued, "leads": move.leads, "before_fen": move.before_fen, "after_fen": move.after_fen,
        }
        for move in moves
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (KINDS.index(row["kind"]), json.dumps(row, sort_keys=True)))


def _side(side: Side | None) -> Document | None:
    return None if side is None else {**_standing(side.status, side.stage), "reached": _code(side.reached)}


def _standing(status: str, stage: int) -> Document:
    return {"status": status, "stage": _code(stage)}


def _code(stage: int) -> str | None:
    return STAGES[stage - 1].value if stage else None


def _leads(conn: Connection[Any], old: Point, new: Point, *, weighed: bool = False) -> list[Document]:
    """The leads that moved, under the names of the new point."""
    query = q["leads"].format(moved=changes.moved(conn, old, new, "none", weighed=weighed))
    values = {**changes.asked(conn, old, new, funnel.FunnelFilters(), EVERYTHING), "most": LISTED_AT_MOST}
    rows = conn.execute(query, values, prepare=False).fetchall()
    position = new.known_at or 0
    channels = names_then.channels(conn, {row[11] for row in rows}, position)
    names = {
        **names_then.companies(conn, {row[2] for row in rows}, new.as_at or date.max, position),
        **{key: channel.name for key, channel in channels.items()},
        **names_then.people(conn, {row[12] for row in rows if row[12]}, position),
    }
    return sorted((_lead(row, names) for row in rows), key=lambda one: KINDS.index(one["kind"]))


def _lead(row: tuple[Any, ...], names: Mapping[UUID, str]) -> Document:
    kind, cause, lead, had, was, old, old_fen, has, now, new, new_fen, channel, owner = row
    return {
        "kind": kind, "cause": cause, "id": str(lead), "company": names.get(lead, ""), "channel": names.get(channel),
        "owner": names.get(owner), "from": _standing(was, old) if had else None, "to": _standing(now, new) if has else None,
        "before_fen": int(old_fen) if had else 0, "after_fen": int(new_fen) if has else 0,
    }  # fmt: skip
