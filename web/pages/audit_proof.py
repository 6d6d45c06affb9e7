"""What vouches for the ledger: how far everything has come, signed checkpoints, proofs for outsiders."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from crm import clock
from crm.application import Unknown
from crm.proof import checkpoint, sending, signing, trouble, verifying
from crm.proof.proofs import inclusion_text
from domain.base import Text
from projections import engine
from web.html import page, url_for
from web.pages.admin import READ_MODELS
from web.pages.audit_event import LAST
from web.session import Crm, leave_notice

router = APIRouter()
SHOWN: Final = 20
Position = Annotated[int, Path(ge=1, le=LAST)]


@router.get("/audit/checkpoints", name="audit.checkpoints")
def standing(request: Request, crm: Crm) -> Response:
    with crm.pool.connection() as conn:
        found = checkpoint.listed(conn, SHOWN + 1)
        head, states = engine.head(conn), engine.states(conn)
        keys, troubles, verified = signing.keys(conn), trouble.listed(conn), verifying.last(conn)
    return page(
        request, "audit/checkpoints.html", head=head, states=states, read_models=READ_MODELS, keys=keys,
        checkpoints=found[:SHOWN], more=len(found) > SHOWN, latest=found[0] if found else None, troubles=troubles, verified=verified,
        month=clock.today().replace(day=1),
        every=crm.settings.checkpoint_minutes, places=[place.name for place in sending.configured(crm.settings)],
    )  # fmt: skip


@router.post("/audit/checkpoints", name="audit.checkpoint")
def sign(request: Request, crm: Crm) -> Response:
    """Sign the ledger as it now is."""
    with crm.pool.connection() as conn:
        made = checkpoint.make(crm.settings, conn)
    answer = RedirectResponse(url_for(request, "audit.checkpoints"), 303)
    leave_notice(answer, Text(f"已签署前 {made.size:,} 条记录。", f"Signed: the first {made.size:,} records."))
    return answer


@router.get("/audit/checkpoints/{size}", name="audit.checkpoints.file")
def note(size: Position, crm: Crm) -> Response:
    """The signed checkpoint itself, for whoever keeps it outside."""
    with crm.pool.connection() as conn:
        found = checkpoint.of_size(conn, size)
    if found is None:
        raise Unknown
    return _text(found.note, f"checkpoint-{size}.txt")


@router.get("/audit/events/{position}/proof", name="audit.event.proof")
def proof(position: Position, crm: Crm) -> Response:
    """That the event is among those signed, for an outsider to check."""
    with crm.pool.connection() as conn:
        covering = checkpoint.covering(conn, position)
        if covering is None:
            raise Unknown
        return _text(inclusion_text(conn, position, covering), f"record-{position}.tlog-proof")


def _text(content: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return PlainTextResponse(content, headers=headers)
