"""A site: how much of it is on offer, who holds what of it on any day, and that it never is more than there is."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain import FORMS
from domain.base import Refused
from domain.site import Hold, Site, SiteTerms
from domain.site.kinds import area_text
from domain.site.possible import possible

LEAD, PROJECT = UUID(int=1), UUID(int=2)


def day(text: str) -> date:
    """`day("3-15")` is 15 March 2026."""
    month, _, number = text.partition("-")
    return date(2026, int(month), int(number))


def act(site: Site, noun: str, on: str, **values: Any) -> Site:
    form = FORMS["site", noun].model_validate({"occurred_on": day(on)} | values)
    getattr(site, form.verb)(form)
    return site


def opened(**values: Any) -> Site:
    given = {"name": "东部产业园一期", "kind": "park", "area_m2": 20000}
    return act(Site(UUID(int=9)), "sites", "1-5", **(given | values))


def refused(key: str, field: str | None, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        attempt()
    assert (refusal.value.key, refusal.value.field) == (key, field)


def test_all_of_a_new_site_is_on_offer_unless_it_is_said_how_much():
    assert opened().state.free == 20000
    assert opened(offered_m2=8000).state.free == 8000
    refused("offer.too_much", "offered_m2", lambda: opened(offered_m2=20001))
    refused("area.none", "area_m2", lambda: opened(area_m2=0))


def test_space_is_reserved_moved_into_and_given_back_from_the_day_of_each():
    site = act(opened(), "reservations", "2-1", area_m2=6000, lead=LEAD, until=day("4-30"))
    act(site, "occupations", "3-1", area_m2=6000, reservation=2, terms="move_in_first", rent_from=day("9-1"))
    act(site, "releases", "6-1", holding=3, area_m2=2000, reason="缩减产线")
    taken = [
        (site.at(day(on)).reserved, site.at(day(on)).occupied, site.at(day(on)).free)
        for on in ("1-31", "2-1", "3-1", "6-1")
    ]
    assert taken == [(0, 0, 20000), (6000, 0, 14000), (0, 6000, 14000), (0, 4000, 16000)]
    (held,) = site.state.holdings
    assert (held.how, held.lead, held.terms, held.rent_from) == (
        Hold.OCCUPIED,
        LEAD,
        SiteTerms.MOVE_IN_FIRST,
        day("9-1"),
    )


def test_moving_into_a_part_of_a_reservation_leaves_the_rest_reserved():
    site = act(opened(), "reservations", "2-1", area_m2=6000, firm="某某公司")
    act(site, "occupations", "3-1", area_m2=2500, reservation=2)
    assert (site.state.reserved, site.state.occupied) == (3500, 2500)
    assert [one.firm for one in site.state.holdings] == ["某某公司", "某某公司"]


def test_on_no_day_is_more_taken_than_there_is():
    site = act(opened(), "reservations", "5-1", area_m2=15000, lead=LEAD)
    refused("space.too_much", "area_m2", lambda: act(site, "occupations", "6-1", area_m2=5001, firm="某某公司"))
    refused("space.too_much", "area_m2", lambda: act(site, "occupations", "2-1", area_m2=5001, firm="某某公司"))
    refused("space.too_much", "area_m2", lambda: act(site, "offers", "2-1", area_m2=14000))
    refused("space.too_much", "details.area_m2", lambda: act(site, "details", "6-1", details={"area_m2": 14000}))
    act(site, "occupations", "2-1", area_m2=5000, project=PROJECT)
    assert site.state.free == 0
    assert site.version == 3


def test_a_correction_or_a_retraction_may_not_make_it_more_than_there_is_either():
    site = act(opened(), "occupations", "2-1", area_m2=20000, firm="甲公司")
    act(site, "releases", "3-1", holding=2, reason="搬迁")
    act(site, "reservations", "4-1", area_m2=18000, firm="乙公司")
    refused("space.too_much", None, lambda: act(site, "retractions", "5-1", fact=3, reason="记错"))
    refused("space.too_much", None, lambda: act(site, "date-corrections", "5-1", fact=4, to=day("2-20"), reason="记错"))
    refused("space.too_much", None,
            lambda: act(site, "detail-corrections", "5-1", fact=1, details={"area_m2": "15000"}, reason="记错"))  # fmt: skip
    act(site, "detail-corrections", "5-1", fact=4, details={"area_m2": "2000"}, reason="记错")
    assert site.state.free == 18000


def test_one_may_go_and_another_come_on_the_same_day():
    site = act(opened(), "occupations", "2-1", area_m2=20000, firm="甲公司")
    act(site, "releases", "3-1", holding=2, reason="搬迁")
    act(site, "occupations", "3-1", area_m2=20000, firm="乙公司")
    assert site.state.free == 0


def test_space_is_for_somebody_and_only_what_is_held_is_given_back():
    site = opened()
    refused("taker.nobody", "firm", lambda: act(site, "reservations", "2-1", area_m2=100))
    refused("taker.nobody", "firm", lambda: act(site, "occupations", "2-1", area_m2=100))
    refused("holding.unknown", "holding", lambda: act(site, "releases", "2-1", holding=2, reason="搬迁"))
    act(site, "occupations", "2-1", area_m2=100, firm="甲公司")
    refused("holding.unknown", "holding", lambda: act(site, "releases", "1-20", holding=2, reason="搬迁"))
    refused("release.more", "area_m2", lambda: act(site, "releases", "2-2", holding=2, area_m2=101, reason="搬迁"))
    refused("reservation.moved_in", "reservation", lambda: act(site, "occupations", "2-2", area_m2=1, reservation=2))
    refused(
        "reservation.until", "until", lambda: act(site, "reservations", "2-2", area_m2=1, firm="乙", until=day("2-1"))
    )


def test_what_is_on_offer_and_from_when_may_change():
    site = act(opened(ready_on=day("6-1")), "offers", "3-1", area_m2=9000)
    assert (site.state.offered, site.state.ready_on) == (Decimal(9000), day("6-1"))
    refused("offer.same", "area_m2", lambda: act(site, "offers", "3-2", area_m2=9000))
    act(site, "offers", "3-2", area_m2=9000, ready_on=day("8-1"))
    assert site.at(day("3-1")).ready_on == day("6-1")
    refused("details.unchanged", None, lambda: act(site, "details", "3-2", details={"area_m2": 20000}))
    refused("details.required", "details.name", lambda: act(site, "details", "3-2", details={"name": None}))


def test_what_is_offered_for_a_site_is_what_it_takes():
    given = {"area_m2": 1, "firm": "某公司", "holding": 2, "reason": "搬迁", "details": {"place": "西部"}, "leader": LEAD,
             "fact": 1, "to": day("1-4")}  # fmt: skip
    full = act(opened(), "occupations", "2-1", area_m2=20000, firm="甲公司")
    void = act(opened(), "retractions", "2-1", fact=1, reason="重复")
    held = act(opened(), "reservations", "2-1", area_m2=50, firm="甲公司")
    for site in (opened(), full, held, void):
        for (name, noun), form in FORMS.items():
            if name != "site" or noun in (
                "sites",
                "reinstatements",
                "detail-corrections",
                "retractions",
                "date-corrections",
            ):
                continue
            values = {key: value for key, value in given.items() if key in form.model_fields}
            values |= {"area_m2": 20000, "ready_on": day("9-1")} if noun == "offers" else {}
            tried = site.copy()
            try:
                act(tried, noun, "3-1", **values)
                took = True
            except Refused:
                took = False
            assert took is (form in possible(site)), noun


@pytest.mark.parametrize(
    ("m2", "zh", "en"), [(850, "850㎡", "850 ㎡"), (12000, "1.2万㎡", "12,000 ㎡"), (Decimal(700000), "70万㎡", "700,000 ㎡"),
                         (Decimal("12.50"), "12.5㎡", "12.5 ㎡"), (1_000_000, "100万㎡", "1,000,000 ㎡"), (0, "0㎡", "0 ㎡")]
)  # fmt: skip
def test_areas_are_said_as_the_offices_write_them(m2, zh, en):
    assert area_text(m2) == (zh, en)
