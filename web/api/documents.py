"""Files of a lead: sent as multipart, fetched by their fingerprint, only by those who may read the lead."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from crm.application import Unknown
from domain.base import Refused
from web.api.command import Acting, Recorded, recorded
from web.api.problems import COMMAND, READ_ONE
from web.api.reading import Read, caught_up
from web.pages.lead_access import changeable, readable
from web.session import Crm, Who

router = APIRouter(tags=["leads"])
SCHEMA = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream", "minLength": 1}},
}
FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "contentEncoding": "binary"}}}}


async def _file(request: Request) -> tuple[str, bytes]:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(415)
    async with request.form(max_files=1, max_fields=5) as posted:
        sent = posted.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise Refused("document.none", "请附上文件。", "Send a file.", field="file")
        return sent.filename, await sent.read()


@router.post(
    "/leads/{id}/documents", name="api.lead.documents", response_model=Recorded, responses=COMMAND,
    summary="上传附件 · Attach document",
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": SCHEMA}}}},
)  # fmt: skip
def attach(
    response: Response, id: UUID, crm: Crm, viewer: Who, who: Acting, file: Annotated[tuple[str, bytes], Depends(_file)]
) -> dict[str, Any]:
    changeable(crm, viewer, id)
    return recorded(crm, response, crm.attach(who, id, *file))


@router.get(
    "/leads/{id}/documents/{sha256}", name="api.lead.document", responses={**READ_ONE, 200: FILE},
    response_class=Response, summary="下载附件 · Fetch a document",
)  # fmt: skip
def document(
    id: UUID, sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], crm: Crm, viewer: Who,
    query: Annotated[Read, Query()],
) -> Response:  # fmt: skip
    caught_up(crm, query)
    if sha256 not in readable(crm, viewer, id).documents:
        raise Unknown
    name, media_type, content = crm.document(id, sha256)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media_type, headers=headers)
