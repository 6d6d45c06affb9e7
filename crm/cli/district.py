"""Opens the district a command works on: settings, database, schema brought up to date, application."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

if TYPE_CHECKING:
    from psycopg import Connection

    from crm.application import CRM
    from crm.settings import Settings

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="数据文件夹（同 CRM_DATA_DIR）· data folder (as CRM_DATA_DIR)", show_default=False),
]


def settings(**given: Any) -> "Settings":
    """The settings, options of the command line before the environment. Raises SettingsError."""
    from crm.settings import Settings

    folder = given.get("data_dir")
    if folder is not None:
        given["data_dir"] = folder.expanduser().absolute()
    return Settings.load(**given)


@contextmanager
def prepared(given: "Settings") -> Iterator[str]:
    """The URL of the district's database, its schema up to date."""
    from crm.database import open_database
    from crm.prepare import prepare

    with open_database(given) as url:
        prepare(given, url)
        yield url


@contextmanager
def application(given: "Settings", url: str) -> Iterator["CRM"]:
    """The application on a prepared district. Refused with a master key that is not the district's."""
    from crm.application import CRM
    from crm.sealing import check_master

    crm = CRM(given, url)
    try:
        with crm.pool.connection() as connection:
            check_master(connection, given.wrapping_key())
        yield crm
    finally:
        crm.close()


@contextmanager
def opened(given: "Settings") -> Iterator["Connection[Any]"]:
    """A connection (autocommit) to the prepared district, with the rights that pages have."""
    from crm.database import connect
    from crm.rights import door

    with prepared(given) as url:
        own = door(url, given.schema_name, given.signing_key(), "web")
        with connect(own, given.schema_name, autocommit=True) as connection:
            yield connection


def taken_out(crm: "CRM", command: str, subject: UUID | None = None) -> None:
    """Have it stand in the log of readings that something leaves by the command line, before it does."""
    from crm import readings

    with crm.pool.connection() as connection:
        readings.append_command(connection, command, subject, crm.position())
