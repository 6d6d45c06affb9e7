"""Signed notes (c2sp.org/signed-note) with Ed25519: a text, a blank line, and one line for each signature."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.base import Refused

ED25519 = b"\x01"
MOST_SIGNATURES = 100
_ID_BYTES = 4
_DASH = "\N{EM DASH} "
_KEY_ID = re.compile("[0-9a-f]{8}")


class BadNote(Refused):
    """Not a signed note, or none that a known key has signed."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__("note.bad", zh, en)


class VerifierKey(NamedTuple):
    """Whose signature is believed: the signer's name and public key (32 bytes)."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of a digest, by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of `name+id+key`. Raises BadNote."""
        name, _, rest = text.partition("+")
        id_, _, encoded = rest.partition("+")
        key = _bytes(encoded)
        if not (is_name(name) and _KEY_ID.fullmatch(id_) and key and key[:1] == ED25519 and len(key) == 1 + 32):
            raise BadNote("这不是公钥。", "This is not a verifier key.")
        made = cls(name, key[1:])
        if made.id.hex() != id_:
            raise BadNote("公钥与其编号不符。", "The verifier key is not the one its id names.")
        return made

    def verifies(self, signature: bytes, text: str) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Signer(NamedTuple):
    """Who signs: a name and a private key (the 32 bytes that RFC 8032 calls the seed)."""

    name: str
    seed: bytes

    @property
    def key(self) -> VerifierKey:
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> "Signature":
        return Signature(self.name, self.key.id, self._private.sign(text.encode()))

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


class Signature(NamedTuple):
    """One line under a note."""

    name: str
    id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {_base64(self.id + self.signature)}\n"


class Note(NamedTuple):
    """A text that ends its last line, and the signatures that stand under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def parse(cls, content: str | bytes) -> Self:
        """What a note says, not yet who has signed it. Raises BadNote."""
        whole = _decoded(content)
        text, blank, lines = whole.rpartition("\n\n")
        if not (blank and lines.endswith("\n")) or any(c < " " and c != "\n" for c in whole):
            raise BadNote("这不是签名文本。", "This is not a signed note.")
        signatures = tuple(map(_signature, lines[:-1].split("\n")))
        if len(signatures) > MOST_SIGNATURES:
            raise BadNote("签名过多。", "There are too many signatures.")
        return cls(text + "\n", signatures)

    def signed_by(self, known: Iterable[VerifierKey]) -> list[VerifierKey]:
        """Those of the known keys that have signed. Raises BadNote where none has, or one is said to have and has not."""
        keys = {(key.name, key.id): key for key in known}
        found: dict[VerifierKey, None] = {}
        for name, id_, signature in self.signatures:
            key = keys.get((name, id_))
            if key and not key.verifies(signature, self.text):
                raise BadNote(f"{key} 的签名不成立。", f"The signature of {key} does not hold.")
            if key:
                found[key] = None
        if not found:
            raise BadNote("没有已知密钥的签名。", "None of the known keys has signed this.")
        return list(found)


def signed(text: str, signers: Sequence[Signer]) -> Note:
    """The text, which ends its last line, signed by each in turn."""
    return Note(text, tuple(signer.sign(text) for signer in signers))


def is_name(text: str) -> bool:
    """Whether keys may be called so: no space, no plus, not nothing."""
    return bool(text) and not any(c.isspace() or c == "+" or c < " " for c in text)


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    content = _bytes(encoded)
    if not (line.startswith(_DASH) and is_name(name) and content and len(content) > _ID_BYTES):
        raise BadNote("签名行不成形。", "A signature line is not well formed.")
    return Signature(name, content[:_ID_BYTES], content[_ID_BYTES:])


def _decoded(content: str | bytes) -> str:
    try:
        return content.decode() if isinstance(content, bytes) else content
    except UnicodeDecodeError:
        raise BadNote("这不是 UTF-8 文本。", "This is not UTF-8.") from None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes | None:
    """What base64 text stands for, written in the one way it can be; None for any other."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if _base64(content) == text else None
