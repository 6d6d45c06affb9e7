"""What a page weighs on its way, compressed as the server compresses it: with all it brings along, and without."""

import re
from urllib.parse import urljoin

from tests.bench.browser import Browser
from tests.bench.measure import Figure, alone, within

FIRST = "weight of the first page, with all it loads"
NEXT = "weight of the next page"
PAGES = ("/leads", "/board", "/funnel", "/")
_LOADED = re.compile(r'<(?:script|link|img)[^>]+?(?:src|href)="(/static/[^"]+)"')
_CHARTS = "echarts"
KILO = 1000


def measured(browser: Browser) -> list[Figure]:
    """KB; the heaviest of the pages people begin with."""
    weights, loaded = {}, {}
    for path in PAGES:
        html = browser.get(path)
        weights[path] = browser.weight / KILO
        loaded[path] = sum(_weight(browser, urljoin(path, one)) for one in sorted({*_LOADED.findall(html)}))
    return [
        alone(FIRST, "KB", [max(weights[path] + loaded[path] for path in PAGES)], within(250, "KB")),
        alone(NEXT, "KB", [max(weights.values())], within(20, "KB")),
    ]


def _weight(browser: Browser, path: str) -> float:
    """What a browser is sent of one file; charts are loaded only where there are some."""
    if _CHARTS in path:
        return 0.0
    browser.get(path)
    return browser.weight / KILO
