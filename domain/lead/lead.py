"""The aggregate: which facts may happen to a lead, and when.

A rule about the order of things is asked of the standing at the end of the fact's own day, so that what is entered
late is judged by what was the case when it happened.
"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from domain.base import Form, Refused, day_of
from domain.funnel import Stage, Standing, Status
from domain.lead import claims, details, progress, status, work
from domain.lead.event import LeadEvent
from domain.lead.state import LeadState


class Lead(LeadState):
    """One investor's project, from the first word to landing."""

    NAME: ClassVar[str] = "lead"
    CREATES: ClassVar[type[Form] | None] = details.Register

    # ── bringing it in, and what is known of it ─────────────────────────────────────────────────────────────────────

    def register(self, form: details.Register) -> None:
        self._record(details.LeadRegistered, form)

    def revise(self, form: details.Revise) -> None:
        now = self.standing.attributes
        changed = {name: value for name, value in form.details.given().items() if value != now.get(name)}
        for name in ("company", "country", "industry"):
            if name in changed and changed[name] is None:
                raise Refused("details.required", "这一项不能为空。", "This cannot be empty.", field=f"details.{name}")
        if not changed:
            raise Refused("details.unchanged", "没有改动任何内容。", "Nothing was changed.")
        only = details.DetailsChanged.model_validate(
            {name: value for name, value in form.details.given().items() if name in changed}, from_attributes=True
        )
        self._record(details.DetailsRevised, details.Revise(details=only, occurred_on=form.occurred_on))

    def revise_investment(self, form: details.ReviseInvestment) -> None:
        self._record(details.InvestmentRevised, form, open_only=True)

    # ── the way through the funnel ──────────────────────────────────────────────────────────────────────────────────

    def contact(self, form: progress.Contact) -> None:
        self._record(progress.Contacted, form, open_only=True)

    def visit_site(self, form: progress.VisitSite) -> None:
        self._record(progress.SiteVisited, form, open_only=True)

    def enter_negotiation(self, form: progress.EnterNegotiation) -> None:
        self._advance(progress.NegotiationEntered, form)

    def sign_intent(self, form: progress.SignIntent) -> None:
        self._advance(progress.IntentSigned, form)

    def sign_contract(self, form: progress.SignContract) -> None:
        self._advance(progress.ContractSigned, form)

    def land(self, form: progress.Land) -> None:
        self._advance(progress.Landed, form)

    def move_back(self, form: progress.MoveBack) -> None:
        standing = self._open_on(form)
        if standing.stage is None or form.to.order >= standing.stage.order:
            raise Refused(
                "setback.not_lower",
                "只能退回到更早的阶段。",
                "A lead can only be moved back to an earlier stage.",
                field="to",
            )
        self._record(progress.MovedBack, form)

    # ── beside the stages ───────────────────────────────────────────────────────────────────────────────────────────

    def hold(self, form: status.Hold) -> None:
        self._stop(status.PutOnHold, form)

    def resume(self, form: status.Resume) -> None:
        self._restart(status.Resumed, form, Status.ON_HOLD, "这条线索没有暂缓。", "This lead is not on hold.")

    def lose(self, form: status.Lose) -> None:
        if form.reason is status.LossReason.OTHER and form.note is None:
            raise Refused("loss.other", "选择“其他”时请写明原因。", "With “other”, please explain.", field="note")
        self._stop(status.Lost, form, Status.ON_HOLD)

    def reopen(self, form: status.Reopen) -> None:
        self._restart(status.Reopened, form, Status.LOST, "这条线索没有流失。", "This lead is not lost.")

    def merge(self, form: status.Merge) -> None:
        if form.into == self.id:
            raise Refused("merger.itself", "不能合并到自己。", "A lead cannot be merged into itself.", field="into")
        if self.absorbed:
            raise Refused(
                "merger.has_absorbed",
                "有线索已并入本条，请先撤销那次合并，或把本条作为保留的线索。",
                "Other leads were merged into this one; undo that first, or let this one go on.",
            )
        self._record(status.LeadMerged, form)

    def absorb(self, other: "Lead", occurred_on: date) -> None:
        """Take in the lead that is being merged into this one; saved in the same append as its `merge`."""
        if self.merged_into or not self.standing.counts:
            raise Refused(
                "merger.into_merged",
                "保留的线索自己已被合并或作废，请换一条。",
                "The lead that should go on is itself merged or void; choose another.",
                field="into",
            )
        self.trigger(status.LeadAbsorbed, occurred_on, absorbed=other.id, company=other.attribute("company"))
        self.join({**self.joined, other.id: [e for e in other.events if not isinstance(e, status.LeadMerged)]})

    def unmerge(self, form: status.Unmerge) -> None:
        if self.merged_into is None:
            raise Refused("unmerger.not_merged", "这条线索没有被合并。", "This lead is not merged.")
        self.trigger(status.LeadUnmerged, day_of(form), reason=form.reason, into=self.merged_into)

    def release(self, other: UUID, occurred_on: date) -> None:
        """Give back a lead that was merged in; saved in the same append as its `unmerge`."""
        self.trigger(status.LeadReleased, occurred_on, absorbed=other)

    # ── work that moves no stage ────────────────────────────────────────────────────────────────────────────────────

    def assign(self, form: work.Assign) -> None:
        previous = self.attribute("owner")
        if previous == form.owner:
            raise Refused("owner.same", "已经由此人负责。", "They are the owner already.", field="owner")
        self._record(work.LeadAssigned, form, previous=previous)

    def judge(self, form: work.Judge) -> None:
        self._record(work.LeadJudged, form, open_only=True)

    def set_next_action(self, form: work.SetNextAction) -> None:
        self._record(work.NextActionSet, form, open_only=True)

    def complete_next_action(self, form: work.CompleteNextAction) -> None:
        if self.attribute("next_due") is None:
            raise Refused("next_action.none", "没有待办的下一步。", "There is no next action to complete.")
        self._record(work.NextActionDone, form)

    def add_note(self, form: work.AddNote) -> None:
        self._record(work.NoteAdded, form)

    def attach_document(self, form: work.AttachDocument) -> None:
        if form.sha256 in self.documents:
            raise Refused("document.twice", "这个文件已经上传过。", "This file is attached already.", field="file")
        self._record(work.DocumentAttached, form)

    def claim(self, form: claims.Claim) -> None:
        if form.channel in {self.attribute("channel"), *(claim.channel for claim in self.claims)}:
            raise Refused(
                "claim.known",
                "该渠道已是引荐渠道或已申报过。",
                "That channel has the credit or claimed already.",
                field="channel",
            )
        self._record(claims.LeadClaimed, form)

    def rule_claim(self, form: claims.RuleClaim) -> None:
        claimed = next((one for one in self.unruled if one.channel == form.channel), None)
        if claimed is None:
            raise Refused(
                "ruling.none", "该渠道没有待裁定的申报。", "That channel has no claim to be ruled on.", field="channel"
            )
        if day_of(form) < claimed.occurred_on:
            raise Refused("ruling.early", "不能早于申报日期。", "Not before the day of the claim.", field="occurred_on")
        self._record(claims.ClaimRuled, form)

    # ── guards ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _record(self, event: type[LeadEvent], form: Form, *, open_only: bool = False, **more: Any) -> None:
        if open_only:
            self._open_on(form)
        self.record(event, form, **more)

    def _advance(self, event: type[LeadEvent], form: Form) -> None:
        """A stage is entered: refused where the same stage is signed already and was not left since."""
        self._open_on(form)
        reached = self.standing.stage
        if event.RAISES and reached and reached.order >= event.RAISES.order and self._has(event):
            raise Refused(
                "stage.reached",
                "已经处于「{stage}」或更后的阶段；日期有误请用“更正日期”。",
                "It is at “{stage}” or beyond already; if the date is wrong, correct the date.",
                field="occurred_on",
                stage=event.RAISES.text,
            )
        self._record(event, form)

    def _stop(self, event: type[LeadEvent], form: Form, *also: Status) -> None:
        """Hold or lose: only an open lead that has not landed, and not before something it has done since."""
        standing = self._open_on(form, *also)
        if standing.stage is Stage.LANDED:
            raise Refused(
                "status.landed",
                "已经落地的线索不能暂缓或流失；如未落地，请先退回。",
                "A landed lead cannot be put on hold or lost; if it has not landed, move it back first.",
            )
        later = [f for f in self.facts if f.occurred_on > day_of(form) and f.effect().raises]
        if later:
            raise Refused(
                "status.later_facts",
                "{day:%Y-%m-%d} 还有进展记录，日期不能早于它。",
                "There is progress dated {day:%Y-%m-%d}; this cannot be dated before it.",
                field="occurred_on",
                day=later[-1].occurred_on,
            )
        self._record(event, form)

    def _restart(self, event: type[LeadEvent], form: Form, needed: Status, zh: str, en: str) -> None:
        self._exists()
        if self.at(day_of(form)).status is not needed:
            raise Refused(f"status.not_{needed}", zh, en)
        self._record(event, form)

    def _exists(self) -> None:
        self._not_merged()
        if not self.standing.counts:
            raise Refused("lead.void", "这条线索已作废。", "This lead is void.")

    def _open_on(self, form: Form, *also: Status) -> Standing:
        """The standing on the form's day; refused unless the lead was open then (or in one of `also`)."""
        self._exists()
        day = day_of(form)
        self._not_before_first(day, "occurred_on")
        standing = self.at(day)
        if standing.status is not Status.OPEN and standing.status not in also:
            raise Refused(
                "status.not_open",
                "这条线索在 {day:%Y-%m-%d} 处于「{status}」，请先恢复或重新激活。",
                "On {day:%Y-%m-%d} this lead was “{status}”; resume or reopen it first.",
                field="occurred_on" if self.standing.status is Status.OPEN else None,
                day=day,
                status=standing.status.text,
            )
        return standing

    def _has(self, event: type[LeadEvent]) -> bool:
        return any(isinstance(fact, event) for fact in self.facts)
