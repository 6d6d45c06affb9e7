"""The audit bundle: events, what they look like, signed checkpoints, proofs, keys, and a program that checks it all offline."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from crm import exports
from crm.ledger import Ledger
from crm.proof import checkpoint, offline, selected, signing
from crm.proof.checkpoint import Body, Stored
from crm.proof.chosen import checkpoints
from crm.proof.note import Note
from crm.proof.packing import Packed
from crm.proof.proofs import NotProvable, consistency_text, inclusion_text
from crm.proof.schemas import schema_of, versions
from crm.proof.selected import Selected
from domain.base import Refused
from projections import tree
from projections.merkle import Nodes, frontier_at, root_at

README = Path(__file__).with_name("bundle.txt")

Step = Callable[[int, int], None]
"""(events packed, events in all)"""


class Bundled(NamedTuple):
    """What went in: events, the first and last position, the size of the checkpoint it rests on, and the keys to note.

    `unproved` are proofs that do not lead to what was signed, so that they are not in the bundle: the ledger is damaged.
    """

    kind: str
    events: int
    first: int
    last: int
    size: int
    keys: list[str]
    unproved: list[str]


class NoCheckpoint(Refused):
    """Nothing was signed yet that a bundle could rest on."""

    def __init__(self) -> None:
        super().__init__(
            "bundle.unsigned",
            "还没有签署过检查点，请先运行 crm audit checkpoint。",
            "Nothing was signed yet: run crm audit checkpoint first.",
        )


def write(
    crm: Ledger,
    file: IO[bytes],
    *,
    lead: UUID | None = None,
    recorded_from: date | None = None,
    recorded_to: date | None = None,
    signed: Stored | None = None,
    step: Step = lambda _done, _all: None,
) -> Bundled:
    """Pack one lead, what was recorded in some days (both included), or everything, as far as the checkpoint `signed` goes.

    None: the latest. The same selection and checkpoint give the same bytes. Sealed texts stay sealed; nothing is held in
    memory as a whole. Of a damaged ledger a bundle is made too, which shows it. Raises NoCheckpoint, Unknown, Refused.
    """
    with crm.pool.connection() as conn:
        signed = signed or checkpoint.latest(conn)
        if signed is None:
            raise NoCheckpoint
        if lead:
            chosen = selected.of_lead(conn, lead, signed.size)
        elif recorded_from or recorded_to:
            chosen = selected.recorded(conn, recorded_from, recorded_to, signed.size)
        else:
            chosen = selected.whole(conn, signed.size)
        return _Bundle(conn, Packed(file), signed, chosen, step).write()


class _Bundle:
    """One bundle in the making."""

    def __init__(self, conn: Connection[Any], packed: Packed, signed: Stored, chosen: Selected, step: Step) -> None:
        self._conn, self._packed, self._signed, self._chosen, self._step = conn, packed, signed, chosen, step
        self._nodes: Nodes = tree.stored(conn)
        self._count = 0
        self._positions: list[int] = []
        self._unproved: list[str] = []
        self._stored: set[tuple[str, int]] = set()

    def write(self) -> Bundled:
        self._packed.add("README.txt", README.read_bytes())
        self._packed.add("verify.py", Path(offline.__file__).read_bytes())
        self._packed.stream("events.jsonl", self._events())
        self._about()
        self._schemas()
        keys = [str(key.verifier) for key in signing.keys(self._conn)]
        self._packed.add("keys.txt", "".join(f"{key}\n" for key in keys))
        self._grown()
        self._included()
        self._packed.close()
        chosen = self._chosen
        return Bundled(chosen.kind, self._count, chosen.first, chosen.last, self._signed.size, keys, self._unproved)

    def _events(self) -> Iterator[bytes]:
        kind, ends = self._chosen.kind, (self._chosen.first, self._chosen.last)
        total = ends[1] - ends[0] + 1
        for row, previous in self._chosen.rows():
            self._count += 1
            self._stored.add((row.topic, row.schema))
            if kind == "lead" or (kind == "recorded" and row.position in ends):
                self._positions.append(row.position)
            if self._count % 1000 == 0:
                self._step(self._count, total)
            yield f"{exports.line(row, row.data, previous)}\n".encode()
        self._step(self._count, self._count)

    def _about(self) -> None:
        body = Body.parse(Note.parse(self._signed.note).text)
        self._json(
            "bundle.json",
            {
                "format": offline.FORMAT,
                "origin": body.origin,
                "size": self._signed.size,
                "selection": self._chosen.said,
                "events": self._count,
                "first": self._chosen.first,
                "last": self._chosen.last,
                "made_with": f"landfall-crm {version('landfall-crm')}",
            },
        )

    def _schemas(self) -> None:
        for topic, number in sorted(self._stored):
            self._json(f"schemas/{topic}.v{number}.json", schema_of(topic, number))
        self._json("schemas/versions.json", versions(self._stored))

    def _grown(self) -> None:
        """The checkpoints, each shown to be the beginning of the next."""
        found = checkpoints(self._conn, self._signed)
        for one in found:
            self._packed.add(f"checkpoints/{one.size:012}-{one.key}.txt", one.note)
        sizes = {one.size: one for one in found}
        for old, new in zip(sorted(sizes), sorted(sizes)[1:], strict=False):
            self._begins(old, partial(sizes.__getitem__, old), sizes[new])
        last = self._chosen.last
        if self._chosen.kind == "recorded" and last not in sizes:
            self._begins(last, lambda: self._signed._replace(size=last, root=root_at(last, self._nodes)), self._signed)

    def _begins(self, size: int, old: Callable[[], Stored], new: Stored) -> None:
        name = f"consistency/{size:012}-{new.size:012}.txt"
        self._proved(name, lambda: consistency_text(self._conn, old(), new, self._nodes))

    def _included(self) -> None:
        if self._chosen.kind == "recorded":
            self._proved("proofs/before.txt", self._before)
        for position in self._positions:
            text = partial(inclusion_text, self._conn, position, self._signed, self._nodes)
            self._proved(offline.proof_name(position), text)

    def _before(self) -> str:
        peaks = frontier_at(self._chosen.first - 1, self._nodes).peaks
        return "".join(f"{base64.b64encode(one).decode()}\n" for one in peaks)

    def _proved(self, name: str, text: Callable[[], str]) -> None:
        try:
            self._packed.add(name, text())
        except (NotProvable, tree.MissingEvent):
            self._unproved.append(name)

    def _json(self, name: str, content: Any) -> None:
        self._packed.add(name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
