"""Writers at once and a reader behind them: nothing missed, nothing twice, one order."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from threading import Event as Signal
from uuid import uuid4

from crm.application import CRM, Command
from crm.store import GENESIS, link, read
from domain.lead import Lead
from tests.crm.conftest import OFFICER, By, call, registration

WRITERS = 4
LEADS = 10
CONTACTS = 5


def write(district) -> int:
    """Register leads and call them, one command each, as one web worker would."""
    with CRM(district.settings, district.url) as crm:
        for _ in range(LEADS):
            lead = crm.create(By(OFFICER, "staff", uuid4()), Lead, registration()).id
            for number in range(CONTACTS):
                crm.change(By(OFFICER, "staff", uuid4()), Lead, lead, call(str(number)))
    return LEADS * (CONTACTS + 1)


def tail(district, stop: Signal) -> list:
    """Read on from the last position seen, as a projection does, until nothing more can come."""
    seen: list = []
    with district.connect(autocommit=True) as conn:
        while True:
            ending = stop.is_set()
            rows = read(conn, seen[-1].position if seen else 0, 7)
            seen.extend(rows)
            if ending and not rows:
                return seen


def test_four_writing_processes_and_a_tailing_reader(district):
    stop = Signal()
    spawning = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(1) as reading, ProcessPoolExecutor(WRITERS, mp_context=spawning) as writing:
        reader = reading.submit(tail, district, stop)
        try:
            written = sum(writing.map(write, [district] * WRITERS))
        finally:
            stop.set()
        seen = reader.result()
    assert [row.position for row in seen] == list(range(1, written + 1))
    previous = GENESIS
    for row in seen:
        previous = link(previous, row)
        assert previous == row.hash
    assert [row.recorded_at for row in seen] == sorted(row.recorded_at for row in seen)


def test_an_import_and_officers_at_work_do_not_disturb_one_another(crm, by, lead):
    def commands():
        for number in range(600):
            made = Lead(uuid4())
            made.register(registration(company=f"第{number}家"))
            yield Command(by(), made, b"")

    with ThreadPoolExecutor(1) as importing:
        run = importing.submit(crm.bulk, list(commands()))
        for number in range(20):
            crm.change(by(), Lead, lead, call(str(number)))
        answers = run.result()
    assert len({answer.position for answer in answers}) == 600
    assert crm.position() == 621
    assert crm.lead(lead).version == 21
