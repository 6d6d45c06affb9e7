"""How figures are taken: floor and contenders in slices by turns, several rounds, each round a ratio of its own."""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import nan
from threading import Barrier
from typing import NamedTuple

Call = Callable[[], object]


class Taken(NamedTuple):
    """One slice: how many things were done, in how many seconds."""

    count: int
    seconds: float


Contender = Callable[[], Taken]


@dataclass(frozen=True)
class Target:
    """What a figure is to come to, as it is said and as it is judged."""

    said: str
    met: "Callable[[Figure], bool]"


def at_least(ratio: float) -> Target:
    return Target(f"≥ {ratio:g} ×", lambda figure: figure.ratio >= ratio)


def at_most(ratio: float) -> Target:
    return Target(f"≤ {ratio:g} ×", lambda figure: figure.ratio <= ratio)


def beyond(most: float, unit: str) -> Target:
    """So much more than the floor, at most."""
    return Target(f"≤ {most:g} {unit} beyond", lambda figure: figure.ours - figure.floor <= most)


def within(most: float, unit: str) -> Target:
    """Whatever the floor is."""
    return Target(f"≤ {most:g} {unit}", lambda figure: figure.ours <= most)


def speed(least: float) -> Target:
    return Target(f"≥ {least:,.0f} /s", lambda figure: figure.ours >= least)


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured against what, in every round.

    Of "/s" more is better, of every other unit less. What has no floor has `nan` for one, and is measured against nothing.
    """

    name: str
    against: str
    unit: str
    rounds: Sequence[tuple[float, float]]
    """(floor, ours)"""
    target: Target | None = None

    @property
    def floor(self) -> float:
        return statistics.median(floor for floor, _ in self.rounds)

    @property
    def ours(self) -> float:
        return statistics.median(ours for _, ours in self.rounds)

    @property
    def ratios(self) -> list[float]:
        """Ours to the floor of the same round, the smallest first."""
        return sorted(ours / floor if floor else nan for floor, ours in self.rounds)

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)


def timed(call: Call, count: int = 1) -> Taken:
    """How long the call took that did `count` things."""
    started = time.perf_counter()
    call()
    return Taken(count, time.perf_counter() - started)


def at_once(threads: int, calls: Sequence[Call]) -> Taken:
    """The calls shared out among that many threads, which begin together."""
    ready = Barrier(threads + 1)

    def work(mine: Iterable[Call]) -> None:
        ready.wait()
        for call in mine:
            call()

    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(work, calls[first::threads]) for first in range(threads)]
        ready.wait()
        started = time.perf_counter()
        for one in running:
            one.result()
    return Taken(len(calls), time.perf_counter() - started)


def rates(contenders: Mapping[str, Contender], rounds: int, slices: int = 1) -> list[dict[str, float]]:
    """For every round, what each contender did a second: all take a slice in turn, each turn begun by another."""
    names = list(contenders)
    found = []
    for first in range(rounds):
        spent = {name: Taken(0, 0.0) for name in names}
        for turn in range(slices):
            start = (first + turn) % len(names)
            for name in names[start:] + names[:start]:
                taken = contenders[name]()
                spent[name] = Taken(spent[name].count + taken.count, spent[name].seconds + taken.seconds)
        found.append({name: taken.count / taken.seconds for name, taken in spent.items()})
    return found


def alone(name: str, unit: str, values: Iterable[float], target: Target | None = None) -> Figure:
    """A figure without a floor."""
    return Figure(name, "", unit, [(nan, value) for value in values], target)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
