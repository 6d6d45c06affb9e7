"""Every kind of ledger, one file each."""

from collections.abc import Mapping
from typing import Final

from crm.imports.kind import Kind
from crm.imports.kinds.companies import COMPANIES
from crm.imports.kinds.leads import LEADS
from crm.imports.kinds.problems import PROBLEMS
from crm.imports.kinds.projects import PROJECTS
from crm.imports.kinds.services import SERVICES
from crm.imports.kinds.sites import SITES
from domain.base import Refused

_ALL: Final = (LEADS, PROJECTS, COMPANIES, PROBLEMS, SERVICES, SITES)

KINDS: Final[Mapping[str, Kind]] = {kind.key: kind for kind in _ALL}
"""Every kind by its key; the first is the usual one."""
USUAL: Final = LEADS.key


def kind_of(key: str) -> Kind:
    """The kind of that key. Raises Refused, naming those there are."""
    found = KINDS.get(key)
    if found is None:
        raise Refused(
            "import.of",
            "没有「{name}」这类台账，可选：{known}。",
            "There is no kind of ledger “{name}”. There are: {known}.",
            field="of",
            name=key[:40],
            known=", ".join(KINDS),
        )
    return found
