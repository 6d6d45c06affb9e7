"""The command `crm`. Results go to standard output, all else to standard error; 0 done, 1 refused or failed, 2 misused.

What a command needs is imported when it runs, so that `crm --help` answers at once.
"""

import signal

import typer

from crm.cli import asking, audit, erasing, exchange, keeping, keys, people, rebuilding, running
from crm.cli.refusals import Commands

__all__ = ["app", "main"]

app = typer.Typer(
    name="crm",
    cls=Commands,
    help="Landfall：二道区招商线索系统 · investment leads, recorded as events.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (running, keeping, rebuilding, exchange, asking, people, keys, erasing, audit):
    part.add_to(app)


def main() -> None:
    """Run the command line. Being told to end, or losing the terminal, ends as Ctrl-C does: whatever is open is closed."""
    for sign in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(sign) is signal.SIG_DFL:  # nohup has its way
            signal.signal(sign, signal.default_int_handler)
    app()
