"""What the planner really means to do in the measured district: the same questions as in `tests/web/test_plans.py`."""

import warnings
from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from crm.demo.cast import MEMBERS
from crm.settings import Settings
from tests import asked
from tests.plans import Trouble, overheard, troubles
from web.app import create_app

with warnings.catch_warnings():  # as in tests/web/conftest.py
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

FAMILIES = {
    "manager": (asked.leads, asked.boards, asked.days, asked.others),
    "auditor": (asked.audits,),
}
"""Whose pages they are; both have to be able to log in (`crm.demo.logins`)."""


def grown(settings: Settings, conn: Connection[Any]) -> Sequence[Trouble]:
    """The statements of all pages that would read a growing table from end to end, or sort an unbounded part of one."""
    app = create_app(settings)
    with TestClient(app, base_url="http://testserver") as client:
        asking = {login: [path for family in families for path in family(conn)] for login, families in FAMILIES.items()}
        with overheard() as statements:
            for login, paths in asking.items():
                person = MEMBERS[login].id
                client.cookies.set("landfall", app.state.accounts.create_session(person))
                key = {"authorization": f"Bearer {app.state.accounts.create_token(person, 'bench')}"}
                for path in paths:
                    client.get(path, headers=key if path.startswith("/api/") else {}).raise_for_status()
    return list(troubles(conn, statements))
