"""Signed notes and the body of a checkpoint: C2SP's formats, to the byte."""

import base64

import pytest

from crm.proof.checkpoint import Body
from crm.proof.note import BadNote, Note, Signer, VerifierKey, signed

# ── notes: the vector of the Go reference implementation, whose keys and signatures Ed25519 makes the same everywhere ──

SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
KNOWN = VerifierKey.parse(VKEY)


def seed(skey: str) -> bytes:
    return base64.b64decode(skey.split("+", 4)[4])[1:]


def test_the_known_note_is_verified_and_made_again_to_the_byte() -> None:
    signer = Signer("PeterNeumann", seed(SKEY))
    assert str(signer.key) == VKEY
    assert str(signed(TEXT, [signer])) == f"{TEXT}\n{LINE}"
    assert Note.parse(f"{TEXT}\n{LINE}".encode()).signed_by([KNOWN]) == [KNOWN]


@pytest.mark.parametrize(
    "content",
    [
        "", "\n", TEXT, LINE, f"\n{LINE}"[1:], TEXT + LINE, f"{TEXT}\n{LINE}"[:-1], f"{TEXT}\n{LINE}\n", f"{TEXT}\n",
        f"{TEXT}\n— PeterNeumann\n", f"{TEXT}\n— x08go/ZJkuBS\n", f"{TEXT}\n- {LINE[2:]}", f"{TEXT}\n—{LINE[2:]}",
        f"{TEXT}\n— Peter+Neumann {LINE[15:]}", f"{TEXT}\n— PeterNeumann x08g\n", f"{TEXT}\n— PeterNeumann *\n",
        f"{TEXT}\r\n{LINE}", f"{TEXT}\n{LINE}".replace("you", "y\tou"), f"{TEXT}\n{LINE * 101}", b"\xff" + TEXT.encode(),
    ],
)  # fmt: skip
def test_what_is_not_a_note_is_refused(content: str | bytes) -> None:
    with pytest.raises(BadNote):
        Note.parse(content)


def test_a_note_holds_only_as_it_was_signed_by_somebody_known() -> None:
    stranger = Signer("PeterNeumann", bytes(32))
    both = signed(TEXT, [stranger, Signer("PeterNeumann", seed(SKEY))])
    assert both.signed_by([KNOWN]) == [KNOWN]
    assert both.signed_by([stranger.key, KNOWN]) == [stranger.key, KNOWN]
    with pytest.raises(BadNote, match="bad"):
        Note(TEXT.replace("you", "we"), both.signatures).signed_by([KNOWN])
    with pytest.raises(BadNote):
        signed(TEXT, [stranger]).signed_by([KNOWN])


@pytest.mark.parametrize("at", range(len(VKEY)))
def test_a_mangled_key_is_refused(at: int) -> None:
    for mangled in (VKEY[:at], VKEY[at + 1 :], VKEY[:at] + chr(ord(VKEY[at]) + 1) + VKEY[at + 1 :]):
        with pytest.raises(BadNote):
            VerifierKey.parse(mangled)


# ── the body ─────────────────────────────────────────────────────────────────────────────────────────────────────────

EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_a_checkpoint_is_read_and_written_to_the_byte() -> None:
    body = Body.parse(EXAMPLE)
    assert (body.origin, body.size, len(body.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert str(body) == EXAMPLE
    further = Body.parse(EXAMPLE + "recorded_at 2026-06-30T15:59:59.123456Z\nmore\n")
    assert further.extensions[1:] == ("more",)
    assert further.recorded_at
    assert further.recorded_at.isoformat() == "2026-06-30T15:59:59.123456+00:00"
    assert Body.parse(EXAMPLE + "recorded_at never\n").recorded_at is None


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", EXAMPLE.replace("20852163", "020852163"), EXAMPLE.replace("20852163", "-1"),
     EXAMPLE.replace("20852163", "１"), EXAMPLE.replace("q2I=", "q2J="), EXAMPLE.replace("q2I=\n", "\n"), "\n" + EXAMPLE,
     EXAMPLE + "\n", EXAMPLE + "\nmore\n", EXAMPLE.replace("example", "an example")],
)  # fmt: skip
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Body.parse(text)
