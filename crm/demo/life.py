"""One lead's life, planned by chance: what happens on which day, who enters it and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from crm.demo import cast, names, words
from crm.demo.cast import Member, Source
from crm.demo.editions import editions
from crm.demo.known import AS_REPORTED, CAPS, KNOWN, Known
from crm.demo.pace import DEMO, Pace
from domain.base import Form
from domain.channel import ChannelKind
from domain.funnel import STAGES, Stage
from domain.lead import Lead
from domain.lead.details import Register
from domain.values import Money, parse_amount

Late = Callable[[Lead], Form | None]
"""A form that depends on what the lead is when it is entered; None: nothing is to be entered after all."""

SKIPPED_SHARE = 0.08
OLDEST_DAYS = 540
REPORTED_BY = (12, 20)
"""The day of a year by which what its report tells has happened."""
FRIDAY = 5
WEEKEND_WORK = 7  # of one lead in so many, what happens at a weekend is entered there and then
_REACH = {Stage.REGISTERED: 14, Stage.CONTACTED: 34, Stage.NEGOTIATING: 24, Stage.INTENT_SIGNED: 12,
          Stage.CONTRACT_SIGNED: 9, Stage.LANDED: 7}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened on `day` and was entered on `entered` by `member`; `twin`: to the duplicate."""

    day: date
    entered: date
    member: Member
    form: Form | Late
    twin: bool = False


class Life:
    """The lead of that number; `moments` in the order in which they are entered."""

    def __init__(self, seed: int, number: int, today: date, pace: Pace = DEMO) -> None:
        self.rng = Random(f"{seed}/{number}")  # noqa: S311  it invents, it keeps no secret
        self.number = number
        self.today = today
        self.pace = pace
        self.known: Known | None = KNOWN[number] if number < len(KNOWN) else None
        self.source: Source = self._source()
        self.owner = cast.someone(self.rng, self.source)
        self.manager = cast.MEMBERS["manager" if self.chance(0.8) else "manager2"]
        self.reach = self.known.reach if self.known else self._reach()
        self.registered_on = self._registration_day()
        self.moments: list[Moment] = []
        self.form = self._register()

    def identity(self, *what: object) -> UUID:
        """The same id for the same thing of this lead at every run."""
        return cast.identity("lead", self.number, *what)

    def enter(self, member: Member, form: Form | Late, day: date, *, late: float = 0.0, twin: bool = False) -> None:
        """Enter it on its day (what happens at a weekend, mostly on Monday), or with the chance of `late` weeks after."""
        lag = 2 + int(self.rng.expovariate(0.09)) if self.chance(late) else 0
        entered = day + timedelta(days=lag)
        if self.number % WEEKEND_WORK:
            entered += timedelta(days=8 - entered.isoweekday() if entered.isoweekday() > FRIDAY else 0)
        self.moments.append(Moment(day, min(entered, self.today), member, form, twin))

    def told(self) -> list[Moment]:
        """The moments in the order they are entered; nothing is entered before the lead itself."""
        first = self.moments[0].entered
        return sorted(self.moments, key=lambda moment: (max(moment.entered, first), moment.day))

    def chance(self, share: float) -> bool:
        """Whether it happens to this one, as it does to that share of all."""
        return self.rng.random() < share

    def days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.rng.randint(least, most))

    @property
    def told_by(self) -> date:
        """The day by which it has come as far as it does."""
        return date(self.today.year - 1, *REPORTED_BY) if self.known and self.pace.yearly else self.today

    def _source(self) -> Source:
        found = cast.CHANNELS[self.known.channel] if self.known else cast.any_source(self.rng)
        if not self.pace.yearly:
            return found
        before, *again = editions(found, self.today)
        return again[0] if again and not self.known else before

    def _reach(self) -> Stage:
        drawn = self.rng.choices(tuple(_REACH), weights=tuple(_REACH.values()))[0]
        cap = CAPS.get(self.source.kind) if self.number < AS_REPORTED else None
        return cap if cap and drawn.order > cap.order else drawn

    def _registration_day(self) -> date:
        if self.source.kind.occasion:
            return min(cast.ended(self.source, self.today) + self.days(0, 9), self.today)
        if self.known and self.pace.yearly:
            return date(self.told_by.year, 1, 5) + self.days(0, 150)
        needed = 50 * (self.reach.order - 1) if self.known else 0
        age = needed + int((OLDEST_DAYS - needed) * self.rng.random() ** 1.7)
        return self.today - timedelta(days=age)

    def _register(self) -> Register:
        rng, known = self.rng, self.known
        firm = names.firm(rng, self._country(), self.source.city)
        return Register(
            occurred_on=self.registered_on,
            company=known.company if known and known.company else firm.company,
            credit_code=None if known and known.company else firm.credit_code,
            country=firm.country,
            region=None if known and known.company else firm.region,
            industry=known.industry if known and known.industry else firm.trade.industry,
            project=known.project if known and known.project else firm.trade.project if self.chance(0.6) else None,
            investment=self._investment(firm.country),
            land_mu=rng.randint(8, 160) if self.chance(0.3) else None,
            space_m2=rng.randint(6, 240) * 100 if self.chance(0.35) else None,
            jobs=rng.randint(3, 90) * 5 if self.chance(0.5) else None,
            referrer=rng.choice(words.REFERRERS) if self.chance(0.2) else None,
            summary=rng.choice(words.SUMMARIES) if self.chance(0.5) else None,
            contacts=tuple(
                names.contact_person(rng, self.identity("contact", n), firm.country)
                for n in range(rng.choice((0, 1, 1, 1, 2)))
            ),
            channel=self.source.id,
            brought_by=self.owner.id,
            owner=self.owner.id,
        )

    def _country(self) -> str:
        if self.known:
            return "CN"
        if self.source.kind is ChannelKind.OVERSEAS_MISSION:
            return self.source.country
        abroad = ("HK", "JP", "KR", "US", "DE", "SG", "FR")
        if "澳门" in self.source.name:
            return "MO"
        return self.rng.choice(abroad) if self.chance(0.09) else "CN"

    def _investment(self, country: str) -> Money | None:
        if self.known and self.known.investment:
            return parse_amount(self.known.investment)
        return names.investment(self.rng, country) if self.reach.order > 1 or self.chance(0.6) else None

    def stages(self) -> list[Stage]:
        """The stages it enters, one in twelve of the middle ones skipped."""
        return [
            stage for stage in STAGES[1 : self.reach.order] if stage is self.reach or not self.chance(SKIPPED_SHARE)
        ]
