"""`make soak`: a million appends by four processes while the projector is killed again and again; then all is checked.

Ends within its minutes: whoever has not appended everything by then stops, and what is there is checked.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from crm import prepare
from crm.application import CRM
from crm.database import connect
from crm.demo.filling import fill
from crm.embedded import open_server
from crm.settings import Settings
from projections import engine
from tests.sizes import count
from tests.soak.checking import wrong
from tests.soak.projecting import Killed, projector

WRITING = 0.55
"""The share of the time that is written in: the rest is for the projector to come after, and for checking."""
COMING = 0.25
LOOK_SECONDS = 5.0
STARTED = time.monotonic()
DEMO = 60


def say(text: str) -> None:
    print(f"{time.monotonic() - STARTED:6.0f} s  {text}", file=sys.stderr, flush=True)


def asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--appends", "--size", type=count, default=1_000_000, help="by all together: 5000, 10k, 1m")
    parser.add_argument("--writers", type=int, default=4, help="processes that append")
    parser.add_argument("--minutes", type=float, default=15, help="how long it may take in all")
    parser.add_argument("--kill-every", type=float, default=4, help="seconds the projector projects, at most")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    given = asked(arguments)
    with tempfile.TemporaryDirectory(prefix="landfall-soak-") as name, open_server(Path(name)) as url:
        folder = Path(name)
        settings = Settings.load(data_dir=folder)
        _begun(settings, url)
        with Killed(folder, given.kill_every, lambda: _stand(settings, url)[0]) as killed:
            acknowledged = _written(folder, given, lambda: _said(settings, url, killed))
        say(f"{sum(acknowledged.values()):,} appends acknowledged, {killed.kills} kills; the projector comes after")
        with projector(folder):
            _come_after(settings, url, given.minutes * 60 * COMING)
        say("checking: positions, versions, commands, the chain, read models against a rebuild")
        found = wrong(settings, url, acknowledged)
    done = sum(acknowledged.values())
    print(f"{done:,} of {given.appends:,} appends by {given.writers} processes, {killed.kills} kills of the projector: "
          f"{'; '.join(found) or 'nothing missed, nothing twice, read models equal to their rebuild'}")  # fmt: skip
    sys.exit(bool(found))


def _begun(settings: Settings, url: str) -> None:
    """A small district to write in."""
    prepare.prepare(settings, url)
    crm = CRM(settings, url)
    fill(crm, url, DEMO, lambda _done, _of: None)
    crm.close()
    prepare.catch_up(settings, url, lambda _done, _of: None)


def _written(folder: Path, given: argparse.Namespace, tell: Callable[[], None]) -> Mapping[int, int]:
    """How many appends of each writer were acknowledged."""
    seconds, share = int(given.minutes * 60 * WRITING), -(-given.appends // given.writers)
    command = [sys.executable, "-m", "tests.soak.writer", str(folder)]
    writers = [
        subprocess.Popen([*command, str(writer), str(share), str(seconds)], stdout=subprocess.PIPE, text=True)
        for writer in range(given.writers)
    ]
    while any(one.poll() is None for one in writers):
        time.sleep(min(LOOK_SECONDS, given.kill_every))
        tell()
    answers = [one.communicate()[0] for one in writers]
    failed = [one.returncode for one in writers if one.returncode]
    if failed:
        raise RuntimeError(f"writers ended with {failed}")
    return {writer: int(answer) for writer, answer in enumerate(answers)}


def _said(settings: Settings, url: str, killed: Killed) -> None:
    reached, last = _stand(settings, url)
    say(f"{last:,} events, projected up to {reached:,}, {killed.kills} kills")


def _stand(settings: Settings, url: str) -> tuple[int, int]:
    with connect(url, settings.schema_name, autocommit=True) as conn:
        return engine.reached(conn), engine.head(conn)


def _come_after(settings: Settings, url: str, seconds: float) -> None:
    """Wait for the projector; what it has not reached in time is compared up to where it stands."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        reached, last = _stand(settings, url)
        if reached == last:
            return
        time.sleep(0.2)
    say(f"the projector is at {reached:,} of {last:,} still")


if __name__ == "__main__":
    main()
