"""`make bench`: every figure beside its floor, measured in one run on one server. docs/bench.md says how to read it."""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm.demo.logins import open_logins
from tests.bench import (
    appends,
    bulk,
    catchup,
    clients,
    combined,
    district,
    elsewhere,
    explained,
    growth,
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
from tests.bench.district import District
from tests.bench.measure import Figure
from tests.bench.table import printed, written
from tests.sizes import count

FOLDER = Path(".bench")
LOGIN = "manager"
STARTED = time.monotonic()


def say(text: str) -> None:
    """Tell on standard error how far it has come."""
    print(f"{time.monotonic() - STARTED:6.0f} s  {text}", file=sys.stderr, flush=True)


def asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--leads", "--size", type=count, default=10_000, help="leads in the district: 10k, 100k, 1m")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured")
    parser.add_argument("--effort", type=int, default=80, help="appends, and requests of each page, in a round")
    parser.add_argument("--rows", type=count, default=importing.ROWS, help="lines of the ledger that is imported")
    parser.add_argument("--long", type=count, default=longlived.EVENTS, help="events of the lead that has many")
    parser.add_argument(
        "--district", type=Path, help="a data folder to fill, or filled before: a million take their time"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the figures are kept as JSON")
    return parser.parse_args(arguments)


def figures(one: District, facts: dict[str, Any], given: argparse.Namespace) -> list[Figure]:
    """Everything that is measured, in the order in which one disturbs the next least."""
    _filled(one, facts)
    found = _stored(one)
    say("pages")
    password = open_logins(one.crm.accounts, one.settings)
    with pages.served(one, LOGIN, password) as there:
        found += visible.measured(one)
        found += pages.measured(one, there)
        say("filters together; weight")
        found += combined.measured(one, there.browser)
        found += weight.measured(there.browser)
        say("eight clients")
        found += clients.measured(one, there, (LOGIN, password))
        found += memory.measured(there.ours)
        say("a lead of many events")
        found += longlived.measured(one, there.browser, given.long)
        say(f"import of {given.rows:,} rows")
        found += importing.measured(one, given.rows, say)
        say("rebuild")
        found += rebuilt.measured(one, there.browser, say)
    say("plans")
    facts["plans"] = explained.found(one)
    return found


def _filled(one: District, facts: dict[str, Any]) -> None:
    started = time.monotonic()
    say(f"filling a district with {one.leads:,} leads")
    district.filled(one, say)
    facts |= {"events": one.crm.position(), "filled_in_seconds": round(time.monotonic() - started, 1)}
    say(f"{facts['events']:,} events in {facts['filled_in_seconds']:.0f} s; their read models")
    facts["read_models_in_seconds"] = round(district.projected(one, say), 1)


def _stored(one: District) -> list[Figure]:
    """What is measured without pages."""
    say("catch-up")
    found = catchup.measured(one)
    found += runner.measured(one, found[0])
    say("bulk append")
    found += bulk.measured(one)
    say("appends and commands")
    found += appends.measured(one)
    say("proof")
    return found + proof.measured(one)


def main(arguments: Sequence[str] | None = None) -> None:
    given = asked(arguments)
    taken_at = datetime.now(UTC)
    facts: dict[str, Any] = {}
    with district.kept(given.district) as folder:
        with district.opened(folder, given.leads, given.rounds, given.effort) as one:
            found = figures(one, facts, given)
        say("start")
        found += start.measured(folder, given.rounds)
    say("done")
    path = written(given.folder, str(given.leads), found, facts, taken_at)
    print(printed(found))
    print(f"\n{given.leads:,} leads, {facts['events']:,} events, told, sealed and copied in, in {facts['filled_in_seconds']} s; "
          f"their read models in {facts['read_models_in_seconds']} s; {given.rounds} rounds")  # fmt: skip
    print(
        *(elsewhere.printed(found), explained.printed(facts["plans"]), growth.printed(given.folder)), path, sep="\n\n"
    )


if __name__ == "__main__":
    main()
