"""A ledger's file as sheets of cells, whatever kind of file it is; what is no ledger is refused in a sentence."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from crm.imports import delimited, xlsx
from crm.imports.cells import Cell
from domain.base import Refused, Text

__all__ = ["Book", "Cell", "Sheet", "open_book"]

EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows from the very first line on, how many there are at most, and the areas merged into one cell."""

    name: str
    rows: Callable[[], Iterator[list[Cell]]]
    height: int
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


@dataclass(frozen=True)
class Book:
    """A file that was opened: `kind` is xlsx or csv, `epoch` the day its serial number 0 stands for."""

    kind: str
    sheets: Sequence[str]
    open_sheet: Callable[[str], Sheet]
    epoch: date = EPOCH_1900
    notices: Sequence[Text] = field(default=())

    def sheet(self, name: str | None = None) -> Sheet:
        """A sheet by its name, the first one without. Raises Refused for a name that is not there."""
        wanted = self.sheets[0] if name is None else name
        if wanted not in self.sheets:
            raise Refused(
                "file.no_sheet",
                "文件里没有工作表「{name}」，只有：{there}。",
                "The file has no sheet “{name}”, only: {there}.",
                field="sheet",
                name=wanted,
                there="、".join(self.sheets),
            )
        return self.open_sheet(wanted)


def open_book(source: Path | bytes, name: str, *, limit_mb: int = 200) -> Book:
    """Open a ledger. `name` is the file's own name. Raises Refused, at the field `file`."""
    data = source if isinstance(source, bytes) else _read(source, limit_mb)
    _refuse_unfit(data, name, limit_mb)
    if data.startswith(b"PK"):
        found = xlsx.opened(data)
        return Book(
            "xlsx",
            found.sheets,
            lambda wanted: Sheet(wanted, *found.sheet(wanted)),
            EPOCH_1904 if found.since_1904 else EPOCH_1900,
            found.notices,
        )
    text = delimited.decoded(data)
    lines = text.count("\n") + 1
    return Book("csv", [_stem(name)], lambda wanted: Sheet(wanted, lambda: delimited.rows(text), lines))


def _stem(name: str) -> str:
    return re.sub(r"\.\w{1,4}$", "", name.replace("\\", "/").rpartition("/")[2]) or "csv"


def _read(path: Path, limit_mb: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit_mb * 2**20 + 1)
    except OSError as error:
        raise Refused(
            "file.unreadable",
            "打不开文件 {path}：{why}",
            "Cannot open {path}: {why}",
            field="file",
            path=path,
            why=error.strerror or error,
        ) from None


def _refuse_unfit(data: bytes, name: str, limit_mb: int) -> None:
    ending = name.lower().rpartition(".")[2]
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("file.empty", "这个文件是空的。", "The file is empty.", field="file")
    if len(data) > limit_mb * 2**20:
        raise Refused(
            "file.too_large",
            "文件超过 {limit} MB，请拆分后再导入。",
            "The file is larger than {limit} MB; please split it.",
            field="file",
            limit=limit_mb,
        )
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise Refused(
            "file.encrypted",
            "文件有打开密码，请在表格软件里取消密码后再导入。",
            "The file is protected by a password; please remove it and import again.",
            field="file",
        )
    if data.startswith(_OLE) or ending in {"xls", "et", "ods", "xlsb", "pdf", "doc", "docx"}:
        raise Refused(
            "file.kind",
            "请在表格软件里另存为 .xlsx（或 CSV）后再导入。",
            "Please save it as .xlsx (or CSV) first, and import that.",
            field="file",
        )
