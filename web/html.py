"""HTML answers: `page()` and `fragment()` are the only two ways to give one.

A page in fifteen lines (web/pages/reports.py; list `router` in web/pages/__init__.py, the names in crm/access_rules.RULES):

    router = APIRouter()

    @router.get("/reports", name="reports")
    def reports(request: Request, crm: Crm, viewer: Who) -> Response:
        return page(request, "reports.html", rows=read(crm.pool, viewer), form=view(Order, action="reports.order"))

    @router.post("/reports", name="reports.order")
    def order(request: Request, crm: Crm, viewer: Who, posted: Posted) -> Response:
        answer = submit(Order, posted, lambda form: crm.create(by(viewer, posted), Report, form))
        if isinstance(answer, FormView):
            return fragment(request, "reports.html", "sheet", status=answer.status, form=answer)
        return done(request, answer, url_for(request, "reports"), Text("已登记。", "Recorded."))

with templates/reports.html:

    {% extends "layout.html" %}
    {% block title %}{{ t('报表', 'Reports') }}{% endblock %}
    {% block main %}<div id="main">… {{ ui.opens(url_for('reports.new'), t('新建', 'New')) }} …</div>{% endblock %}
    {% block sheet %}<div id="sheet">{{ ui.sheet(form) }}</div>{% endblock %}

Rules. A block that is to be a fragment renders the element whose id is the block's name; htmx swaps it whole
(`hx-target="#results"`, outerHTML is the default here). `page()` looks at HX-Target: asked for `#results` it renders
only that block of the very template a full visit would render. So a command answers with `done(…)`, a redirect: the
browser follows it, asks for the same target, and gets that block, fresh. Templates set and import nothing at their
top: blocks are rendered alone too. Everything in templates/macros is there as `ui.<macro>`.

No inline script, no style attribute: the Content-Security-Policy blocks both, in fragments too. A bar's length is the
`width` attribute of an SVG rect (`ui.bar(part, whole)`), never a style. `hx-on`, `js:` values and `[filters]` in
hx-trigger need eval: they do not work here. ECharts: tooltips with `renderMode: 'richText'`, the others write styles.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Template

from crm.access import Viewer
from domain.base import Text
from web.links import Links, asset, icon, routes, url_for
from web.rendering import FOLDER, templates
from web.words import Words

__all__ = ["fragment", "page", "target", "templates", "url_for"]

MENU = (
    ("today", "calendar-check", Text("今日", "Today")),
    ("cockpit", "gauge", Text("驾驶舱", "Cockpit")),
    ("leads", "building", Text("线索", "Leads")),
    ("board", "layout-kanban", Text("看板", "Board")),
    ("funnel", "filter", Text("漏斗", "Funnel")),
    ("projects", "crane", Text("项目", "Projects")),
    ("companies", "building-factory-2", Text("企业", "Firms")),
    ("problems", "urgent", Text("问题", "Problems")),
    ("dispatch", "gavel", Text("调度", "Dispatch")),
    ("targets", "target-arrow", Text("目标", "Targets")),
    ("plans", "bulb", Text("谋划", "Plans")),
    ("sites", "building-warehouse", Text("载体", "Sites")),
    ("matchmakings", "heart-handshake", Text("对接", "Matchmaking")),
    ("procedures", "certificate", Text("手续", "Procedures")),
    ("fundings", "building-bank", Text("向上争取", "Funding")),
    ("channels", "route", Text("渠道", "Channels")),
    ("imports", "file-import", Text("导入", "Imports")),
    ("audit", "shield-search", Text("审计", "Audit")),
    ("admin", "settings", Text("管理", "Admin")),
)


_UNDER = {
    "services": "companies",
    "service": "companies",
    "since": "funnel",
    "restatements": "funnel",
    "meetings": "funnel",
    "tasks": "dispatch",
    "task": "dispatch",
    "indicators": "targets",
    "reports": "targets",
    "rates": "cockpit",
}
"""Pages that stand under an entry of the menu that is called otherwise."""


def page(request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The whole page, or only the block htmx asked for by its target."""
    template = templates.get_template(name)
    wanted = target(request)
    if wanted in template.blocks:
        return _answer(request, _blocks(request, template, (wanted,), context), status)
    html = template.render(shared(request, status) | context)
    headers = {"HX-Retarget": "body", "HX-Reswap": "innerHTML"} if wanted is not None else None
    return _answer(request, html, status, headers)


