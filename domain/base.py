"""What every aggregate is made of: events with a business date, forms that people fill in, refusals they can act on.

An event is a fact in the past tense; `Aggregate.trigger` is the only way to make one and `Aggregate.apply` the only
way to take one in. Guards stand in the public methods, so a rule that is tightened never makes old history unloadable.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
)

REPLAY: Mapping[str, bool] = {"replay": True}
"""Validation context under which values are read back as they were written: no rule of today is applied to them."""


class Text(NamedTuple):
    """One text for people, in the two languages of the product."""

    zh: str
    en: str

    def said(self, language: str, **params: object) -> str:
        """The text in `language` ("zh" or "en"), with its `{named}` places filled."""
        text = self.en if language == "en" else self.zh
        return text.format(**params) if params else text


class Refused(ValueError):
    """A rule was broken: `key` names the rule, `field` the form field it belongs to (None: the form as a whole).

    `params` fill the `{named}` places of both languages; one that is a `Text` speaks each in its own.
    """

    def __init__(self, key: str, zh: str, en: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.field = field
        self.text = Text(zh, en)
        if params:
            self.text = Text(*(text.format(**_in_language(params, place)) for place, text in enumerate(self.text)))

    def at(self, field: str) -> "Refused":
        """The same refusal, shown at `field`."""
        return Refused(self.key, *self.text, field=field)


def _in_language(params: Mapping[str, object], place: int) -> dict[str, object]:
    return {name: value[place] if isinstance(value, Text) else value for name, value in params.items()}


def _likely(day: date, info: ValidationInfo) -> date:
    # A slip of the finger makes 2026 into 0206, and one such day would stretch every chart by 1,800 years.
    if day.year not in _YEARS and not (info.context and info.context.get("replay")):
        raise Refused("date.year", "年份不对，请核对。", "The year cannot be right; please check it.")
    return day


_YEARS = range(1900, 2101)
Day = Annotated[date, AfterValidator(_likely)]
"""A calendar day that somebody enters: of a year that can be meant."""


class Term(StrEnum):
    """A word of the field: a stable value for events and URLs, and its names in both languages."""

    text: Text

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = Text(zh, en)
        return member


class Payload(BaseModel):
    """Frozen values, nothing unknown in them."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def field_text(model: type[BaseModel], name: str) -> Text:
    """The title of a field, in both languages (`Field(title="中文|English")`)."""
    title = model.model_fields[name].title or name
    zh, _, en = title.partition("|")
    return Text(zh, en or zh)


class Patch(Payload):
    """Some values out of many: every field may be left out, and what was left out is neither kept nor changed."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for info in cls.model_fields.values():
            if info.is_required():
                kind: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
                info.annotation = kind | None
                info.metadata = []
                info.default = None
        cls.model_rebuild(force=True)

    @model_serializer(mode="wrap")
    def _given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        return {name: value for name, value in values.items() if name in self.model_fields_set}

    def given(self) -> dict[str, Any]:
        """The values that were given, by field name."""
        return {name: getattr(self, name) for name in sorted(self.model_fields_set)}


class Form(Payload):
    """What a person fills in to make an aggregate do one thing; also the argument of the API and of the aggregate.

    `noun` is the last part of its address (`POST /leads/{id}/<noun>`), `verb` the aggregate's method, `title` the
    words on its button. `occurred_on` is the Asia/Shanghai calendar day of the fact; the caller fills in today.
    """

    noun: ClassVar[str]
    verb: ClassVar[str]
    title: ClassVar[Text]
    occurred_on: Day | None = Field(None, title="发生日期|Date")


def day_of(form: Form) -> date:
    """The day of the fact; the application has filled in today where the person said none."""
    if form.occurred_on is None:
        raise TypeError(f"{type(form).__name__} reached its aggregate without a day")
    return form.occurred_on


class Event(Payload):
    """A fact of one aggregate (`originator_id`) that became its `originator_version`-th, dated `occurred_on`.

    `TOPIC` is the stable name it is stored under, `SCHEMA` the version of its fields. When fields change, raise
    `SCHEMA` and give `upcast_v1`, `upcast_v2`, …: each takes the stored dict one version further.
    """

    TOPIC: ClassVar[str]
    SCHEMA: ClassVar[int] = 1
    TITLE: ClassVar[Text]

    originator_id: UUID
    originator_version: int
    occurred_on: date

    _position: int | None = PrivateAttr(None)

    @property
    def position(self) -> int | None:
        """Where the event stands in its district's total order; None while it has not been saved."""
        place: int | None = _private(self)["_position"]
        return place

    def placed(self, position: int) -> Self:
        """The same event, knowing its position (set by the store when it reads one back)."""
        _private(self)["_position"] = position
        return self

    def mutate(self, aggregate: Any) -> Any:
        """Take this event in, for eventsourcing's repository; the first event makes the aggregate."""
        if aggregate is None:
            aggregate = AGGREGATES[self.TOPIC.partition(".")[0]](self.originator_id)
        aggregate.version = self.originator_version
        aggregate.apply(self)
        return aggregate

    def sentence(self) -> Text:
        """What happened, in words, for timelines. Events that carry something worth reading say more."""
        return self.TITLE

    @classmethod
    @cache
    def payload_fields(cls) -> tuple[str, ...]:
        """The names of the fields that are data of the fact, not of its envelope."""
        return tuple(name for name in cls.model_fields if name not in Event.model_fields)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.model_post_init = _without_position  # type: ignore[method-assign]
        topic = cls.__dict__.get("TOPIC")
        if topic is None:
            return
        if topic in EVENTS:
            raise TypeError(f"two events claim the topic {topic}")
        EVENTS[topic] = cls


