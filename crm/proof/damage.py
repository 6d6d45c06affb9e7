"""What was done to a ledger whose chain does not hold: the kind of damage, told by what bears witness to each event.

A hash that does not fit says that something was changed, not what. The command log, the record of who did what, and the
links to the events around it each tell a part; a guess counts as certain only when with it the stored hash fits again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from psycopg import Connection, DataError

from crm.chain import link
from domain.base import Term, Text
from projections.stored import Recorded, read


class Damage(Term):
    """A kind of damage, in the words of a report."""

    CHANGED = "changed", "内容被改动", "Content was changed"
    CHANGED_FIELD = "changed_field", "字段被改动", "A field was changed"
    CHANGED_ACTOR = "changed_actor", "操作人被改动", "The actor was changed"
    CHANGED_RECORDED_AT = "changed_recorded_at", "记录时间被改动", "The time of recording was changed"
    CHANGED_HASH = "changed_hash", "指纹被改动", "The stored hash was changed"
    REMOVED = "removed", "记录被删除", "A row was removed"
    RENUMBERED = "renumbered", "记录被删除，其后重新编号", "A row was removed and those after it were renumbered"
    INSERTED = "inserted", "插入了记录", "A row was inserted"
    SWAPPED = "swapped", "两条记录被对调", "Two rows were swapped"
    CUT_OFF = "cut_off", "末尾被截去", "The tail was cut off"
    APPENDED = "appended", "绕过追加函数添加了记录", "A row was added behind the append function's back"
    HEAD = "head", "链尾与最后一条记录不符", "The head does not agree with the last row"
    REWRITTEN = "rewritten", "历史被改写并重新计算了链", "History was rewritten and its chain computed anew"
    OLD_BACKUP = "old_backup", "恢复过较早的备份", "An older backup was restored"
    COMMAND_LOG = "command_log", "命令记录与事件不符", "The command log does not agree with the events"
    STREAM = "stream", "流的版本不连续", "A stream's versions are not complete"
    CHECKPOINT = "checkpoint", "检查点无效", "A checkpoint is not valid"
    TREE = "tree", "默克尔树与事件不符", "The Merkle tree does not agree with the events"
    READ_MODEL = "read_model", "读模型与事件不符", "A read model does not agree with the events"
    READINGS = "readings", "查阅记录的链不完整", "The log of readings is not intact"
    RIGHTS = "rights", "数据库权限过大", "The database rights are too wide"
    APPEND = "append_function", "追加函数与本版本不符", "The append function is not this version's"
    STRUCTURE = "structure", "表的结构与本版本不符", "A table is not as this version makes it"
    UNREADABLE = "unreadable", "本版本读不懂的事件", "An event this version cannot read"


class Finding(NamedTuple):
    """One thing wrong: its kind, the first position it concerns (None: the district as a whole), and a sentence.

    `certain`: shown by a hash that fits again, not only by what other tables say.
    """

    damage: Damage
    position: int | None
    text: Text
    certain: bool = True


FIELDS: Final[Mapping[str, Text]] = {
    "recorded_at": Text("记录时间", "recorded_at"),
    "actor": Text("操作人", "actor"),
    "role": Text("角色", "role"),
    "stream": Text("流", "stream"),
    "version": Text("版本", "version"),
    "topic": Text("事件类型", "topic"),
    "occurred_on": Text("发生日期", "occurred_on"),
    "origin": Text("来源", "origin"),
    "command": Text("命令编号", "command"),
    "schema": Text("结构版本", "schema"),
}
_OWN_KIND: Final = {"actor": Damage.CHANGED_ACTOR, "recorded_at": Damage.CHANGED_RECORDED_AT}
LOOKED_THROUGH: Final = 50_000
"""How many rows after a bad one are tried for having been swapped with it."""


class Scene(NamedTuple):
    """What is found at the first bad position: the hash before it, the row there, and the row after it."""

    before: bytes
    row: Recorded
    after: Recorded | None


def diagnose(conn: Connection[Any], scene: Scene) -> Finding:
    """The likeliest kind of damage at the scene; the most telling witnesses are heard first."""
    return (
        _hash_changed(scene)
        or _field_changed(conn, scene)
        or _swapped(conn, scene)
        or _inserted(scene)
        or _renumbered(conn, scene)
        or _content_changed(scene)
    )


def _fits(before: bytes, row: Recorded, **other: Any) -> bool:
    """Whether the row's stored hash is that of the row as it would be with `other` values."""
    return link(before, row._replace(**other)) == row.hash


def _hash_changed(scene: Scene) -> Finding | None:
    """The row is as the next one knew it; only the hash stored with it is not."""
    computed = link(scene.before, scene.row)
    if scene.after is None or not _fits(computed, scene.after):
        return None
    zh = f"第 {scene.row.position} 条的内容与后一条的链相符，所存指纹却不是它的。"
    en = f"Event {scene.row.position} is what the next one was chained to, but the hash stored with it is another."
    return Finding(Damage.CHANGED_HASH, scene.row.position, Text(zh, en))


def _field_changed(conn: Connection[Any], scene: Scene) -> Finding | None:
    row = scene.row
    for name, value in _testimonies(conn, scene):
        if value != getattr(row, name) and _fits(scene.before, row, **{name: value}):
            was, now = _shown(value), _shown(getattr(row, name))
            field = FIELDS[name]
            zh = f"第 {row.position} 条的{field.zh}被改动：原为 {was}，现为 {now}。"
            en = f"Event {row.position}: {field.en} was changed from {was} to {now}."
            return Finding(_OWN_KIND.get(name, Damage.CHANGED_FIELD), row.position, Text(zh, en))
    return None


