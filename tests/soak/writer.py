"""One of those who write: `python -m tests.soak.writer FOLDER WRITER APPENDS SECONDS`; prints how many were acknowledged.

Every command is decided on a lead and stored by itself, through the application; one in twenty is given again, as a
browser does whose answer was lost.
"""

import sys
import time
from pathlib import Path
from uuid import UUID, uuid5

from crm import clock
from crm.application import CRM
from crm.command import By
from crm.demo.cast import MEMBERS, SOURCES
from crm.embedded import open_server
from crm.settings import Settings
from domain.base import Form
from domain.lead import Lead, Register
from domain.lead.work import AddNote
from domain.person import Role

EVENTS = 20
"""That many commands a lead, then the next is registered."""
AGAIN = 7
_NAMESPACE = UUID("6f1a3c5e-0d15-4e2d-9c0b-0000000050a4")


class StoredTwice(RuntimeError):
    """A command that was given again was not known."""


def command(writer: int, number: int) -> UUID:
    """The id of that command of that writer."""
    return uuid5(_NAMESPACE, f"{writer}/{number}")


def main() -> None:
    folder, (writer, appends, seconds) = Path(sys.argv[1]), map(int, sys.argv[2:])
    until = time.monotonic() + seconds
    with open_server(folder) as url:
        crm = CRM(Settings.load(data_dir=folder), url)
        print(_written(crm, writer, appends, until))
        crm.close()


def _written(crm: CRM, writer: int, appends: int, until: float) -> int:
    """Append until there are enough, or time is up; how many were acknowledged."""
    lead = Lead(command(writer, 0))
    for number in range(appends):
        if time.monotonic() > until:
            return number
        if number % EVENTS == 0:
            lead = Lead(command(writer, number))
        _append(crm, lead, By(MEMBERS["manager"].id, Role.MANAGER, command(writer, number)), number)
    return appends


def _append(crm: CRM, lead: Lead, by: By, number: int) -> None:
    form = _form(lead, number)
    getattr(lead, form.verb)(form)
    crm.record(by, lead, request=crm.request(Lead, lead.id, form))
    if number % AGAIN == 0 and not crm.change(by, Lead, lead.id, form).repeated:
        raise StoredTwice(by.command)


def _form(lead: Lead, number: int) -> Form:
    today = clock.today()
    if lead.version:
        return AddNote(note=f"第{number}次联系", occurred_on=today)
    company = f"长春{lead.id.hex[:12]}装备有限公司"
    return Register(company=company, industry="C", channel=SOURCES[0].id, owner=MEMBERS["staff"].id, occurred_on=today)


if __name__ == "__main__":
    main()
