"""The bench runs, and every figure it promises is there; whether a figure is good is for people to judge."""

import json
import subprocess
import sys
from pathlib import Path

from tests.bench import appends, bulk, catchup, pages, proof, visible

ROOT = Path(__file__).parents[2]


def promised():
    yield from (catchup.CATCH_UP, catchup.REBUILD, bulk.NAME)
    yield from (name.format(said) for name in (appends.APPEND, appends.COMMAND) for said in appends.THREADS.values())
    yield from (proof.CHAINED, proof.VERIFIED)
    yield from (visible.NAME.format(share) for share in visible.SHARES)
    shown = [*pages.PAGES, pages.LEAD_PAGE, *pages.UPDATES]
    yield from (f"{name}, {share}" for name in shown for share in pages.SHARES)


def test_every_figure_is_measured_against_its_floor_printed_and_kept(tmp_path):
    asked = ["--leads", "25", "--rounds", "1", "--effort", "4", "--folder", str(tmp_path)]
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
        assert figure["floor"] > 0
        assert figure["ours"] > 0
        assert figure["spread"][0] <= figure["ratio"] <= figure["spread"][1]