def fragment(request: Request, name: str, block: str, *others: str, status: int = 200, **context: Any) -> HTMLResponse:
    """One block of a page's template, to take the place of the element of the same id; `others` go along with it.

    Without htmx (a plain form post) the whole page is the answer.
    """
    if target(request) is None:
        return page(request, name, status=status, **context)
    html = _blocks(request, templates.get_template(name), (block, *others), context)
    return _answer(request, html, status, {"HX-Retarget": f"#{block}", "HX-Reswap": "outerHTML"})


def target(request: Request) -> str | None:
    """The id of the element htmx wants to fill ("" where it has none); None for a visit, or for a whole page."""
    headers = request.headers
    if "HX-Request" not in headers or "HX-Boosted" in headers or "HX-History-Restore-Request" in headers:
        return None
    return headers.get("HX-Target", "").partition("#")[2]


def _blocks(request: Request, template: Template, names: Iterable[str], context: Mapping[str, Any]) -> str:
    variables = shared(request, 200) | dict(context)
    made = {name: "".join(template.blocks[name](template.new_context(variables))) for name in names}
    first, *others = made.values()
    partials = (
        f'<hx-partial hx-target="#{name}" hx-swap="outerHTML">{html}</hx-partial>'
        for name, html in zip(list(made)[1:], others, strict=True)
    )
    return first + "".join(partials) + _notice(variables) + (_title(template, variables) if "main" in made else "")


def _title(template: Template, variables: Mapping[str, Any]) -> str:
    """A page that comes as its main part alone still names the window."""
    said = (
        "".join(template.blocks["title"](template.new_context(dict(variables)))) if "title" in template.blocks else ""
    )
    return f"<title>{said} · {variables['t']('落地', 'Landfall')}</title>" if said else ""


def _notice(variables: Mapping[str, Any]) -> str:
    ui = variables["ui"]
    said = (ui.notice(variables["notice"]) if variables["notice"] else "") + (
        ui.updating() if variables["updating"] else ""
    )
    return f'<hx-partial hx-target="#notices" hx-swap="beforeend">{said}</hx-partial>' if said else ""


def _answer(request: Request, html: str, status: int, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    response = HTMLResponse(html, status, {"Vary": "HX-Request, HX-Target, Cookie", **(headers or {})})
    if getattr(request.state, "notice", None):
        response.delete_cookie("notice")
    return response


def shared(request: Request, status: int) -> dict[str, Any]:
    """What every template may use."""
    words: Words = request.state.words
    context: dict[str, Any] = {
        name: getattr(words, name)
        for name in ("t", "term", "terms", "amount", "money", "foreign", "number", "area", "percent", "day", "moment", "ago",
                     "days", "month", "country", "today", "language")
    }  # fmt: skip
    context |= {
        "request": request,
        "status": status,
        "viewer": request.state.viewer,
        "notice": getattr(request.state, "notice", None),
        "updating": getattr(request.state, "updating", False),
        "replay": getattr(request.state, "replay", None),
        "present": getattr(request.state, "present", False),
        "url_for": Links(request).to,
        "here": Links(request).here,
        "asset": asset,
        "icon": icon,
        "csrf": request.state.csrf,
        "htmx": target(request) is not None,
    }
    context |= _surroundings(request)
    context["ui"] = Macros(context)
    return context


def _surroundings(request: Request) -> dict[str, Any]:
    """What the layout shows around every page: the menu as far as the viewer may open it, and where they are in it."""
    viewer: Viewer | None = request.state.viewer
    known = routes(request.app)
    menu = [entry for entry in MENU if viewer and entry[0] in known and viewer.may_open(entry[0])]
    place = str(getattr(request.scope.get("route"), "name", "")).partition(".")[0]
    section = place if place in known and place.endswith("s") else f"{place}s" if f"{place}s" in known else place
    return {
        "menu": menu,
        "menu_names": {name for name, *_ in menu},
        "section": _UNDER.get(section, section),
        "person_key": hashlib.sha256(viewer.id.bytes).hexdigest()[:16] if viewer else "",
    }


class Macros:
    """Every macro of templates/macros under one name, made with the request's own language and links."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in macro_files():
            raise AttributeError(name)
        module = templates.get_template(macro_files()[name]).make_module({**self._context, "ui": self})
        for macro in (macro for macro, file in macro_files().items() if file == macro_files()[name]):
            setattr(self, macro, getattr(module, macro))
        return getattr(module, name)


@cache
def macro_files() -> Mapping[str, str]:
    """Macro name → the template file it stands in."""
    found: dict[str, str] = {}
    for file in sorted((FOLDER / "macros").glob("*.html")):
        for name in re.findall(r"{%-? *macro ([a-z]\w*)", file.read_text("utf-8")):
            if name in found:
                raise TypeError(f"two macros are called {name}")
            found[name] = f"macros/{file.name}"
    return MappingProxyType(found)
