"""Ledgers brought in: handed in, looked over with their preview, imported in the background, undone."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from crm.access import Viewer, demand
from crm.application import CRM, Unknown
from crm.imports import jobs
from crm.imports.book import open_book
from crm.imports.choices import Choices
from crm.imports.failed import failed_name
from crm.imports.kind import Kind
from crm.imports.kinds import KINDS, USUAL, kind_of
from crm.imports.records import Record, Records
from crm.imports.template import template, template_name
from crm.imports.undoing import begin_undoing, staying
from domain.base import Refused, Text
from domain.person import Role
from projections import channels, people
from web.html import fragment, page, url_for
from web.pages.files import CSV, XLSX
from web.pages.import_choices import as_posted, kinds_for, offered
from web.session import Crm, Posted, Who, leave_notice

router = APIRouter()

WAIT: Final = 1.2
"""How many seconds a post waits for its run: a small ledger is done when the page comes back."""
_TYPES: Final = {"xlsx": XLSX, "csv": CSV}


@router.get("/imports", name="imports")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    jobs.resume(crm)
    records = Records(crm).latest(person=None if _sees_all(viewer) else viewer.id)
    with crm.pool.connection() as conn:
        names = people.names(conn)
    return page(request, "imports/list.html", records=records, names=names, kinds=KINDS)


@router.get("/imports/new", name="imports.new")
def new(request: Request, crm: Crm, viewer: Who) -> Response:
    """`?of=` says what the ledger is about."""
    return page(request, "imports/new.html", **_upload(crm, viewer, request.query_params.get("of", "")))


@router.get("/imports/templates/{of}.xlsx", name="imports.template")
def empty(of: str, viewer: Who) -> Response:
    """An empty ledger to fill in, with an example and what each column may hold."""
    kind = KINDS.get(of)
    if kind is None:
        raise Unknown
    return _download(template(kind, viewer.language), template_name(kind), XLSX)


@router.post("/imports", name="imports.upload")
def upload(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
    """Take a file in and look it over. What is no ledger is refused at once, beside the field."""
    of = str(posted.get("of") or USUAL)
    try:
        demand(viewer.may_open(kind_of(of).route))
        name, data = _file(posted.get("file"))
        kind = open_book(data, name, limit_mb=crm.settings.upload_limit_mb).kind
    except Refused as refusal:
        context = _upload(crm, viewer, of, refusal.text)
        return fragment(request, "imports/new.html", "uploading", status=422, **context)
    records, importer = Records(crm), jobs.importer(viewer, viewer.acting)
    made = records.add(importer, data, name, kind, language=viewer.language, choices=Choices(of=of))
    records.move(made, "checking", expected=["waiting"])
    jobs.start(crm, made, wait=WAIT)
    return RedirectResponse(url_for(request, "import", id=made), 303)


@router.get("/imports/{id}", name="import")
def show(request: Request, crm: Crm, viewer: Who, id: UUID) -> Response:
    jobs.resume(crm)
    record = _readable(crm, viewer, id)
    return page(request, "imports/import.html", **_context(crm, viewer, record))


@router.post("/imports/{id}/mapping", name="import.map")
def look_over(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    """Read the ledger again as the person says it is to be read."""
    record = _own(crm, viewer, id)
    try:
        choices = as_posted(record, posted)
    except Refused as refusal:
        context = _context(crm, viewer, record) | {"error": refusal.text, "typed": dict(posted)}
        return fragment(request, "imports/import.html", "reading", status=422, **context)
    if Records(crm).move(id, "checking", expected=["waiting", "checked", "refused"], choices=choices):
        jobs.start(crm, id, wait=WAIT)
    return RedirectResponse(url_for(request, "import", id=id), 303)


@router.post("/imports/{id}/run", name="import.start")
def start(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    """Import what the preview has shown, and the likely duplicates that are ticked."""
    record = _own(crm, viewer, id)
    ticked = {int(line) for line in posted.getlist("allowed") if isinstance(line, str) and line.isdecimal()}
    choices = record.choices.model_copy(
        update={"allowed": frozenset(ticked & {one.line for one in record.report.twins})}
    )
    if Records(crm).move(id, "applying", expected=["checked"], choices=choices):
        jobs.start(crm, id, wait=WAIT)
    return RedirectResponse(url_for(request, "import", id=id), 303)


@router.get("/imports/{id}/undoing", name="import.undo.form")
def ask_to_undo(request: Request, crm: Crm, viewer: Who, id: UUID) -> Response:
    """What would be undone, and by name what would stay."""
    record = _own(crm, viewer, id)
    context = _context(crm, viewer, record) | {"staying": staying(crm, id, kind_of(record.of)), "asking": True}
    return fragment(request, "imports/import.html", "sheet", **context)


@router.post("/imports/{id}/undoing", name="import.undo")
def undo(request: Request, crm: Crm, viewer: Who, id: UUID) -> Response:
    _own(crm, viewer, id)
    response = RedirectResponse(url_for(request, "import", id=id), 303)
    try:
        undoing = begin_undoing(crm, id, jobs.importer(viewer, viewer.acting), viewer.language)
    except Refused as refusal:
        leave_notice(response, refusal.text)
        return response
    jobs.start(crm, undoing.id, wait=WAIT)
    return response


@router.get("/imports/{id}/failed-rows", name="import.failed_rows")
def failed_rows(crm: Crm, viewer: Who, id: UUID) -> Response:
    """The lines that were not taken, as a file like the one handed in."""
    record = _readable(crm, viewer, id)
    content = Records(crm).failed_rows(id)
    if content is None:
        raise Unknown
    return _download(content, failed_name(record.name, record.kind), _TYPES[record.kind])


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)


@router.get("/imports/{id}/progress", name="import.progress")
def progress(request: Request, crm: Crm, viewer: Who, id: UUID) -> Response:
    """How far a run is; the whole page once it is over."""
    jobs.resume(crm)
    context = _context(crm, viewer, _readable(crm, viewer, id))
    return fragment(request, "imports/import.html", "progress", **context)


# ── who may ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sees_all(viewer: Viewer) -> bool:
    return bool(viewer.roles - {Role.STAFF})


def _readable(crm: CRM, viewer: Viewer, id: UUID) -> Record:
    record = Records(crm).one(id)
    demand(_sees_all(viewer) or record.person == viewer.id)
    return record


def _own(crm: CRM, viewer: Viewer, id: UUID) -> Record:
    """An import the viewer may carry on or undo: their own, or anybody's for managers and administrators."""
    record = _readable(crm, viewer, id)
    demand(record.person == viewer.id or bool(viewer.roles & {Role.MANAGER, Role.ADMIN}))
    return record


