"""Pages as a browser gets them, over HTTP from a process of their own, beside a bare page from another."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import cycle
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from psycopg.conninfo import make_conninfo

from crm import clock
from crm.database import conninfo
from domain.base import Form
from domain.funnel import Stage
from domain.lead import EnterNegotiation, MoveBack
from tests.bench.bare import DATABASE
from tests.bench.browser import Browser
from tests.bench.district import SIDE, District
from tests.bench.measure import Figure, at_most, percentile, timed
from tests.bench.process import Running, free_port, running

FLOOR = "bare FastAPI + Jinja page of 50 rows from one indexed SELECT"
APPENDING = "the same page after one INSERT + COMMIT"
SHARES = {"p50": 0.5, "p95": 0.95}
TARGETS = {"p95": at_most(4)}
UPDATES = {
    "stage update on the board": ("/board", "columns"),
    "stage update on the lead's page": ("/leads/{id}", "main"),
}
"""By name: the page over which the sheet stands, and the block of it that the answer replaces."""
LEAD_PAGE = "lead page"
WORKED_ON = 40
WARM = 3
CAUGHT_UP_SECONDS = 600.0
LONGEST_MS = 10_000.0
"""Of a page that takes long, a round is over after so much: the median is known by then."""
LONG_AGO = timedelta(days=150)
PAGES = {
    "list": "/leads",
    "filtered list": f"/leads?stage={Stage.NEGOTIATING}&status=open&industry=C",
    "search for 有限公司": "/leads?q=有限公司",
    "search for 长春": "/leads?q=长春",
    "search for one character": "/leads?q=长",
    "search for pinyin initials": "/leads?q=ccyq",
    "search for a rare name": "/leads?q=智沃沃",
    "search without a hit": "/leads?q=查无此名",
    "board": "/board",
    "today": "/",
    "funnel": "/funnel",
    "as-at funnel": "/funnel?as_at={then}",
    "known-at funnel": "/funnel?known_at={then}",
    "funnel by both clocks, by channel, one industry": "/funnel?as_at={then}&known_at={then}&group_by=channel&industry=C",
    "restatements of a day": "/restatements?as_at={then}&known_from={then}",
    "since the last fortnight": "/since",
    "audit explorer": "/audit",
    "audit explorer, late corrections": "/audit?corrections=1&late=3",
}
LEADS = "SELECT id FROM lead WHERE status = 'open' AND stage = %s ORDER BY id LIMIT %s"

Ask = Callable[[], object]


class Served(NamedTuple):
    """Somebody logged in to `crm serve`, and a visitor of the bare page; where both answer."""

    browser: Browser
    bare: Browser
    ours: Running
    floor: Running


@contextmanager
def served(district: District, login: str, password: str) -> Iterator[Served]:
    port, bare_port = free_port(), free_port()
    folder = str(district.settings.data_dir)
    database = make_conninfo(conninfo(district.url, f"{SIDE},{district.settings.schema_name}"))
    crm = ["crm", "serve", "--port", str(port), "--data-dir", folder]
    bare = ["uvicorn", "--factory", "tests.bench.bare:create", "--port", str(bare_port), "--log-level", "warning"]
    with running(crm, port, "/readyz") as ours, running(bare, bare_port, "/", **{DATABASE: database}) as floor:
        browser = Browser(port)
        browser.log_in(login, password)
        if not district.crm.wait(district.crm.position(), CAUGHT_UP_SECONDS):
            raise RuntimeError("the projector does not come after")
        yield Served(browser, Browser(bare_port), ours, floor)


def measured(district: District, served: Served) -> list[Figure]:
    """Milliseconds from the request to the last byte of the answer, one request at a time, every page in turn."""
    browser, bare = served.browser, served.bare
    asks: dict[str, tuple[str, Ask]] = {
        name: (FLOOR, partial(browser.get, path.format(then=today() - LONG_AGO))) for name, path in PAGES.items()
    }
    asks[LEAD_PAGE] = (FLOOR, _lead_pages(district, browser))
    leads = worked_on(district, Stage.CONTACTED)
    for place, (name, (back, block)) in enumerate(UPDATES.items()):
        asks[name] = (APPENDING, updates(browser, leads[place :: len(UPDATES)], back, block))
    floors: dict[str, Ask] = {FLOOR: partial(bare.get, "/"), APPENDING: partial(bare.post, "/", {})}
    rounds = asked_by_turns(floors | {name: ask for name, (_, ask) in asks.items()}, district.rounds, district.effort)
    return [
        Figure(
            f"{name}, {label}", floor, "ms",
            [(percentile(taken[floor], share), percentile(taken[name], share)) for taken in rounds], TARGETS.get(label),
        )
        for name, (floor, _) in asks.items()
        for label, share in SHARES.items()
    ]  # fmt: skip


def asked_by_turns(every: dict[str, Ask], rounds: int, requests: int) -> list[dict[str, list[float]]]:
    """For every round, the milliseconds that each took, all asked in turn; what takes long is asked less often."""
    for ask in [*every.values()] * WARM:
        ask()
    return [_round(every, requests) for _ in range(rounds)]


def _round(every: dict[str, Ask], requests: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in every}
    for _ in range(requests):
        for name, ask in every.items():
            if sum(taken[name]) < LONGEST_MS:
                taken[name].append(timed(ask).seconds * 1000)
    return taken


def _lead_pages(district: District, browser: Browser) -> Ask:
    leads = cycle(worked_on(district, Stage.NEGOTIATING))
    return lambda: browser.get(f"/leads/{next(leads)}")


def updates(browser: Browser, leads: Sequence[UUID], back: str, block: str) -> Ask:
    """Leads go from contacted to negotiating and, when they come round again, back."""
    turns = cycle(leads)
    negotiating: set[UUID] = set()

    def update() -> None:
        lead = next(turns)
        form: Form = (
            MoveBack(to=Stage.CONTACTED, reason="洽谈中断")
            if lead in negotiating
            else EnterNegotiation(subject="用地与用电")
        )
        negotiating.symmetric_difference_update({lead})
        _submit(browser, lead, form, back.format(id=lead), block)

    return update


def _submit(browser: Browser, lead: UUID, form: Form, back: str, block: str) -> None:
    """As the sheet over the page posts it: the redirect is followed, the answer is the block to put in."""
    given = {name: str(value) for name, value in form.model_dump(mode="json", exclude_none=True).items()}
    fields: dict[str, Any] = {"command": uuid4(), "occurred_on": today(), **given}
    html = browser.post(f"/leads/{lead}/{form.noun}?back={back}", fields, target=f"div#{block}")
    if f'id="{block}"' not in html:
        raise RuntimeError(f"no fragment came back from {form.noun}: {html[:300]}")


def today() -> date:
    return clock.today()


def worked_on(district: District, stage: Stage) -> Sequence[UUID]:
    """Some open leads at that stage."""
    with district.connect() as conn:
        return [lead for (lead,) in conn.execute(LEADS, (stage, WORKED_ON)).fetchall()]
