"""What a channel's forms offer to choose from, and the values they open with."""

from typing import Any

from psycopg import Connection

from crm.application import CRM
from domain.base import Text
from domain.channel import Channel
from projections import channels, people
from web.fields import Choice, Picks


def picks(conn: Connection[Any]) -> dict[str, list[Choice]]:
    """The open centres and the people at work."""
    return {
        "channel": [_named(row.id, row.name) for row in channels.listed(conn, closed=False) if not row.occasion],
        "person": [_named(row.id, row.name, row.login) for row in people.listed(conn)],
    }


def offers(crm: CRM, channel: Channel) -> Picks:
    """The same for one channel: whoever is posted there comes first, to be withdrawn."""
    with crm.pool.connection() as conn:
        found = picks(conn)
        names = people.names(conn)
    posted = sorted(channel.posted, key=lambda person: names.get(person, ""))
    here = [_named(person, names.get(person, "—")) for person in posted]
    found["person"] = here + [choice for choice in found["person"] if choice.value not in {one.value for one in here}]
    return found


def values(crm: CRM, channel: Channel) -> dict[str, Any]:
    """What is known of the channel, by the names its forms use."""
    with crm.pool.connection() as conn:
        row = channels.one(conn, channel.id)
    if row is None:
        return {"name": channel.name}
    known = {**row._asdict(), "reference": row.report, "note": crm.open(row.note) if row.note else None}
    return {name: value for name, value in known.items() if value is not None}


def _named(id: Any, name: str, note: str = "") -> Choice:
    return Choice(str(id), Text(name, name), note)
