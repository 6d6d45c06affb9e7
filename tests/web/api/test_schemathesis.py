"""Whatever is sent to any operation, right or wrong, is answered as its description says; never by an error of ours."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import requests
from httpx import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from crm.access import Role
from tests.web.api.conftest import Program
from tests.web.conftest import Office
from web.api.openapi import described

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.specs.openapi.checks import response_schema_conformance

EXAMPLES = 2
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
ELSEWHERE = {307, 404, 405}
"""What an address answers that the generated path leads to, instead of the operation."""


@pytest.mark.parametrize("roles", [(Role.STAFF,), (Role.MANAGER, Role.ADMIN)])
def test_every_operation_answers_as_described(
    roles: tuple[Role, ...], program: Callable[..., Program], office: Office, centre: UUID
) -> None:
    caller, known = program(*roles, channel=centre), _something_known(program(Role.MANAGER), centre)
    schema = schemathesis.openapi.from_dict(described(office.app.routes))
    answered = {operation.label: _exercise(operation, caller, known) for operation in _operations(schema)}
    assert len(answered) == sum(len(path) for path in schema.raw_schema["paths"].values())
    assert [label for label, statuses in answered.items() if not statuses] == []
    office.catch_up()
    assert {one["stopped"] for one in caller.get("/status").json()["read_models"]} == {False}


def _something_known(manager: Program, centre: UUID) -> dict[str, str]:
    """What generated ids are exchanged for, every second time: a lead, a channel, a person, a meeting that are there."""
    lead, other, person = manager.lead(centre), manager.lead(centre), str(manager.person)
    meeting = manager.post("/meetings", {"name": "半月调度会", "as_at": "2026-03-31"}).json()["id"]
    project = manager.post("/projects", PROJECT).json()["id"]
    made = {kind: manager.post(f"/{kind}", body).json()["id"] for kind, body in OTHERS.items()}
    people = dict.fromkeys(("people", "owner", "brought_by", "person", "giver", "taker", "leader", "handler"), person)
    channel = str(centre)
    return {
        "leads": lead,
        "meetings": meeting,
        "projects": project,
        "project": project,
        **made,
        "into": other,
        "channels": channel,
        "channel": channel,
        **people,
    }


PROJECT = {"name": "某某装备生产线", "kind": "investment", "industry": "C", "planned_year": 2026, "start": "new",
           "investment": "1.2亿"}  # fmt: skip
SITE = {"name": "东部产业园一期", "kind": "park", "area_m2": 20000}
MATCHMAKING = {"name": "春季银企对接会", "kind": "bank_firm"}


OTHERS = {
    "tasks": {"name": "协调送电", "kind": "decision", "department": "工信局", "due_on": "2099-01-01"},
    "sites": SITE,
    "matchmakings": MATCHMAKING,
    "companies": {"name": "某某智能装备有限公司", "sector": "manufacturing"},
    "services": {"kind": "phone", "subject": "用电报装", "served": "某某餐饮店"},
    "problems": {"name": "厂区外供电容量不足", "source": "firm"},
    "targets": {"year": 2026, "metric": "contracts", "owner_kind": "district", "count": 58},
    "plans": {"name": "冷链物流园", "stage": "idea", "year": 2028, "industry": "G"},
    "indicators": {
        "name": "免费刻章企业",
        "value": "3365",
        "unit": "户",
        "year": 2026,
        "period": "2026年",
        "source": "政务服务局",
    },
    "procedures": {"kind": "building", "department": "区住建局", "applicant": "某某装备有限公司"},
    "funding": {"name": "园区道路专项债", "kind": "special_bond", "requested": "5000万", "applicant": "某某园区公司"},
}


def _operations(schema: Any) -> Iterator[Any]:
    for found in schema.get_all_operations():
        yield found.ok()


def _exercise(operation: Any, caller: Program, known: dict[str, str]) -> list[int]:
    """Send what is generated for one operation; the statuses of its answers, which were checked."""
    answers: list[int] = []
    for mode in MODES:

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck), derandomize=True,
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode), there=st.booleans())
        def run(case: Any, there: bool) -> None:  # noqa: FBT001 - Hypothesis passes by name
            if there:
                _point(case, known)
            answers.append(_checked(case, _sent(case, caller)))

        try:
            run()
        except Unsatisfiable:
            assert mode is schemathesis.GenerationMode.NEGATIVE, operation.label
    return answers


def _point(case: Any, known: dict[str, str]) -> None:
    """Have the case speak of what is there."""
    if "id" in case.path_parameters:
        case.path_parameters["id"] = known[case.operation.path.split("/")[3]]
    if isinstance(case.body, dict):
        case.body |= {name: known[name] for name in known if name in case.body}


def _sent(case: Any, caller: Program) -> Response:
    given = case.as_transport_kwargs(base_url="http://testserver", headers={"Authorization": f"Bearer {caller.token}"})
    ready = requests.Request(**{name: given[name] for name in given if name in _PARTS}).prepare()
    answer: Response = caller.client.request(
        ready.method, ready.url, headers=dict(ready.headers), content=ready.body, follow_redirects=False
    )
    return answer


_PARTS = {"method", "url", "headers", "cookies", "params", "data", "json", "files"}


def _checked(case: Any, answer: Response) -> int:
    told = f"{case.operation.label} {case!r} → {answer.status_code} {answer.text[:500]}"
    assert answer.status_code < 500, told
    documented = {int(status) for status in case.operation.definition.raw["responses"]}
    assert answer.status_code in documented | ELSEWHERE, told
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", told
    elif answer.status_code in documented:
        case.validate_response(answer, checks=[response_schema_conformance])
    return answer.status_code
