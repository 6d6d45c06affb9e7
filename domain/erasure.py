"""Erasing a contact person's data (PIPL art. 47): asked for by one, approved by another, unless something forbids it.

One aggregate per person; its id is the contact person's. Nothing in it says who they are: grounds are chosen from a
list, and what goes with them is named by id.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from domain.base import Aggregate, Event, Form, Payload, Refused, Term, Text
from domain.values import Line, Word

AT_MOST = 200
"""How many documents, or leads' texts, one request may name."""

FILE_NUMBER = "案卷号（不要写姓名）|File number (no names)"


class Ground(Term):
    """What article 47 of the Personal Information Protection Law lists."""

    PURPOSE = (
        "purpose",
        "处理目的已实现、无法实现或不再必要",
        "Its purpose is achieved, cannot be, or is no longer needed",
    )
    RETENTION = (
        "retention",
        "停止提供服务，或保存期限已届满",
        "The service has ended, or the time for keeping it is over",
    )
    CONSENT = "consent", "本人撤回同意", "They have withdrawn their consent"
    UNLAWFUL = "unlawful", "处理违反法律、行政法规或约定", "It was processed against the law or an agreement"
    OTHER_LAW = "other_law", "法律、行政法规规定的其他情形", "Another case laid down by law"


class Basis(Term):
    """What keeps data from being erased for the time being."""

    DISPUTE = "dispute", "诉讼、仲裁或信访", "A lawsuit, arbitration or petition"
    INQUIRY = "inquiry", "审计、巡察或纪检监察", "An audit or inquiry"
    PERIOD = "period", "法定保存期限未届满", "The time for which it must be kept is not over"
    OTHER = "other", "有权机关要求保留", "An authority demands that it be kept"


class Refusal(Term):
    """Why a request is turned down."""

    IDENTITY = "identity", "未能核实申请人身份", "It could not be verified who asks"
    GROUND = "ground", "不符合法定情形", "None of the grounds applies"
    PERIOD = "period", "法定保存期限未届满", "The time for which it must be kept is not over"
    SCOPE = "scope", "一并删除的范围需要调整，请重新申请", "What goes with it has to be chosen anew"


class KeptFile(Payload):
    """A document of a lead, by its fingerprint."""

    lead: UUID
    sha256: Line


class RequestErasure(Form):
    """`texts`: the leads whose free texts up to now go too; `imports`: those whose report and refused rows go."""

    noun: ClassVar[str] = "requests"
    verb: ClassVar[str] = "request"
    title: ClassVar[Text] = Text("申请删除", "Ask for erasure")

    ground: Ground = Field(title="法定情形|Ground")
    file_number: Word | None = Field(None, title=FILE_NUMBER)
    texts: tuple[UUID, ...] = Field((), title="一并删除的自由文本|Free texts that go too", max_length=AT_MOST)
    documents: tuple[KeptFile, ...] = Field((), title="一并删除的附件|Documents that go too", max_length=AT_MOST)
    imports: tuple[UUID, ...] = Field((), title="一并删除的导入报告|Import reports that go too", max_length=AT_MOST)


class ErasureRequested(Event, RequestErasure):
    TOPIC = "erasure.requested"
    TITLE = Text("申请删除个人信息", "Erasure asked for")

    requested_by: UUID

    def sentence(self) -> Text:
        return Text(f"申请删除个人信息：{self.ground.text.zh}", f"Erasure asked for: {self.ground.text.en}")


class ApproveErasure(Form):
    """From here on nobody can read what was asked to be erased."""

    noun: ClassVar[str] = "approval"
    verb: ClassVar[str] = "approve"
    title: ClassVar[Text] = Text("批准并立即删除", "Approve and erase now")


class PersonErased(Event, ApproveErasure):
    """Says by itself all that is gone, so that it stays gone whatever is restored."""

    TOPIC = "erasure.person_erased"
    TITLE = Text("删除个人信息", "Personal data erased")

    ground: Ground
    file_number: Word | None
    texts: tuple[UUID, ...]
    documents: tuple[KeptFile, ...]
    imports: tuple[UUID, ...]
    approved_by: UUID

    def sentence(self) -> Text:
        return Text(f"已删除个人信息：{self.ground.text.zh}", f"Personal data erased: {self.ground.text.en}")


class MoreErased(PersonErased):
    """What had been overlooked when the person was erased is gone as well."""

    TOPIC = "erasure.more_erased"
    TITLE = Text("补充删除", "More erased")

    def sentence(self) -> Text:
        return Text(f"已补充删除：{self.ground.text.zh}", f"More erased: {self.ground.text.en}")


