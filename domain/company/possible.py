"""What may be asked of a firm as it stands now: for menus, so that nobody is offered what would be refused.

The guards in `company` decide; a test holds this list against them.
"""

from typing import Final

from domain import corrections
from domain.base import Form
from domain.company import details
from domain.company.company import Company
from domain.company.kinds import CompanyStatus
from domain.responsibility import TakeResponsibility

_ALWAYS: Final[frozenset[type[Form]]] = frozenset(
    {details.ReviseCompany, details.RenameCompany, details.LinkLead, *corrections.FORMS}
)
_ACTIVE: Final[frozenset[type[Form]]] = frozenset({TakeResponsibility, details.EndCompany})


def possible(company: Company) -> frozenset[type[Form]]:
    """The forms that the firm would take if they are filled in rightly and dated today."""
    if not company.state.exists:
        return frozenset({corrections.Reinstate})
    return _ALWAYS | (_ACTIVE if company.state.status is CompanyStatus.ACTIVE else {details.ReopenCompany})
