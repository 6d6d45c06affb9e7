"""The audit bundle, taken out through the browser: one lead's records or those of a period, with all that proves them."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO, Any, Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from crm.proof import bundle
from domain.base import Refused
from web.session import Crm, Posted

router = APIRouter()
_BLOCK: Final = 1 << 16
MOST_DAYS: Final = 366
"""The longest period that a browser is kept waiting for; the command has no such bound."""


@router.post("/audit/bundle", name="audit.bundle")
def packed(crm: Crm, posted: Posted) -> Response:
    """Packed to the end before the first byte is sent: what cannot be proved is refused, and no half file handed out."""
    asked = _lead(posted) or _period(posted)
    with ExitStack() as kept:
        file = kept.enter_context(TemporaryFile())
        made = bundle.write(crm, file, **asked)
        kept.pop_all()  # closed once it is sent
    name = f"landfall-{made.kind}-{made.first}-{made.last}.zip"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Content-Length": str(file.seek(0, SEEK_END))}
    file.seek(0)
    return StreamingResponse(_sent(file), media_type="application/zip", headers=headers)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block


def _lead(posted: Any) -> dict[str, Any]:
    text = str(posted.get("lead", "")).strip()
    if not text:
        return {}
    try:
        return {"lead": UUID(text)}
    except ValueError:
        raise Refused("bundle.lead", "没有这条线索。", "There is no such lead.", field="lead") from None


def _period(posted: Any) -> dict[str, Any]:
    first, last = (_day(str(posted.get(name, "")).strip()) for name in ("recorded_from", "recorded_to"))
    if first is None or last is None or last < first:
        raise Refused(
            "bundle.period", "请写明从哪天到哪天录入的记录。", "Say from which day to which day the records were entered.",
            field="recorded_from",
        )  # fmt: skip
    if (last - first).days > MOST_DAYS:
        raise Refused(
            "bundle.long", "一次最多取一年；全部记录请用命令 crm audit bundle。",
            "At most a year at a time; for everything use the command crm audit bundle.", field="recorded_to",
        )  # fmt: skip
    return {"recorded_from": first, "recorded_to": last}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
