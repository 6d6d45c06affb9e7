"""What befalls a few: handed over, revised, moved back, entered wrongly, claimed by another channel, registered twice."""

from datetime import date

from crm.demo import cast, words
from crm.demo.life import Late, Life
from domain.base import Form
from domain.channel import ChannelKind
from domain.funnel import Stage, Status
from domain.lead import Lead
from domain.lead.claims import Claim
from domain.lead.corrections import CorrectDate, Retract
from domain.lead.details import DetailsChanged, Revise, ReviseInvestment
from domain.lead.progress import Contacted, ContractSigned, IntentSigned, MoveBack, SignIntent
from domain.lead.status import Merge
from domain.lead.work import Assign
from domain.values import Money

_CORRECTABLE = (Contacted, IntentSigned, ContractSigned)


def mishaps(life: Life, last: date, until: date) -> None:
    """Each by its chance, on a day between the last stage it entered and the day until which it was worked on."""
    chances = ((_handed_over, 0.06), (_revised, 0.09), (_investment_revised, 0.1), (_moved_back, 0.04), (_date_wrong, 0.03),
               (_entered_wrongly, 0.02), (_claimed, 0.02), (_twice, 0.02))  # fmt: skip
    for happens, chance in chances:
        day = last + life.days(1, 12)
        if life.chance(chance) and day <= until:
            happens(life, day)


def _handed_over(life: Life, day: date) -> None:
    others = [m for m in cast.posted(life.source) if m is not life.owner] or [
        cast.MEMBERS["park1"],
        cast.MEMBERS["park2"],
    ]
    heir = next((m for m in others if m is not life.owner), None)
    if heir:
        life.enter(life.manager, Assign(occurred_on=day, owner=heir.id, reason=life.rng.choice(words.HANDOVERS)), day)


def _revised(life: Life, day: date) -> None:
    changed = DetailsChanged.model_validate({"jobs": (life.form.jobs or 0) + life.rng.randint(2, 30) * 5})
    life.enter(life.owner, Revise(occurred_on=day, details=changed), day)


def _investment_revised(life: Life, day: date) -> None:
    planned = life.form.investment or Money(minor=3_000_000_000)
    amount = planned.model_copy(update={"minor": planned.minor * life.rng.choice((70, 85, 120, 150, 200)) // 100})
    reason = life.rng.choice(words.INVESTMENT_REASONS)
    life.enter(life.owner, ReviseInvestment(occurred_on=day, amount=amount, reason=reason), day)


def _moved_back(life: Life, day: date) -> None:
    reason = life.rng.choice(words.SETBACKS)

    def form(lead: Lead) -> Form | None:
        standing = lead.at(day)
        if (
            life.known
            or standing.status is not Status.OPEN
            or standing.stage not in (Stage.INTENT_SIGNED, Stage.CONTRACT_SIGNED)
        ):
            return None
        return MoveBack(occurred_on=day, to=Stage.NEGOTIATING, reason=reason)

    life.enter(life.manager, form, day)


def _date_wrong(life: Life, day: date) -> None:
    reason, off = life.rng.choice(words.CORRECTIONS), life.days(1, 6)

    def form(lead: Lead) -> Form | None:
        registered = lead.standing.registered_on
        wrong = next((fact for fact in reversed(lead.history.facts) if isinstance(fact, _CORRECTABLE)), None)
        if wrong is None or registered is None or wrong.occurred_on <= registered:
            return None
        right = max(wrong.occurred_on - off, registered)
        return CorrectDate(occurred_on=day, fact=wrong.originator_version, to=right, reason=reason)

    life.enter(life.owner, form, day)


def _entered_wrongly(life: Life, day: date) -> None:
    """An intent signed by another firm is entered here, and taken back some days later."""
    noticed = day + life.days(1, 6)
    if life.known or life.reach.order >= Stage.INTENT_SIGNED.order or noticed > life.today:
        return
    wrong = f"二招意〔{day.year}〕{life.number + 90}号"
    reason = life.rng.choice(words.RETRACTIONS)

    def retraction(lead: Lead) -> Form | None:
        fact = next((e for e in lead.events if isinstance(e, IntentSigned) and e.document == wrong), None)
        return Retract(occurred_on=noticed, fact=fact.originator_version, reason=reason) if fact else None

    life.enter(life.owner, _while_open(SignIntent(occurred_on=day, document=wrong), day), day)
    life.enter(life.owner, retraction, noticed)


def _while_open(form: Form, day: date) -> Late:
    def entered(lead: Lead) -> Form | None:
        return form if lead.at(day).status is Status.OPEN else None

    return entered


def _claimed(life: Life, day: date) -> None:
    other = cast.any_source(life.rng)
    if other.key != life.source.key:
        claim = Claim(occurred_on=day, channel=other.id, reason=life.rng.choice(words.CLAIMS))
        life.enter(cast.someone(life.rng, other), claim, day)


def _twice(life: Life, day: date) -> None:
    """Another channel registers the same firm; some days later the manager merges the two."""
    other = cast.CHANNELS["enquiry" if life.source.kind is not ChannelKind.ENQUIRY else "beijing"]
    member = cast.someone(life.rng, other)
    merged = day + life.days(2, 15)
    if merged > life.today:
        return
    again = life.form.model_copy(
        update={"occurred_on": day, "channel": other.id, "brought_by": member.id, "owner": member.id, "contacts": (),
                "project": None, "credit_code": None}
    )  # fmt: skip
    life.enter(member, again, day, twin=True)
    life.enter(
        life.manager, Merge(occurred_on=merged, into=life.identity(), reason="同一企业、同一项目"), merged, twin=True
    )
