"""A lead's corrections, under the names they were first stored by."""

from domain.corrections import (
    CorrectDate,
    CorrectDetails,
    DateCorrection,
    DetailsCorrection,
    Reinstate,
    Reinstatement,
    Retract,
    Retraction,
)
from domain.lead.event import LeadEvent

__all__ = [
    "CorrectDate", "CorrectDetails", "DateCorrected", "DetailsCorrected", "FactReinstated", "FactRetracted",
    "Reinstate", "Retract",
]  # fmt: skip


class DateCorrected(DateCorrection, LeadEvent):
    TOPIC = "lead.date_corrected"


class DetailsCorrected(DetailsCorrection, LeadEvent):
    TOPIC = "lead.details_corrected"


class FactRetracted(Retraction, LeadEvent):
    TOPIC = "lead.fact_retracted"


class FactReinstated(Reinstatement, LeadEvent):
    TOPIC = "lead.fact_reinstated"
