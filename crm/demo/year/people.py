"""Who serves firms and projects: the leaders, the officers at the firms, and the bureau that serves projects. By their posts."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from crm.access import SYSTEM
from crm.command import By
from crm.demo.cast import MEMBERS, Member, identity
from crm.demo.telling import Told, decide
from domain.person import AddPerson, Person, Role

LEADERS: Final = tuple(Member(f"leader{n:02}", f"包保区领导{n:02}", Role.MANAGER) for n in range(1, 53))
"""52 leaders and cadres of the district, each answering for firms and projects."""
OFFICERS: Final = tuple(Member(f"officer{n:03}", f"驻企服务专员{n:03}", Role.STAFF) for n in range(1, 234))
"""233 officers at the firms."""
_BUREAU: Final = tuple(
    Member(f"park{n}", f"项目服务局专员{'一二三四五六七八'[n - 1]}", Role.STAFF) for n in range(3, 9)
)
BUREAU: Final = (MEMBERS["park1"], MEMBERS["park2"], *_BUREAU)
"""The service bureau of the development zone."""
DESK: Final = MEMBERS["manager2"]
"""The head of the bureau, who sets who answers."""


def added(first: date) -> Iterator[Told]:
    """Everybody added, the day after the year began."""
    day = first + timedelta(days=1)
    for one in (*LEADERS, *OFFICERS, *_BUREAU):
        person = Person(one.id)
        form = AddPerson(name=one.name, login=one.login, role=one.role, occurred_on=day)
        decide(person, form)
        by = By(SYSTEM, Role.ADMIN, identity("command", "person", one.login))
        yield Told(day, by, Person, person.id, form, tuple(person.collect_events()))
