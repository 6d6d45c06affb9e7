"""Is a line a project that is there already: the same credit code or the same name, and no other project's name?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from psycopg import Connection

from crm.imports.cells import folded
from crm.imports.choices import Choices
from crm.imports.implied import Entry
from domain.base import Text
from domain.funnel import Status
from domain.values import normalised_name


class Twin(NamedTuple):
    """What a line looks like."""

    text: Text


class _Project(NamedTuple):
    project: str
    text: Text


class Twins:
    """Remembers the lines that went before, and asks for leads that are there."""

    def __init__(self, choices: Choices, *, names_others: bool = True) -> None:
        self._allow_all = choices.allow_duplicates
        self._allowed = choices.allowed
        self._names_others = names_others
        self._before: dict[str, list[_Project]] = {}

    def of(self, conn: Connection[Any], entries: Sequence[tuple[int, Entry]]) -> dict[int, Twin]:
        """By line number the lines that look like another lead. Those allowed are not among them."""
        sound = [(line, entry) for line, entry in entries if not entry.problems]
        there = _there(conn, [entry.values.given for _, entry in sound], named=self._names_others)
        found: dict[int, Twin] = {}
        for line, entry in sound:
            twin = self._twin(entry.values.given, there)
            if twin is not None and not self._allow_all and line not in self._allowed:
                found[line] = twin
            else:
                self._remember(line, entry.values.given)
        return found

    def _twin(self, given: Mapping[str, Any], there: Mapping[str, Sequence[_Project]]) -> Twin | None:
        project = folded(given.get("project") or "")
        for key in _keys(given):
            for other in (*self._before.get(key, ()), *there.get(key, ())):
                if not project or not other.project or project == other.project:
                    return Twin(other.text)
        return None

    def _remember(self, line: int, given: Mapping[str, Any]) -> None:
        text = Text(
            f"与本表第 {line} 行是同一企业、同一项目", f"the same company and project as line {line} of this file"
        )
        one = _Project(folded(given.get("project") or ""), text)
        for key in _keys(given):
            self._before.setdefault(key, []).append(one)


def _keys(given: Mapping[str, Any]) -> Iterable[str]:
    if given.get("credit_code"):
        yield f"code {given['credit_code'].upper()}"
    if given.get("company"):
        yield f"name {normalised_name(given['company'])}"


def _there(conn: Connection[Any], rows: Sequence[Mapping[str, Any]], *, named: bool) -> dict[str, list[_Project]]:
    """Leads of these names and codes, by key."""
    names = [normalised_name(given["company"]) for given in rows if given.get("company")]
    codes = [given["credit_code"].upper() for given in rows if given.get("credit_code")]
    found: dict[str, list[_Project]] = {}
    hidden = [str(Status.VOID), str(Status.MERGED)]
    query = {"names": names, "codes": codes, "hidden": hidden}
    for normalised, code, company, project, registered_on in conn.execute(_LEADS, query).fetchall():
        label = company + (f"（{project}）" if project else "")
        text = _lead_there(label, registered_on) if named else _UNNAMED
        one = _Project(folded(project or ""), text)
        found.setdefault(f"name {normalised}", []).append(one)
        if code:
            found.setdefault(f"code {code}", []).append(one)
    return found


def _lead_there(label: str, day: date) -> Text:
    return Text(
        f"已有线索：{label}，{day:%Y-%m-%d} 登记", f"there is a lead already: {label}, registered {day:%Y-%m-%d}"
    )


_UNNAMED = Text("其他渠道已有同一企业的线索", "another channel has a lead of this company already")
_LEADS = """
SELECT n.normalised, n.credit_code, l.company, l.project, l.registered_on
FROM lead_name n JOIN lead l ON l.id = n.lead
WHERE n.lead IN (
    SELECT lead FROM lead_name WHERE normalised = ANY (%(names)s)
    UNION SELECT lead FROM lead_name WHERE credit_code = ANY (%(codes)s)
) AND l.status <> ALL (%(hidden)s)
ORDER BY l.registered_on, l.id
"""
