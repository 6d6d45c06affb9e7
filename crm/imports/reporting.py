"""Adds up what becomes of the lines into a report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from uuid import UUID

from crm.imports.cells import line
from crm.imports.choices import Source
from crm.imports.dates import month_only
from crm.imports.headers import is_idle
from crm.imports.judging import Judged
from crm.imports.report import SHOWN_LINES, SHOWN_RECORDS, Found, Remark, Report, Said, Shown
from domain.base import Aggregate, Text
from domain.values import CURRENCIES

SAMPLES = 3
_LOOKED_AT = 12


class Tally:
    """One run's counts and examples."""

    def __init__(self, source: Source, names: Mapping[UUID, str]) -> None:
        self._source = source
        self._kind = source.kind
        self._names = names
        self.counts: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.problems: dict[int, Text] = {}
        self.currencies: set[str] = set()
        self._lists: dict[str, list[Remark]] = {"failed": [], "duplicate": [], "left_out": []}
        self._shown: list[Shown] = []
        self._months = 0
        self._remarks: Counter[Text] = Counter()

    def take(self, judged: Iterable[Judged]) -> None:
        """Count a batch."""
        for one in judged:
            self.counts[one.outcome] += 1
            if one.outcome in self._lists:
                self._list(one)
            if one.outcome != "left_out":
                self._look_at(one)
            if one.outcome == "new" and one.made is not None:
                self.events.update(event.TOPIC for event in one.made.pending)
                if len(self._shown) < SHOWN_RECORDS:
                    self._shown.append(self._show(one, one.made))

    def refuse(self, one: Judged, text: Text) -> None:
        """A record that was decided could not be stored after all."""
        one.outcome, one.reasons = "failed", [text]
        self.counts["new"] -= 1
        self.counts["failed"] += 1
        self._list(one)

    def report(self) -> Report:
        counts = self.counts
        return Report(
            of=self._kind.key,
            sheets=list(self._source.book.sheets),
            sheet=self._source.sheet.name,
            header_line=self._source.layout.top + 1,
            headers=headers(self._source),
            new=counts["new"],
            failed=counts["failed"],
            duplicates=counts["duplicate"],
            already=counts["already"],
            left_out=counts["left_out"],
            events=dict(self.events),
            currencies=sorted(self.currencies),
            problems=self._lists["failed"],
            twins=self._lists["duplicate"],
            others=self._lists["left_out"],
            shown=self._shown,
            notices=list(map(Said.of, self._notices())),
        )

    def _list(self, one: Judged) -> None:
        why = joined(one.reasons)
        number = one.line.number
        if one.outcome != "left_out":
            self.problems[number] = why
        kept = self._lists[one.outcome]
        if len(kept) < SHOWN_LINES:
            first = next(filter(None, map(line, one.line.cells)), "")
            name = str(one.entry.values.given.get(self._kind.columns.naming[0], first))
            kept.append(Remark(line=number, name=name[:60], why=Said.of(why)))

    def _look_at(self, one: Judged) -> None:
        self._remarks.update(one.entry.values.remarks)
        for header in self._source.headers:
            if header.key is None or header.place >= len(one.line.cells):
                continue
            if self._kind.columns[header.key].kind == "date" and month_only(one.line.cells[header.place]):
                self._months += 1
        for key in self._kind.amounts:
            amount = one.entry.values.given.get(key)
            if (
                amount is not None
                and amount.currency != "CNY"
                and amount.rate is None
                and amount.currency in CURRENCIES
            ):
                self.currencies.add(amount.currency)

    def _show(self, one: Judged, record: Aggregate) -> Shown:
        look = self._kind.look(one.entry)
        facts = [(event.occurred_on.isoformat(), Said.of(event.sentence())) for event in record.pending]
        where = self._names.get(look.where, "") if isinstance(look.where, UUID) else look.where or ""
        return Shown(
            line=one.line.number,
            name=look.name,
            under=look.under,
            where=where,
            amount=Said.of(look.amount),
            facts=facts,
        )

    def _notices(self) -> list[Text]:
        found = [*self._source.book.notices]
        if self._months:
            found.append(
                Text(
                    f"{self._months} 个日期只写到月份，按当月 1 日记。",
                    f"{self._months} dates give a month only; its first day is taken.",
                )
            )
        found += [
            Text(f"{count} 行：{text.zh}。", f"{count} lines: {text.en}.")
            for text, count in self._remarks.most_common(5)
        ]
        assumed = [
            Text(text.said("zh", n=count), text.said("en", n=count))
            for topic, key, text in self._kind.assumed
            if (count := self.events[topic]) and not any(header.key == key for header in self._source.headers)
        ]
        if assumed:
            found.append(
                Text(
                    "表里没有的内容按常规记：" + "，".join(text.zh for text in assumed) + "。",
                    "What the ledger does not say is taken as usual: " + ", ".join(text.en for text in assumed) + ".",
                )
            )
        return found


def joined(texts: Sequence[Text]) -> Text:
    """Several reasons in one."""
    return Text("；".join(text.zh.rstrip("。；") for text in texts), "; ".join(text.en.rstrip(".;") for text in texts))


def headers(source: Source) -> list[Found]:
    """Every header of the ledger, with the first values under it."""
    samples: dict[int, list[str]] = {header.place: [] for header in source.headers}
    for one in islice(source.lines, _LOOKED_AT):
        if one.kind != "record":
            continue
        for place, texts in samples.items():
            text = line(one.cells[place])[:40] if place < len(one.cells) else ""
            if text and text not in texts and len(texts) < SAMPLES:
                texts.append(text)
    return [
        Found(
            text=header.text,
            key=header.key,
            unit=header.unit,
            currency=header.currency,
            sample=samples[header.place],
            idle=is_idle(header.text, source.kind.columns),
        )
        for header in source.headers
    ]
