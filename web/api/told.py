"""The API's answers for the command line, which stands beside the data and needs no token: the same JSON."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from crm import clock
from crm.access import SYSTEM, Viewer
from crm.application import CRM
from domain.base import Refused, Text
from domain.person import Role
from projections.paging import EVERYTHING
from web.api import comparison, comparison_leads, funnel
from web.api.comparison import RestatementsAnswer, RestatementsQuery, SinceAnswer, SinceQuery
from web.api.comparison_leads import RestatementsLeads, SinceLeads
from web.api.funnel import FunnelAnswer, FunnelQuery
from web.pages.funnel_question import WRONG
from web.words import Words

CONSOLE: Final = Viewer(SYSTEM, "", "", frozenset({Role.AUDITOR}))
"""Who stands beside the data."""
Asking = tuple[type[BaseModel], Callable[..., dict[str, Any]], type[BaseModel]]
ANSWERS: Final[Mapping[str, Asking]] = {
    "funnel": (FunnelQuery, funnel.answer, FunnelAnswer),
    "since": (SinceQuery, comparison.since_answer, SinceAnswer),
    "restatements": (RestatementsQuery, comparison.restatements_answer, RestatementsAnswer),
    "since.leads": (SinceQuery, comparison_leads.since_leads, SinceLeads),
    "restatements.leads": (RestatementsQuery, comparison_leads.restatements_leads, RestatementsLeads),
}


def told(crm: CRM, what: str, params: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What `GET /api/v1/<what>` answers to somebody who sees everything; `<what>.leads`: all leads that moved.

    Raises Refused, and ValidationError where nothing better can be said.
    """
    query, answer, shape = ANSWERS[what]
    words = Words(language, clock.today())
    try:
        seeing = CONSOLE if what.endswith(".leads") else EVERYTHING
        found = answer(crm, words, seeing, query.model_validate(params))
    except ValidationError as error:
        _not_understood(error)
        raise
    except RequestValidationError as error:
        raise _refusal(error) from error
    return shape.model_validate(found).model_dump(mode="json")


def _refusal(error: RequestValidationError) -> Refused:
    """The first thing that could not be read, with the option it belongs to."""
    first = error.errors()[0]
    return _at_option(str(first["loc"][-1]), first["ctx"]["error"].text)


def _not_understood(error: ValidationError) -> None:
    """Raises Refused with the words allowed, where it is a condition that says them."""
    name = str(error.errors()[0]["loc"][0])
    if name in WRONG:
        raise _at_option(name, WRONG[name]) from error


def _at_option(name: str, text: Text) -> Refused:
    option = f"--{name.replace('_', '-')}"
    return Refused("filter", f"{option}：{text.zh}", f"{option}: {text.en}", field=name)
