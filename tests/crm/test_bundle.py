"""An audit bundle is checked by an outsider, with one file and nothing of ours, and every change made to it is named."""

import ast
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from crm import clock
from crm.application import CRM, By
from crm.cli import app
from crm.prepare import prepare
from crm.proof import bundle, checkpoint, note, offline, rotation, signing
from crm.proof.packing import MANIFEST, Packed
from crm.settings import Settings
from domain.lead import AddNote, Lead, Merge, SignIntent
from projections import merkle
from tests.crm.conftest import DAY, OFFICER, call, registration, someone

SECRET = "只给本人看的话"
EVENTS = "events.jsonl"


class House:
    """A district with three leads, two of them merged, and three checkpoints, the second signed as the key changed."""

    def __init__(self, settings: Settings, url: str) -> None:
        prepare(settings, url)
        self.settings, self.crm = settings, CRM(settings, url)
        crm, by = self.crm, lambda: By(OFFICER, "staff", uuid4())
        self.kept, self.merged, self.other = (
            crm.create(by(), Lead, registration(company=f"{name}示例公司", contacts=[someone()])).id
            for name in "甲乙丙"
        )
        crm.change(by(), Lead, self.kept, call(SECRET))
        self.checkpoints = [self.sign()]
        crm.change(by(), Lead, self.merged, call())
        crm.merge(by(), self.merged, Merge(into=self.kept, reason="同一项目", occurred_on=DAY))
        with crm.pool.connection() as connection:
            self.old_key = note.Note.parse(self.checkpoints[0].note).signatures[0].id.hex()
            self.checkpoints.append(rotation.rotate(settings, connection).checkpoint)
        for text in ("一", "二", "三"):
            crm.change(by(), Lead, self.other, AddNote(note=text, occurred_on=DAY))
        crm.change(by(), Lead, self.kept, SignIntent(document="框架协议", occurred_on=DAY))
        self.checkpoints.append(self.sign())

    def sign(self) -> checkpoint.Stored:
        with self.crm.pool.connection() as connection:
            return checkpoint.make(self.settings, connection)

    def pack(self, **chosen: object) -> bytes:
        file = io.BytesIO()
        bundle.write(self.crm, file, **chosen)
        return file.getvalue()


@pytest.fixture(scope="module")
def house(cluster, short_folder):
    made = House(Settings.load(database_url=cluster, schema_name="bundled", data_dir=short_folder), cluster)
    yield made
    made.crm.close()


@pytest.fixture(scope="module")
def whole(house):
    return house.pack()


@pytest.fixture(scope="module")
def of_lead(house):
    return house.pack(lead=house.kept)


