"""The verbs that touch more than one aggregate, or a secret beside one. All others are `change` and `create`."""

import secrets
from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from crm.accounts import Accounts, check_new_password
from crm.documents import Documents
from crm.ledger import By, Command, CommandReused, Done, Ledger, Some, Stale, Unknown, dated, decided
from crm.meetings import rests_on
from crm.settings import Settings
from domain.base import Aggregate, Form, Refused
from domain.company import Company, RegisterCompany
from domain.district import DISTRICT, District
from domain.lead import Assign, Lead, Merge, Register, Unmerge
from domain.meeting import Meeting, PinMeeting
from domain.person import AddPerson, Deactivate, Person, Role, WithdrawRole
from domain.project import Project, ReviseProject
from domain.project.opening import ProjectDetailsChanged
from domain.rules import Rules
from projections import contact_grams

__all__ = ["CRM", "By", "Command", "CommandReused", "Done", "Stale", "Unknown"]

PIN_SECONDS = 2.0
OWN_DOOR = Refused(
    "person.self",
    "不能停用自己或收回自己的管理员角色，请由另一位管理员操作。",
    "You cannot do this to yourself; another administrator can.",
)
NO_SUCH_LEAD = Refused("merger.unknown", "找不到保留的线索。", "There is no such lead to go on.", field="into")


class CRM(Ledger):
    """What staff do, one verb each; built once per worker process, after it was forked."""

    def __init__(self, settings: Settings, url: str) -> None:
        super().__init__(settings, url)
        self.accounts = Accounts(self.pool)
        self.documents = Documents(self.pool, self.keys, settings.upload_limit_mb)

    def change(self, by: By, kind: type[Aggregate], id: UUID, form: Form, *, version: int | None = None) -> Done:
        """As the ledger does it. Nobody shuts their own door."""
        keep_own_door(by.person, id, form)
        return super().change(by, kind, id, form, version=version)

    def create(self, by: By, kind: type[Aggregate], form: Form, id: UUID | None = None) -> Done:
        """As the ledger does it. A firm registered for a project is that project's from then on."""
        if isinstance(form, RegisterCompany) and form.project:
            return self._register_for(by, form, form.project, id or uuid4())
        return super().create(by, kind, form, id)

    def _register_for(self, by: By, form: RegisterCompany, project: UUID, company: UUID) -> Done:
        def decide() -> Sequence[Aggregate]:
            made, built = Company(company), self.aggregate(Project, project)
            decided(made, form)
            day = max(made.events[0].occurred_on, built.begun_on or made.events[0].occurred_on)
            details = ProjectDetailsChanged.model_validate({"company": company})
            decided(built, ReviseProject(details=details, occurred_on=day))
            return made, built

        return self.decide(by, decide, self.request(Company, None, form))

    def register(self, by: By, form: Register) -> Done:
        """Bring a lead in."""
        return self.create(by, Lead, form)

    def merge(self, by: By, lead: UUID, form: Merge) -> Done:
        """Merge `lead` into another: both learn of it in one append."""

        def decide() -> Sequence[Aggregate]:
            gone, goes_on = self.lead(lead), self._going_on(form.into)
            decided(gone, form)
            goes_on.absorb(gone, gone.events[-1].occurred_on)
            return gone, goes_on

        return self.decide(by, decide, self.request(Lead, lead, form))

    def unmerge(self, by: By, lead: UUID, form: Unmerge) -> Done:
        """Undo the merger of `lead`: both are restored exactly."""

        def decide() -> Sequence[Aggregate]:
            given_back = self.lead(lead)
            survivor = given_back.merged_into
            decided(given_back, form)
            if survivor is None:
                raise TypeError("a lead that is not merged was unmerged")
            went_on = self.lead(survivor)
            went_on.release(lead, given_back.events[-1].occurred_on)
            return given_back, went_on

        return self.decide(by, decide, self.request(Lead, lead, form))

    def hand_over(self, by: By, giver: UUID, taker: UUID, reason: str | None = None) -> list[Done]:
        """Hand a person's whole book to another: every open or resting lead, each with all that hangs on it.

        The leads' commands are derived from `by.command`, so that a second call finishes what the first began.
        """
        if giver == taker:
            raise Refused("handover.same", "移交对象不能是本人。", "A book is handed to somebody else.", field="to")
        from projections import leads

        with self.pool.connection() as connection:
            book = leads.of_owner(connection, giver)
        form = Assign(owner=taker, reason=reason)
        return [
            self.change(By(by.person, by.role, uuid5(by.command, str(lead)), by.command), Lead, lead, form)
            for lead in book
        ]

    def attach(self, by: By, lead: UUID, name: str, content: bytes) -> Done:
        """Keep a file and attach it to the lead. Refused at `file` by its size, its kind, or when it is there already."""
        return self.change(by, Lead, lead, self.documents.store(lead, name, content))

    def document(self, lead: UUID, sha256: str) -> tuple[str, str, bytes]:
        """Name, media type and content of a file attached to the lead. Raises Unknown, also once it was erased."""
        attached = self.lead(lead).documents.get(sha256)
        kept = self.documents.fetch(lead, sha256)
        if attached is None or kept.content is None:
            raise Unknown(Unknown.text.en)
        return attached.name, kept.media_type, kept.content

    def pin(self, by: By, form: PinMeeting) -> Done:
        """Keep a meeting: its day, the position now, and the digest of its figures. Refused while these are behind."""
        request = self.request(Meeting, None, form)
        done = self.done(by.command, request)
        if done:
            return done
        form, head, made = dated(form), self.position(), Meeting(uuid4())
        self.wait(head, PIN_SECONDS)
        made.pin(form, rests_on(self.pool, form, head))
        return self.record(by, made, request=request)

    def contact_signs(self, text: str) -> list[int]:
        """By what a contact person of that name, number or address is found; nothing where it is too short to look for."""
        key = self.keys.search_key() if text.strip() else None
        return contact_grams.asked(key, text) if key else []

    def add_person(self, by: By, form: AddPerson, password: str | None = None) -> tuple[Done, str]:
        """Add a person who can log in; the password (a random one when none is given) has to be changed at once."""
        self.accounts.check_free(form.login)
        first = password or secrets.token_urlsafe(12)
        check_new_password(first)
        done = self.create(by, Person, form)
        self.accounts.open(done.id, form.login, first)
        return done, first

    def deactivate(self, by: By, person: UUID, form: Deactivate) -> Done:
        """Close the door to a person: their sessions and tokens end with it."""
        done = self.change(by, Person, person, form)
        self.accounts.revoke(person)
        return done

    def rules(self) -> Rules:
        """The clocks and reading rights in force."""
        return self.aggregate(District, DISTRICT).rules

    def aggregate(self, kind: type[Some], id: UUID, version: int | None = None, *, anew: bool = False) -> Some:
        """As the ledger has it; the district itself is there before anything was set in it."""
        try:
            return super().aggregate(kind, id, version, anew=anew)
        except Unknown:
            if issubclass(kind, District) and id == DISTRICT and not version:
                return kind(DISTRICT)
            raise

    def _going_on(self, lead: UUID) -> Lead:
        try:
            return self.lead(lead)
        except Unknown:
            raise NO_SUCH_LEAD from None


def keep_own_door(person: UUID, subject: UUID, form: Form) -> None:
    """Refused when `person` would deactivate themselves, or give up the role that could undo it."""
    shuts = isinstance(form, Deactivate) or (isinstance(form, WithdrawRole) and form.role is Role.ADMIN)
    if shuts and person == subject:
        raise OWN_DOOR
