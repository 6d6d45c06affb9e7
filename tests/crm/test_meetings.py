"""Pinning a meeting on the application, and its figures after a rebuild and in a district restored from a backup."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from crm import clock
from crm.application import CRM, By
from crm.backup import back_up
from crm.erasure import Erasures
from crm.meetings import again
from crm.prepare import prepare
from crm.restore import restore
from crm.sealed import ERASED
from domain.base import Refused
from domain.erasure import Ground, RequestErasure
from domain.lead import Lead
from domain.meeting import Meeting, PinMeeting, WithdrawMeeting
from projections import meetings, pack
from projections.engine import Projector, catch_up
from projections.engine import prepare as lay_out
from projections.models import MODELS
from projections.rebuild import rebuild
from tests.conftest import District
from tests.crm.conftest import DAY, call, registration, someone

Pin = Callable[..., UUID]


@pytest.fixture
def up_to_date(district: District) -> Iterator[Callable[[], int]]:
    """Brings the read models up to date."""
    with district.connect(autocommit=True) as connection:
        lay_out(connection, MODELS)
        yield lambda: catch_up(connection, MODELS)


@pytest.fixture
def pin(crm: CRM, up_to_date: Callable[[], int]) -> Pin:
    def pinned(name: str = "上半月调度会", as_at: date = DAY) -> UUID:
        up_to_date()
        done = crm.pin(By(UUID(int=11), "manager", uuid4()), PinMeeting(name=name, as_at=as_at))
        up_to_date()
        return done.id

    return pinned


def figures(crm: CRM, meeting: UUID) -> bytes:
    """The figures of the meeting as they are put together now; they are those that were pinned."""
    with crm.pool.connection() as conn:
        row = meetings.one(conn, meeting)
        assert row is not None
        found = again(conn, row)
    assert found is not None
    assert found.agrees
    return pack.written(found.document)


def test_a_meeting_waits_for_the_figures_it_rests_on(
    crm: CRM, by: Callable[..., By], lead: UUID, up_to_date: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.application.PIN_SECONDS", 0.05)
    form = PinMeeting(name="调度会", as_at=DAY)
    with pytest.raises(Refused) as refused:
        crm.pin(by(), form)
    assert refused.value.key == "meeting.updating"
    up_to_date()
    assert crm.pin(by(), form).position == crm.position()


def test_no_meeting_is_pinned_to_a_funnel_that_has_stopped(
    crm: CRM, by: Callable[..., By], lead: UUID, up_to_date: Callable[[], int], district: District
) -> None:
    up_to_date()
    with district.connect(autocommit=True) as connection:
        connection.execute("UPDATE projection SET stopped = 'lead.registered v1 @1' WHERE name = 'funnel'")
    with pytest.raises(Refused) as refused:
        crm.pin(by(), PinMeeting(name="调度会", as_at=DAY))
    assert refused.value.key == "meeting.stopped"


def test_the_same_command_pins_one_meeting(crm: CRM, by: Callable[..., By], up_to_date: Callable[[], int]) -> None:
    up_to_date()
    given, form = by(), PinMeeting(name="调度会", as_at=DAY)
    first = crm.pin(given, form)
    again_ = crm.pin(given, form)
    assert (again_.id, again_.position, again_.repeated) == (first.id, first.position, True)
    assert crm.position() == 1


def test_each_meeting_is_compared_with_the_last_before_it(crm: CRM, lead: UUID, pin: Pin) -> None:
    first = pin("一月上半月", date(2026, 1, 15))
    third = pin("二月上半月", date(2026, 2, 15))
    second = pin("一月下半月", date(2026, 1, 31))
    withdrawal = WithdrawMeeting(reason="重开", occurred_on=None)
    crm.change(By(UUID(int=11), "manager", uuid4()), Meeting, third, withdrawal)
    last = pin("二月下半月", date(2026, 2, 28))
    before = {one: crm.aggregate(Meeting, one).pinned for one in (first, second, third, last)}
    assert [pinned and pinned.previous for pinned in before.values()] == [None, first, first, second]


def test_the_figures_are_the_same_after_a_rebuild(
    crm: CRM, by: Callable[..., By], lead: UUID, pin: Pin, district: District
) -> None:
    first, second = pin(), pin("下半月调度会")
    kept = figures(crm, first), figures(crm, second)
    crm.create(by(), Lead, registration(company="后来的公司"))
    crm.change(by(), Lead, lead, call())
    rebuild(lambda: district.connect(autocommit=True), MODELS)
    assert (figures(crm, first), figures(crm, second)) == kept


def test_the_figures_are_the_same_once_a_contact_person_and_notes_are_erased(
    crm: CRM, by: Callable[..., By], pin: Pin, district: District
) -> None:
    gone = someone("投资部经理乙")
    lead = crm.create(by(), Lead, registration(company="乙公司", contacts=[gone])).id
    crm.change(by(), Lead, lead, call("经理乙说月底再谈"))
    first, second = pin(), pin("下半月调度会")
    kept = figures(crm, first), figures(crm, second)
    admins = [By(UUID(int=number), "admin", uuid4()) for number in (21, 22)]
    erasures = Erasures(crm)
    erasures.request(
        admins[0], gone.id, RequestErasure(ground=Ground.CONSENT, texts=(lead,), occurred_on=clock.today())
    )
    erasures.approve(admins[1], gone.id)
    assert crm.lead(lead).attribute("contacts")[0].name == ERASED
    rebuild(lambda: district.connect(autocommit=True), MODELS)
    assert (figures(crm, first), figures(crm, second)) == kept


def test_the_figures_are_the_same_in_a_district_restored_from_a_backup(
    crm: CRM, by: Callable[..., By], lead: UUID, pin: Pin, district: District, tmp_path: Path
) -> None:
    first = pin()
    crm.create(by(), Lead, registration(company="乙公司", contacts=[someone()]))
    second = pin("下半月调度会")
    kept = figures(crm, first), figures(crm, second)
    back_up(district.settings, district.url, tmp_path / "district.zip", _silent)
    elsewhere = district.settings.model_copy(update={"schema_name": f"{district.schema}_elsewhere"})
    restore(elsewhere, district.url, tmp_path / "district.zip", _silent, _silent, keyless=True)
    prepare(elsewhere, district.url)
    with CRM(elsewhere, district.url) as restored:
        with District(district.url, elsewhere.schema_name, district.data_dir).connect(autocommit=True) as connection:
            Projector(connection, MODELS).catch_up()
        assert (figures(restored, first), figures(restored, second)) == kept


def _silent(_done: int, _total: int) -> None:
    """No progress is shown."""
