"""The short form of `make soak`; and it finds what is wrong when something is."""

import subprocess
import sys
from pathlib import Path

from crm import prepare
from crm.application import CRM
from crm.demo.filling import fill
from tests.conftest import District
from tests.soak.checking import wrong

ROOT = Path(__file__).parents[2]


def test_nothing_is_missed_or_twice_while_the_projector_is_killed():
    asked = ["--appends", "2000", "--minutes", "3", "--kill-every", "1.5"]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.soak", *asked], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "nothing missed, nothing twice" in ran.stdout
    assert not ran.stdout.startswith("0 of")
    assert " 0 kills" not in ran.stdout


def test_what_is_wrong_is_found(district: District) -> None:
    prepare.prepare(district.settings, district.url)
    crm = CRM(district.settings, district.url)
    fill(crm, district.url, 5, lambda _done, _of: None)
    crm.close()
    prepare.catch_up(district.settings, district.url, lambda _done, _of: None)
    assert wrong(district.settings, district.url, {}) == []
    with district.connect(autocommit=True) as conn:
        conn.execute("UPDATE lead SET company = 'x' WHERE id = (SELECT id FROM lead ORDER BY id LIMIT 1)")
        conn.execute("DELETE FROM command WHERE first = 3")
    told = " ".join(wrong(district.settings, district.url, {0: 2}))
    for what in ("lead is not what the events make", "events belong to no command", "told of 2 commands, 0 events"):
        assert what in told
