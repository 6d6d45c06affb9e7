"""Is a line a lead that is there already: the same credit code or the same name, and no other project's name?"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from psycopg import Connection

from crm.imports.cells import folded
from crm.imports.duplicates import Likeness, Other
from crm.imports.entry import Entry
from domain.base import Text
from domain.funnel import Status
from domain.values import normalised_name


def _keys(entry: Entry) -> Iterator[str]:
    given = entry.values.given
    if given.get("credit_code"):
        yield f"code {given['credit_code'].upper()}"
    if given.get("company"):
        yield f"name {normalised_name(given['company'])}"


def _apart(entry: Entry) -> str:
    return folded(entry.values.given.get("project") or "")


def _there(conn: Connection[Any], entries: Sequence[Entry]) -> Iterator[tuple[str, Other]]:
    """Leads of these names and codes, by key."""
    rows = [entry.values.given for entry in entries]
    names = [normalised_name(given["company"]) for given in rows if given.get("company")]
    codes = [given["credit_code"].upper() for given in rows if given.get("credit_code")]
    hidden = [str(Status.VOID), str(Status.MERGED)]
    query = {"names": names, "codes": codes, "hidden": hidden}
    for normalised, code, company, project, registered_on in conn.execute(_LEADS, query).fetchall():
        label = company + (f"（{project}）" if project else "")
        text = Text(
            f"已有线索：{label}，{registered_on:%Y-%m-%d} 登记",
            f"there is a lead already: {label}, registered {registered_on:%Y-%m-%d}",
        )
        one = Other(folded(project or ""), text)
        yield f"name {normalised}", one
        if code:
            yield f"code {code}", one


_LEADS: Final = """
SELECT n.normalised, n.credit_code, l.company, l.project, l.registered_on
FROM lead_name n JOIN lead l ON l.id = n.lead
WHERE n.lead IN (
    SELECT lead FROM lead_name WHERE normalised = ANY (%(names)s)
    UNION SELECT lead FROM lead_name WHERE credit_code = ANY (%(codes)s)
) AND l.status <> ALL (%(hidden)s)
ORDER BY l.registered_on, l.id
"""

LIKENESS: Final = Likeness(
    _keys,
    _apart,
    _there,
    Text("同一企业、同一项目", "the same company and project"),
    Text("其他渠道已有同一企业的线索", "another channel has a lead of this company already"),
)
