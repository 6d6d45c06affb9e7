"""A progress bar on standard error: drawn on a terminal, a line now and then elsewhere (no ANSI in a log)."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

SECONDS_BETWEEN_LINES = 2.0

Step = Callable[[int, int], None]
"""(done, in all)"""


@contextmanager
def progress(label: str) -> Iterator[Step]:
    """Inside, call the step with what is done and what there is."""
    if sys.stderr.isatty():
        with _bar(label) as step:
            yield step
    else:
        yield _lines(label)


@contextmanager
def _bar(label: str) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(label: str) -> Step:
    last, said = -SECONDS_BETWEEN_LINES, -1

    def step(done: int, total: int) -> None:
        nonlocal last, said
        now = time.monotonic()
        if done != said and (now - last >= SECONDS_BETWEEN_LINES or done >= total):
            last, said = now, done
            typer.echo(f"{label}: {done}/{total}", err=True)

    return step


def say(text: str) -> None:
    """Something a person should know, which is not the result."""
    typer.echo(text, err=True)