class RejectErasure(Form):
    noun: ClassVar[str] = "rejection"
    verb: ClassVar[str] = "reject"
    title: ClassVar[Text] = Text("不予批准", "Turn down")

    why: Refusal = Field(title="理由|Reason")
    file_number: Word | None = Field(None, title=FILE_NUMBER)


class ErasureRejected(Event, RejectErasure):
    TOPIC = "erasure.rejected"
    TITLE = Text("不予批准删除", "Erasure turned down")

    rejected_by: UUID

    def sentence(self) -> Text:
        return Text(f"不予批准删除：{self.why.text.zh}", f"Erasure turned down: {self.why.text.en}")


class PlaceHold(Form):
    """Data under a hold is kept: nothing is asked for and nothing approved until it is lifted."""

    noun: ClassVar[str] = "hold"
    verb: ClassVar[str] = "place_hold"
    title: ClassVar[Text] = Text("依法保留", "Place a legal hold")

    basis: Basis = Field(title="依据|Basis")
    file_number: Word | None = Field(None, title=FILE_NUMBER)


class HoldPlaced(Event, PlaceHold):
    TOPIC = "erasure.hold_placed"
    TITLE = Text("依法保留", "Legal hold placed")

    def sentence(self) -> Text:
        return Text(f"依法保留：{self.basis.text.zh}", f"Legal hold: {self.basis.text.en}")


class LiftHold(Form):
    noun: ClassVar[str] = "release"
    verb: ClassVar[str] = "lift_hold"
    title: ClassVar[Text] = Text("解除保留", "Lift the hold")

    file_number: Word | None = Field(None, title=FILE_NUMBER)


class HoldLifted(Event, LiftHold):
    TOPIC = "erasure.hold_lifted"
    TITLE = Text("解除保留", "Legal hold lifted")


HELD = Refused(
    "erasure.held",
    "此人的信息正依法保留，不能删除；请先解除保留。",
    "This person's data is under a legal hold and cannot be erased; lift the hold first.",
)
DONE = Refused(
    "erasure.done",
    "此人的信息已经删除；补充申请须指明漏下的自由文本或附件。",
    "This person's data has been erased already; to ask for more, name the free texts or documents that were overlooked.",
)
WAITING = Refused("erasure.waiting", "已有一份申请在等候批准。", "A request is waiting for approval already.")
NOTHING = Refused("erasure.nothing", "没有等候批准的申请。", "No request is waiting.")
ONE_PERSON = Refused(
    "erasure.one_person",
    "申请人不能自己批准，请由另一位管理员批准。",
    "Whoever asked cannot approve; another administrator has to.",
)


class Erasure(Aggregate):
    """`waiting` is the request to be decided on; `erased` all that was done, the person first, then what was overlooked."""

    NAME: ClassVar[str] = "erasure"

    def __init__(self, identity: UUID) -> None:
        super().__init__(identity)
        self.waiting: ErasureRequested | None = None
        self.erased: tuple[PersonErased, ...] = ()
        self.hold: HoldPlaced | None = None

    def apply(self, event: Event) -> None:
        match event:
            case ErasureRequested():
                self.waiting = event
            case ErasureRejected():
                self.waiting = None
            case PersonErased():
                self.waiting, self.erased = None, (*self.erased, event)
            case HoldPlaced():
                self.hold = event
            case HoldLifted():
                self.hold = None

    def request(self, form: RequestErasure, by: UUID) -> None:
        self._check_hold()
        if self.waiting is not None:
            raise WAITING
        if self.erased and not (form.texts or form.documents):
            raise DONE
        self.record(ErasureRequested, form, requested_by=by)

    def approve(self, form: ApproveErasure, by: UUID) -> None:
        self._check_hold()
        if self.waiting is None:
            raise DONE if self.erased else NOTHING
        if self.waiting.requested_by == by:
            raise ONE_PERSON
        asked = {name: getattr(self.waiting, name) for name in RequestErasure.model_fields if name != "occurred_on"}
        self.record(MoreErased if self.erased else PersonErased, form, approved_by=by, **asked)

    def reject(self, form: RejectErasure, by: UUID) -> None:
        if self.waiting is None:
            raise NOTHING
        self.record(ErasureRejected, form, rejected_by=by)

    def place_hold(self, form: PlaceHold) -> None:
        if self.hold is not None:
            raise Refused("erasure.held_already", "已经依法保留。", "It is under a hold already.")
        self.record(HoldPlaced, form)

    def lift_hold(self, form: LiftHold) -> None:
        if self.hold is None:
            raise Refused("erasure.not_held", "没有在保留中。", "It is not under a hold.")
        self.record(HoldLifted, form)

    def _check_hold(self) -> None:
        if self.hold is not None:
            raise HELD