@pytest.fixture
def check(tmp_path):
    """Runs the verifier that came with the bundle, alone in an empty folder: its exit code, and what it said."""

    def run(content: bytes, *options: object, verifier: bytes | None = None) -> tuple[int, str]:
        path = tmp_path / "b.zip"
        path.write_bytes(content)
        program = tmp_path / "verify.py"
        program.write_bytes(verifier or members(content)["verify.py"])
        command = [sys.executable, "-I", "-S", str(program), str(path), *map(str, options)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
        assert done.stderr == ""
        return done.returncode, done.stdout

    return run


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forged(content: bytes, *, manifest: bool = True, **changed: bytes | None) -> bytes:
    """The bundle with other members (None: without), its manifest written anew as a forger would, or left."""
    found = members(content)
    listed = found.pop(MANIFEST)
    found = {name: value for name, value in (found | changed).items() if value is not None}
    file = io.BytesIO()
    if manifest:
        packed = Packed(file)
        for name, value in found.items():
            packed.add(name, value)
        packed.close()
    else:
        with zipfile.ZipFile(file, "w") as archive:
            for name, value in (found | {MANIFEST: listed}).items():
                archive.writestr(name, value)
    return file.getvalue()


def lines(content: bytes) -> list[str]:
    return members(content)[EVENTS].decode().splitlines(keepends=True)


def with_lines(content: bytes, *found: str) -> bytes:
    return forged(content, **{EVENTS: "".join(found).encode()})


def one(content: bytes, start: str, end: str = "") -> str:
    return next(name for name in sorted(members(content)) if name.startswith(start) and name.endswith(end))


# ── what holds ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_is_checked_from_the_first_event_to_the_signed_root(house, whole, check):
    code, said = check(whole)
    assert code == 0, said
    position = house.crm.position()
    assert f"{position} events hash to what they say" in said
    assert f"the root of the first {position} events is the one that was signed" in said
    assert "3 checkpoints agree" in said
    assert "通过 · PASSED" in said


def test_what_it_cannot_tell_is_said(whole, of_lead, check):
    beyond = {
        whole: ("sealed texts", "was cut off", "--key", "--checkpoint"),
        of_lead: ("not in the bundle", "last events of"),
    }
    for content, words in beyond.items():
        said = check(content)[1].lower()
        assert all(word in said for word in words)


def test_a_lead_comes_with_those_merged_with_it_each_event_proved(house, of_lead, check):
    code, said = check(of_lead)
    assert code == 0, said
    streams = {json.loads(line)["stream"] for line in lines(of_lead)}
    assert streams == {str(house.kept), str(house.merged)}
    assert f"{len(lines(of_lead))} inclusion proofs hold" in said
    assert check(house.pack(lead=house.merged))[0] == 0


def test_days_are_those_on_which_it_was_recorded(house, check):
    today = clock.today()
    code, said = check(house.pack(recorded_from=today, recorded_to=today))
    assert code == 0, said
    with pytest.raises(bundle.Refused):
        house.pack(recorded_from=today + timedelta(1), recorded_to=None)
    with pytest.raises(bundle.Refused):
        house.pack(recorded_from=None, recorded_to=date(2020, 1, 1))


def test_a_run_within_the_ledger_is_tied_to_the_tree_before_it_and_the_checkpoint_after(house, check, monkeypatch):
    monkeypatch.setattr(bundle.selected, "position_at", lambda _conn, moment: 2 if moment.day == 1 else 6)
    content = house.pack(recorded_from=date(2026, 1, 2), recorded_to=date(2026, 1, 2))
    chosen = json.loads(members(content)["bundle.json"])
    today = clock.today().isoformat()
    chosen["selection"] = {"kind": "recorded", "from": today, "to": today}
    content = forged(content, **{"bundle.json": json.dumps(chosen).encode()})
    assert [json.loads(line)["position"] for line in lines(content)] == [3, 4, 5, 6]
    code, said = check(content)
    assert code == 0, said
    before = members(content)["proofs/before.txt"].decode()
    code, said = check(forged(content, **{"proofs/before.txt": (before[3:6] + before[:3] + before[6:]).encode()}))
    assert (code, "consistency/" in said) == (1, True)
    assert check(forged(content, **{"proofs/before.txt": b""}))[0] == 1


def test_a_pinned_key_is_believed_and_hands_over_to_the_next(house, whole, check):
    old, new = members(whole)["keys.txt"].decode().splitlines()
    assert old.split("+")[1] == house.old_key
    for key in (old, new):
        code, said = check(whole, "--key", key)
        assert code == 0, said
        assert "--key" not in said
    other = str(note.Signer("landfall/bundled", bytes(32)).key)
    code, said = check(whole, "--key", other)
    assert code == 1
    assert "signed by no key that is believed" in said


def test_checkpoints_kept_outside_are_compared(house, whole, of_lead, check, tmp_path):
    for content in (whole, of_lead):
        for stored in house.checkpoints:
            kept = tmp_path / f"{stored.size}.txt"
            kept.write_text(stored.note, encoding="utf-8")
            code, said = check(content, "--checkpoint", kept)
            assert code == 0, said
    last = house.checkpoints[-1]
    with house.crm.pool.connection() as connection:
        signer = signing.signer(house.settings, connection)
    body = checkpoint.Body(signer.name, last.size, bytes(32))
    kept.write_text(str(note.signed(str(body), [signer])), encoding="utf-8")
    code, said = check(whole, "--checkpoint", kept)
    assert (code, "the ledger was rewritten" in said) == (1, True)
    kept.write_text(str(note.signed(str(body._replace(size=999)), [signer])), encoding="utf-8")
    assert check(whole, "--checkpoint", kept)[0] == 1


def test_the_same_selection_and_checkpoint_give_the_same_bytes(house, whole, of_lead):
    earlier = house.checkpoints[1]
    first = house.pack(signed=earlier)
    assert house.pack() == whole
    assert house.pack(lead=house.kept) == of_lead
    assert house.pack(signed=earlier) == first
    assert json.loads(members(first)["bundle.json"])["events"] == earlier.size


def test_sealed_texts_stay_sealed_and_the_proof_outlives_their_keys(house, whole, check):
    assert SECRET.encode() not in b"".join(members(whole).values())
    assert b"sealed:v1:" in members(whole)[EVENTS]


def test_it_may_be_unpacked_first(of_lead, tmp_path):
    with zipfile.ZipFile(io.BytesIO(of_lead)) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run([sys.executable, "-I", "-S", "verify.py"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


# ── what was changed ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_in_any_member_is_named(whole, of_lead, tmp_path, capsys):
    path = tmp_path / "b.zip"
    for content in (whole, of_lead):
        for name, value in members(content).items():
            if name != MANIFEST:
                path.write_bytes(forged(content, manifest=False, **{name: bytes([value[0] ^ 1]) + value[1:]}))
                assert offline.main([str(path)]) == 1
                assert name in capsys.readouterr().out


def replaced(number: int, old: str, new: str):
    def change(content: bytes) -> bytes:
        found = lines(content)
        assert old in found[number]
        found[number] = found[number].replace(old, new, 1)
        return with_lines(content, *found)

    return change


def field(number: int, name: str, value: object):
    """The line with another value in a field, all else as it was."""

    def change(content: bytes) -> bytes:
        found = lines(content)
        said = json.loads(found[number])
        assert said[name] != value
        old, new = (json.dumps(each, ensure_ascii=False) for each in (said[name], value))
        found[number] = found[number].replace(f'"{name}": {old}', f'"{name}": {new}', 1)
        return with_lines(content, *found)

    return change


def order(change):
    """The lines in another order, or not all of them."""

    def changed(content: bytes) -> bytes:
        found = lines(content)
        return with_lines(content, *change(found))

    return changed


def rechained(content: bytes) -> bytes:
    """A forger's work: one event changed, and every hash from there on computed anew."""
    found, previous = [], None
    for number, line in enumerate(lines(content), start=1):
        if number == 2:
            line = line.replace("乙示例公司", "丁示例公司")  # noqa: PLW2901
        event = offline.event_of(line, number)
        event = event._replace(previous=previous or event.previous)
        hash_ = offline.link(event)
        said = event.said | {"previous": event.previous.hex(), "hash": hash_.hex()}
        head = json.dumps({name: value for name, value in said.items() if name != "data"}, ensure_ascii=False)
        found.append(f'{head[:-1]}, "data": {event.data}}}\n')
        previous = hash_
    return with_lines(content, *found)


def member(start: str, old: bytes, new: bytes):
    def change(content: bytes) -> bytes:
        name = one(content, start)
        value = members(content)[name]
        assert old in value
        return forged(content, **{name: value.replace(old, new, 1)})

    return change


def without(start: str):
    return lambda content: forged(content, **{one(content, start): None})


def twice(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr(EVENTS, b"")
    return file.getvalue()


def another_key(content: bytes) -> bytes:
    """Every checkpoint signed anew under a key of the forger's own, which is put in the place of the district's."""
    signer = note.Signer("landfall/bundled", bytes(32))
    changed = {"keys.txt": f"{signer.key}\n".encode()}
    for name, value in members(content).items():
        if name.startswith("checkpoints/"):
            changed[name] = str(note.signed(note.Note.parse(value).text, [signer])).encode()
    return forged(content, **changed)


def _without_merged(content: bytes) -> bytes:
    chosen = json.loads(members(content)["bundle.json"])
    kept = chosen["selection"]["lead"]
    chosen["selection"]["leads"] = [kept]
    own = [line for line in lines(content) if json.loads(line)["stream"] == kept]
    chosen["events"], chosen["last"] = len(own), json.loads(own[-1])["position"]
    gone = [json.loads(line)["position"] for line in lines(content) if json.loads(line)["stream"] != kept]
    return forged(content, **{
        "bundle.json": json.dumps(chosen).encode(), EVENTS: "".join(own).encode(), **{offline.proof_name(position): None for position in gone},
    })  # fmt: skip


TAMPERED = {
    "a changed byte in the data": (replaced(1, "乙示例公司", "丁示例公司"), "events.jsonl:2 (position 2)", "not that of its content"),
    "another actor": (field(3, "actor", str(uuid4())), "events.jsonl:4 (position 4)", "not that of its content"),
    "another role": (field(3, "role", "admin"), "events.jsonl:4 (position 4)", "not that of its content"),
    "another moment of recording": (field(2, "recorded_at", "2026-01-05T00:00:00+00:00"), "events.jsonl:3 (position 3)", "not that of its content"),
    "another business date": (field(3, "occurred_on", "2026-01-04"), "events.jsonl:4 (position 4)", "not that of its content"),
    "another command": (field(3, "command", str(uuid4())), "events.jsonl:4 (position 4)", "not that of its content"),
    "another hash": (field(3, "hash", "00" * 32), "events.jsonl:4 (position 4)", "not that of its content"),
    "another hash before": (field(3, "previous", "00" * 32), "events.jsonl:4 (position 4)", "not that of its content"),
    "a removed event": (order(lambda found: [*found[:3], *found[4:]]), "events.jsonl:4 (position 5)", "the events 4–4 are missing"),
    "the first event removed": (order(lambda found: found[1:]), "events.jsonl:1 (position 2)", "the events before it are missing"),
    "swapped events": (order(lambda found: [*found[:2], found[3], found[2], *found[4:]]), "events.jsonl:4 (position 3)", "out of order"),
    "an event twice": (order(lambda found: [*found[:3], *found[2:]]), "events.jsonl:4 (position 3)", "twice"),
    "a tail cut off": (order(lambda found: found[:-1]), "events.jsonl", "11 events are announced, 10 are here"),
    "a whole ledger made up anew": (rechained, "checkpoints/", "another root than was signed"),
    "a name said twice": (replaced(3, '"role": "staff"', '"role": "admin", "role": "staff"'), "events.jsonl:4", "cannot be read"),
    "a field more": (replaced(3, '"role": "staff"', '"role": "staff", "note": "x"'), "events.jsonl:4", "cannot be read"),
    "half a line": (replaced(3, '"role"', ""), "events.jsonl:4", "cannot be read"),
    "a checkpoint of another size": (member("checkpoints/", b"\n4\n", b"\n5\n"), "checkpoints/000000000004", "does not hold"),
    "a checkpoint with a word more": (member("checkpoints/", b"recorded_at 2", b"recorded_at 3"), "checkpoints/000000000004", "does not hold"),
    "the checkpoint it rests on removed": (without("checkpoints/000000000011"), "checkpoints", "is missing"),
    "a key that is not its id's": (member("keys.txt", b"+", b"+0"), "keys.txt", "not the one its id names"),
    "another selection": (member("bundle.json", b'"events": 11', b'"events": 12'), "events.jsonl", "announced"),
    "no selection": (member("bundle.json", b'"kind"', b'"kid"'), "bundle.json", "not a bundle"),
    "bundle.json is no JSON": (lambda content: forged(content, **{"bundle.json": b"[]"}), "bundle.json", "not a JSON object"),
    "another schema": (member("schemas/lead.absorbed", b'"company"', b'"firm"'), "schemas/lead.absorbed.v1.json", "fields"),
    "a schema removed": (without("schemas/lead.contacted"), "schemas/lead.contacted.v1.json", "missing"),
    "a member twice": (twice, "b.zip", "twice"),
}  # fmt: skip
OF_LEAD = {
    "an event of the lead removed": (order(lambda found: [found[0], *found[2:]]), "events.jsonl:", "version 1 of its record is missing"),
    "its last event removed": (order(lambda found: found[:-1]), "events.jsonl", "announced"),
    "a proof removed": (without("proofs/000000000004"), "proofs/000000000004.tlog-proof", "the proof for this event is missing"),
    "another index": (member("proofs/000000000004", b"index 3", b"index 2"), "proofs/000000000004.tlog-proof", "not a proof of an event here"),
    "a hash more": (member("proofs/000000000004", b"=\n", b"=\n" + b"A" * 43 + b"=\n"), "proofs/000000000004.tlog-proof", "does not hold"),
    "a consistency proof removed": (without("consistency/000000000004"), "consistency/000000000004-", "no consistency proof"),
    "a consistency proof of another size": (member("consistency/000000000004", b"old 4", b"old 3"), "consistency/000000000004-", "does not hold"),
    "a merged lead left out": (_without_merged, "lead", "is not in the bundle"),
    "another lead's event": (member("bundle.json", b'"leads"', b'"leads": [], "leads_"'), "events.jsonl:1 ", "not of the lead"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERED)
def test_what_a_forger_changes_in_the_whole_is_named(kind, whole, check):
    change, where, why = TAMPERED[kind]
    code, said = check(change(whole), verifier=members(whole)["verify.py"])
    assert code == 1, said
    assert where in said
    assert why in said
    assert "不通过 · FAILED" in said


@pytest.mark.parametrize("kind", OF_LEAD)
def test_what_a_forger_changes_in_a_leads_bundle_is_named(kind, of_lead, check):
    change, where, why = OF_LEAD[kind]
    code, said = check(change(of_lead))
    assert code == 1, said
    assert where in said
    assert why in said


def test_a_ledger_under_a_forgers_own_key_passes_only_where_the_key_was_not_pinned(whole, check):
    made_up = another_key(rechained_and_signed(whole))
    assert check(made_up)[0] == 0
    old = members(whole)["keys.txt"].decode().splitlines()[0]
    code, said = check(made_up, "--key", old)
    assert (code, "signed by no key that is believed" in said) == (1, True)


def rechained_and_signed(content: bytes) -> bytes:
    """All of the forger's work: the events changed, and roots that agree with them."""
    content = rechained(content)
    hashes = [bytes.fromhex(json.loads(line)["hash"]) for line in lines(content)]
    changed = {}
    for name, value in members(content).items():
        if name.startswith("checkpoints/"):
            said = note.Note.parse(value)
            body = checkpoint.Body.parse(said.text)
            text = str(body._replace(root=merkle.root(hashes[: body.size])))
            changed[name] = str(said._replace(text=text)).encode()
        if name.startswith("consistency/"):  # not needed where all events are there
            changed[name] = None
    return forged(content, **changed)


def test_a_damaged_ledger_is_packed_too_and_shown_to_be_damaged(district, check):
    house = House(district.settings, district.url)
    with district.connect() as connection:
        connection.execute("UPDATE event SET data = replace(data, '乙示例公司', '丁示例公司') WHERE position = 2")
        connection.execute("UPDATE event SET hash = sha256(hash) WHERE position = 6")
    done = bundle.write(house.crm, io.BytesIO(), lead=house.kept)
    assert done.unproved
    code, said = check(house.pack())
    assert code == 1
    assert "(position 2)" in said
    assert "(position 6)" in said
    code, said = check(house.pack(lead=house.kept))
    assert code == 1
    house.crm.close()


@pytest.fixture(scope="module")
def kinds(house, whole, of_lead):
    """One bundle of each kind, by number (Hypothesis would print them at length)."""
    return (whole, of_lead, house.pack(recorded_from=clock.today(), recorded_to=None)).__getitem__


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_byte_of_what_is_proved_can_change(kinds, tmp_path, capsys, data):
    content = kinds(data.draw(st.integers(0, 2)))
    proved = [n for n in members(content) if n.startswith((EVENTS, "consistency/", "proofs/", "keys.txt"))]
    name = data.draw(st.sampled_from(sorted(proved)))
    value = bytearray(members(content)[name] or b" ")
    value[data.draw(st.integers(0, len(value) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path / "b.zip"
    path.write_bytes(forged(content, **{name: bytes(value)}))
    assert offline.main([str(path)]) == 1, capsys.readouterr().out


SIMPLE = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = SIMPLE | st.lists(SIMPLE, max_size=2) | st.dictionaries(st.text(max_size=5), SIMPLE, max_size=2)


PARTS = ("format", "origin", "size", "selection", "events", "first", "last", "kind", "leads", "from", "to")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2), st.sampled_from(PARTS), JSON)
def test_whatever_a_bundle_says_of_itself_gets_an_answer(kinds, tmp_path, capsys, which, name, value):
    content = kinds(which)
    said = json.loads(members(content)["bundle.json"])
    (said if name in said else said["selection"])[name] = value
    path = tmp_path / "b.zip"
    path.write_bytes(forged(content, **{"bundle.json": json.dumps(said).encode()}))
    assert offline.main([str(path)]) in {0, 1}
    assert "结论" in capsys.readouterr().out


# ── the program ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_one_file_for_python_3_9_and_takes_nothing_that_does_not_come_with_it():
    source = Path(offline.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    named = [alias.name for each in ast.walk(tree) if isinstance(each, ast.Import) for alias in each.names]
    named += [str(each.module) for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)]
    taken = {name.partition(".")[0] for name in named}
    assert taken <= sys.stdlib_module_names
    assert not {"socket", "urllib", "http", "subprocess", "ssl"} & taken


RFC8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        hashlib.sha512(b"abc").hexdigest(),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]
"""§7.1: TEST 1, 2, 3 and SHA(abc): secret key, message, signature."""


@pytest.mark.parametrize(("secret", "message", "signature"), RFC8032)
def test_signatures_are_verified_as_the_rfc_says(secret, message, signature):
    public = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key().public_bytes_raw()
    assert offline.ed25519(public, bytes.fromhex(message), bytes.fromhex(signature))
    assert not offline.ed25519(public, bytes.fromhex(message) + b"x", bytes.fromhex(signature))
    too_large = int.from_bytes(bytes.fromhex(signature)[32:], "little") + offline.L
    assert not offline.ed25519(
        public, bytes.fromhex(message), bytes.fromhex(signature)[:32] + too_large.to_bytes(32, "little")
    )


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511), st.booleans())
def test_signatures_are_judged_as_by_a_library_that_many_use(secret, message, bit, whose):
    private = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = bytearray(private.public_key().public_bytes_raw()), bytearray(private.sign(message))
    assert offline.ed25519(bytes(public), message, bytes(signature))
    spoilt = public if whose else signature
    spoilt[bit // 8 % len(spoilt)] ^= 1 << bit % 8
    try:
        Ed25519PublicKey.from_public_bytes(bytes(public)).verify(bytes(signature), message)
        holds = True
    except InvalidSignature:
        holds = False
    assert offline.ed25519(bytes(public), message, bytes(signature)) is holds


@given(st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=40), st.data())
def test_its_trees_are_those_of_the_ledger(entries, data):
    tree = offline.Tree(0, [])
    for entry in entries:
        tree.grow(entry)
    size, root = len(entries), merkle.root(entries)
    assert tree.root() == root

    def nodes(level: int, index: int) -> bytes:
        return merkle.root(entries[index << level : (index + 1) << level])

    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    proof = merkle.inclusion(index, size, nodes)
    assert offline.included(index, size, entries[index], proof) == root
    assert offline.included(index, size, entries[index], [*proof, root]) != root
    begins = merkle.consistency(old, size, nodes)
    old_root = merkle.root(entries[:old])
    assert offline.consistent(old, old_root, size, root, begins)
    assert not offline.consistent(old, old_root, size, root, [*begins, root])
    assert not offline.consistent(old, bytes(32), size, root, begins)
    grown = offline.Tree(old, merkle.frontier_at(old, nodes).peaks)
    for entry in entries[old:]:
        grown.grow(entry)
    assert grown.root() == root


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_signs_packs_and_prints_the_keys_to_keep(house, monkeypatch, tmp_path, check):
    given = house.settings
    monkeypatch.setenv("CRM_DATABASE_URL", given.database_url.get_secret_value())
    monkeypatch.setenv("CRM_SCHEMA", given.schema_name)
    monkeypatch.setenv("CRM_DATA_DIR", str(given.data_dir))

    def crm(*arguments: str):
        return CliRunner().invoke(app, ["audit", "bundle", *arguments], catch_exceptions=False)

    file = tmp_path / "all.zip"
    done = crm(str(file))
    assert done.exit_code == 0, done.stderr
    keys = done.stdout.splitlines()
    assert check(file.read_bytes(), "--key", keys[-1])[0] == 0
    assert crm(str(file), "--lead", str(house.kept), "--size", str(house.checkpoints[1].size)).exit_code == 0
    assert check(file.read_bytes())[0] == 0
    before = file.read_bytes()
    past, unknown = ("--from", "2020-01-01", "--to", "2020-01-02"), ("--lead", str(uuid4()))
    for wrong in (past, unknown, ("--size", "2"), (*unknown, *past)):
        done = crm(str(file), *wrong)
        assert (done.exit_code, done.stdout) == (1, "")
    assert file.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"all.zip", "b.zip", "verify.py"}