# ── what was posted, what pages show ─────────────────────────────────────────────────────────────────────────────────────────────────


def _file(upload: object) -> tuple[str, bytes]:
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Refused("file.none", "请先选择文件。", "Choose a file first.", field="file")
    with upload.file as file:
        return upload.filename, file.read()


def _upload(crm: CRM, viewer: Viewer, of: str, error: Text | None = None) -> Mapping[str, Any]:
    kinds = kinds_for(viewer)
    chosen: Kind | None = next((kind for kind in kinds if kind.key == of), kinds[0] if kinds else None)
    return {"error": error, "limit": crm.settings.upload_limit_mb, "kinds": kinds, "of": chosen}


def _context(crm: CRM, viewer: Viewer, record: Record) -> dict[str, Any]:
    records = Records(crm)
    with crm.pool.connection() as conn:
        names, known = people.names(conn), channels.names(conn)
    undoing = records.one(record.undone) if record.undone else None
    may = record.person == viewer.id or bool(viewer.roles & {Role.MANAGER, Role.ADMIN})
    return {
        "record": record, "report": record.report, "undoing": undoing, "names": names, "error": None, "typed": {},
        "running": record.running or (undoing is not None and undoing.running), "asking": False, "staying": [],
        "may_work": may and viewer.may_open("import.start"), "of": kind_of(record.of),
        "offered": offered(crm, viewer, record), "channel_names": known,
    }  # fmt: skip
