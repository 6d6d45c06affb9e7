"""Keys that are generated once and kept in a file that only its owner may read."""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def kept_key(path: Path) -> bytes:
    """The 32 bytes kept at `path`; made on first use, by exactly one of several processes that ask at once."""
    if not path.exists():
        _keep(path, secrets.token_bytes(KEY_BYTES))
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def _keep(path: Path, key: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(descriptor)
    try:
        # A link, unlike a rename, does not replace the key of a process that was quicker.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
