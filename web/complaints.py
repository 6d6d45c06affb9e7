"""What is wrong with a value, said once for all forms: pydantic's reasons and the domain's refusals, as Text by field."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from domain.base import Refused, Text

_FILL_IN: Final = Text("请填写。", "Please fill this in.")
_CHOOSE: Final = Text("请从列表中选择。", "Please choose from the list.")
_DATE: Final = Text("看不懂这个日期，可写成 2023-06-05。", "This is not a date. Write it like 2023-06-05.")
_NUMBER: Final = Text("请填写数字。", "Please enter a number.")
_WHOLE: Final = Text("请填写整数。", "Please enter a whole number.")
_OTHERWISE: Final = Text("这里填写的内容不对。", "What is entered here is not right.")

_SAID: Final[Mapping[str, Text]] = {
    "missing": _FILL_IN,
    "none_required": _FILL_IN,
    "string_too_short": _FILL_IN,
    "extra_forbidden": Text("这里没有这一项。", "There is no such field here."),
    "enum": _CHOOSE,
    "literal_error": _CHOOSE,
    "uuid_parsing": _CHOOSE,
    "uuid_type": _CHOOSE,
    "bool_parsing": _CHOOSE,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": Text("数字过大。", "The number is too large."),
    "decimal_max_digits": Text("数字位数过多。", "The number has too many digits."),
    "decimal_max_places": Text("小数位数过多。", "Too many decimal places."),
    "decimal_whole_digits": Text("数字过大。", "The number is too large."),
    "finite_number": _NUMBER,
    "string_too_long": Text("最多 {max_length} 个字。", "At most {max_length} characters."),
    "too_long": Text("最多 {max_length} 项。", "At most {max_length} of them."),
    "too_short": Text("至少 {min_length} 项。", "At least {min_length} of them."),
    "greater_than": Text("应大于 {gt}。", "It must be above {gt}."),
    "greater_than_equal": Text("不能小于 {ge}。", "It must be at least {ge}."),
    "less_than": Text("应小于 {lt}。", "It must be below {lt}."),
    "less_than_equal": Text("不能大于 {le}。", "It must be at most {le}."),
}


def complaint(error: Mapping[str, Any]) -> Text:
    """One of pydantic's errors in words for people."""
    context: Mapping[str, Any] = error.get("ctx") or {}
    if isinstance(context.get("error"), Refused):
        refused: Refused = context["error"]
        return refused.text
    kind = str(error["type"])
    if kind in _SAID:
        return Text(*(text.format(**context) for text in _SAID[kind]))
    if kind.startswith(("date", "time")):
        return _DATE
    return _NUMBER if kind.startswith(("decimal", "float")) else _OTHERWISE


def complaints(problem: ValidationError) -> dict[str, Text]:
    """The complaints by dotted field name; "" is the form as a whole. A field's first complaint is the one shown."""
    found: dict[str, Text] = {}
    for error in problem.errors(include_url=False):
        found.setdefault(dotted((*error["loc"], *_below(error))), complaint(error))
    return found


def place(error: Mapping[str, Any]) -> str:
    """The field of an error in a request, without the part of the request it stands in."""
    return dotted((*error["loc"][1:], *_below(error)))


def key_of(error: Mapping[str, Any]) -> str:
    """What identifies the broken rule: the refusal's key, or pydantic's name for it."""
    refused = (error.get("ctx") or {}).get("error")
    return refused.key if isinstance(refused, Refused) else str(error["type"])


def _below(error: Mapping[str, Any]) -> tuple[str, ...]:
    refused = (error.get("ctx") or {}).get("error")
    return (refused.field,) if isinstance(refused, Refused) and refused.field else ()


def dotted(place: Sequence[str | int]) -> str:
    """`contacts.0.name`: how a place within a form is written as the name of an input."""
    return ".".join(str(step) for step in place)
