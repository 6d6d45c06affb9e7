"""The whole year, as commands: whoever stores the demo takes them with its leads."""

from collections.abc import Iterator
from datetime import date

from crm.demo.telling import Told
from crm.demo.year import firms, meetings, people, problems, projects, quoted, services, sites, upward
from crm.demo.year.record import told_year

PARTS = (
    firms.firms,
    projects.projects,
    services.services,
    problems.problems,
    sites.sites,
    upward.procedures,
    upward.funding,
    meetings.meetings,
    quoted.quoted,
)


def year(today: date) -> Iterator[Told]:
    """What was entered in the year that is told, people first."""
    told = told_year(today)
    yield from people.added(date(told, 1, 1))
    for part in PARTS:
        yield from part(told)
