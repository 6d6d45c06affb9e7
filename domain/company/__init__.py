"""The firm, whether an investor or here already: its words (`kinds`), its forms and events (`details`), then itself (`company`)."""

from domain.company.company import Company
from domain.company.details import (
    EndCompany,
    LinkLead,
    RegisterCompany,
    RenameCompany,
    ReopenCompany,
    ReviseCompany,
)
from domain.company.event import CompanyEvent
from domain.company.kinds import CompanyStatus, Ending, Seat, Sector
from domain.company.state import CompanyState

__all__ = [
    "Company", "CompanyEvent", "CompanyState", "CompanyStatus", "EndCompany", "Ending", "LinkLead", "RegisterCompany",
    "RenameCompany", "ReopenCompany", "ReviseCompany", "Seat", "Sector",
]  # fmt: skip
