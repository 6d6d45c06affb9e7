"""Values of the field, each with its own rule; a rule is checked when somebody types, never when history is read."""

from domain.values.company import CreditCode, check_credit_code, credit_code_check_digit, normalised_name
from domain.values.money import CURRENCIES, Amount, Money, money, parse_amount
from domain.values.numbers import Area, Count, Percent, Span, Year, per_cent
from domain.values.outside import ContactPerson, Country, Industry
from domain.values.text import Line, Note, Personal, Prose, Sealed, Word, checked, replayed

__all__ = [
    "CURRENCIES", "Amount", "Area", "ContactPerson", "Count", "Country", "CreditCode", "Industry", "Line", "Money",
    "Note", "Percent", "Personal", "Prose", "Sealed", "Span", "Word", "Year", "check_credit_code", "checked",
    "credit_code_check_digit", "money", "normalised_name", "parse_amount", "per_cent", "replayed",
]  # fmt: skip
