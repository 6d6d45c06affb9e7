"""What may rightly go wrong, said in one clean sentence on standard error, with exit code 1."""

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

FAILED = 1


class Failed(RuntimeError):
    """An expected failure of a command; its message is what the person reads."""


class Commands(TyperGroup):
    """A group of commands whose expected errors are sentences, never tracebacks."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever reads the result has had enough (`| head`): say no more, and let the interpreter flush into nothing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FAILED) from None
        except expected() as error:
            typer.echo(f"crm: {sentence(error)}", err=True)
            raise typer.Exit(FAILED) from error


def expected() -> tuple[type[BaseException], ...]:
    """The errors that are somebody's input or surroundings. Imported only once something was raised."""
    import psycopg
    from psycopg_pool import PoolTimeout
    from pydantic import ValidationError

    from crm.command import CommandReused, Stale, Unknown
    from crm.migrate import FromTheFuture, MigrationChanged
    from crm.owner import DatabaseUnavailable
    from crm.sealing import Tampered
    from crm.settings import SettingsError
    from crm.store import UnknownEvent
    from domain.base import Refused
    from projections.rebuild import RebuildFailed

    return (Failed, Refused, Unknown, Stale, CommandReused, SettingsError, DatabaseUnavailable, MigrationChanged, FromTheFuture,
            Tampered, UnknownEvent, psycopg.OperationalError, psycopg.errors.InsufficientPrivilege, PoolTimeout, OSError, RebuildFailed,
            ValidationError)  # fmt: skip


def sentence(error: BaseException) -> str:
    """One line in both languages that says what is wrong."""
    from pydantic import ValidationError

    from domain.base import Text

    text = getattr(error, "text", None)
    if isinstance(text, Text):
        return f"{text.zh} · {text.en}"
    if isinstance(error, ValidationError):
        return "; ".join(_complaint(problem) for problem in error.errors())
    if isinstance(error, OSError):
        return f"{error.filename or '标准输出 · standard output'}: {error.strerror or error}"
    return " ".join(str(error).split()) or type(error).__name__


def _complaint(problem: Any) -> str:
    """What is wrong with one value a person gave."""
    refused = problem.get("ctx", {}).get("error")
    said = sentence(refused) if isinstance(refused, BaseException) else problem["msg"]
    return f"{'.'.join(map(str, problem['loc']))}: {said}"