def _testimonies(conn: Connection[Any], scene: Scene) -> Iterator[tuple[str, Any]]:
    """What other tables say this row's fields were."""
    position = scene.row.position
    for query, names in _WITNESSES:
        for found in conn.execute(query, (position, position)).fetchall():
            yield from zip(names, found, strict=True)
    yield from (("origin", None), *(("schema", schema) for schema in range(1, 10)))


_ACTIVITY: Final = ("recorded_at", "actor", "role", "stream", "version", "topic", "occurred_on", "origin")
_POSSIBLE: Final = "recorded_at BETWEEN 'epoch' AND '9999-12-30'"
"""A moment that can be read at all."""
_WITNESSES: Final = (
    (f"SELECT {', '.join(_ACTIVITY)} FROM activity WHERE position IN (%s, %s) AND {_POSSIBLE}", _ACTIVITY),  # noqa: S608
    (
        f"SELECT recorded_at, actor, stream, id FROM command WHERE first <= %s AND last >= %s AND {_POSSIBLE}",  # noqa: S608
        ("recorded_at", "actor", "stream", "command"),
    ),
)


def _inserted(scene: Scene) -> Finding | None:
    """The row after it fits in this one's place."""
    row, after = scene.row, scene.after
    if after is None or not _fits(scene.before, after, position=row.position):
        return None
    zh = f"第 {row.position} 条是插入的：原来的第 {row.position} 条现在排在它之后。"
    en = f"Event {row.position} was inserted: what used to stand there now stands after it."
    return Finding(Damage.INSERTED, row.position, Text(zh, en))


def _swapped(conn: Connection[Any], scene: Scene) -> Finding | None:
    row, ahead = scene.row, None
    for other in _following(conn, row.position):
        if _changed_places(scene.before, row, other, ahead or other.hash):
            zh = f"第 {row.position} 条与第 {other.position} 条被对调。"
            en = f"Events {row.position} and {other.position} were swapped."
            return Finding(Damage.SWAPPED, row.position, Text(zh, en))
        ahead = other.hash
    return None


def _changed_places(before: bytes, row: Recorded, other: Recorded, ahead: bytes) -> bool:
    """Whether the other row fits here, and this one there (`ahead`: the hash before it), with their hashes or without."""
    placed = other._replace(position=row.position)
    if row.hash in (link(before, placed), link(before, placed._replace(recorded_at=row.recorded_at))):
        return True
    return link(before, placed) == other.hash and link(ahead, row._replace(position=other.position)) == row.hash


def _following(conn: Connection[Any], position: int) -> Iterator[Recorded]:
    after = position
    with suppress(DataError):  # a row that cannot even be read: what stands after it was not swapped
        while after < position + LOOKED_THROUGH and (rows := read(conn, after, 5000)):
            yield from rows
            after = rows[-1].position


def _renumbered(conn: Connection[Any], scene: Scene) -> Finding | None:
    """The record of who did what has another event here, and this one further on."""
    row = scene.row
    places = conn.execute(_PLACES, (row.stream, row.version)).fetchone()
    if places is None or places[0] <= row.position:
        return None
    zh = f"第 {row.position} 条原为第 {places[0]} 条：在它之前有记录被删除，其后的重新编了号。"
    en = f"Event {row.position} used to be event {places[0]}: rows before it were removed and the rest renumbered."
    return Finding(Damage.RENUMBERED, row.position, Text(zh, en), certain=False)


_PLACES: Final = "SELECT position FROM activity WHERE stream = %s AND version = %s"


def _content_changed(scene: Scene) -> Finding:
    position = scene.row.position
    zh = f"第 {position} 条的内容与链不符；其余字段均有旁证，改动的是事件内容（data），或同时改了几处。"
    en = f"Event {position} does not fit the chain: its data was changed, or several of its fields at once."
    return Finding(Damage.CHANGED, position, Text(zh, en))


def _shown(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def missing(first: int, last: int) -> Finding:
    """Rows that ought to stand from position `first` to `last` do not."""
    zh = f"第 {first} 条" if first == last else f"第 {first} 至 {last} 条"
    en = f"Event {first} is" if first == last else f"Events {first} to {last} are"
    return Finding(Damage.REMOVED, first, Text(f"{zh}不见了：被删除。", f"{en} missing: removed."))


def twice(position: int) -> Finding:
    """Another row stands at a position that is taken."""
    zh, en = (
        f"第 {position} 条出现了不止一次：插入的记录。",
        f"Event {position} is there more than once: an inserted row.",
    )
    return Finding(Damage.INSERTED, position, Text(zh, en))


def impossible(position: int, field: str) -> Finding:
    """A value stands there that no append can have written, and that cannot even be hashed."""
    kind = Damage.CHANGED_HASH if field == "hash" else _OWN_KIND.get(field, Damage.CHANGED_FIELD)
    named = FIELDS.get(field, Text(field, field))
    zh = f"第 {position} 条的{named.zh}被改成了追加函数不可能写入的值。"
    en = f"Event {position}: {named.en} was changed to what the append function can never have written."
    return Finding(kind, position, Text(zh, en))


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """By position, those about the whole district last."""
    return sorted(findings, key=lambda finding: (finding.position is None, finding.position or 0))
