"""How figures grow with the district: the newest file of each size side by side, and each page beside itself when small."""

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

SMALL = 10_000
PAGE_AT_MOST = 1.3
SLACK = 1.2
"""Two runs of the same differ by so much on a machine that is not alone."""

Kept = Mapping[str, Any]


def newest(folder: Path) -> dict[int, Kept]:
    """The last file of each size, the smallest first."""
    found: dict[int, Kept] = {}
    for path in sorted(folder.glob("*-*.json"), key=lambda path: path.name.partition("-")[2]):
        kept = json.loads(path.read_text("utf-8"))
        found[int(kept["size"])] = kept
    return dict(sorted(found.items()))


def printed(folder: Path) -> str:
    """Time per append, page and projected event by size; `!` marks what grows faster than log n."""
    sizes = newest(folder)
    if len(sizes) < 2:
        return "Growth: no file of another size yet."
    lines = ["Growth, ms each: " + " → ".join(f"{size:,}" for size in sizes) + " leads"]
    lines += [f"  {'!' if _fast(times) else ' '} {name}: " + " → ".join(f"{times[size]:,.3f}" if size in times else "–" for size in sizes)
              for name, times in _times(sizes)]  # fmt: skip
    return "\n".join([*lines, *_pages(sizes)])


def _times(sizes: Mapping[int, Kept]) -> Iterator[tuple[str, dict[int, float]]]:
    """Each figure that is a time, or a rate turned into one, at every size that has it."""
    last = sizes[max(sizes)]
    for name in [figure["figure"] for figure in last["figures"] if figure["unit"] in ("/s", "ms")]:
        yield name, {size: time for size, kept in sizes.items() if (time := _time(kept, name)) is not None}


def _time(kept: Kept, name: str) -> float | None:
    for figure in kept["figures"]:
        if figure["figure"] == name and figure["ours"]:
            return 1000 / figure["ours"] if figure["unit"] == "/s" else float(figure["ours"])
    return None


def _fast(times: Mapping[int, float]) -> bool:
    """Whether from one size to the next it grew by more than their logarithms did."""
    known = sorted(times.items())
    return any(
        later / earlier > SLACK * log(larger) / log(smaller) for (smaller, earlier), (larger, later) in pairwise(known)
    )


def _pages(sizes: Mapping[int, Kept]) -> Iterator[str]:
    """Each page's own time beside its own in the small district, as that was measured in its own run."""
    size = max(sizes)
    if SMALL not in sizes or size == SMALL:
        return
    small, now = ({figure["figure"]: figure["ours"] for figure in sizes[at]["figures"]} for at in (SMALL, size))
    yield f"Pages at {size:,} beside their own time at {SMALL:,} (another run), target ≤ {PAGE_AT_MOST} ×:"
    for name in [name for name in now if name.endswith(", p50") and name in small]:
        ratio = now[name] / small[name]
        yield f"  {name}: {small[name]:,.1f} → {now[name]:,.1f} ms, {ratio:.2f} × {'yes' if ratio <= PAGE_AT_MOST else 'NO'}"
