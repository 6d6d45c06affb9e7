"""What the pages ask at this size, explained: whatever reads a growing table from end to end is named."""

import warnings
from collections.abc import Iterable, Iterator
from random import Random

from crm.demo.cast import MEMBERS
from tests import asked
from tests.bench.district import District
from tests.plans import Statement, overheard, troubles
from web.app import create_app

with warnings.catch_warnings():  # Starlette's client would rather stand on httpx2, which it does not require yet
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

LONGEST = 300
SEED = 20230926
FAMILIES = {asked.leads: "manager", asked.boards: "manager", asked.days: "manager", asked.audits: "auditor",
            asked.others: "manager"}  # fmt: skip
"""Who asks for what."""


def found(district: District) -> list[str]:
    """Every trouble once, with the beginning of its statement."""
    with district.connect() as conn:
        every = [(path, login) for family, login in FAMILIES.items() for path in family(conn) if "/api/" not in path]
        some = Random(SEED).sample(every, min(len(every), district.effort * 10))  # noqa: S311  it draws, it keeps no secret
        statements = _sent(district, some)
        return sorted(
            {f"{one.what}: {' '.join(one.statement.split())[:LONGEST]}" for one in troubles(conn, statements)}
        )


def _sent(district: District, asks: Iterable[tuple[str, str]]) -> list[Statement]:
    """The statements that the pages send, heard in this process."""
    app = create_app(district.settings)
    with TestClient(app) as client, overheard() as statements:
        doors = {login: app.state.accounts.create_session(MEMBERS[login].id) for login in FAMILIES.values()}
        for path, login in asks:
            client.cookies.set("landfall", doors[login])
            answer = client.get(path, follow_redirects=False)
            if answer.status_code >= 400:
                raise RuntimeError(f"{path} was answered with {answer.status_code}")
    return list(_once(statements))


def _once(statements: Iterable[Statement]) -> Iterator[Statement]:
    yield from {one.text + repr(one.values): one for one in statements}.values()


def printed(wrong: list[str]) -> str:
    if not wrong:
        return "Plans: nothing that grows is read from end to end."
    return "\n".join(["Plans that grow with the district:", *(f"  {one}" for one in wrong)])
