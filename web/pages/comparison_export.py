"""The leads that moved as a file: one row a lead, and of what was learned one row for each record that did it."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm import clock, exports
from crm.access import Viewer
from crm.application import CRM
from domain.base import Text
from domain.funnel import Status
from projections import changes_behind
from projections.changes_behind import Changed, Place
from web.pages.comparison_leads import Reason, asked_of, leg_of, read_slot, reasons_of
from web.pages.comparison_points import Looked, looking
from web.pages.comparison_question import NAMES, Asked, read_restatements, read_since
from web.pages.comparison_words import PARTS, kind_text
from web.pages.files import FileForm, file_of
from web.pages.funnel import partial
from web.pages.funnel_export import conditions
from web.pages.funnel_labels import Label, labels
from web.pages.funnel_question import demand_understood
from web.session import Crm, Who
from web.words import Words

router = APIRouter()
AT_ONCE: Final = 500
OF_PLACE: Final = (Text("阶段", "stage"), Text("状态", "status"), Text("金额（万元）", "amount (CNY 10k)"), Text("渠道", "channel"),
                   Text("负责人", "owner"))  # fmt: skip
OF_RECORD: Final = (Text("记录号", "Record no."), Text("事由", "What"), Text("发生日期", "Happened on"), Text("录入时间", "Recorded at"),
                    Text("录入人", "Recorded by"))  # fmt: skip
OF_SINCE: Final = (Text("从", "From"), Text("到", "To"), Text("按何时所知", "As known at"))
OF_RESTATED: Final = (
    Text("数据截至", "As at"),
    Text("先看：按何时所知", "First seen: as known at"),
    Text("再看：按何时所知", "Seen again: as known at"),
)
RESTS_ON: Final = Text("依据至第几号记录", "Rests on records up to no.")
CONDITIONS: Final = Text("条件", "Conditions")


@router.get("/since/export.{form}", name="since.export")
def of_since(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    return _answer(request, form, crm, viewer, read_since(request.query_params, clock.today()))


@router.get("/restatements/export.{form}", name="restatements.export")
def of_restatements(request: Request, form: FileForm, crm: Crm, viewer: Who) -> Response:
    return _answer(request, form, crm, viewer, read_restatements(request.query_params, clock.today()))


def _answer(request: Request, form: FileForm, crm: CRM, viewer: Viewer, asked: Asked) -> Response:
    demand_understood(asked, NAMES)
    for part in _parts(request, asked):
        read_slot(
            {**request.query_params, "part": part}, asked
        )  # once the file is on its way, it is too late to refuse
    return file_of(f"{asked.page}-{asked.old_day}", form, _table(request, crm, viewer, asked), asked.new_day)


def _table(request: Request, crm: CRM, viewer: Viewer, asked: Asked) -> Iterator[list[Any]]:
    words: Words = request.state.words
    before, after = Text("之前", "Before"), Text("之后", "After")
    heads = [Text("企业", "Company"), Text("哪一步", "Step"), Text("变动", "Change"), Text("登记日期", "Registered on")]
    sides = [f"{words.t(side)}{words.t('：', ': ')}{words.t(name)}" for side in (before, after) for name in OF_PLACE]
    yield [
        *map(words.t, heads),
        *sides,
        *map(words.t, OF_RECORD),
        *map(words.t, OF_SINCE if asked.page == "since" else OF_RESTATED),
        words.t(RESTS_ON),
        words.t(CONDITIONS),
    ]
    with looking(crm, asked) as looked:
        label = labels(looked.conn, words)
        basis = _basis(words, looked, asked, label, viewer)
        for part in _parts(request, asked):
            for row, reasons in _rows(request, crm, viewer, looked, asked, part):
                cells = _cells(words, label, row, part)
                for record in [_record(words, reason) for reason in reasons] or [[None] * len(OF_RECORD)]:
                    yield [*cells, *record, *basis]


def _basis(words: Words, looked: Looked, asked: Asked, label: Label, viewer: Viewer) -> list[Any]:
    """The two points, the position they rest on and the conditions: what the file answers, on every row of it."""
    said = words.t("；", "; ").join(conditions(asked.question, label, words, partial=partial(viewer)))
    again = words.moment(asked.new_known or clock.now())
    if asked.page == "since":
        return [asked.old_day, asked.new_day, again, looked.position, said]
    return [asked.new_day, words.moment(asked.old_known), again, looked.position, said]


def _parts(request: Request, asked: Asked) -> list[str]:
    named = request.query_params.get("part")
    return [named] if named else ["learned"] if asked.page == "restatements" else [*PARTS]


def _rows(
    request: Request, crm: CRM, viewer: Viewer, looked: Looked, asked: Asked, part: str
) -> Iterator[tuple[Changed, list[Reason]]]:
    _, slot = read_slot({**request.query_params, "part": part}, asked)
    leg, cursor = leg_of(looked, part), None
    while True:
        page = changes_behind.leads(
            looked.conn, leg.old, leg.new, slot, after=cursor, limit=AT_ONCE, **asked_of(viewer, asked)
        )
        reasons = reasons_of(crm, viewer, looked, leg, asked, page.rows) if part == "learned" else {}
        yield from ((row, reasons.get(row.id, [])) for row in page.rows)
        cursor = page.next
        if cursor is None:
            return


def _cells(words: Words, label: Label, row: Changed, part: str) -> list[Any]:
    registered_on = next((place.registered_on for place in (row.after, row.before) if place), None)
    return [
        row.company, words.t(PARTS[part]), words.t(kind_text(row.kind, part)), registered_on,
        *_place(words, label, row.before), *_place(words, label, row.after),
    ]  # fmt: skip


def _place(words: Words, label: Label, place: Place | None) -> list[Any]:
    if place is None:
        return [None] * len(OF_PLACE)
    return [
        words.term(place.stage) if place.stage else None, words.term(Status(place.status)),
        place.amount_fen / exports.FEN_IN_WAN if place.amount_fen else None, label("channel", str(place.channel)),
        label("owner", str(place.owner or "")),
    ]  # fmt: skip


def _record(words: Words, reason: Reason) -> list[Any]:
    event = reason.learned.event
    said = words.t(reason.event.sentence()) if reason.event else None
    by = reason.by or words.t("系统", "System")
    return [event.position, said, event.occurred_on, words.moment(event.recorded_at), by]
