"""Every read model there is."""

from projections.activity_rows import Activity
from projections.agenda_rows import Agenda
from projections.channels import Channels
from projections.companies import Companies
from projections.contacts import Contacts
from projections.engine import ReadModel
from projections.erasures import Erasures
from projections.fundings import Fundings
from projections.funnel_rows import Funnel
from projections.indicators import Indicators
from projections.lead_rows import Leads
from projections.matchmakings import Matchmakings
from projections.meetings import Meetings
from projections.needs import Needs
from projections.outcomes import Outcomes
from projections.people import People
from projections.plans import Plans
from projections.problems import Problems
from projections.procedures import Procedures
from projections.projects import Projects
from projections.rules import RulesVersions
from projections.services import Services
from projections.sites import Sites
from projections.targets import Targets
from projections.tasks import Tasks
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
    Problems(),
    RulesVersions(),
    Targets(),
    Plans(),
    Indicators(),
    Companies(),
    Services(),
    Sites(),
    Needs(),
    Matchmakings(),
    Outcomes(),
    Tasks(),
    Procedures(),
    Fundings(),
)
