"""What has to be done once before a district is worked on: tables, rights, and the read models' tables."""

import psycopg

from crm.database import connect, migrate
from crm.rights import Status, establish
from crm.settings import Settings


def prepare(settings: Settings, url: str) -> tuple[list[str], Status]:
    """Bring the schema up to this version, once however many ask: the migrations that ran, and the rights that hold."""
    with psycopg.connect(url) as connection:
        ran = migrate(connection, settings.schema_name)
    with connect(url, settings.schema_name) as connection:
        return ran, establish(connection, settings.signing_key())
