"""Contact persons are found by keyed signs, which say nothing by themselves and go with the person."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from crm.application import CRM
from crm.master import make_mark
from crm.prepare import catch_up, prepare, projecting, rebuild
from domain.lead import Lead, Revise
from domain.lead.details import DetailsChanged
from projections import contact_grams, contacts
from projections.models import MODELS
from projections.rebuild import digest
from tests.conftest import District
from tests.crm.conftest import Giver, registration, someone

KEY = bytes(range(32))
MODEL = next(model for model in MODELS if isinstance(model, contacts.Contacts))


def nothing_shown(_done: int, _total: int) -> None:
    """No progress is shown."""


@pytest.fixture
def prepared(district: District) -> District:
    prepare(district.settings, district.url)
    return district


@pytest.fixture
def crm(prepared: District) -> Iterator[CRM]:
    with CRM(prepared.settings, prepared.url) as application:
        yield application


def found(crm: CRM, text: str) -> set[UUID]:
    key = crm.keys.search_key()
    assert key
    with crm.pool.connection() as conn:
        return {one.lead for one in contacts.alike(conn, contact_grams.asked(key, text), UUID(int=0))}


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("欧阳", True), ("阳某甲", True), ("ＺＨＡＮＧ", True), ("欧甲", False), ("欧", False), ("", False),
        ("138 0000 1111", True), ("+86 138-0000-1111", True), ("13800001112", False), ("0431-88889999", True),
        ("OUYANG@example.invalid", True), ("ou@example.invalid", False), ("阳某甲 zhang", True),
    ],
)  # fmt: skip
def test_what_one_types_to_find_a_person(text: str, finds: object) -> None:
    kept = contact_grams.grams(KEY, "欧阳某甲 Zhang", "13800001111 / 0431 8888 9999", "ouyang@example.invalid")
    wanted = contact_grams.asked(KEY, text)
    assert (bool(wanted) and set(wanted) <= set(kept)) is finds


def test_another_key_makes_other_signs() -> None:
    assert not set(contact_grams.asked(KEY, "欧阳某甲")) & set(contact_grams.asked(bytes(32), "欧阳某甲"))


def test_a_person_is_found_while_they_stand_on_the_lead(crm: CRM, by: Giver, prepared: District) -> None:
    one, other = someone("欧阳某甲", phone="13800001111"), someone("端木某乙")
    lead = crm.create(by(), Lead, registration(contacts=(one,))).id
    catch_up(prepared.settings, prepared.url, nothing_shown)
    assert found(crm, "欧阳某甲") == found(crm, "13800001111") == {lead}
    crm.change(by(), Lead, lead, Revise(details=DetailsChanged(contacts=(other,))))
    catch_up(prepared.settings, prepared.url, nothing_shown)
    assert found(crm, "欧阳某甲") == set()
    assert found(crm, "端木") == {lead}
    with crm.pool.connection() as conn:
        assert contacts.leads_of(conn, one.id) == contacts.leads_of(conn, other.id) == [lead]


def test_who_is_erased_is_found_no_more_and_a_rebuild_does_not_bring_them_back(
    crm: CRM, by: Giver, prepared: District
) -> None:
    gone, stays = someone("欧阳某甲"), someone("端木某乙")
    lead = crm.create(by(), Lead, registration(contacts=(gone, stays))).id
    crm.keys.destroy(gone.id)
    rebuild(prepared.settings, prepared.url, [MODEL], nothing_shown)
    assert found(crm, "欧阳某甲") == set()
    assert found(crm, "端木某乙") == {lead}


def test_a_rebuild_makes_the_same_rows(crm: CRM, by: Giver, prepared: District) -> None:
    for name in ("欧阳某甲", "端木某乙", "司马某丙"):
        crm.create(by(), Lead, registration(contacts=(someone(name),)))
    catch_up(prepared.settings, prepared.url, nothing_shown)
    with projecting(prepared.settings, prepared.url)() as conn:
        before = digest(conn, MODEL)
    rebuild(prepared.settings, prepared.url, [MODEL], nothing_shown)
    with projecting(prepared.settings, prepared.url)() as conn:
        assert digest(conn, MODEL) == before


def test_no_search_key_is_made_under_another_master_key(crm: CRM, by: Giver, prepared: District) -> None:
    with prepared.connect(autocommit=True) as conn:
        make_mark(conn, bytes(32))
    assert crm.keys.search_key()
