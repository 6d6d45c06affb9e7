"""How long `crm serve` takes to answer on a district that is there, beside a bare application on the same server."""

import os
import sys
from functools import partial
from pathlib import Path

import uvicorn

from crm.database import conninfo
from crm.embedded import open_server
from crm.settings import Settings
from tests.bench.bare import DATABASE, create
from tests.bench.district import SIDE
from tests.bench.measure import Figure, beyond
from tests.bench.process import free_port, running

NAME = "start of crm serve, embedded server included"
FLOOR = "start of the bare application, embedded server included"
TARGET = beyond(1.5, "s")


def measured(folder: Path, rounds: int) -> list[Figure]:
    """Seconds until the first answer. Nobody else may keep the server running."""
    ours, floor = (
        partial(_after, "crm", "serve", "--data-dir", str(folder)),
        partial(_after, "tests.bench.start", str(folder)),
    )
    return [Figure(NAME, FLOOR, "s", [(floor("/"), ours("/readyz")) for _ in range(rounds)], TARGET)]


def _after(module: str, *arguments: str) -> float:
    *given, ready = arguments
    port = free_port()
    with running([module, *given, "--port", str(port)], port, ready) as found:
        return found.ready_after


def main() -> None:
    """The bare application: `python -m tests.bench.start FOLDER --port PORT`."""
    folder, _, port = sys.argv[1:]
    with open_server(Path(folder)) as url:
        os.environ[DATABASE] = conninfo(url, f"{SIDE},{Settings.load(data_dir=Path(folder)).schema_name}")
        uvicorn.run(create(), port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
