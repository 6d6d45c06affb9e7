"""An occasion comes round every year: the editions of it that are told."""

from datetime import date

from crm.demo.cast import Source, began


def editions(source: Source, today: date) -> tuple[Source, ...]:
    """An occasion as it was held in the last full year and, where it has been held again since, in this one."""
    if not source.kind.occasion:
        return (source,)
    again = source._replace(key=f"{source.key}-{today.year}")
    before = source._replace(name=f"{today.year - 1}年{source.name}", year=today.year - 1)
    return (before, again) if began(again, today).year == today.year else (before,)
