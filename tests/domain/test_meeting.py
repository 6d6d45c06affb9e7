"""A meeting: pinned once to a day and a position, renamed, withdrawn; nothing in it ever moves."""

from datetime import date
from uuid import UUID

import pytest
from pydantic import ValidationError

from domain.base import Refused
from domain.meeting import Meeting, MeetingPinned, PinMeeting, Pinned, RenameMeeting, WithdrawMeeting

DAY = date(2026, 11, 30)
RESTS = Pinned(known_at=812, figures="ab" * 32, previous=UUID(int=7))


def pinned(**values: object) -> Meeting:
    given = {"name": "11月下半月调度会", "as_at": DAY, "occurred_on": DAY}
    meeting = Meeting(UUID(int=1))
    meeting.pin(PinMeeting.model_validate(given | values), RESTS)
    return meeting


def test_a_meeting_keeps_what_it_rests_on() -> None:
    (event,) = pinned(note="第三会议室").collect_events()
    assert isinstance(event, MeetingPinned)
    assert (event.known_at, event.figures, event.previous, event.edition) == (812, "ab" * 32, UUID(int=7), 1)
    assert (event.name, event.as_at, event.note) == ("11月下半月调度会", DAY, "第三会议室")
    assert event.sentence().zh == "固定会议数据：11月下半月调度会，截至 2026-11-30，依据至第 812 号记录"
    assert event.position is None


def test_the_figures_are_not_of_a_day_after_the_meeting() -> None:
    with pytest.raises(Refused) as refused:
        pinned(occurred_on=date(2026, 11, 29))
    assert (refused.value.key, refused.value.field) == ("meeting.later", "as_at")


@pytest.mark.parametrize("figures", ["", "ab" * 31, "AB" * 32, "zz" * 32])
def test_a_digest_is_a_digest(figures: str) -> None:
    with pytest.raises(ValidationError):
        Pinned(known_at=1, figures=figures)


def test_a_meeting_gets_another_name() -> None:
    meeting = pinned()
    meeting.rename(RenameMeeting(name="十一月第二次调度会", occurred_on=DAY))
    assert meeting.name == "十一月第二次调度会"
    assert meeting.pinned is not None
    assert meeting.pinned.name == "11月下半月调度会"
    with pytest.raises(Refused, match=r"meeting\.name"):
        meeting.rename(RenameMeeting(name="十一月第二次调度会", occurred_on=DAY))


def test_a_withdrawn_meeting_changes_no_more() -> None:
    meeting = pinned()
    meeting.withdraw(WithdrawMeeting(reason="日期选错", occurred_on=DAY))
    assert meeting.withdrawn
    with pytest.raises(Refused, match=r"meeting\.withdrawn"):
        meeting.withdraw(WithdrawMeeting(reason="再撤一次", occurred_on=DAY))
    with pytest.raises(Refused, match=r"meeting\.withdrawn"):
        meeting.rename(RenameMeeting(name="别的名称", occurred_on=DAY))
