"""The list of leads: every filter in the URL, totals from the read model, the same list as a file."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from psycopg import Connection

from crm import access, clock
from crm.access import Viewer
from crm.application import CRM
from domain.base import Text
from domain.channel import ChannelKind
from domain.funnel import STAGES, Stage, Status
from domain.values import Industry
from projections import channels, contact_grams, leads, people
from projections.leads import SORTS, LeadFilters
from projections.paging import BadCursor, Scope
from web.fields import Choice
from web.html import page, url_for
from web.pages.facts import names_of
from web.pages.filters import SEARCH_AT_MOST, Asked
from web.pages.lead_filters import LABELS, MINE, asked
from web.pages.lead_picks import countries, named
from web.replays import in_replay
from web.session import Crm, Posted, Who, leave_notice
from web.words import SHANGHAI

router = APIRouter()
TOO_SHORT: Final = Text(
    "请输入联系人姓名中相连的两个字、完整的电话号码或邮箱。",
    "Type two neighbouring characters of the person's name, a whole telephone number or an e-mail address.",
)
NOTHING: Final = Text(
    "没有企业、项目或联系人与所输入的相符。", "No company, project or contact person goes by what you typed."
)
MORE: Final = frozenset(
    {
        "kind",
        "occasion",
        "industry",
        "country",
        "amount_from",
        "amount_to",
        "registered_from",
        "registered_to",
        "overdue",
    }
)
"""The filters that stand behind “more filters”."""
NAMED_SORTS: Final = {
    "updated": Text("最近更新", "Last updated"),
    "registered": Text("登记日期", "Registered"),
    "amount": Text("金额", "Amount"),
    "company": Text("企业名称", "Company"),
    "due": Text("下一步截止", "Next action due"),
}


@router.get("/leads", name="leads")
def listed(request: Request, crm: Crm, viewer: Who) -> Response:
    """The list; htmx asks for `#results` alone."""
    wanted = asked(request.query_params, viewer.id, clock.today())
    with crm.pool.connection() as conn:
        by_person = _by_person(conn, crm, viewer, request, wanted)
        answer = page(request, "leads/list.html", **_list(conn, request, viewer, wanted), by_person=by_person)
    answer.headers["HX-Push-Url"] = _link(request, wanted, sort_of(request), **_page_of(request))
    return answer


@router.post("/leads/find", name="leads.find")
def find(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
    """What was typed may be somebody's name: it is posted, and an address holds it only where it is a company's."""
    text, person = (str(posted.get(name) or "")[:SEARCH_AT_MOST] for name in ("q", "contact"))
    signs = tuple(crm.contact_signs(person or text))
    kept = {name: value for name, value in request.query_params.items() if name in LABELS and name != "contact"}
    if not person and (not signs or _is_any(crm, viewer, LeadFilters(search=text))):
        return RedirectResponse(url_for(request, "leads", **{**kept, "q": text}), 303)
    answer = RedirectResponse(
        url_for(request, "leads", **kept, contact=contact_grams.token(signs) if signs else ""), 303
    )
    if not signs:
        leave_notice(answer, TOO_SHORT)
    elif not person and not in_replay(request) and not _is_any(crm, viewer, LeadFilters(contact=signs)):
        leave_notice(answer, NOTHING)
    return answer


def _is_any(crm: CRM, viewer: Viewer, filters: LeadFilters) -> bool:
    with crm.pool.connection() as conn:
        return leads.is_any(conn, filters, scope=scope_of(viewer))


def _by_person(conn: Connection[Any], crm: CRM, viewer: Viewer, request: Request, wanted: Asked) -> tuple[int, str]:
    """How many leads have a contact person whom the words looked for mean, and where they are listed."""
    signs = tuple(crm.contact_signs(wanted.filters.search or ""))
    if not signs:
        return 0, ""
    count = leads.totals(conn, LeadFilters(contact=signs), scope=scope_of(viewer)).count
    return count, url_for(request, "leads", contact=contact_grams.token(signs))


def _page_of(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in ("after", "before")}


def _list(conn: Connection[Any], request: Request, viewer: Viewer, wanted: Asked) -> dict[str, Any]:
    scope, sort = scope_of(viewer), sort_of(request)
    after, before = (cursor or None for cursor in _page_of(request).values())
    try:
        found = leads.search(conn, wanted.filters, scope=scope, sort=sort, after=after, before=before)
    except BadCursor:
        found = leads.search(conn, wanted.filters, scope=scope, sort=sort)
    names = names_of(conn)
    return {
        "asked": wanted,
        "labels": LABELS,
        "more_in_force": bool(set(wanted.typed) & MORE),
        "link": partial(_link, request, wanted, sort),
        "stage": lambda value: Stage(value) if value else None,
        "status_of": Status,
        "local_day": local_day,
        "chips": list(wanted.chips(names)),
        "rows": found.rows,
        "readable": {row.id for row in found.rows if access.may_read(viewer, row)},
        "following": found.next,
        "previous": found.previous,
        "totals": leads.totals(conn, wanted.filters, scope=scope, first=None if after or before else found),
        "sort": sort,
        "sorts": NAMED_SORTS,
        "names": names,
        "lists": lists_of(conn, viewer),
        "any": bool(found.rows) or leads.is_any(conn, scope=scope),
    }


def _link(request: Request, wanted: Asked, order: str, /, *without: str, **changes: str) -> str:
    """The list with some of its filters changed or taken away; never with the page one was on."""
    kept = {name: text for name, text in wanted.typed.items() if name not in without}
    return url_for(request, "leads", **{**kept, "sort": "" if order == SORTS[0] else order, **changes})


def local_day(moment: datetime) -> date:
    """The Shanghai day of a moment."""
    return moment.astimezone(SHANGHAI).date()


def scope_of(viewer: Viewer) -> Scope:
    """Which leads may stand in a list made for the viewer."""
    return Scope(**access.listable(viewer))  # type: ignore[arg-type]


def sort_of(request: Request) -> str:
    """The order asked for; the usual one where it is unknown."""
    sort = request.query_params.get("sort", "")
    return sort if sort in SORTS else SORTS[0]


class Lists(dict[str, list[Choice]]):
    """What the filters offer, asked for as a filter is drawn: who wants the results alone draws none."""

    def __init__(self, conn: Connection[Any], viewer: Viewer) -> None:
        super().__init__(
            stage=_terms(STAGES),
            status=_terms(status for status in Status if status is not Status.VOID),
            kind=_terms(ChannelKind),
            industry=_terms(Industry),
        )
        self._conn, self._viewer = conn, viewer

    def __missing__(self, name: str) -> list[Choice]:
        asking: dict[str, Callable[[], list[Choice]]] = {
            "channel": self._channels, "occasion": self._occasions, "owner": self._owners, "country": countries,
        }  # fmt: skip
        self[name] = asking[name]()
        return self[name]

    @cached_property
    def _known(self) -> list[channels.ChannelRow]:
        return channels.listed(self._conn)

    def _channels(self) -> list[Choice]:
        return [Choice(str(row.id), named(row.name)) for row in self._known]

    def _occasions(self) -> list[Choice]:
        return [Choice(str(row.id), named(row.name)) for row in self._known if ChannelKind(row.kind).occasion]

    def _owners(self) -> list[Choice]:
        mine = [Choice(MINE, Text("我负责的", "Mine"))] if access.Role.STAFF in self._viewer.roles else []
        return mine + [Choice(str(row.id), named(row.name)) for row in people.listed(self._conn)]


def lists_of(conn: Connection[Any], viewer: Viewer) -> Lists:
    """What the filters offer, while the connection is open."""
    return Lists(conn, viewer)


def _terms(words: Any) -> list[Choice]:
    return [Choice(word.value, word.text) for word in words]
