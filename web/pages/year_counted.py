"""What the yearly figures count beside the totals of lists: projects started or resumed, channels, leads, money and space."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from psycopg import Connection

from domain.channel import ChannelKind
from domain.funding import FundingKind
from domain.funnel import Stage
from domain.matchmaking import OutcomeKind
from domain.site import SiteKind
from domain.target import Metric, OwnerKind
from projections import attained, channels, fundings, funnel, outcomes, sites
from projections.attained import Span
from projections.channels import ChannelRow
from projections.fundings import FundingFilters, Sums
from projections.funnel import Cell, FunnelFilters
from projections.outcomes import OutcomeFilters
from projections.sites import SiteFilters
from web.pages.year_numbers import Cut, Found, Number, Row, listed

MOST: Final = 200


def started(conn: Connection[Any], cut: Cut) -> Iterator[Row]:
    """Projects from 5000万 on that were started or resumed; each once."""
    after: str | None = ""
    while after is not None:
        found = attained.behind(
            conn, Metric.MAJOR_STARTED, Span(cut.year, cut.until, cut.point), (OwnerKind.DISTRICT, None),
            after=after or None, limit=MOST,
        )  # fmt: skip
        yield from (Row(row.name, row.day, 1, "project", row.id) for row in found.rows)
        after = found.next


def channels_adding(adds: Callable[[ChannelRow], int | None], *kinds: ChannelKind) -> Callable[[Connection[Any], Cut], Iterator[Row]]:  # fmt: skip
    """The channels of these kinds, standing or held in the year, that add something."""

    def rows(conn: Connection[Any], cut: Cut) -> Iterator[Row]:
        for kind in kinds:
            for row in channels.listed(conn, kind=kind):
                day = row.starts_on if row.occasion else row.opened_on
                inside = day is not None and day <= cut.until and (not row.occasion or day >= cut.first)
                number = adds(row) if inside else None
                if number:
                    yield Row(row.name, day, number, "channel", row.id)

    return rows


def leads_at(kind: ChannelKind, stage: Stage) -> Number:
    """The leads of such channels that have ever come to that stage by the cut-off."""

    def ask(conn: Connection[Any], cut: Cut) -> Found:
        cell, filters = Cell("reached", stage), FunnelFilters(kind=kind)
        return Found(funnel.count(conn, cell, as_at=cut.point.as_at, filters=filters, scope=cut.scope).count)

    params = {"kind": kind.value, "measure": "reached", "stage": stage.value}
    return Number(ask, "funnel.leads", lambda cut: cut.filled(params))


def obtained(kind: FundingKind, of: Callable[[Sums], int], **paid: str) -> Number:
    def ask(conn: Connection[Any], cut: Cut) -> Found:
        filters = FundingFilters(kind=kind, approved_year=cut.year, paid=True if paid else None)
        found = fundings.sums(conn, filters.asked(), cut.point)
        return Found(of(found.get(kind, Sums())) if found is not None else 0, more=found is None)

    return Number(ask, "fundings", lambda cut: cut.filled({"kind": kind.value, "approved_year": "{year}", **paid}))


def lent(of: str) -> Number:
    def ask(conn: Connection[Any], cut: Cut) -> Found:
        filters = OutcomeFilters(kind=OutcomeKind.LOAN, made_from=cut.first, made_to=cut.until)
        return Found(getattr(outcomes.came(conn, filters.asked(), cut.point)[OutcomeKind.LOAN], of))

    params = {"kind": OutcomeKind.LOAN.value, "from": "{first}", "to": "{until}"}
    return Number(ask, "matchmakings.outcomes", lambda cut: cut.filled(params))


def space(kind: SiteKind) -> Number:
    def ask(conn: Connection[Any], cut: Cut) -> Found:
        found = sites.space(conn, SiteFilters(kind=kind).asked(), cut.until, cut.point)
        return Found(int(found[kind].area))

    return Number(ask, "sites", lambda cut: cut.filled({"kind": kind.value}))


def served(**params: str) -> Number:
    return listed("services", **params, **{"from": "{first}", "to": "{until}"})


def raised(**params: str) -> Number:
    return listed("problems", source="firm", taken_from="{first}", taken_to="{until}", **params)
