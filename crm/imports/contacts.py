"""Contact persons out of a line: one, or several where names and numbers come in equal parts."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

from domain.values import ContactPerson


def contacts_of(given: Mapping[str, Any], record: UUID) -> tuple[ContactPerson, ...]:
    """Those whom the columns `contact_…` name; their ids follow from that of the record."""
    return tuple(_persons(given, record))


def _persons(given: Mapping[str, Any], record: UUID) -> Iterator[ContactPerson]:
    texts = {key: given.get(f"contact_{key}") for key in ("name", "position", "phone", "wechat", "email")}
    if not any(texts.values()):
        return
    parts = {key: _parts(text) for key, text in texts.items() if text}
    many = {len(part) for part in parts.values() if len(part) > 1}
    size = next(iter(many)) if len(many) == 1 and len(parts.get("name", ())) in many else 1
    for place in range(size):
        one = {key: part[place] if size > 1 and len(part) == size else texts[key] for key, part in parts.items()}
        yield ContactPerson(id=uuid5(record, f"contact {place}"), **{"name": "未具名", **one})


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"\s*[、;；\n/]\s*", text) if part]
