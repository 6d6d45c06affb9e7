"""The figures as people read them, and as programs do."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isnan
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from tests.bench.measure import Figure

HEADINGS = ("figure", "floor", "ours", "ratio", "spread", "target", "met")
DECIMALS = {"/s": 0, "MB": 0, "KB": 1, "of all": 0, "ms": 2, "s": 2}


def printed(figures: Sequence[Figure]) -> str:
    """The table; above each group the floor it was measured against."""
    rows = [_row(figure) for figure in figures]
    widths = [max(wide(row[place]) for row in (HEADINGS, *rows)) for place in range(len(HEADINGS))]
    lines = [_line(HEADINGS, widths), "-+-".join("-" * width for width in widths)]
    before = ""
    for figure, row in zip(figures, rows, strict=True):
        if figure.against != before:
            before = figure.against
            lines.append(f"· against {before}:" if before else "· by itself:")
        lines.append(_line(row, widths))
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    blank = [" " * (width - wide(cell)) for cell, width in zip(cells, widths, strict=True)]
    first, *rest = zip(cells, blank, strict=True)
    return " | ".join(["".join(first), *(space + cell for cell, space in rest)])


def wide(text: str) -> int:
    """How many columns a text takes on a screen: Chinese characters take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _row(figure: Figure) -> tuple[str, ...]:
    floor, ours = (_amount(value, figure.unit) for value in (figure.floor, figure.ours))
    target = (figure.target.said, "yes" if figure.target.met(figure) else "NO") if figure.target else ("", "")
    return figure.name, floor, ours, _times(figure.ratio), _spread(figure), *target


def _spread(figure: Figure) -> str:
    """The smallest and the largest ratio of all rounds; of what has no floor, the values themselves."""
    if isnan(figure.floor):
        every = sorted(ours for _, ours in figure.rounds)
        return "–".join(_amount(value, figure.unit) for value in (every[0], every[-1])) if len(every) > 1 else ""
    return f"{figure.ratios[0]:.2f}–{figure.ratios[-1]:.2f}"


def _times(ratio: float) -> str:
    return "" if isnan(ratio) else f"{ratio:.2f}"


def _amount(value: float, unit: str) -> str:
    return "" if isnan(value) else f"{value:,.{DECIMALS[unit]}f} {unit}"


def written(folder: Path, size: str, figures: Sequence[Figure], facts: Mapping[str, Any], taken_at: datetime) -> Path:
    """Keep the figures, every round of them, as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{size}-{taken_at:%Y%m%dT%H%M%S}.json"
    content = {
        "taken_at": taken_at.isoformat(timespec="seconds"),
        "size": size,
        "machine": {"processors": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        **facts,
        "figures": [
            {
                "figure": figure.name, "against": figure.against or None, "unit": figure.unit, "floor": _known(figure.floor),
                "ours": figure.ours, "ratio": _known(figure.ratio),
                "spread": [_known(figure.ratios[0]), _known(figure.ratios[-1])],
                "target": figure.target and figure.target.said, "met": figure.target and figure.target.met(figure),
                "rounds": [{"floor": _known(floor), "ours": ours} for floor, ours in figure.rounds],
            }
            for figure in figures
        ],
    }  # fmt: skip
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _known(value: float) -> float | None:
    return None if isnan(value) else value
