"""核验 Landfall 审计包：只用本文件和 Python 3.9 以上自带的库，不联网，不改动任何文件。

Verifies an audit bundle of Landfall with this one file and Python's own library (3.9 or later), offline. It only reads.

    python verify.py BUNDLE.zip [--key VKEY] [--checkpoint FILE]

The bundle brings the public keys it is signed with. Whoever made it up could have made those up too: get the key from
the district itself once, keep it, and give it with --key. A checkpoint kept outside (a file that was sent to you on
some earlier day) given with --checkpoint shows that what the bundle rests on is that ledger, grown.
The formats are public: RFC 8032 (Ed25519), RFC 9162 §2.1 (Merkle trees), c2sp.org/signed-note, tlog-checkpoint and
tlog-proof; the chain is written down in README.txt.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, NamedTuple

FORMAT = "landfall-bundle/1"
SHOWN = 20
SHANGHAI = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
GENESIS = bytes(32)
DATA = ', "data": '
MERGERS = {"lead.merged": "into", "lead.absorbed": "absorbed"}


class Wrong(Exception):
    """Something in the bundle does not hold: where, and why in both languages."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        super().__init__(f"{where}：{zh} · {en}")


# ── Ed25519, verification only (RFC 8032 §5.1) ──────────────────────────────────────────────────────────────────────

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
I = pow(2, (P - 1) // 4, P)  # noqa: E741 - its name in the RFC
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def decompressed(encoded: bytes) -> Point | None:
    """The point that 32 bytes stand for (§5.1.3); None where they stand for none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def compressed(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def added(one: Point, other: Point) -> Point:
    """§5.1.4."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def doubled(point: Point) -> Point:
    """§5.1.4."""
    a, b = point[0] * point[0] % P, point[1] * point[1] % P
    h = a + b
    e, g = h - (point[0] + point[1]) ** 2 % P, a - b
    f = 2 * point[2] * point[2] % P + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def combined(one: int, point: Point, two: int, other: Point) -> Point:
    """The sum one · point + two · other, with the doublings done once for both."""
    table = (None, point, other, added(point, other))
    total: Point = (0, 1, 1, 0)
    for bit in reversed(range(max(one.bit_length(), two.bit_length()))):
        total = doubled(total)
        term = table[(one >> bit & 1) + 2 * (two >> bit & 1)]
        total = added(total, term) if term else total
    return total


def base_point() -> Point:
    point = decompressed((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    if point is None:
        raise ArithmeticError
    return point


BASE = base_point()


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature of the message is the key's (§5.1.7)."""
    key = decompressed(public) if len(public) == 32 else None  # noqa: PLR2004
    if key is None or len(signature) != 64 or decompressed(signature[:32]) is None:  # noqa: PLR2004
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus = (P - key[0], key[1], 1, P - key[3])
    return compressed(combined(s, BASE, k, minus)) == signature[:32]


# ── Merkle trees (RFC 9162 §2.1) ────────────────────────────────────────────────────────────────────────────────────


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(index: int, size: int, entry: bytes, proof: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (§2.1.3.2); None for a proof of the wrong length."""
    at, last, found = index, size - 1, leaf(entry)
    for one in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node(one, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, one)
        at, last = at >> 1, last >> 1
    return found if last == 0 and index < size else None


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves begins with that of `old` (§2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return False
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node(one, before), node(one, after)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            after = node(after, one)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


class Tree:
    """A tree that grows by a leaf at a time: the complete subtrees it is made of, the largest first."""

    def __init__(self, size: int, peaks: Sequence[bytes]) -> None:
        self.size, self.peaks = size, list(peaks)

    def grow(self, entry: bytes) -> None:
        found, rest = leaf(entry), self.size
        while rest & 1:
            found, rest = node(self.peaks.pop(), found), rest >> 1
        self.peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        found = self.peaks[-1]
        for one in reversed(self.peaks[:-1]):
            found = node(one, found)
        return found


# ── signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) ───────────────────────────────────


class Key(NamedTuple):
    name: str
    id: bytes
    public: bytes
    text: str


class Checkpoint(NamedTuple):
    """That many events had that root; `signers` are the known keys that say so."""

    where: str
    origin: str
    size: int
    root: bytes
    recorded_at: str
    note: str
    signers: tuple[Key, ...]


def unbase64(text: str, where: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content or base64.b64encode(content).decode() != text:
        raise Wrong(where, f"不是 base64：{text[:40]}", f"not base64: {text[:40]}")
    return content


def key_of(text: str, where: str) -> Key:
    """A key written `name+id+base64(0x01 public key)`; its id must be that of its content."""
    name, _, rest = text.strip().partition("+")
    id_, _, encoded = rest.partition("+")
    content = unbase64(encoded, where)
    digest = hashlib.sha256(name.encode() + b"\n" + content).digest()[:4]
    if len(content) != 33 or content[0] != 1 or digest.hex() != id_:  # noqa: PLR2004
        raise Wrong(where, f"公钥与其编号不符：{text[:60]}", f"the key is not the one its id names: {text[:60]}")
    return Key(name, digest, content[1:], text.strip())


def checkpoint_of(note: str, keys: Iterable[Key], where: str) -> Checkpoint:
    """What a note says, and which of the keys have signed it. A known key's signature that does not hold is wrong."""
    text, blank, lines = note.rpartition("\n\n")
    body = (text + "\n").split("\n")
    if not blank or len(body) < 4 or not re.fullmatch("[1-9][0-9]*", body[1]):  # noqa: PLR2004
        raise Wrong(where, "不是签名的检查点", "not a signed checkpoint")
    root = unbase64(body[2], where)
    known = {(key.name, key.id): key for key in keys}
    signers = []
    for line in lines.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        content = unbase64(encoded, where)
        key = known.get((name, content[:4]))
        if dash != "\u2014" or (key and not ed25519(key.public, (text + "\n").encode(), content[4:])):
            raise Wrong(where, f"{name} 的签名不成立", f"the signature of {name} does not hold")
        signers += [key] if key else []
    recorded = next((line[12:] for line in body[3:] if line.startswith("recorded_at ")), "")
    return Checkpoint(where, body[0], int(body[1]), root, recorded, note, tuple(signers))


# ── the chain of events ─────────────────────────────────────────────────────────────────────────────────────────────


class Event(NamedTuple):
    """One line of events.jsonl; `data` is the exact text that is hashed."""

    where: str
    said: dict[str, Any]
    data: str
    position: int
    recorded_at: datetime
    previous: bytes
    hash: bytes


FIELDS: dict[str, Any] = {
    "position": int, "stream": str, "version": int, "type": str, "schema": int, "occurred_on": str, "recorded_at": str, "actor": str,
    "role": str, "command": str, "origin": (str, type(None)), "previous": str, "hash": str, "data": dict,
}  # fmt: skip


def event_of(line: str, number: int) -> Event:
    where = f"events.jsonl:{number}"
    try:
        said = json.loads(line, object_pairs_hook=once)
        where += f" (position {said['position']})"
        data = line[line.index(DATA) + len(DATA) : line.rindex("}")]
        sound = list(said) == list(FIELDS) and all(isinstance(said[name], kind) for name, kind in FIELDS.items())
        sound = sound and json.loads(data) == said["data"] and written(said, data) == line
        moment = datetime.fromisoformat(said["recorded_at"])
        previous, own = bytes.fromhex(said["previous"]), bytes.fromhex(said["hash"])
    except (ValueError, KeyError, TypeError, RecursionError):
        sound = False
    if not sound:
        raise Wrong(where, "这一行读不懂", "this line cannot be read")
    return Event(where, said, data, said["position"], moment, previous, own)


def written(said: dict[str, Any], data: str) -> str:
    """The one way in which that line can be written: what is not hashed as it stands must not vary either."""
    moment = datetime.fromisoformat(said["recorded_at"]).astimezone(timezone.utc)
    once_more = {"occurred_on": date.fromisoformat(said["occurred_on"]).isoformat(), "recorded_at": moment.isoformat()}
    once_more.update(
        (name, str(uuid.UUID(said[name]))) for name in ("stream", "actor", "command", "origin") if said[name]
    )
    once_more.update((name, bytes.fromhex(said[name]).hex()) for name in ("previous", "hash"))
    head = {name: once_more.get(name, value) for name, value in said.items() if name != "data"}
    return f"{json.dumps(head, ensure_ascii=False)[:-1]}{DATA}{data}}}\n"


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON in which no name comes twice: else people and programs might read different values."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError(pairs)
    return dict(pairs)


def link(event: Event) -> bytes:
    """The hash of an event: SHA-256 over its fields, each with its length in four bytes before it."""
    try:
        return hashlib.sha256(b"".join(len(one).to_bytes(4, "big") + one for one in hashed(event))).digest()
    except (ValueError, OverflowError, AttributeError):
        raise Wrong(event.where, "字段的值不可能", "a field has an impossible value") from None


def hashed(event: Event) -> tuple[bytes, ...]:
    said = event.said
    elapsed = event.recorded_at - EPOCH
    micros = (elapsed.days * 86400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds
    day = date.fromisoformat(said["occurred_on"]).toordinal() - date(1970, 1, 1).toordinal()
    return (
        event.previous,
        event.position.to_bytes(8, "big"),
        micros.to_bytes(8, "big"),
        uuid.UUID(said["stream"]).bytes,
        said["version"].to_bytes(4, "big"),
        said["type"].encode(),
        said["schema"].to_bytes(4, "big"),
        day.to_bytes(4, "big", signed=True),
        uuid.UUID(said["actor"]).bytes,
        said["role"].encode(),
        uuid.UUID(said["command"]).bytes,
        uuid.UUID(said["origin"]).bytes if said["origin"] else b"",
        event.data.encode(),
    )


# ── the bundle ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Bundle:
    """Members by name: of the zip file, or of the folder it was unpacked into."""

    def __init__(self, path: Path) -> None:
        self.folder = path if path.is_dir() else None
        if self.folder:
            self.names = sorted(one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())
        else:
            self.archive = zipfile.ZipFile(path)
            self.names = self.archive.namelist()
        if len(set(self.names)) != len(self.names):
            raise Wrong(str(path.name), "同名文件出现两次", "a member is in it twice")

    def under(self, folder: str) -> list[str]:
        return sorted(name for name in self.names if name.startswith(folder + "/"))

    def lines(self, name: str) -> Iterator[bytes]:
        if name not in self.names:
            raise Wrong(name, "缺少这个文件", "this member is missing")
        try:
            with (self.folder / name).open("rb") if self.folder else self.archive.open(name) as file:
                yield from file
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
            raise Wrong(name, "压缩内容已损坏", "its compressed content is damaged") from None

    def text(self, name: str) -> str:
        try:
            return b"".join(self.lines(name)).decode()
        except UnicodeDecodeError:
            raise Wrong(name, "不是 UTF-8 文本", "not UTF-8") from None

    def object(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads(self.text(name), object_pairs_hook=once)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise Wrong(name, "不是 JSON 对象", "not a JSON object")
        return found

    def digest(self, name: str) -> str:
        found = hashlib.sha256()
        for line in self.lines(name):
            found.update(line)
        return found.hexdigest()


class Verification:
    """What is known so far, and what was found: `wrong` stays empty where everything holds."""

    def __init__(self, bundle: Bundle, pinned: Sequence[Key], outside: Sequence[Checkpoint]) -> None:
        self.bundle, self.pinned, self.outside = bundle, list(pinned), list(outside)
        self.checked: list[str] = []
        self.wrong: list[str] = []
        self.about: dict[str, Any] = {}
        self.kind = ""
        self.keys: list[Key] = list(pinned)
        self.believed: list[Key] = list(pinned)
        self.checkpoints: list[Checkpoint] = []
        self.by_note: dict[str, Checkpoint] = {}
        self.roots: dict[int, bytes] = {}
        self.hashes: dict[int, bytes] = {}
        self.versions: dict[str, int] = {}
        self.schemas: dict[str, tuple[set[str], set[str]]] = {}
        self.last: Event | None = None
        self.tree: Tree | None = None
        self.count = self.sealed = 0

    def run(self) -> None:
        self.attempt(self.manifest)
        self.attempt(self.selection)
        if not self.kind:
            return
        for step in (self.public_keys, self.signatures, self.events, self.growth, self.inclusions):
            self.attempt(step)
        for one in self.outside:
            self.attempt(self.held_against, one)

    def attempt(self, step: Callable[..., None], *given: Any) -> None:
        """Note what is wrong, and go on with what else can be looked at."""
        try:
            step(*given)
        except Wrong as wrong:
            self.wrong.append(str(wrong))

    def fault(self, where: str, zh: str, en: str) -> None:
        self.wrong.append(str(Wrong(where, zh, en)))

    def holds(self, zh: str, en: str) -> None:
        self.checked.append(f"{zh} · {en}")

    def manifest(self) -> None:
        listed = {}
        for line in self.bundle.text("MANIFEST").splitlines():
            digest, _, name = line.partition("  ")
            listed[name] = digest
        before = len(self.wrong)
        for name in sorted({*listed, *self.bundle.names} - {"MANIFEST"}):
            self.attempt(self.as_listed, name, listed.get(name))
        if len(self.wrong) == before:
            self.holds(f"{len(listed)} 个文件与清单 MANIFEST 一致", f"{len(listed)} members are as MANIFEST lists them")

    def as_listed(self, name: str, digest: str | None) -> None:
        if digest is None:
            raise Wrong(name, "清单里没有这个文件", "MANIFEST does not list this member")
        if self.bundle.digest(name) != digest:
            raise Wrong(name, "内容与清单 MANIFEST 不符", "it is not what MANIFEST says")

    def selection(self) -> None:
        """What the bundle says it is; without that nothing in it can be placed."""
        said = self.bundle.object("bundle.json")
        found = said.get("selection")
        chosen: dict[str, Any] = found if isinstance(found, dict) else {}
        kind = str(chosen.get("kind"))
        kinds: dict[str, tuple[str, ...]] = {"whole": (), "lead": ("leads",), "recorded": ("from", "to")}
        numbers = [said.get(name) for name in ("size", "events", "first", "last")]
        if said.get("format") != FORMAT or kind not in kinds or any(type(one) is not int or one < 1 for one in numbers):
            raise Wrong("bundle.json", "不是本程序认识的审计包", f"not a bundle of the format {FORMAT}")
        asked = [chosen.get(name, 0) for name in kinds[kind]]
        types: tuple[type, ...] = (list,) if kind == "lead" else (str, type(None))
        if not all(isinstance(one, types) for one in asked):
            raise Wrong("bundle.json", "没有写明所选范围", "it does not say what was selected")
        self.about, self.kind = said, kind

    def public_keys(self) -> None:
        for line in self.bundle.text("keys.txt").splitlines():
            key = key_of(line, "keys.txt")
            if key not in self.keys:
                self.keys.append(key)
        self.believed = self.believed or list(self.keys)

    def signatures(self) -> None:
        for name in self.bundle.under("checkpoints"):
            self.attempt(self.read_checkpoint, name)
        self.vouch()
        good, moment = [], ""
        for one in sorted(self.checkpoints, key=lambda one: one.size):
            if not set(one.signers) & set(self.believed):
                self.fault(one.where, "没有可信密钥的签名", "signed by no key that is believed")
            elif one.origin != self.about.get("origin") or one.recorded_at < moment:
                self.fault(one.where, "账本名称或时间不对", "of another log, or earlier than one before it")
            else:
                good.append(one)
                moment = one.recorded_at
        self.checkpoints = good
        self.by_note = {one.note: one for one in good}
        if self.about["size"] not in {one.size for one in good}:
            raise Wrong("checkpoints", "缺少本包所依据的检查点", "the checkpoint that this bundle rests on is missing")
        self.holds(f"{len(good)} 个检查点的签名成立", f"the signatures of {len(good)} checkpoints hold")

    def read_checkpoint(self, name: str) -> None:
        self.checkpoints.append(checkpoint_of(self.bundle.text(name), self.keys, name))

    def vouch(self) -> None:
        """Who has signed the same checkpoint as a key that is believed is believed: so a key hands over to the next."""
        size = -1
        while size != len(self.believed):
            size = len(self.believed)
            for one in self.checkpoints:
                if set(one.signers) & set(self.believed):
                    self.believed += [key for key in one.signers if key not in self.believed]

    # ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def events(self) -> None:
        self.attempt(self.begin)
        tree = self.tree
        wanted = {one.size: one for one in self.checkpoints}
        sizes = {*wanted, *(one.size for one in self.outside), self.about["last"]}
        before = len(self.wrong)
        for number, line in enumerate(self.bundle.lines("events.jsonl"), start=1):
            if len(self.wrong) - before > SHOWN:
                raise Wrong("events.jsonl", "错误太多，不再逐条列出", "too many faults to list")
            self.attempt(self.look_at, line.decode("utf-8", "replace"), number)
            if tree and self.last and self.last.position == tree.size + 1:
                tree.grow(self.last.hash)
                if tree.size in sizes:
                    self.roots[tree.size] = tree.root()
                    self.attempt(self.as_signed, tree.size, wanted.get(tree.size))
        self.complete()
        agreed = sorted(set(wanted) & set(self.roots))
        if agreed and len(self.wrong) == before:
            zh, en = (
                f"前 {agreed[-1]} 条的树根与签名的相符",
                f"the root of the first {agreed[-1]} events is the one that was signed",
            )
            self.holds(f"重算的树根：{zh}", f"Computed anew, {en}")
        if len(self.wrong) == before:
            self.holds(
                f"{self.count} 条事件逐条重算哈希，链条不断",
                f"{self.count} events hash to what they say, and the chain holds",
            )

    def begin(self) -> None:
        """The tree before the first event of the selection; of one lead there is none to grow."""
        if self.kind == "whole":
            self.tree = Tree(0, [])
        if self.kind == "recorded":
            name, size = "proofs/before.txt", self.about["first"] - 1
            peaks = [unbase64(line, name) for line in self.bundle.text(name).splitlines()]
            if len(peaks) != bin(size).count("1"):
                raise Wrong(name, f"不是 {size} 片叶子的树", f"not of a tree of {size} leaves")
            self.tree = Tree(size, peaks)

    def look_at(self, line: str, number: int) -> None:
        self.tell(number)
        before, event = self.last, event_of(line, number)
        self.last = event
        self.count += 1
        self.sealed += event.data.count('"sealed:v1:')
        if self.kind == "lead" or event.position in (self.about["first"], self.about["last"]):
            self.hashes[event.position] = event.hash
        if link(event) != event.hash:
            raise Wrong(event.where, "内容被改动：哈希与内容不符", "changed: its hash is not that of its content")
        self.follows(before, event)
        self.belongs(event)
        self.shaped(event)

    def follows(self, before: Event | None, event: Event) -> None:
        """The one before, in the bundle, comes before in the ledger too."""
        if before is None and self.kind == "whole" and event.position != 1:
            raise Wrong(event.where, "前面的事件缺失", "the events before it are missing")
        if event.position == 1 and event.previous != GENESIS:
            raise Wrong(event.where, "第一条事件之前不应有别的", "the first event follows nothing")
        if before is None:
            return
        if event.position <= before.position:
            raise Wrong(
                event.where,
                f"次序颠倒或重复（前一条是 {before.position}）",
                f"out of order, or twice (after {before.position})",
            )
        if event.position == before.position + 1 and event.previous != before.hash:
            raise Wrong(event.where, "与前一条事件接不上", "not chained to the event before it")
        if event.position > before.position + 1 and self.kind != "lead":
            gap = f"{before.position + 1}–{event.position - 1}"
            raise Wrong(event.where, f"缺少位置 {gap} 的事件", f"the events {gap} are missing")
        if event.recorded_at < before.recorded_at:
            raise Wrong(event.where, "记录时间早于前一条", "recorded before the one that precedes it")

    def belongs(self, event: Event) -> None:
        """It is of the selection, and no version of its record is left out before it."""
        chosen, stream, version = self.about["selection"], event.said["stream"], event.said["version"]
        if self.kind == "lead" and stream not in chosen["leads"]:
            raise Wrong(event.where, "不属于所选线索", "not of the lead that was asked for")
        merged = event.said["data"].get(MERGERS.get(event.said["type"], ""))
        if self.kind == "lead" and merged not in (None, *chosen["leads"]):
            raise Wrong(
                event.where, f"与它合并的线索 {merged} 不在包里", f"lead {merged}, merged with it, is not in the bundle"
            )
        day = event.recorded_at.astimezone(SHANGHAI).date().isoformat()
        if self.kind == "recorded" and not (chosen["from"] or "") <= day <= (chosen["to"] or "9"):
            raise Wrong(event.where, "不在所选日期之内", "not recorded in the days asked for")
        expected = self.versions.get(stream, version - 1 if self.kind == "recorded" else 0) + 1
        self.versions[stream] = version
        if version != expected:
            raise Wrong(event.where, f"该记录缺少第 {expected} 版", f"version {expected} of its record is missing")

    def shaped(self, event: Event) -> None:
        """Its fields are those that its schema names."""
        name = f"schemas/{event.said['type']}.v{event.said['schema']}.json"
        if name not in self.schemas:
            found = self.bundle.object(name)
            named = found.get("properties", 0), found.get("required", 0)
            if not all(isinstance(one, (dict, list)) for one in named):
                raise Wrong(name, "没有列出字段", "it does not name fields")
            self.schemas[name] = set(map(str, list(named[0]))), set(map(str, list(named[1])))
        may, must = self.schemas[name]
        if not must <= set(event.said["data"]) <= may:
            raise Wrong(event.where, f"字段与 {name} 不符", f"its fields are not those of {name}")

    def as_signed(self, size: int, one: Checkpoint | None) -> None:
        if one is not None and self.roots[size] != one.root:
            raise Wrong(
                one.where,
                f"前 {size} 条事件的树根与签名的不符",
                f"the first {size} events have another root than was signed",
            )

    def complete(self) -> None:
        last, announced = self.last.position if self.last else 0, self.about["events"]
        if (self.count, last) != (announced, self.about["last"]):
            zh, en = (
                f"应有 {announced} 条，实有 {self.count} 条",
                f"{announced} events are announced, {self.count} are here",
            )
            raise Wrong("events.jsonl", zh, en)
        if self.kind == "whole" and last != self.about["size"]:
            raise Wrong("events.jsonl", "末尾的事件缺失", "the last events are missing")
        for lead in self.about["selection"]["leads"] if self.kind == "lead" else ():
            if lead not in self.versions:
                raise Wrong("events.jsonl", f"没有线索 {lead} 的事件", f"there is no event of lead {lead}")

    # ── proofs ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def growth(self) -> None:
        """Every checkpoint is the beginning of the next, and the events looked at of the one that the bundle rests on."""
        before, sizes = len(self.wrong), sorted({one.size for one in self.checkpoints})
        for size in sizes:
            if len(self.roots_of(size)) > 1:
                self.fault(
                    "checkpoints", f"前 {size} 条有两个不同的树根", f"there are two roots of the first {size} events"
                )
        proved = set(filter(None, map(self.pair, self.bundle.under("consistency"))))
        wanted = list(zip(sizes, sizes[1:]))
        if self.kind == "recorded" and self.last and self.about["last"] != self.about["size"]:
            wanted.append((self.last.position, self.about["size"]))
        for old, new in wanted:
            if (old, new) not in proved and not {old, new} <= set(self.roots):
                where = f"consistency/{old:012}-{new:012}.txt"
                self.fault(where, "没有成立的一致性证明", "there is no consistency proof that holds")
        if wanted and len(self.wrong) == before:
            self.holds(
                f"{len(sizes)} 个检查点前后一致：账本只增不改", f"{len(sizes)} checkpoints agree: the ledger only grew"
            )

    def roots_of(self, size: int) -> set[bytes]:
        """What was signed, and what was computed, as the root of the first `size` events: one where all is well."""
        signed = {one.root for one in self.checkpoints if one.size == size}
        return signed | ({self.roots[size]} if size in self.roots else set())

    def pair(self, name: str) -> tuple[int, int] | None:
        """The sizes that a consistency proof connects; None where it does not hold."""
        try:
            head, _, note = self.bundle.text(name).partition("\n\n")
            first, *lines = head.split("\n")
            proof = [unbase64(one, name) for one in lines]
        except Wrong as wrong:
            self.wrong.append(str(wrong))
            return None
        old, new = int(first[4:]) if re.fullmatch("old [1-9][0-9]*", first) else 0, self.by_note.get(note)
        if new and any(consistent(old, root, new.size, new.root, proof) for root in self.roots_of(old)):
            return old, new.size
        self.fault(name, "一致性证明不成立", "the consistency proof does not hold")
        return None

    def inclusions(self) -> None:
        before, names = len(self.wrong), [name for name in self.bundle.under("proofs") if name.endswith(".tlog-proof")]
        needed = {} if self.kind == "whole" else dict(self.hashes)
        for name in names:
            self.attempt(self.is_included, name, needed)
        for position in sorted(needed):
            self.fault(proof_name(position), "缺少这条事件的包含证明", "the proof for this event is missing")
        if names and len(self.wrong) == before:
            self.holds(f"{len(names)} 份包含证明成立", f"{len(names)} inclusion proofs hold")

    def is_included(self, name: str, needed: dict[int, bytes]) -> None:
        head, _, note = self.bundle.text(name).partition("\n\n")
        magic, index, *hashes = [*head.split("\n"), ""][: max(2, head.count("\n") + 1)]
        position = int(index[6:]) + 1 if re.fullmatch("index (0|[1-9][0-9]*)", index) else 0
        entry = needed.pop(position, None)
        one = self.by_note.get(note)
        if magic != "c2sp.org/tlog-proof@v1" or name != proof_name(position) or entry is None or one is None:
            raise Wrong(
                name, "不是本包某条事件对某个检查点的证明", "not a proof of an event here against a checkpoint here"
            )
        if included(position - 1, one.size, entry, [unbase64(text, name) for text in hashes]) != one.root:
            raise Wrong(name, "包含证明不成立", "the inclusion proof does not hold")

    def held_against(self, one: Checkpoint) -> None:
        if not set(one.signers) & set(self.believed):
            raise Wrong(one.where, "没有可信密钥的签名", "signed by no key that is believed")
        roots = self.roots_of(one.size)
        if not roots:
            zh, en = (
                f"本包没有到第 {one.size} 条为止的树根，无从比较",
                f"the bundle knows no root of the first {one.size} events",
            )
            raise Wrong(one.where, zh, en)
        if roots != {one.root}:
            raise Wrong(one.where, "与本包矛盾：账本被改写过", "contradicts the bundle: the ledger was rewritten")
        self.holds(f"与另存的检查点一致：{one.where}", f"it agrees with the checkpoint kept outside, {one.where}")

    def tell(self, number: int) -> None:
        if number % 20000 == 0 and sys.stderr.isatty():
            sys.stderr.write(f"\r{number} / {self.about.get('events', '?')}")

    # ── what nobody can tell from a bundle ──────────────────────────────────────────────────────────────────────────

    def beyond(self) -> list[str]:
        size, kind, sealed = self.about.get("size", "?"), self.kind, self.sealed
        said = (
            (True, "所记之事是否属实：只能证明何时记下、此后未改。",
             "Whether what was recorded is true: only that it was recorded then and not changed since."),
            (True, f"第 {size} 条之后还记了什么，或其后的是否被截去。",
             f"What was recorded after event {size}, or whether it was cut off."),
            (True, "记录时间取自该区服务器的时钟。", "The moments are those of the district's own clock."),
            (True, "清单、说明、字段定义和本程序没有签名：清单只能发现无意的损坏。",
             "MANIFEST, README, schemas and this program are not signed: MANIFEST shows damage, not intent."),
            (sealed, f"{sealed} 处加密内容写的是什么：这里只有密文。",
             f"What {sealed} sealed texts say: only their ciphertext is here."),
            (kind != "whole", "本包以外的事件。", "Anything about events that are not in the bundle."),
            (kind == "lead", "该线索最后的若干条是否被略去。", "Whether the last events of that lead were left out."),
            (kind == "recorded", "首日最早、末日最晚的若干条是否被略去。",
             "Whether events were left out at the very beginning or end of those days."),
            (not self.pinned, "公钥是否真是该区的：它随包而来，请用 --key 给出另行取得的公钥。",
             "Whether the key is the district's: it came with the bundle. Give one that you got elsewhere with --key."),
            (not self.outside, "给别人看的是不是同一本账：请用 --checkpoint 给出以前收到的检查点。",
             "Whether others were shown the same ledger: give a checkpoint that you were sent before with --checkpoint."),
        )  # fmt: skip
        return [f"{zh} · {en}" for holds, zh, en in said if holds]

    def print(self) -> None:
        about = self.about
        sys.stdout.write("Landfall 审计包核验 · Verification of an audit bundle\n")
        if about:
            sys.stdout.write(
                f"  账本 log {about.get('origin')}　检查点 checkpoint {about.get('size')}　事件 events {about.get('events')}\n"
            )
        for title, lines in (
            ("有问题 · Wrong", self.wrong),
            ("已核验 · Checked", self.checked),
            ("所信公钥 · Keys believed", [key.text for key in self.believed]),
            ("这里核验不了 · What this cannot tell", self.beyond()),
        ):
            if lines:
                sys.stdout.write(f"\n{title}\n" + "".join(f"  - {line}\n" for line in lines))
        sys.stdout.write("\n结论：不通过 · FAILED\n" if self.wrong else "\n结论：通过 · PASSED\n")


def proof_name(position: int) -> str:
    return f"proofs/{position:012}.tlog-proof"


def main(arguments: Sequence[str] | None = None) -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "bundle",
        nargs="?",
        type=Path,
        default=Path(__file__).parent,
        help="审计包或解开后的文件夹 · the bundle, or its folder",
    )
    parser.add_argument(
        "--key", action="append", default=[], metavar="VKEY", help="另行取得的公钥 · a key that you got elsewhere"
    )
    parser.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="另存的检查点 · a checkpoint kept outside",
    )
    given = parser.parse_args(arguments)
    try:
        bundle = Bundle(given.bundle)
        pinned = [key_of(text, "--key") for text in given.key]
        keys = [*pinned, *(key_of(line, "keys.txt") for line in bundle.text("keys.txt").splitlines())]
        outside = [checkpoint_of(path.read_text(encoding="utf-8"), keys, str(path)) for path in given.checkpoint]
    except (Wrong, OSError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        sys.stdout.write(f"{error}\n\n结论：不通过 · FAILED\n")
        return 1
    verification = Verification(bundle, pinned, outside)
    verification.run()
    verification.print()
    return 1 if verification.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
