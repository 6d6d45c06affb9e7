"""Several people at once: what waits for its turn is stored together, each under its own command and with its own answer."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError

from crm.command import By, CommandReused
from crm.store import read
from domain.lead import Lead
from tests.crm.conftest import OFFICER, call, registration

PATIENCE = 30.0


@contextmanager
def held_up(crm, district) -> Iterator[Callable[..., Future[Any]]]:
    """The head is locked by somebody else: a first append waits for it, and whatever is begun inside waits behind that."""
    appending = crm._recorder._appending
    with ThreadPoolExecutor(8) as threads, district.connect() as conn:
        conn.execute("SELECT FROM head FOR UPDATE")
        threads.submit(crm.create, By(OFFICER, "staff", uuid4()), Lead, registration())
        _until(lambda: appending._storing.locked() and not appending._waiting)
        begun = 0

        def begin(what: Callable[..., Any], *given: Any, **more: Any) -> Future[Any]:
            nonlocal begun
            begun += 1
            future = threads.submit(what, *given, **more)
            _until(lambda: len(appending._waiting) == begun)
            return future

        yield begin


def _until(true: Callable[[], bool]) -> None:
    ending = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ending, "nobody came to wait"
        time.sleep(0.001)


def moments(district, *streams) -> list[Any]:
    with district.connect() as conn:
        return [row.recorded_at for row in read(conn, 0, 100) if row.stream in streams]


def test_who_waits_is_stored_together_with_whoever_waits_beside(crm, by, district):
    leads = [crm.create(by(), Lead, registration()).id for _ in range(3)]
    before = crm.position()
    with held_up(crm, district) as begin:
        answers = [begin(crm.change, by(), Lead, lead, call()) for lead in leads]
    assert sorted(answer.result().position for answer in answers) == [before + 2, before + 3, before + 4]
    assert [answer.result().id for answer in answers] == leads
    with district.connect() as conn:
        assert len({row.recorded_at for row in read(conn, before + 1, 100)}) == 1


def test_one_that_cannot_be_stored_does_not_hurt_the_others(crm, by, district):
    taken, free = (crm.create(by(), Lead, registration()).id for _ in range(2))
    ours, theirs, other = crm.lead(taken), crm.lead(taken), crm.lead(free)
    for lead in (ours, theirs, other):
        lead.contact(call())
    with held_up(crm, district) as begin:
        first, second, third = (begin(crm.record, by(), lead, request=b"x") for lead in (ours, theirs, other))
    assert (first.result().id, third.result().id) == (taken, free)
    with pytest.raises(IntegrityError):
        second.result()
    assert (crm.lead(taken).version, crm.lead(free).version) == (2, 2)


def test_a_double_click_while_others_are_stored_makes_one_lead(crm, by, district):
    command = by()
    with held_up(crm, district) as begin:
        clicks = [begin(crm.create, command, Lead, registration(company="双击有限公司")) for _ in range(2)]
    one, again = sorted((click.result() for click in clicks), key=lambda done: done.repeated)
    assert (one.id, one.position, one.repeated, again.repeated) == (again.id, again.position, False, True)
    assert len(moments(district, one.id)) == 1


def test_a_command_id_used_for_something_else_is_refused_to_that_one_alone(crm, by, district, lead):
    used, other = by(), crm.create(by(), Lead, registration()).id
    crm.change(used, Lead, lead, call("第一次"))
    with held_up(crm, district) as begin:
        reused = begin(crm.change, used, Lead, lead, call("另一句话"))
        sound = begin(crm.change, by(), Lead, other, call())
    assert sound.result().id == other
    with pytest.raises(CommandReused):
        reused.result()
