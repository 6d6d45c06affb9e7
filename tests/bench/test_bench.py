"""The bench runs, and every figure it promises is there; whether a figure is good is for people to judge."""

import json
import subprocess
import sys
from pathlib import Path

from tests.bench import (
    appends,
    bulk,
    catchup,
    clients,
    combined,
    importing,
    longlived,
    memory,
    pages,
    proof,
    rebuilt,
    runner,
    start,
    visible,
    weight,
)

ROOT = Path(__file__).parents[2]
ROWS, LONG = 60, 200


def promised():
    yield from (catchup.NAME, runner.NAME, bulk.NAME, *appends.TARGETS, proof.CHAINED, proof.VERIFIED)
    yield from (visible.NAME.format(share) for share in visible.SHARES)
    shown = [*pages.PAGES, pages.LEAD_PAGE, *pages.UPDATES]
    yield from (f"{name}, {share}" for name in shown for share in pages.SHARES)
    yield from (combined.NAME.format(name) for name in (combined.FUNNELS, combined.LISTS))
    yield from (weight.FIRST, weight.NEXT, clients.NAME, clients.ERRORS, memory.WEB, memory.PROJECTOR)
    yield from (name.format(LONG) for name in (longlived.OPENED, longlived.COMMANDED))
    yield from (importing.IMPORTED.format(ROWS), importing.MEMORY, importing.COMMANDS, importing.VISIBLE)
    yield from (rebuilt.NAME, rebuilt.MEMORY, rebuilt.PAGES, start.NAME)


def test_every_figure_is_measured_against_its_floor_printed_and_kept(tmp_path):
    asked = [
        "--leads",
        "25",
        "--rounds",
        "1",
        "--effort",
        "4",
        "--rows",
        str(ROWS),
        "--long",
        str(LONG),
        "--folder",
        str(tmp_path),
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    (kept,) = tmp_path.glob("25-*.json")
    figures = {one["figure"]: one for one in json.loads(kept.read_text("utf-8"))["figures"]}
    assert list(figures) == list(promised())
    for name, figure in figures.items():
        assert name in ran.stdout
        assert figure["ours"] > 0 or name == clients.ERRORS
        if figure["against"]:
            assert figure["floor"] > 0
            assert figure["spread"][0] <= figure["ratio"] <= figure["spread"][1]
        assert (figure["met"] is None) == (figure["target"] is None)
