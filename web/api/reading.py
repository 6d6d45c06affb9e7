"""What every read of the API shares: the position it rests on, waiting for one's own writes, keyset pages, money."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final, get_type_hints

from fastapi.exceptions import RequestValidationError
from psycopg import Connection
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from crm.application import CRM
from domain.base import Refused, Text
from domain.values import Money
from projections import engine, funnel
from projections.paging import BadCursor
from web.errors import Updating
from web.words import Words

LAST: Final = 2**63 - 1


def _plain(text: str) -> str:
    if "\0" in text:
        raise Refused("text.control", "含有不能使用的控制字符。", "It holds a control character.")
    return text


Plain = Annotated[str, AfterValidator(_plain), Field(max_length=200)]
"""Text to look something up by."""


class Read(BaseModel):
    """The parameters of every read. One that is not known is refused: a misspelt filter must not answer everything."""

    model_config = ConfigDict(extra="forbid")
    wait_for: int | None = Field(
        None, ge=0, le=LAST,
        description="先等数据更新到这个位置（最多 0.5 秒，否则 503）· Wait until the answer shows this position, the one a "
        "command answered: half a second at most, then 503 with Retry-After.",
    )  # fmt: skip
    replay: str | None = Field(
        None, max_length=63, pattern="^[a-z][a-z0-9_]*$",
        description="从这个回放读取（管理人员与审计人员）· Answer from the replay of that name, as everything stood then "
        "(overseers and auditors; 404 when there is none).",
    )  # fmt: skip


class Paged(Read):
    """The parameters of a list that is read page by page."""

    after: str | None = Field(None, max_length=2000, description="上一页答复中的 next · `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class Answer(BaseModel):
    """Every read names the position of the ledger it rests on."""

    position: int


class Worth(BaseModel):
    """An amount in 分 (CNY 0.01), and as people say it."""

    fen: int
    text: str


class Amount(BaseModel):
    """An amount in hundredths of its own currency, the rate of its day (CNY for one), and its worth in 分."""

    minor: int
    currency: str
    rate: str | None
    fen: int
    text: str


def worth(words: Words, fen: int | None) -> dict[str, Any] | None:
    """None where no amount is given; the read models hold 0 then."""
    return {"fen": fen, "text": words.amount(fen)} if fen else None


def total(words: Words, fen: int) -> dict[str, Any]:
    """A sum, which may be 0."""
    return {"fen": fen, "text": words.amount(fen)}


def amount(words: Words, money: Money | None) -> dict[str, Any] | None:
    if money is None:
        return None
    rate = None if money.rate is None else str(money.rate)
    text = words.foreign(money.minor, money.currency)
    return {"minor": money.minor, "currency": money.currency, "rate": rate, "fen": money.fen, "text": text}


@contextmanager
def reading(crm: CRM, asked: Read, known_at: datetime | None = None) -> Iterator[tuple[Connection[Any], int]]:
    """A connection that sees one state of the read models, and the position that state rests on.

    What is asked as known at a moment waits for all that had been recorded by then, half a second at most.
    """
    caught_up(crm, asked)
    if known_at is not None and not crm.wait(_position_at(crm, known_at)):
        raise Updating
    with crm.pool.connection() as conn, conn.transaction(), turned_pages():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield conn, engine.reached(conn)


def _position_at(crm: CRM, moment: datetime) -> int:
    with crm.pool.connection() as conn:
        return funnel.position_at(conn, moment)


def caught_up(crm: CRM, asked: Read) -> None:
    """Wait for the position asked for. Raises Updating, and Refused for one that no command has answered."""
    if asked.wait_for is None:
        return
    if asked.wait_for > crm.position():
        raise Refused("position.unknown", "还没有这个位置。", "There is no such position yet.", field="wait_for")
    if not crm.wait(asked.wait_for):
        raise Updating


@contextmanager
def turned_pages() -> Iterator[None]:
    """A cursor no page has given out is the caller's mistake."""
    try:
        yield
    except BadCursor:
        raise Refused("cursor", "不认识这个翻页位置。", "That is no place in this list.", field="after") from None


def understood(errors: Mapping[str, Text]) -> None:
    """Refuse filters that could not be read, each at its own name."""
    if errors:
        raise RequestValidationError([
            {"type": "value_error", "loc": ("query", name), "msg": text.en, "ctx": {"error": Refused("filter", *text)}}
            for name, text in errors.items()
        ])  # fmt: skip


def given(asked: BaseModel) -> dict[str, str]:
    """The parameters of a read as the address of a page would hold them."""
    values = asked.model_dump(mode="json", exclude_none=True)
    return {name: "1" if value is True else str(value) for name, value in values.items() if value is not False}


def shape(name: str, row: type[Any], *, without: Iterable[str] = (), **more: Any) -> type[BaseModel]:
    """The documented shape of a read model's row: its fields, some left out, some `more` (or of another type)."""
    hints = {field: kind for field, kind in get_type_hints(row).items() if field not in set(without)}
    fields: dict[str, Any] = {field: (kind, ...) for field, kind in (hints | more).items()}
    return create_model(name, **fields)
