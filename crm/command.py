"""What a command is: who gives it under which id, what it answers, and the ways it fails that are not a broken rule."""

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from domain.base import Text


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, in which role, under which command id; `origin` is the import the command belongs to."""

    person: UUID
    role: str
    command: UUID
    origin: UUID | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a command answers: the aggregate, and the position up to which read models must have come to show it.

    `repeated`: the same command had been carried out before, and this is what it answered then.
    """

    id: UUID
    position: int
    repeated: bool = False


class Unknown(LookupError):
    """There is no such aggregate."""

    text = Text("没有这条记录。", "There is no such record.")


class Stale(RuntimeError):
    """Somebody has changed the aggregate since the form was opened."""

    text = Text(
        "这条记录刚被他人修改，请核对后再提交。",
        "Somebody has changed this record meanwhile; please compare and submit again.",
    )

    def __init__(self, current_version: int) -> None:
        super().__init__(self.text.en)
        self.current_version = current_version


class CommandReused(RuntimeError):
    """A command id was used before, for something else."""

    text = Text("这个提交编号已用于另一次操作。", "This command id was used before, for another request.")


def request_hash(secret: bytes, kind: str, id: UUID | None, form: BaseModel) -> bytes:
    """What tells a repeated command from another under the same id. Keyed, so that nobody can guess what was typed."""
    name = f"{type(form).__module__}.{type(form).__qualname__}" if not hasattr(form, "noun") else form.noun
    content = [kind, id, name, form.model_dump(mode="json")]
    return hmac.digest(secret, to_json(content), hashlib.sha256)
