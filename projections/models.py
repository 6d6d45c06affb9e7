"""Every read model there is."""

from projections.activity_rows import Activity
from projections.agenda_rows import Agenda
from projections.channels import Channels
from projections.contacts import Contacts
from projections.engine import ReadModel
from projections.erasures import Erasures
from projections.funnel_rows import Funnel
from projections.lead_rows import Leads
from projections.matchmakings import Matchmakings
from projections.meetings import Meetings
from projections.needs import Needs
from projections.outcomes import Outcomes
from projections.people import People
from projections.projects import Projects
from projections.sites import Sites
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
    Sites(),
    Needs(),
    Matchmakings(),
    Outcomes(),
)
