"""Everything built anew from the first event, in a process of its own, while somebody asks the live pages."""

import time
from collections.abc import Callable, Sequence
from itertools import cycle

from tests.bench.browser import Browser
from tests.bench.district import District
from tests.bench.measure import Figure, alone, at_most, percentile, speed, timed, within
from tests.bench.process import resident, started

NAME = "rebuild of all read models, with indexes and swap, pages served meanwhile"
MEMORY = "rebuild, most memory, of all its processes"
PAGES = "live pages during a rebuild, p95"
FLOOR = "the same pages, quiet"
TARGET = speed(5_000_000 / 120)
MANY = 1_000_000
"""Of fewer events than these, starting the process is what takes the time."""
PAUSE_SECONDS = 0.1
ASKED = ("/leads", "/board", "/funnel", "/")
QUIET = 60


def measured(district: District, browser: Browser, say: Callable[[str], None]) -> list[Figure]:
    """Once: what takes minutes is not repeated. One page after the other is asked, with a pause in between."""
    paths = cycle(ASKED)
    quiet = [_asked(browser, next(paths)) for _ in range(QUIET)]
    events, begun = district.crm.position(), time.perf_counter()
    busy, most = _meanwhile(district, browser, paths)
    seconds = time.perf_counter() - begun
    say(f"  rebuilt {events:,} events in {seconds:.0f} s")
    return [
        alone(NAME, "/s", [events / seconds], TARGET if events >= MANY else None),
        alone(MEMORY, "MB", [most], within(700, "MB")),
        Figure(PAGES, FLOOR, "ms", [(percentile(quiet, 0.95), percentile(busy, 0.95))], at_most(2)),
    ]


def _meanwhile(district: District, browser: Browser, paths: "cycle[str]") -> tuple[Sequence[float], float]:
    busy, most = [], 0.0
    with started(["crm", "rebuild", "--data-dir", str(district.settings.data_dir)]) as process:
        while process.poll() is None:
            busy.append(_asked(browser, next(paths)))
            most = max(most, resident(process.pid) + resident(process.pid, child="spawn_main"))
            time.sleep(PAUSE_SECONDS)
    if process.returncode:
        raise RuntimeError(f"the rebuild ended with code {process.returncode}")
    return busy, most


def _asked(browser: Browser, path: str) -> float:
    return timed(lambda: browser.get(path)).seconds * 1000
