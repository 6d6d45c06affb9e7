"""Who answers (领导包保): the leader, the task force, the departments and the officers, from a day on.

One form and one kind of fact for whatever is answered for: a project, a firm.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import Field

from domain.base import Form, Payload, Refused, Text
from domain.values import Line, Word

OFFICERS_AT_MOST: Final = 20


class Officer(Payload):
    """Somebody who works on it, and as what (包保专员、代办员 …)."""

    person: UUID = Field(title="人员|Person", json_schema_extra={"pick": "person"})
    duty: Word | None = Field(None, title="分工|Duty")


class TakeResponsibility(Form):
    """Say who answers from that day on. It takes the place of whatever was said before."""

    noun: ClassVar[str] = "responsibility"
    verb: ClassVar[str] = "take_responsibility"
    title: ClassVar[Text] = Text("落实包保责任", "Set who answers")

    leader: UUID = Field(title="包保领导|Leader", json_schema_extra={"pick": "person"})
    task_force: Line | None = Field(None, title="工作专班|Task force")
    departments: Line | None = Field(
        None, title="责任部门|Departments", description="多个部门用顿号分开|several are divided by commas"
    )
    officers: Annotated[tuple[Officer, ...], Field(max_length=OFFICERS_AT_MOST)] = Field((), title="服务专员|Officers")


def demand_each_once(form: TakeResponsibility) -> None:
    """Refuse officers that are named twice."""
    people = [one.person for one in form.officers]
    if len(set(people)) < len(people):
        raise Refused("officers.twice", "同一人填了两次。", "Somebody is named twice.", field="officers")


class Taken(TakeResponsibility):
    """What an event of this kind is, beside being one of its aggregate."""

    TITLE: ClassVar[Text] = Text("落实包保责任", "Responsibility taken")

    def taken(self) -> "Responsibility":
        """Who answers since."""
        return Responsibility(self.leader, self.task_force, self.departments, tuple(self.officers))


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who answers on a day."""

    leader: UUID
    task_force: str | None = None
    departments: str | None = None
    officers: tuple[Officer, ...] = ()

    @property
    def people(self) -> frozenset[UUID]:
        """Everybody who answers, the leader among them."""
        return frozenset({self.leader, *(one.person for one in self.officers)})


def together(*people: UUID | None) -> frozenset[UUID]:
    """Those of them that are somebody."""
    return frozenset(one for one in people if one)


class AnsweredFor:
    """The state of something that somebody answers for."""

    responsibility: Responsibility | None

    @property
    def people(self) -> frozenset[UUID]:
        """Whoever has it."""
        return self.responsibility.people if self.responsibility else frozenset()
