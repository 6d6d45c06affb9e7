"""Which records others speak of: a firm that a project is of, a lead that a service was for."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from projections.sql import Queries

q: Final = Queries(__file__)


def spoken_of(conn: Connection[Any], ids: Sequence[UUID]) -> set[UUID]:
    """Those among the ids of which records that are not among them speak, as known now."""
    return {one for (one,) in conn.execute(q["spoken_of"], {"ids": list(ids)}, prepare=False)}
