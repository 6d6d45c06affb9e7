"""Erasing contact persons: the list, one person with all that names them, and the commands of two administrators."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field, ValidationError
from starlette.datastructures import FormData

from crm.access import SYSTEM
from crm.application import CRM, Done
from crm.erasure import Erasures
from crm.mentions import Traces, traces
from crm.sealed import ERASED
from domain.base import Form, Refused, Text
from domain.erasure import (
    FILE_NUMBER,
    Ground,
    KeptFile,
    LiftHold,
    PersonErased,
    PlaceHold,
    RejectErasure,
    RequestErasure,
)
from domain.values import Word
from projections import contact_grams, contacts, erasures, leads, people
from projections.contacts import Found
from projections.erasures import State, state_of
from projections.paging import BadCursor
from web.commands import by, done, submit
from web.forms import FormView, seen_version, view
from web.html import fragment, page, url_for
from web.pages.admin import tabs
from web.session import Crm, Posted, Who

router = APIRouter()


class Ask(Form):
    """What is typed; what goes along is ticked beside it."""

    noun: ClassVar[str] = RequestErasure.noun
    verb: ClassVar[str] = RequestErasure.verb
    title: ClassVar[Text] = RequestErasure.title

    ground: Ground = Field(title="法定情形|Ground")
    file_number: Word | None = Field(None, title=FILE_NUMBER)


@router.get("/admin/erasures", name="admin.erasures")
def listed(
    request: Request, crm: Crm, state: Annotated[str, Query()] = "", after: Annotated[str | None, Query()] = None
) -> Response:
    """Who waits for approval, who was erased, who is under a hold; the latest first."""
    held = True if state == "held" else None
    chosen = state if state in set(State) else None
    with crm.pool.connection() as conn:
        counts = erasures.counted(conn)
        try:
            rows = erasures.listed(conn, state=chosen, held=held, after=after)
        except BadCursor:
            rows = erasures.listed(conn, state=chosen, held=held)
        names = people.names(conn)
    return page(
        request, "admin/erasures.html", tabs=tabs(request, "admin.erasures"), rows=rows, counts=counts, after=after,
        names=names, State=State, Ground=Ground, SYSTEM=SYSTEM, chosen="held" if held else chosen,
    )  # fmt: skip


@router.get("/admin/erasures/{id}", name="admin.erasure")
def show(request: Request, crm: Crm, id: UUID) -> Response:
    return page(request, "admin/erasure.html", **_context(request, crm, id))


@router.post("/admin/erasures/{id}/requests", name="erasure.requests")
def ask(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    def act(form: Ask) -> Done:
        return Erasures(crm).request(by(viewer, posted), id, _request(form, posted))

    return _answer(
        request, crm, id, "ask", submit(Ask, posted, act, action=url_for(request, "erasure.requests", id=id)),
        Text("已申请，等另一位管理员批准。", "Asked for; another administrator has to approve."), ticked=_ticked(posted),
    )  # fmt: skip


@router.post("/admin/erasures/{id}/approval", name="erasure.approval")
def approve(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    answer = Erasures(crm).approve(by(viewer, posted), id, version=seen_version(posted))
    return done(
        request, answer, url_for(request, "admin.erasure", id=id), Text("已删除，不能恢复。", "Erased, for good.")
    )


@router.post("/admin/erasures/{id}/rejection", name="erasure.rejection")
def reject(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    def act(form: RejectErasure) -> Done:
        return Erasures(crm).reject(by(viewer, posted), id, form, version=seen_version(posted))

    answer = submit(RejectErasure, posted, act, action=url_for(request, "erasure.rejection", id=id))
    return _answer(request, crm, id, "rejecting", answer, Text("已记录：不予批准。", "Turned down."))


@router.post("/admin/erasures/{id}/hold", name="erasure.hold")
def hold(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    def act(form: PlaceHold) -> Done:
        return Erasures(crm).hold(by(viewer, posted), id, form, version=seen_version(posted))

    answer = submit(PlaceHold, posted, act, action=url_for(request, "erasure.hold", id=id))
    return _answer(
        request, crm, id, "holding", answer, Text("已依法保留，删除不能进行。", "Held: it cannot be erased.")
    )


@router.post("/admin/erasures/{id}/release", name="erasure.release")
def lift(request: Request, crm: Crm, viewer: Who, posted: Posted, id: UUID) -> Response:
    def act(form: LiftHold) -> Done:
        return Erasures(crm).lift(by(viewer, posted), id, form, version=seen_version(posted))

    answer = submit(LiftHold, posted, act, action=url_for(request, "erasure.release", id=id))
    return _answer(request, crm, id, "holding", answer, Text("已解除保留。", "The hold is lifted."))


def _answer(
    request: Request, crm: CRM, id: UUID, form: str, answer: Done | FormView, said: Text, **more: Any
) -> Response:
    if isinstance(answer, FormView):
        context = _context(request, crm, id) | {form: answer} | more
        return fragment(request, "admin/erasure.html", "main", status=answer.status, **context)
    return done(request, answer, url_for(request, "admin.erasure", id=id), said)


def _ticked(posted: FormData) -> set[str]:
    return {str(value) for name in ("texts", "documents", "imports") for value in posted.getlist(name)}


def _request(form: Ask, posted: FormData) -> RequestErasure:
    files = [str(value).partition(":") for value in posted.getlist("documents")]
    try:
        return RequestErasure.model_validate(
            {
                "ground": form.ground,
                "file_number": form.file_number,
                "texts": posted.getlist("texts"),
                "documents": [{"lead": lead, "sha256": sha256} for lead, _, sha256 in files],
                "imports": posted.getlist("imports"),
            }
        )
    except ValidationError:
        raise Refused(
            "erasure.unreadable",
            "看不懂所选的内容，请刷新后重新选择。",
            "What was ticked cannot be read: reload the page.",
        ) from None


def _context(request: Request, crm: CRM, id: UUID) -> dict[str, Any]:
    """Everything the page of one person shows."""
    erasure, found = Erasures(crm).one(id), traces(crm, id)
    with crm.pool.connection() as conn:
        names = people.names(conn)
        others = _alike(crm, conn, id, found)
        companies = {row.id: row.company for row in leads.some(conn, [one.lead for one in others]).values()}
    link: Callable[[str], str] = lambda name: url_for(request, name, id=id)  # noqa: E731 - said six times below
    return {
        "tabs": tabs(request, "admin.erasures"), "erasure": erasure, "found": found, "names": names, "SYSTEM": SYSTEM,
        "others": others, "companies": companies, "state": state_of(erasure), "State": State, "history": _history(crm, id),
        "goes": _goes(erasure.waiting, found), "went": [_goes(one, found) for one in erasure.erased], "ticked": _suggested(found), "approving": str(uuid4()),
        "ask": view(Ask, link("erasure.requests")),
        "rejecting": view(RejectErasure, link("erasure.rejection"), version=erasure.version),
        "holding": view(LiftHold if erasure.hold else PlaceHold, link("erasure.release" if erasure.hold else "erasure.hold"),
                        version=erasure.version),
    }  # fmt: skip


def _history(crm: CRM, id: UUID) -> list[tuple[Any, Any]]:
    return [(row, event) for row, event in reversed(crm.history(id))]


def _suggested(found: Traces) -> set[str]:
    """What is ticked to begin with: all that names the person."""
    return {
        *(str(lead.id) for lead in found.leads if lead.mentions),
        *(f"{lead.id}:{file.sha256}" for lead in found.leads for file in lead.files if file.mentions),
        *(str(one.id) for one in found.imports),
    }


def _goes(said: RequestErasure | PersonErased | None, found: Traces) -> Mapping[str, Any]:
    """What goes, or went, along: leads whose texts do, documents (by name while it can be read), imports."""
    if said is None:
        return {}
    companies = {lead.id: lead.company for lead in found.leads}
    files = {(lead.id, file.sha256): file.name for lead in found.leads for file in lead.files}
    return {
        "texts": [(lead, companies.get(lead, "—")) for lead in said.texts],
        "documents": [(one.lead, companies.get(one.lead, "—"), _name(files, one)) for one in said.documents],
        "imports": said.imports,
    }


def _name(files: Mapping[tuple[UUID, str], str], file: KeptFile) -> str:
    return files.get((file.lead, file.sha256), ERASED)


def _alike(crm: CRM, conn: Any, id: UUID, found: Traces) -> list[Found]:
    """Contact persons of other leads with the same name or number: likely the same human being, under another id."""
    key = crm.keys.search_key()
    if key is None:
        return []
    asked = [contact_grams.asked(key, text) for text in found.known]
    alike = {one.subject: one for signs in asked for one in contacts.alike(conn, signs, id)}
    return list(alike.values())
