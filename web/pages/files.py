"""A table as a file, in the two forms that every list can be taken out in."""

from collections.abc import Iterable
from typing import Any, Final, Literal

from fastapi.responses import Response, StreamingResponse

from crm import clock, exports

FileForm = Literal["csv", "xlsx"]
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"


def file_of(name: str, form: FileForm, table: Iterable[list[exports.Value]], on: Any = None) -> Response:
    """The table as a file of that name and day, today's where none is given. CSV is sent as it is read."""
    headers = {"Content-Disposition": f"attachment; filename={name}-{on or clock.today()}.{form}"}
    if form == "csv":
        return StreamingResponse(exports.csv_lines(table), media_type=CSV, headers=headers)
    return Response(exports.xlsx(table), media_type=XLSX, headers=headers)