def _without_position(event: BaseModel, _context: Any) -> None:
    """Pydantic would set the private attribute once for every level of subclasses: a third of the time of reading one."""
    object.__setattr__(event, "__pydantic_private__", {"_position": None})


def _private(event: Event) -> dict[str, Any]:
    return event.__pydantic_private__  # type: ignore[return-value]


class Aggregate:
    """State folded from its own events; `NAME` is the first part of its events' topics.

    `CREATES` is the form that makes a new one; `ALSO` are forms that come to several facts, each of another form's kind.
    """

    NAME: ClassVar[str]
    CREATES: ClassVar[type[Form] | None] = None
    ALSO: ClassVar[tuple[type[Form], ...]] = ()

    def __init__(self, identity: UUID) -> None:
        self.id = identity
        self.version = 0
        self._pending: list[Event] = []

    def __init_subclass__(cls) -> None:
        if "NAME" in cls.__dict__:
            AGGREGATES[cls.NAME] = cls

    def trigger(self, event: type[Event], occurred_on: date, **values: Any) -> None:
        """Make the fact `event` of this aggregate, take it in and keep it for saving."""
        made = event(originator_id=self.id, originator_version=self.version + 1, occurred_on=occurred_on, **values)
        made.mutate(self)
        self._pending.append(made)

    def record(self, event: type[Event], form: Form, **more: Any) -> None:
        """Make the fact `event` out of what was filled in; `more` are values only the aggregate knows."""
        filled_in = type(form).model_fields
        values = {name: getattr(form, name) for name in event.payload_fields() if name in filled_in}
        self.trigger(event, day_of(form), **values, **more)

    def apply(self, event: Event) -> None:
        """Take one event in: assign, never refuse."""
        raise NotImplementedError(type(self))

    def copy(self) -> Self:
        """The same, to go on with: what happens to it does not happen to this one."""
        made = object.__new__(type(self))
        for name, value in dict(vars(self)).items():  # another thread may be working something out just now
            vars(made)[name] = value.copy() if isinstance(value, list | dict | set) else value
        return made

    def collect_events(self) -> Sequence[Event]:
        """Hand over, once, the events not yet saved (eventsourcing's protocol)."""
        pending, self._pending = self._pending, []
        return pending

    @property
    def pending(self) -> Iterator[Event]:
        """The events not yet saved."""
        return iter(self._pending)


EVENTS: dict[str, type[Event]] = {}
"""Every event class by its stable topic."""

AGGREGATES: dict[str, type[Aggregate]] = {}
"""Every aggregate class by its name."""
