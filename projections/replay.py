"""All read models as they stood at an earlier position: a schema beside the live one, which nobody may write to.

What is known of a replay stands in the comment of its schema: it comes and goes with it, and a build that was broken
off is seen by what the comment lacks.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from psycopg import Connection

from projections.beside import LONGEST_NAME, RebuildFailed
from projections.engine import ReadModel, q

MARK: Final = "__replay_"
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
KIND: Final = "landfall replay"


class Replay(NamedTuple):
    """A replay: events up to `position`, the last of them of `recorded_at`; it is looked at as on `day`.

    `made_at` is None while it is being built, and for ever when that was broken off.
    """

    name: str
    schema: str
    position: int
    day: date
    recorded_at: datetime
    made_at: datetime | None
    shape: str
    bytes: int

    def outdated(self, models: Iterable[ReadModel]) -> bool:
        """Whether another version of the product made it: its tables are not those that pages ask."""
        return self.shape != shape_of(models)


class Cut(NamedTuple):
    """Where a replay ends: the position of its last event, and the day on which that was all that was known."""

    position: int
    day: date


def schema_for(live: str, name: str) -> str:
    """The schema of the replay of that name. Raises RebuildFailed for a name that cannot be one."""
    room = LONGEST_NAME - len(live) - len(MARK)
    if not NAME.fullmatch(name) or len(name) > room:
        raise RebuildFailed(
            f"回放名称须以小写字母开头，只含小写字母、数字、下划线，最多 {room} 个字符 · The name of a replay begins with a "
            f"small letter and has small letters, digits and underscores only, {room} at most."
        )
    return f"{live}{MARK}{name}"


def shape_of(models: Iterable[ReadModel]) -> str:
    """A fingerprint of the tables of all these read models."""
    return hashlib.sha256("\n".join(f"{model.name} {model.shape}" for model in models).encode()).hexdigest()[:16]


def listed(conn: Connection[Any], live: str) -> list[Replay]:
    """Every replay of that district, those latest in the ledger first; broken-off ones too."""
    rows = conn.execute(q["replays"], {"start": f"{live}{MARK}"}).fetchall()
    found = [one for row in rows if (one := read(live, *row))]
    return sorted(found, key=lambda one: (-one.position, one.name))


def find(conn: Connection[Any], live: str, name: str) -> Replay | None:
    """The finished replay of that name."""
    if not NAME.fullmatch(name):
        return None
    row = conn.execute(q["replay"], {"schema": f"{live}{MARK}{name}"}, prepare=True).fetchone()
    found = read(live, *row) if row else None
    return found if found and found.made_at else None


def read(live: str, schema: str, comment: str | None, size: int) -> Replay | None:
    """None for a schema that is none of our replays, whatever it is called."""
    try:
        said = json.loads(comment or "")
    except ValueError:
        return None
    if not isinstance(said, dict) or (said.get("kind"), said.get("of")) != (KIND, live):
        return None
    return Replay(
        schema.removeprefix(f"{live}{MARK}"), schema, said["position"], date.fromisoformat(said["day"]),
        datetime.fromisoformat(said["recorded_at"]),
        datetime.fromisoformat(said["made_at"]) if said["made_at"] else None, said["shape"], size,
    )  # fmt: skip


def said_of(live: str, replay: Replay) -> str:
    """The comment of its schema, which `read` understands."""
    return json.dumps({
        "kind": KIND, "of": live, "position": replay.position, "day": replay.day.isoformat(),
        "recorded_at": replay.recorded_at.isoformat(), "shape": replay.shape,
        "made_at": replay.made_at.isoformat() if replay.made_at else None,
    })  # fmt: skip
