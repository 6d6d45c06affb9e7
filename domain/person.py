"""People who work with the system, and the roles they act in. Passwords and sessions are no facts: see `crm.accounts`."""

import re
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Aggregate, Event, Form, Refused, Term, Text
from domain.values import Line, checked


class Role(Term):
    STAFF = "staff", "招商专员", "Staff"
    MANAGER = "manager", "区领导/主管", "Manager"
    AUDITOR = "auditor", "审计", "Auditor"
    ADMIN = "admin", "管理员", "Administrator"


def _login(text: str) -> str:
    if not re.fullmatch(r"[\w.@-]{1,60}", text):
        raise Refused(
            "login.form",
            "登录名最多 60 个字母、数字、汉字或 . _ - @，不含空格。",
            "A login has at most 60 letters, digits or . _ - @ and no spaces.",
        )
    return text


Login = Annotated[str, checked(_login)]
"""What a person types to come in."""


class AddPerson(Form):
    noun: ClassVar[str] = "people"
    verb: ClassVar[str] = "add"
    title: ClassVar[Text] = Text("添加人员", "Add a person")

    name: Line = Field(title="姓名或岗位|Name or post")
    login: Login = Field(title="登录名|Login")
    role: Role = Field(title="角色|Role")


class PersonAdded(Event, AddPerson):
    TOPIC = "person.added"
    TITLE = Text("添加人员", "Person added")

    def sentence(self) -> Text:
        return Text(f"添加人员：{self.name}", f"Person added: {self.name}")


class RenamePerson(Form):
    noun: ClassVar[str] = "name"
    verb: ClassVar[str] = "rename"
    title: ClassVar[Text] = Text("修改姓名", "Rename")

    name: Line = Field(title="姓名或岗位|Name or post")


class PersonRenamed(Event, RenamePerson):
    TOPIC = "person.renamed"
    TITLE = Text("修改姓名", "Person renamed")


class GrantRole(Form):
    noun: ClassVar[str] = "roles"
    verb: ClassVar[str] = "grant"
    title: ClassVar[Text] = Text("授予角色", "Grant a role")

    role: Role = Field(title="角色|Role")


class RoleGranted(Event, GrantRole):
    TOPIC = "person.role_granted"
    TITLE = Text("授予角色", "Role granted")

    def sentence(self) -> Text:
        return Text(f"授予角色：{self.role.text.zh}", f"Role granted: {self.role.text.en}")


class WithdrawRole(Form):
    noun: ClassVar[str] = "role-withdrawals"
    verb: ClassVar[str] = "withdraw_role"
    title: ClassVar[Text] = Text("收回角色", "Withdraw a role")

    role: Role = Field(title="角色|Role")


class RoleWithdrawn(Event, WithdrawRole):
    TOPIC = "person.role_withdrawn"
    TITLE = Text("收回角色", "Role withdrawn")

    def sentence(self) -> Text:
        return Text(f"收回角色：{self.role.text.zh}", f"Role withdrawn: {self.role.text.en}")


class Deactivate(Form):
    noun: ClassVar[str] = "deactivation"
    verb: ClassVar[str] = "deactivate"
    title: ClassVar[Text] = Text("停用", "Deactivate")

    reason: Line = Field(title="原因|Reason")


class PersonDeactivated(Event, Deactivate):
    TOPIC = "person.deactivated"
    TITLE = Text("停用人员", "Person deactivated")


class Reactivate(Form):
    noun: ClassVar[str] = "reactivation"
    verb: ClassVar[str] = "reactivate"
    title: ClassVar[Text] = Text("恢复", "Reactivate")


class PersonReactivated(Event, Reactivate):
    TOPIC = "person.reactivated"
    TITLE = Text("恢复人员", "Person reactivated")


class Person(Aggregate):
    """One person. Postings to channels are facts of the channel (`channel.specialist_posted`)."""

    NAME: ClassVar[str] = "person"
    CREATES: ClassVar[type[Form] | None] = AddPerson

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.name = ""
        self.login = ""
        self.roles: set[Role] = set()
        self.active = False

    def apply(self, event: Event) -> None:
        match event:
            case PersonAdded():
                self.name, self.login, self.roles, self.active = event.name, event.login, {event.role}, True
            case PersonRenamed():
                self.name = event.name
            case RoleGranted():
                self.roles.add(event.role)
            case RoleWithdrawn():
                self.roles.discard(event.role)
            case PersonDeactivated():
                self.active = False
            case PersonReactivated():
                self.active = True

    def add(self, form: AddPerson) -> None:
        self.record(PersonAdded, form)

    def rename(self, form: RenamePerson) -> None:
        self.record(PersonRenamed, form)

    def grant(self, form: GrantRole) -> None:
        if form.role in self.roles:
            raise Refused("role.twice", "已有这个角色。", "They have this role already.", field="role")
        self.record(RoleGranted, form)

    def withdraw_role(self, form: WithdrawRole) -> None:
        if form.role not in self.roles:
            raise Refused("role.none", "没有这个角色。", "They do not have this role.", field="role")
        if len(self.roles) == 1:
            raise Refused("role.last", "至少保留一个角色，或停用此人。", "Leave one role, or deactivate.", field="role")
        self.record(RoleWithdrawn, form)

    def deactivate(self, form: Deactivate) -> None:
        if not self.active:
            raise Refused("person.inactive", "此人已停用。", "They are deactivated already.")
        self.record(PersonDeactivated, form)

    def reactivate(self, form: Reactivate) -> None:
        if self.active:
            raise Refused("person.active", "此人没有停用。", "They are active.")
        self.record(PersonReactivated, form)
