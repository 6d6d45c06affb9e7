"""What has to be done once before a district is worked on: tables, rights, and read models that are up to date."""

from collections.abc import Sequence

import psycopg

from crm.database import connect, migrate
from crm.key_rotation import settle
from crm.master import make_mark
from crm.projecting import Connect
from crm.rights import Status, establish
from crm.settings import Settings
from projections import engine
from projections.engine import Projector, ReadModel
from projections.models import MODELS
from projections.rebuild import Progress
from projections.rebuild import rebuild as build_anew


def prepare(settings: Settings, url: str) -> tuple[list[str], Status]:
    """Bring the schema up to this version, once however many ask: the migrations that ran, and the rights that hold.

    The read models' tables are made too, empty: no page may come upon a missing one.
    """
    with psycopg.connect(url) as connection:
        ran = migrate(connection, settings.schema_name)
    with connect(url, settings.schema_name) as connection:
        rights = establish(connection, settings.signing_key())
        settle(settings, connection)
        make_mark(connection, settings.wrapping_key())
    with projecting(settings, url)() as connection:
        engine.prepare(connection, MODELS)
    return ran, rights


def projecting(settings: Settings, url: str) -> Connect:
    """Opens connections as the role that may write read models."""
    return Connect(settings, url)


def rebuild(settings: Settings, url: str, models: Sequence[ReadModel], progress: Progress) -> None:
    """Build those read models anew beside the live ones and swap. Raises RebuildFailed."""
    build_anew(projecting(settings, url), models, progress)


def catch_up(settings: Settings, url: str, progress: Progress) -> None:
    """Have the read models show everything there is, before anybody looks."""
    opened = projecting(settings, url)
    with opened() as connection:
        outdated = engine.outdated(connection, MODELS)
        if outdated:
            build_anew(opened, outdated, progress)
        projector = Projector(connection, MODELS)
        while projector.advance():
            progress(engine.reached(connection), engine.head(connection))
