"""A zip file whose bytes depend on its members alone, with the SHA-256 of each in MANIFEST (as `sha256sum -c` reads it)."""

import hashlib
from collections.abc import Iterable
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MANIFEST = "MANIFEST"
_MADE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16


class Packed:
    """Written member by member; `close` adds the manifest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)
        self.digests: dict[str, str] = {}

    def add(self, name: str, content: str | bytes) -> None:
        self.stream(name, [content.encode() if isinstance(content, str) else content])

    def stream(self, name: str, parts: Iterable[bytes]) -> None:
        """A member that need not be in memory as a whole."""
        digest = hashlib.sha256()
        with self._zip.open(_info(name), "w", force_zip64=True) as member:
            for part in parts:
                digest.update(part)
                member.write(part)
        self.digests[name] = digest.hexdigest()

    def close(self) -> None:
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.digests.items()))
        with self._zip.open(_info(MANIFEST), "w") as member:
            member.write(listed.encode())
        self._zip.close()


def _info(name: str) -> ZipInfo:
    """Nothing in it of the moment or the machine."""
    info = ZipInfo(name, _MADE)
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, _UNIX, _READABLE
    return info
