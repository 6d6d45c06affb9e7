"""How lives go: through the stages, with talks between them, some lost or resting, some coming back."""

from datetime import date, timedelta

from crm.demo import words
from crm.demo.chances import mishaps
from crm.demo.life import Late, Life
from crm.demo.pace import DEMO, Pace
from domain.base import Form
from domain.funnel import STAGES, Stage
from domain.lead import Lead
from domain.lead.progress import Contact, EnterNegotiation, Land, LandingKind, SignContract, SignIntent, VisitSite
from domain.lead.status import Hold, Lose, Reopen, Resume
from domain.lead.work import AddNote, CompleteNextAction, Judge, SetNextAction, Verdict
from domain.values import Money

_GAPS = {Stage.CONTACTED: (0, 6), Stage.NEGOTIATING: (12, 55), Stage.INTENT_SIGNED: (15, 60),
         Stage.CONTRACT_SIGNED: (25, 80), Stage.LANDED: (25, 90)}  # fmt: skip

_FATES = {"open": 38, "lost": 44, "reopened": 6, "on hold": 6, "resumed": 6}


def lived(seed: int, number: int, today: date, pace: Pace = DEMO) -> Life:
    """The whole life of the lead of that number, as far as it has come by `today`."""
    life = Life(seed, number, today, pace)
    life.enter(life.owner, life.form, life.registered_on, late=life.pace.late)
    _judged(life)
    way = _way(life)
    last = way[-1] if way else life.registered_on
    until = _fate(life, last)
    if way:
        if number % pace.talked == 0:
            _talks(life, way[0], until)
    elif life.chance(0.5) and until == life.today:
        life.enter(life.owner, _next_step(life, life.registered_on), life.registered_on)
    mishaps(life, last, until)
    return life


def _judged(life: Life) -> None:
    day = life.registered_on + life.days(0, 3) + (life.days(1, 8) if life.chance(0.15) else timedelta())
    if day > life.today or life.chance(0.05):
        return
    pursue = life.reach.order > 1 or life.chance(0.6)
    reason = life.rng.choice(words.PURSUE if pursue else words.DECLINE)
    verdict = Verdict.PURSUE if pursue else Verdict.DECLINE
    life.enter(life.manager, Judge(verdict=verdict, reason=reason, occurred_on=day), day)


def _way(life: Life) -> list[date]:
    """The days on which it enters its stages, as far as they have come."""
    stages, day, days = life.stages(), life.registered_on, []
    for left, stage in enumerate(stages):
        day += _share(life, day, len(stages) - left) if life.known else life.days(*_GAPS[stage])
        if day > life.today:
            break
        life.enter(life.owner, _entering(life, stage, day), day, late=life.pace.late)
        days.append(day)
    return days


