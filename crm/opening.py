"""Finds sealed texts in whatever holds them, and puts in their place what they say."""

import base64
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm.sealed import ERASED
from projections.stored import SEALED

NONCE_BYTES = 12

_FORM = re.compile(rf"({SEALED}([0-9a-f]{{32}}):[0-9a-f]{{32}}:\d+:[^:]+):([A-Za-z0-9+/]+=*)")
"""Header, subject in it, nonce and ciphertext."""


@lru_cache(maxsize=4096)
def _subject(hexadecimal: str) -> UUID:
    """Most of what is opened together has few subjects, and reading a UUID takes longer than decrypting a text."""
    return UUID(hex=hexadecimal)


def note_subjects(value: Any, found: set[UUID]) -> None:
    """Add to `found` whose keys it takes to open `value`, however deep in dicts, lists and tuples."""
    if isinstance(value, str):
        if value.startswith(SEALED) and (form := _FORM.fullmatch(value)):
            found.add(_subject(form[2]))
    elif isinstance(value, dict):
        for inner in value.values():
            note_subjects(inner, found)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            note_subjects(inner, found)


def opened(value: Any, ciphers: Mapping[UUID, AESGCM]) -> Any:
    """`value` with every sealed text opened; ERASED where there is no cipher for it."""
    if isinstance(value, str):
        return _opened_text(value, ciphers) if value.startswith(SEALED) else value
    if isinstance(value, dict):
        return {name: opened(inner, ciphers) for name, inner in value.items()}
    if isinstance(value, list):
        return [opened(inner, ciphers) for inner in value]
    if isinstance(value, tuple):
        parts = [opened(inner, ciphers) for inner in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def _opened_text(text: str, ciphers: Mapping[UUID, AESGCM]) -> str:
    form = _FORM.fullmatch(text)
    if form is None:
        return text
    header, subject, sealed = form.groups()
    cipher = ciphers.get(_subject(subject))
    if cipher is None:
        return ERASED
    try:
        raw = base64.b64decode(sealed, validate=True)
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], header.encode()).decode()
    except (ValueError, InvalidTag):
        # Somebody typed a text that looks sealed into a field that is not; a changed event is the chain's to find.
        return text
