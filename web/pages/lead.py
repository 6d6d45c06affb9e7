"""One lead: where it stands, what it still needs, what can be done now, and everything that happened to it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from psycopg import Connection

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM
from crm.documents import TYPES
from domain.base import Form, Text, field_text
from domain.funnel import STAGES, Stage, Standing, Status
from domain.lead import Lead
from domain.lead.possible import STAGE_FORMS, possible
from domain.lead.progress import Contact
from projections import companies, projects
from web.forms import FormView, view
from web.html import page, url_for
from web.pages.facts import names_of
from web.pages.lead_access import company_of, held, landed, landing_code, readable
from web.pages.lead_actions import Action, menu
from web.pages.lead_claims import first_claim
from web.pages.lead_facts import PROJECT, SOURCE, Facts, missing
from web.pages.lead_sites import space_for
from web.pages.lead_why import why
from web.pages.service_panel import services_of
from web.pages.story import Story, story
from web.session import Crm, Who

router = APIRouter()
SHOWN_AT_FIRST = 12
SHOWN_IN_ALL = 60
"""Entries of the timeline that are drawn; what lies before stands in the history."""
_MEGABYTE = 1 << 20
_OVER = (Status.LOST, Status.MERGED, Status.VOID)


class Step(NamedTuple):
    """A stage on the way: when it was last entered, how many days the lead has spent in it."""

    stage: Stage
    entered: date | None
    days: int | None


class Need(NamedTuple):
    """What the next stage asks for: its evidence and the fields of its form."""

    stage: Stage
    form: type[Form]
    fields: Sequence[Text]


@router.get("/leads/{id}", name="lead")
def show(request: Request, id: UUID, crm: Crm, viewer: Who) -> Response:
    lead = readable(crm, viewer, id)
    return page(request, "lead/page.html", **context(request, crm, viewer, lead))


def context(request: Request, crm: CRM, viewer: Viewer, lead: Lead, quick: FormView | None = None) -> dict[str, Any]:
    """What the lead's page shows; `quick` is the contact form where it is shown again."""
    with crm.pool.connection() as conn:
        names, beside = names_of(conn), _beside(conn, lead)
    facts = Facts(request.state.words, names, access.sees_contacts(viewer, held(lead)))
    changes = access.may_change(viewer, held(lead))
    actions = menu(lead) if changes else {}
    firm = beside["firm"]
    return {
        **beside,
        **_standing(request, lead, facts),
        **_timeline(story(crm, lead, names, facts)),
        **_uploads(request, crm, lead),
        "names": names,
        "facts": facts,
        "unruled": {one.channel for one in lead.unruled} if changes else set(),
        "actions": actions,
        "quick": quick or _quick(request, lead, actions),
        "merged_into": _company(crm, lead.merged_into),
        "services": services_of(request, crm, viewer, log=changes, lead=lead.id, company=firm.id if firm else None),
        "may_open_project": changes and landed(lead),
    }


def _beside(conn: Connection[Any], lead: Lead) -> dict[str, Any]:
    """What else there is of it: its firm, projects out of it, space it needs, who claims it."""
    firms = companies.alike(conn, *recognised(lead), lead.id)
    return {
        "firm": next((one for one in firms if lead.id in one.leads), None),
        "firms_alike": firms,
        "space": space_for(conn, lead),
        "first_claim": first_claim(conn, lead, clock.today()) if lead.standing.counts else None,
        "projects": projects.LIST.page(conn, projects.ProjectFilters(lead=lead.id).asked()).rows,
    }


def _standing(request: Request, lead: Lead, facts: Facts) -> dict[str, Any]:
    """Where it stands, why, and what the next stage needs."""
    now = lead.standing.attributes
    return {
        "lead": lead,
        "company": company_of(lead),
        "standing": lead.standing,
        "at": lead.attribute,
        "project": facts.pairs(now, PROJECT),
        "source": facts.pairs(now, SOURCE),
        "missing": missing(now),
        "steps": steps(lead, clock.today()),
        "why": why(request, lead),
        "need": need(lead),
    }


def _timeline(told: Story) -> dict[str, Any]:
    entries = told.newest(SHOWN_IN_ALL)
    return {
        "entries": entries[:SHOWN_AT_FIRST],
        "earlier": entries[SHOWN_AT_FIRST:],
        "beyond": len(told.events) - len(entries),
    }


def _uploads(request: Request, crm: CRM, lead: Lead) -> dict[str, Any]:
    return {
        "upload_limit_mb": request.app.state.settings.upload_limit_mb,
        "upload_command": uuid4(),
        "upload_error": None,
        "accepted": ",".join(f".{ending}" for ending in TYPES),
        "file_size": file_size,
        "erased_files": crm.documents.erased(lead.id, lead.documents),
    }


def recognised(lead: Lead) -> tuple[set[str], set[str]]:
    """(names, credit codes) by which its firm is known: its own, and those of what was registered here."""
    now = lead.standing.attributes
    called = {now.get("company"), now.get("entity")}
    return {name for name in called if name}, {code for code in (now.get("credit_code"), landing_code(lead)) if code}


def _quick(request: Request, lead: Lead, actions: dict[str, list[Action]]) -> FormView | None:
    """The small form for a contact; none where no contact can be logged."""
    if not actions or Contact not in possible(lead):
        return None
    return view(Contact, action=url_for(request, "lead.contacts", id=lead.id, quick=1))


def _company(crm: CRM, id: UUID | None) -> str:
    return company_of(crm.lead(id)) if id else ""


def steps(lead: Lead, today: date) -> list[Step]:
    """The six stages with the days spent in each; the clock stops when the lead is lost, merged or void."""
    spent: dict[Stage, int] = {}
    for stage, since, until in _spans(lead, today):
        spent[stage] = spent.get(stage, 0) + (until - since).days
    return [Step(stage, _entered(lead.standing, stage), spent.get(stage)) for stage in STAGES]


def _entered(standing: Standing, stage: Stage) -> date | None:
    return standing.entered.get(stage) if standing.stage and stage.order <= standing.stage.order else None


def _spans(lead: Lead, today: date) -> Iterator[tuple[Stage, date, date]]:
    """(stage, from, to) for every stay, in order of time."""
    since: tuple[Stage, date] | None = None
    for fact, standing in lead.standings():
        if since is not None and (standing.stage is not since[0] or standing.status in _OVER):
            yield *since, fact.occurred_on
            since = None
        if since is None and standing.stage is not None and standing.status not in _OVER:
            since = standing.stage, fact.occurred_on
    if since is not None and since[0] is not STAGES[-1]:
        yield *since, max(today, since[1])


def need(lead: Lead) -> Need | None:
    """What the next stage needs, where the lead is open and there is one."""
    standing = lead.standing
    following = standing.stage.next if standing.stage else None
    if following is None or standing.status is not Status.OPEN:
        return None
    form = STAGE_FORMS[following]
    wanted = [name for name, info in form.model_fields.items() if info.is_required()]
    return Need(following, form, [field_text(form, name) for name in wanted])


def file_size(count: int) -> str:
    """Bytes as people say them: 320 KB, 1.4 MB."""
    return f"{max(1, round(count / 1024))} KB" if count < _MEGABYTE else f"{count / _MEGABYTE:.1f} MB"
