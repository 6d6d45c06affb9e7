"""Files of a lead: what may come in, how it is kept, how it comes back."""

import hashlib
from uuid import uuid4

import pytest

from crm.application import Unknown
from crm.documents import Documents, document_subject
from crm.sealing import Tampered
from domain.base import Refused
from domain.lead import Lead

PDF = b"%PDF-1.7 " + "框架协议".encode() * 100


def test_an_attached_file_comes_back_byte_for_byte(crm, by, lead):
    form = crm.documents.store(lead, "框架协议.pdf", PDF)
    crm.change(by(), Lead, lead, form)
    attached = crm.lead(lead).documents[hashlib.sha256(PDF).hexdigest()]
    assert (attached.name, attached.size, attached.media_type) == ("框架协议.pdf", len(PDF), "application/pdf")
    assert crm.documents.fetch(lead, attached.sha256) == ("application/pdf", PDF)


def test_what_is_kept_is_ciphertext_and_goes_with_the_key(crm, lead, district):
    form = crm.documents.store(lead, "a.pdf", PDF)
    with district.connect() as conn:
        (kept,) = conn.execute("SELECT content FROM document").fetchone()
    assert b"PDF" not in kept
    assert "框架".encode() not in kept
    crm.keys.destroy(document_subject(lead, form.sha256))
    assert crm.documents.fetch(lead, form.sha256).content is None


def test_a_file_moved_to_another_lead_by_hand_is_not_shown_as_its_own(crm, lead, district):
    other = uuid4()
    sha256 = crm.documents.store(lead, "a.pdf", PDF).sha256
    crm.keys.prepare([other])
    with district.connect(autocommit=True) as conn:
        conn.execute("UPDATE document SET stream = %s", [other])
    with pytest.raises(Tampered):
        crm.documents.fetch(other, sha256)


def test_the_same_file_twice_is_kept_once_per_lead(crm, lead, district):
    for target in (lead, lead, uuid4()):
        crm.documents.store(target, "a.pdf", PDF)
    with district.connect() as conn:
        assert conn.execute("SELECT count(*) FROM document").fetchone() == (2,)


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("page.html", b"<script>", "document.type"),
        ("macros.xlsm", b"PK\x03\x04", "document.type"),
        ("renamed.pdf", b"MZ\x90", "document.type"),
        ("no ending", PDF, "document.type"),
        ("empty.txt", b"", "document.empty"),
        ("big.txt", b"x" * (1024 * 1024 + 1), "document.size"),
        ("控制\x00符.txt", b"x", "text.control"),
    ],
)
def test_what_may_not_come_in_is_refused_and_not_kept(crm, lead, district, name, content, key):
    small = Documents(crm.pool, crm.keys, limit_mb=1)
    with pytest.raises(Refused) as refusal:
        small.store(lead, name, content)
    assert refusal.value.key == key
    with district.connect() as conn:
        assert conn.execute("SELECT count(*) FROM document").fetchone() == (0,)


def test_a_path_in_the_name_is_left_out(crm, lead):
    assert crm.documents.store(lead, r"C:\用户\..\秘密\协议.PDF", PDF).name == "协议.PDF"


def test_a_file_that_is_not_there_is_unknown(crm, lead):
    with pytest.raises(Unknown):
        crm.documents.fetch(lead, "0" * 64)
