"""Text as people type it: its length, its signs, and whether it may speak of private persons."""

import unicodedata
from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, ValidationInfo

from domain.base import Refused

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def replayed(info: ValidationInfo) -> bool:
    """Whether history is being read back: then no rule of today applies."""
    return bool(info.context and info.context.get("replay"))


def checked(check: Callable[[Any], Any]) -> AfterValidator:
    """A validator for `check` that lets history through untouched."""
    return AfterValidator(lambda value, info: value if replayed(info) else check(value))


def _readable(text: str, *, lines: bool) -> None:
    if text.isprintable():  # as nearly every text is; asked of the whole at once
        return
    for character in text:
        if character in _BIDI:
            raise Refused(
                "text.direction",
                "含有看不见的文字方向控制符，请删去后再提交。",
                "It holds an invisible text-direction mark; please remove it.",
            )
        if unicodedata.category(character) in {"Cc", "Cs"} and not (lines and character in "\n\r\t"):
            raise Refused(
                "text.control",
                "含有不能保存的控制字符，请删去后再提交。",
                "It holds a control character that cannot be kept; please remove it.",
            )


def _visible(text: str) -> bool:
    """Whether there is anything to see: zero-width signs alone would make a name nobody can click."""
    return text[:1].isalnum() or any(
        unicodedata.category(sign) not in {"Cf", "Cn", "Zs", "Zl", "Zp", "Cc"} for sign in text
    )


def _text(limit: int, *, lines: bool = False) -> AfterValidator:
    def check(text: str) -> str:
        if len(text) > limit:
            raise Refused(
                "text.too_long",
                "最多 {limit} 个字，现在是 {size} 个。",
                "At most {limit} characters; this has {size}.",
                limit=limit,
                size=len(text),
            )
        _readable(text, lines=lines)
        if not _visible(text):
            raise Refused("text.empty", "请填写。", "Please fill this in.")
        return text

    return checked(check)


class Sealed(NamedTuple):
    """Marks a text that is stored as ciphertext, under the key of its `subject`.

    "person": the `id` of the model it stands in; "stream": the aggregate whose event it stands in.
    """

    subject: Literal["person", "stream"]


Word = Annotated[str, _text(60)]
"""A short single line: a reference number, a position."""
Line = Annotated[str, _text(200)]
"""One line of text."""
Prose = Annotated[str, _text(5000, lines=True)]
"""Several lines of text without personal data in them."""
Personal = Annotated[str, _text(100), Sealed("person")]
"""One line about a private person."""
Note = Annotated[str, _text(5000, lines=True), Sealed("stream")]
"""Free text that may speak of private persons."""