def _share(life: Life, day: date, left: int) -> timedelta:
    """What is told in the report has happened: its steps share the time there is."""
    return timedelta(days=(life.told_by - day).days * life.rng.randint(60, 95) // 100 // left)


def _entering(life: Life, stage: Stage, day: date) -> Form:
    rng, paper = life.rng, f"{day.year}〕{life.number + 1}号"
    match stage:
        case Stage.CONTACTED:
            return _contact(life, day)
        case Stage.NEGOTIATING:
            return EnterNegotiation(occurred_on=day, subject=rng.choice(words.SUBJECTS))
        case Stage.INTENT_SIGNED:
            return SignIntent(occurred_on=day, document=f"二招意〔{paper}")
        case Stage.CONTRACT_SIGNED:
            return SignContract(occurred_on=day, document=f"二招协〔{paper}", amount=_contracted(life))
    how = rng.choice(tuple(LandingKind))
    entity = life.form.company if how is LandingKind.LAND else f"长春{life.form.company[:20]}项目公司"
    return Land(occurred_on=day, how=how, where=rng.choice(words.PLACES), entity=entity)


def _contracted(life: Life) -> Money:
    planned = life.form.investment or Money(minor=5_000_000_000)
    return planned.model_copy(update={"minor": planned.minor * life.rng.choice((80, 90, 100, 100, 110)) // 100})


def _contact(life: Life, day: date, *, due: date | None = None) -> Contact:
    rng = life.rng
    kinds = words.CONTACT_KINDS if life.form.country in ("CN", "HK", "MO") else words.FOREIGN_CONTACT_KINDS
    return Contact(
        occurred_on=day,
        kind=rng.choice(kinds),
        outcome=rng.choice(words.OUTCOMES) if life.chance(0.8) else None,
        note=rng.choice(words.CONTACT_NOTES) if life.chance(0.75) else None,
        next_action=rng.choice(words.NEXT_ACTIONS) if due else None,
        next_due=due,
    )


def _next_step(life: Life, day: date) -> SetNextAction:
    due = day + life.days(2, 12)
    return SetNextAction(occurred_on=day, next_action=life.rng.choice(words.NEXT_ACTIONS), next_due=due)


def _fate(life: Life, last: date) -> date:
    """Ends it, or has it rest, or come back; the day until which it was worked on."""
    fate = life.rng.choices(tuple(_FATES), weights=tuple(_FATES.values()))[0]
    quiet = last + life.days(12, 80)
    back = quiet + life.days(20, 110)
    if life.known or life.reach is STAGES[-1] or quiet > life.today or fate == "open":
        return life.today
    if fate in ("lost", "reopened"):
        _lose(life, quiet)
    else:
        _rest(life, quiet, back)
    if back < life.today and fate in ("reopened", "resumed"):
        _come_back(life, fate, back)
    return quiet - timedelta(days=1)


def _rest(life: Life, day: date, back: date) -> None:
    until = back if life.chance(0.5) else None
    life.enter(life.owner, Hold(occurred_on=day, reason=life.rng.choice(words.HOLDS), until=until), day)


def _come_back(life: Life, fate: str, day: date) -> None:
    reason = life.rng.choice(words.REOPENINGS)
    form = Reopen(occurred_on=day, reason=reason) if fate == "reopened" else Resume(occurred_on=day)
    life.enter(life.owner, form, day)
    last = day + (life.today - day) * life.rng.random()
    life.enter(life.owner, _contact(life, last, due=last + life.days(6, 40)), last)


def _lose(life: Life, day: date) -> None:
    note = life.rng.choice(words.LOSS_NOTES) if life.chance(0.6) else None
    life.enter(life.owner, Lose(occurred_on=day, reason=life.rng.choice(words.LOSSES), note=note), day)


def _talks(life: Life, first: date, until: date) -> None:
    """Contacts, visits and notes from the first contact on, until the last touch."""
    rng = life.rng
    recent = rng.choices(((0, 6), (7, 13), (14, 60)), weights=(58, 26, 16))[0]
    last = min(until, max(life.today - life.days(*recent), first + timedelta(days=1)))
    day = first + life.days(5, 30)
    while day < last:
        due = day + life.days(3, 18) if life.chance(0.4) else None
        life.enter(life.owner, _contact(life, day, due=due), day, late=life.pace.late)
        if due and life.chance(0.5) and due <= until:
            life.enter(life.owner, _completion(due), due)
        if life.chance(0.12):
            life.enter(life.owner, _visit(life, day), day, late=life.pace.late)
        if life.chance(0.1):
            life.enter(life.owner, AddNote(occurred_on=day, note=rng.choice(words.NOTES)), day)
        day += life.days(*life.pace.between)
    if until == life.today and first < last:
        due = last + life.days(3, 20) if life.reach is not STAGES[-1] or life.chance(0.4) else None
        life.enter(life.owner, _contact(life, last, due=due), last)


def _visit(life: Life, day: date) -> VisitSite:
    return VisitSite(occurred_on=day, place=life.rng.choice(words.PLACES), visitors=life.rng.randint(2, 9))


def _completion(day: date) -> Late:
    def form(lead: Lead) -> Form | None:
        return CompleteNextAction(occurred_on=day) if lead.attribute("next_due") else None

    return form
