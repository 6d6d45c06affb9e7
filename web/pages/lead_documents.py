"""Files attached to a lead: sent up with size and kind checked, given back only to those who may read the lead."""

from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from crm.application import Unknown
from domain.base import Refused, Text
from web.commands import by, done
from web.html import fragment, url_for
from web.pages.lead import context
from web.pages.lead_access import changeable, readable
from web.session import Crm, Posted, Who

router = APIRouter()


@router.post("/leads/{id}/documents", name="lead.documents")
def attach(request: Request, id: UUID, crm: Crm, viewer: Who, posted: Posted) -> Response:
    """Attach one file. What is wrong with it is said beside the button."""
    lead = changeable(crm, viewer, id)
    try:
        name, content = _file(posted)
        answer = crm.attach(by(viewer, posted), id, name, content)
    except Refused as refusal:
        around: dict[str, Any] = {
            **context(request, crm, viewer, lead),
            "upload_error": refusal.text,
            "upload_command": uuid4(),
        }
        return fragment(request, "lead/page.html", "documents", status=422, **around)
    return done(request, answer, url_for(request, "lead", id=id), Text("附件已上传。", "Document attached."))


def _file(posted: Any) -> tuple[str, bytes]:
    upload = posted.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Refused("document.none", "请先选择文件。", "Choose a file first.", field="file")
    return upload.filename, upload.file.read()


@router.get("/leads/{id}/documents/{sha256}", name="lead.document")
def document(id: UUID, sha256: str, crm: Crm, viewer: Who) -> Response:
    """The file itself, always to be saved, never shown: nothing that was uploaded runs in a page of ours."""
    lead = readable(crm, viewer, id)
    if sha256 not in lead.documents:
        raise Unknown
    name, media_type, content = crm.document(id, sha256)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)
