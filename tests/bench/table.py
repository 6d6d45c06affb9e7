"""The figures as people read them, and as programs do."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.measure import Figure

HEADINGS = ("figure", "floor", "ours", "ratio", "spread")


def printed(figures: Sequence[Figure]) -> str:
    """The table; above each group the floor it was measured against."""
    rows = [_row(figure) for figure in figures]
    widths = [max(len(row[place]) for row in (HEADINGS, *rows)) for place in range(len(HEADINGS))]
    lines = [_line(HEADINGS, widths), "-+-".join("-" * width for width in widths)]
    before = ""
    for figure, row in zip(figures, rows, strict=True):
        if figure.against != before:
            before = figure.against
            lines.append(f"· against {before}:")
        lines.append(_line(row, widths))
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (f"{cell:{'<' if place == 0 else '>'}{widths[place]}}" for place, cell in enumerate(cells))
    return " | ".join((first, *rest))


def _row(figure: Figure) -> tuple[str, ...]:
    low, *_, high = (*figure.ratios, *figure.ratios[-1:])
    values = (_amount(value, figure.unit) for value in (figure.floor, figure.ours))
    return figure.name, *values, f"{figure.ratio:.2f}", f"{low:.2f}–{high:.2f}"


def _amount(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if unit == "/s" else f"{value:,.2f} {unit}"


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
                "figure": figure.name, "against": figure.against, "unit": figure.unit, "floor": figure.floor,
                "ours": figure.ours, "ratio": figure.ratio, "spread": [figure.ratios[0], figure.ratios[-1]],
                "rounds": [{"floor": floor, "ours": ours} for floor, ours in figure.rounds],
            }
            for figure in figures
        ],
    }  # fmt: skip
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
