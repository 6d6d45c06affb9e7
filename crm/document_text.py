"""What can be read in a file, to find whom it mentions. Pictures and scans say nothing; that is said, not passed over."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

READ_AT_MOST: Final = 50 << 20
"""Bytes unpacked from one file; what lies beyond is not looked at."""

_TAG = re.compile(rb"<[^>]*>")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_CODES: Final = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_PICTURES: Final = ("image/",)
_ZIP: Final = b"PK\x03\x04"


def text_of(content: bytes, media_type: str) -> tuple[str, bool]:
    """What was read, and whether that is surely all: false for pictures and for formats whose text lies in codes."""
    if media_type.startswith(_PICTURES):
        return "", False
    if content.startswith(_ZIP):
        try:
            return "\n".join(_office(content)), True
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError):
            return "", False
    if content.startswith(b"%PDF-"):
        return "\n".join(_pdf(content)), False
    return "\n".join(_plain(content)), media_type == "text/plain"


def _office(content: bytes) -> Iterator[str]:
    """The text of every part of a DOCX, XLSX or PPTX."""
    left = READ_AT_MOST
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            if left > 0 and name.endswith((".xml", ".rels", ".txt")):
                with file.open(name) as part:
                    read = part.read(left)
                left -= len(read)
                yield _TAG.sub(b"", read).decode("utf-8", "replace")


def _pdf(content: bytes) -> Iterator[str]:
    left = READ_AT_MOST
    yield content.decode("latin-1")
    for packed in _STREAM.finditer(content):
        unpacker = zlib.decompressobj()
        try:
            read = unpacker.decompress(packed[1], max(left, 1))
        except zlib.error:
            continue
        left -= len(read)
        yield from _plain(read)
        if left <= 0:
            return


def _plain(content: bytes) -> Iterator[str]:
    for code in _CODES:
        yield content.decode(code, "ignore")
