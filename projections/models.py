"""Every read model there is."""

from projections.activity_rows import Activity
from projections.agenda_rows import Agenda
from projections.channels import Channels
from projections.contacts import Contacts
from projections.engine import ReadModel
from projections.erasures import Erasures
from projections.fundings import Fundings
from projections.funnel_rows import Funnel
from projections.lead_rows import Leads
from projections.meetings import Meetings
from projections.people import People
from projections.procedures import Procedures
from projections.projects import Projects
from projections.tree import Tree

MODELS: tuple[ReadModel, ...] = (
    People(),
    Channels(),
    Leads(),
    Funnel(),
    Agenda(),
    Activity(),
    Tree(),
    Meetings(),
    Contacts(),
    Erasures(),
    Projects(),
    Procedures(),
    Fundings(),
)
