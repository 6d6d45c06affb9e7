"""Imports asked for in the browser run in a thread of the worker; one that a restart has broken off is taken up again."""

import threading
from uuid import UUID, uuid4

import psycopg

from crm import access
from crm.clock import today
from crm.imports.choices import Source
from crm.imports.judging import Importer
from crm.imports.records import Record, Records
from crm.imports.report import Report, Said
from crm.imports.run import carry_out, preview
from crm.imports.undoing import carry_out_undoing
from crm.ledger import Ledger
from domain.base import Refused, Text
from domain.person import Role

BROKEN = Text(
    "处理中出错，没有完成。已写入的可以撤销；请联系管理员查看日志。",
    "It broke off with an error. What was written can be undone; please have the administrator look at the log.",
)
_running: dict[UUID, threading.Thread] = {}


def start(crm: Ledger, id: UUID, *, wait: float = 0.0) -> None:
    """Carry a run on in the background; small ones are done within `wait` seconds."""
    thread = threading.Thread(target=_run, args=(crm, id), name=f"import {id}", daemon=True)
    _running[id] = thread
    thread.start()
    thread.join(wait)


def resume(crm: Ledger) -> None:
    """Take up what nobody is carrying on."""
    for record in Records(crm).stale():
        if not (record.id in _running and _running[record.id].is_alive()):
            start(crm, record.id)


def importer_of(crm: Ledger, record: Record) -> Importer:
    """Whoever asked for the run, with the rights they have today."""
    if record.person == access.SYSTEM:
        return Importer(record.person, record.role)
    viewer = access.look_up(crm.pool, record.person, today())
    if viewer is None:
        return Importer(record.person, record.role, lambda _channel: False, False, lambda _route: False)
    return importer(viewer, record.role)


def importer(viewer: access.Viewer, role: Role | str) -> Importer:
    """A person as an importer, in the role they act in."""
    sees = viewer.sees_all or viewer.sight != "none"
    return Importer(viewer.id, str(role), lambda channel: access.may_tend(viewer, channel), sees, viewer.may_open)


def _run(crm: Ledger, id: UUID) -> None:
    records, worker, settled = Records(crm), uuid4(), False
    try:
        if records.claim(id, worker):
            _carry_on(crm, records, records.one(id), worker)
        settled = True
    except psycopg.Error:
        settled = True  # the database is away or the worker stops: the run is taken up when it is back
    finally:
        _running.pop(id, None)
        if not settled:
            records.move(id, "refused", expected=["checking", "applying"], report=Report(notices=[Said.of(BROKEN)]))


def _carry_on(crm: Ledger, records: Records, record: Record, worker: UUID) -> None:
    def step(done: int, total: int) -> None:
        records.beat(record.id, worker, done, total)

    who = importer_of(crm, record)
    if record.undoes is not None:
        carry_out_undoing(crm, record, who, step)
        return
    source = records.source(record, crm.settings.upload_limit_mb)
    try:
        if record.state == "applying":
            carry_out(crm, record, source, who, step)
        else:
            report = preview(crm, source, who, step)
            records.move(record.id, "checked", expected=["checking"], report=report)
    except Refused as refusal:
        records.move(record.id, "refused", expected=[record.state], report=_refused(source, refusal))


def _refused(source: Source, refusal: Refused) -> Report:
    try:
        sheets, sheet = list(source.book.sheets), source.choices.sheet or source.book.sheets[0]
    except Refused:
        sheets, sheet = [], ""
    return Report(sheets=sheets, sheet=sheet, notices=[Said.of(refusal.text)])
