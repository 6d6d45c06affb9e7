"""The API's answers for the command line, which stands beside the data and needs no token: the same JSON."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from crm import clock
from crm.application import CRM
from domain.base import Refused
from projections.paging import EVERYTHING
from web.api import comparison, funnel
from web.api.comparison import RestatementsAnswer, RestatementsQuery, SinceAnswer, SinceQuery
from web.api.funnel import FunnelAnswer, FunnelQuery
from web.words import Words

Asking = tuple[type[BaseModel], Callable[..., dict[str, Any]], type[BaseModel]]
ANSWERS: Final[Mapping[str, Asking]] = {
    "funnel": (FunnelQuery, funnel.answer, FunnelAnswer),
    "since": (SinceQuery, comparison.since_answer, SinceAnswer),
    "restatements": (RestatementsQuery, comparison.restatements_answer, RestatementsAnswer),
}


def told(crm: CRM, what: str, params: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What `GET /api/v1/<what>` answers to somebody who sees everything. Raises ValidationError, Refused."""
    query, answer, shape = ANSWERS[what]
    words = Words(language, clock.today())
    try:
        found = answer(crm, words, EVERYTHING, query.model_validate(params))
    except RequestValidationError as error:
        raise _refusal(error) from error
    return shape.model_validate(found).model_dump(mode="json")


def _refusal(error: RequestValidationError) -> Refused:
    """The first thing that could not be read, with the option it belongs to."""
    first = error.errors()[0]
    refused, name = first["ctx"]["error"], str(first["loc"][-1])
    return Refused(refused.key, *(f"--{name.replace('_', '-')}：{text}" for text in refused.text), field=name)
