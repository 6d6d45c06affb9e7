"""`make bench`: every figure beside its floor, measured in one run on one server. docs/bench.md says how to read it."""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm.demo.logins import open_logins
from tests.bench import appends, bulk, catchup, district, pages, proof, visible
from tests.bench.district import District
from tests.bench.measure import Figure
from tests.bench.table import printed, written

FOLDER = Path(".bench")
LOGIN = "manager"
STARTED = time.monotonic()


def say(text: str) -> None:
    """Tell on standard error how far it has come."""
    print(f"{time.monotonic() - STARTED:6.0f} s  {text}", file=sys.stderr, flush=True)


def count(text: str) -> int:
    """A number of leads: 5000, 10k, 1m."""
    factor = {"k": 1000, "m": 1_000_000}.get(text[-1:].lower(), 1)
    return int(text if factor == 1 else text[:-1]) * factor


def asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--leads", "--size", type=count, default=10_000, help="leads in the district: 10k, 100k, 1m")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured")
    parser.add_argument("--effort", type=int, default=80, help="appends, and requests of each page, in a round")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the figures are kept as JSON")
    return parser.parse_args(arguments)


def figures(one: District, facts: dict[str, Any]) -> list[Figure]:
    """Everything that is measured, in the order in which one disturbs the next least."""
    started = time.monotonic()
    say(f"filling a district with {one.leads:,} leads")
    district.filled(one, say)
    events, seconds = one.crm.position(), time.monotonic() - started
    facts |= {"events": events, "filled_in_seconds": round(seconds, 1)}
    say(f"{events:,} events in {seconds:.0f} s; projections")
    found = catchup.measured(one)
    facts["read_model_rows"] = catchup.rows_of(one)
    say("bulk append")
    found += bulk.measured(one)
    say("appends and commands")
    found += appends.measured(one)
    say("proof")
    found += proof.measured(one)
    say("pages")
    password = open_logins(one.crm.accounts, one.settings)
    with pages.served(one, LOGIN, password) as (browser, bare):
        found += visible.measured(one)
        found += pages.measured(one, browser, bare)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    given = asked(arguments)
    taken_at = datetime.now(UTC)
    facts: dict[str, Any] = {}
    with district.opened(given.leads, given.rounds, given.effort) as one:
        found = figures(one, facts)
    say("done")
    print(printed(found))
    print(f"\n{given.leads:,} leads, {facts['events']:,} events, told, sealed and copied in, in "
          f"{facts['filled_in_seconds']} s; {given.rounds} rounds")  # fmt: skip
    print(written(given.folder, str(given.leads), found, facts, taken_at))


if __name__ == "__main__":
    main()
