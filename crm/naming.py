"""Whether a text speaks of somebody: by their name, as they are called by those who know them, by their numbers."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from projections.names import folded

_SHORTEST: Final = 2
_DIGITS: Final = 7
_SPACING: Final = re.compile(r"[\s\-‐–()（）.]")
_NAME: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}")
_TITLES: Final = (
    "总", "董", "经理", "主任", "处长", "局长", "主席", "会长", "先生", "女士", "小姐", "老师", "教授", "博士",
)  # fmt: skip


class Look:
    """Looks for one person. `familiar`: 欧阳某甲 is also 某甲, 欧阳总 and 欧阳女士, which may be others of that name."""

    def __init__(self, known: Iterable[str], *, familiar: bool = True) -> None:
        terms = [folded(text) for text in known]
        numbers = [_SPACING.sub("", term) for term in terms]
        called = (name for term in terms for name in _called(term)) if familiar else ()
        self._terms = [term for term in (*terms, *called) if len(term) >= _SHORTEST]
        self._numbers = [number for number in numbers if number.lstrip("+").isdecimal() and len(number) >= _DIGITS]

    def finds(self, text: str) -> bool:
        plain = folded(text)
        if any(term in plain for term in self._terms):
            return True
        bare = _SPACING.sub("", plain) if self._numbers else ""
        return any(number in bare for number in self._numbers)


def _called(name: str) -> Iterator[str]:
    """A Chinese name without the surname, which has one sign or two, and the surname with what people are addressed by."""
    if not _NAME.fullmatch(name):
        return
    if len(name) > _SHORTEST:
        yield name[-2:]
    surnames = {name[:1], name[:2]} if len(name) > _SHORTEST else {name[:1]}
    yield from (surname + title for surname in sorted(surnames) for title in _TITLES)
