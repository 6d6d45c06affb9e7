"""By what contact persons are found: pairs of signs of their names, whole telephone numbers and e-mail addresses, keyed.

HMAC-SHA-256 cut to 64 bits. Who has the tables and not the key can tell which rows have a pair in common, not which.
What is looked for travels in addresses as a token of such signs, never as it was typed.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator

from projections.names import folded, printable

SHORTEST_NUMBER = 7
SIGNS_AT_MOST = 100
_BYTES = 8
_BETWEEN_NUMBERS = re.compile(r"[/,;，；、\n]|\s{2,}")
_NUMBER = re.compile(r"[\d+\-‐–()（）.\s]+")


def grams(key: bytes, name: str, phone: str | None, email: str | None) -> list[int]:
    """What is kept of one person."""
    signs = {*_of_name(name), *_of_phones(phone or ""), *_of_email(email or "")}
    return sorted(_keyed(key, signs))


def asked(key: bytes, text: str) -> list[int]:
    """What must be among a person's for `text` to mean them; nothing where it is too short to look for."""
    words = printable(text).split()
    if _NUMBER.fullmatch(text):
        signs = set(_of_phones(text))
    elif len(words) == 1 and (address := set(_of_email(text))):
        signs = address
    else:
        signs = {sign for word in words for sign in _of_name(word)}
    return sorted(_keyed(key, signs))


def token(signs: Iterable[int]) -> str:
    """Signs as they stand in an address."""
    content = b"".join(sign.to_bytes(_BYTES, signed=True) for sign in signs)
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def signs_of(text: str) -> tuple[int, ...]:
    """The signs in a token. Raises ValueError for what is none."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
    if not content or len(content) % _BYTES or len(content) > _BYTES * SIGNS_AT_MOST:
        raise ValueError(text)
    return tuple(
        int.from_bytes(content[place : place + _BYTES], signed=True) for place in range(0, len(content), _BYTES)
    )


def _of_name(name: str) -> Iterator[str]:
    plain = folded(name)
    yield from (f"name {plain[place : place + 2]}" for place in range(len(plain) - 1))


def _of_phones(text: str) -> Iterator[str]:
    for part in _BETWEEN_NUMBERS.split(text):
        if _NUMBER.fullmatch(part):
            digits = re.sub(r"\D", "", part)
            digits = digits.removeprefix("0086")
            digits = digits.removeprefix("86") if len(digits) > 11 else digits  # noqa: PLR2004 - a mobile number has 11
            if len(digits) >= SHORTEST_NUMBER:
                yield f"phone {digits}"


def _of_email(text: str) -> Iterator[str]:
    if "@" in text:
        yield f"email {folded(text)}"


def _keyed(key: bytes, signs: Iterable[str]) -> Iterator[int]:
    for sign in signs:
        yield int.from_bytes(hmac.digest(key, sign.encode(), hashlib.sha256)[:_BYTES], signed=True)
