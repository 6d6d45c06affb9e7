"""Counts and times requests by route name, for `/metrics`. Each worker counts for itself and says which it is."""

import os
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from starlette.types import ASGIApp, Message, Receive, Scope, Send

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Measures:
    """What one worker has answered so far."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, str, int]] = Counter()
        self.seconds: Counter[str] = Counter()
        self.buckets: Counter[tuple[str, int]] = Counter()

    def add(self, route: str, method: str, status: int, seconds: float) -> None:
        """Take one answered request in."""
        self.answers[route, method, status] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]
        self.buckets[route, bisect_left(BUCKETS, seconds)] += 1

    def lines(self) -> Iterator[str]:
        """Prometheus' text format."""
        worker = f'worker="{os.getpid()}"'
        yield "# HELP landfall_requests_total Requests answered, by route, method and status."
        yield "# TYPE landfall_requests_total counter"
        for (route, method, status), count in sorted(self.answers.items()):
            yield f'landfall_requests_total{{{worker},route="{route}",method="{method}",status="{status}"}} {count}'
        yield "# HELP landfall_request_seconds Time to answer, by route."
        yield "# TYPE landfall_request_seconds histogram"
        for route in sorted(self.seconds):
            yield from self._histogram(f'{worker},route="{route}"', route)

    def _histogram(self, labels: str, route: str) -> Iterator[str]:
        total = 0
        for place, bound in enumerate((*map(str, BUCKETS), "+Inf")):
            total += self.buckets[route, place]
            yield f'landfall_request_seconds_bucket{{{labels},le="{bound}"}} {total}'
        yield f"landfall_request_seconds_sum{{{labels}}} {self.seconds[route]:.6f}"
        yield f"landfall_request_seconds_count{{{labels}}} {total}"


class Measured:
    """Measures every request that reached a route."""

    def __init__(self, app: ASGIApp, *, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "name", None) or "none"
            self._measures.add(route, _method(scope["method"]), status, time.perf_counter() - start)


def _method(method: str) -> str:
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
