"""What analysts take away loads in their tools without a complaint, and says what the events say."""

import json
import warnings
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from crm.analysis import ocel, workbook, xes
from crm.analysis.cases import cases
from crm.prepare import catch_up, prepare
from domain.base import EVENTS
from domain.channel import Channel, ChannelKind, OpenChannel
from domain.lead import CorrectDate, Lead, Lose, Merge, Retract, SignIntent
from domain.lead.corrections import CorrectDetails
from domain.person import AddPerson, Person, Role
from tests.crm.conftest import DAY, OFFICER, call, registration, someone

OWNER = UUID(int=12)
PHONE, SECRET = "13800000000", "只给本人看的话"
TWO, FIVE = DAY + timedelta(2), DAY + timedelta(5)


@pytest.fixture(scope="module")
def pm4py():
    with warnings.catch_warnings():  # what it says of itself and of its own libraries is not about our files
        warnings.simplefilter("ignore")
        import pm4py

        return pm4py


@pytest.fixture
def told(crm, by):
    """Four leads: one signed, one lost and merged away, one whose signature was retracted, one that is void."""
    centre = crm.create(
        by(), Channel, OpenChannel(kind=ChannelKind.LIAISON_CENTRE, name="驻北京招商联络中心", occurred_on=DAY)
    ).id
    trip = crm.create(
        by(),
        Channel,
        OpenChannel(
            kind=ChannelKind.OVERSEAS_MISSION, name="赴德国招商团", parent=centre, starts_on=DAY, occurred_on=DAY
        ),
    ).id
    crm.create(by(), Person, AddPerson(name="驻北京招商专员", login="bj", role=Role.STAFF, occurred_on=DAY), id=OFFICER)
    crm.create(
        by(), Person, AddPerson(name="驻北京招商专员二", login="bj2", role=Role.STAFF, occurred_on=DAY), id=OWNER
    )
    source = {
        "channel": centre,
        "occasion": trip,
        "owner": OWNER,
        "investment": "1.2亿",
        "contacts": [someone(phone=PHONE)],
    }
    made = [
        crm.create(by(), Lead, registration(company=f"{name}示例公司", **source)).id
        for name in ("甲", "乙", "丙", "丁")
    ]
    signed, lost, retracted, void = made
    for lead in (signed, lost, retracted):
        crm.change(by(), Lead, lead, call(SECRET, occurred_on=DAY))
    crm.change(by(), Lead, signed, SignIntent(document="框架协议", occurred_on=FIVE))
    crm.change(by(), Lead, signed, CorrectDate(fact=3, to=TWO, reason="文件日期", occurred_on=FIVE))
    crm.change(
        by(),
        Lead,
        signed,
        CorrectDetails(fact=3, details={"document": "投资框架协议"}, reason="名称", occurred_on=FIVE),
    )
    crm.change(by(), Lead, lost, Lose(reason="funding", occurred_on=FIVE))
    crm.merge(by(), lost, Merge(into=signed, reason="同一项目", occurred_on=FIVE))
    crm.change(by(), Lead, retracted, SignIntent(document="误记", occurred_on=FIVE))
    crm.change(by(), Lead, retracted, Retract(fact=3, reason="并未签署", occurred_on=FIVE))
    crm.change(by(), Lead, void, Retract(fact=1, reason="登记错了", occurred_on=FIVE))
    return crm, made


def write(crm, lines, path, language="en"):
    with crm.pool.connection() as connection:
        path.write_text("".join(lines(connection, crm.position(), language)), encoding="utf-8")
    return str(path)


def read(crm, lines, path, language="en"):
    write(crm, lines, path, language)
    return path.read_text(encoding="utf-8")


def without_a_warning(load, path):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = load(path)
    return found, [str(one.message) for one in said if "optional requirement" not in str(one.message)]


def test_a_case_log_loads_and_gives_the_map_of_the_process(told, tmp_path, pm4py):
    crm, leads = told
    log, complaints = without_a_warning(pm4py.read_xes, write(crm, xes.lines, tmp_path / "leads.xes"))
    assert complaints == []
    follows, first, last = pm4py.discover_dfg(log)
    assert follows == {
        ("Lead registered", "Contacted"): 3,
        ("Contacted", "Intent signed"): 1,
        ("Intent signed", "Another lead merged in"): 1,
        ("Contacted", "Lost"): 1,
        ("Lost", "Merged into another lead"): 1,
    }
    assert first == {"Lead registered": 3}
    assert last == {"Another lead merged in": 1, "Merged into another lead": 1, "Contacted": 1}
    assert set(log["org:group"]) == {"驻北京招商联络中心"}
    assert set(log["org:resource"]) == {str(OFFICER)}
    signed = log[(log["case:concept:name"] == str(leads[0])) & (log["concept:name"] == "Intent signed")].iloc[0]
    assert bool(signed["corrected"])
    assert (signed["first_dated"], signed["time:timestamp"].tz_convert("Asia/Shanghai").date()) == (str(FIVE), TWO)


def test_an_object_log_loads_with_everything_a_lead_has_to_do_with(told, tmp_path, pm4py):
    crm, leads = told
    log, complaints = without_a_warning(pm4py.read_ocel2, write(crm, ocel.lines, tmp_path / "leads.jsonocel"))
    assert complaints == []
    assert Counter(log.objects["ocel:type"]) == {"lead": 3, "channel": 1, "occasion": 1, "person": 2}
    flat = pm4py.ocel_flattening(log, "lead")
    follows, _, _ = pm4py.discover_dfg(flat)
    assert follows["Lead registered", "Contacted"] == 3
    parts = log.relations[log.relations["ocel:activity"] == "Lead registered"]
    assert Counter(parts["ocel:qualifier"]) == dict.fromkeys(("lead", "recorded by", "channel", "occasion", "owner"), 3)
    named = {(one["ocel:oid"], one["ocel:oid_2"], one["ocel:qualifier"]) for _, one in log.o2o.iterrows()}
    assert (str(leads[1]), str(leads[0]), "into") in named
    changed = log.object_changes
    stages = changed[(changed["ocel:oid"] == str(leads[0])) & (changed["ocel:field"] == "stage")]
    assert list(stages["stage"]) == ["contacted", "intent_signed"]
    held = log.objects.set_index("ocel:oid")
    assert (held.loc[str(leads[0]), "stage"], held.loc[str(leads[0]), "amount_cny"]) == ("registered", 120_000_000)
    assert (held.loc[str(leads[2]), "facts_retracted"], held.loc[str(leads[0]), "corrections"]) == (1, 2)


@pytest.mark.parametrize("lines", [ocel.lines, xes.lines])
def test_nothing_of_a_private_person_and_no_name_of_an_officer_leaves(told, lines, tmp_path):
    text = read(told[0], lines, tmp_path / "log")
    for said in (PHONE, SECRET, "投资部经理", "驻北京招商专员", "sealed:v1:"):
        assert said not in text
    assert "甲示例公司" in text


def test_every_type_of_an_object_log_is_declared_with_the_attributes_it_uses(told, tmp_path):
    log = json.loads(read(told[0], ocel.lines, tmp_path / "log", "zh"))
    for things, types in (("events", "eventTypes"), ("objects", "objectTypes")):
        declared = {one["name"]: {a["name"]: a["type"] for a in one["attributes"]} for one in log[types]}
        kinds = {"string": str, "integer": int, "float": float, "boolean": bool, "time": str}
        for thing in log[things]:
            for attribute in thing["attributes"]:
                assert type(attribute["value"]) is kinds[declared[thing["type"]][attribute["name"]]]
    ids = {one["id"] for one in log["objects"]}
    assert all(r["objectId"] in ids for one in (*log["events"], *log["objects"]) for r in one["relationships"])
    assert {one["type"] for one in log["events"]} >= {"登记线索", "接洽", "意向签约"}


def test_no_two_activities_of_leads_and_channels_have_one_name():
    for place in (0, 1):
        names = Counter(
            event.TITLE[place] for topic, event in EVENTS.items() if topic.startswith(("lead.", "channel."))
        )
        assert [name for name, times in names.items() if times > 1] == []


def test_the_same_events_make_the_same_bytes(told, tmp_path):
    for lines in (ocel.lines, xes.lines):
        one, other = (read(told[0], lines, tmp_path / name) for name in ("one", "other"))
        assert one == other


def test_a_lead_lost_and_given_back_is_told_in_order(told, by):
    crm, (_, lost, _, void) = told
    with crm.pool.connection() as connection:
        found = {case.lead: case for case in cases(connection, crm.position())}
    assert [str(one.standing.status) for one in found[lost].told] == ["open", "open", "lost", "merged"]
    assert found[void].told == []


def test_one_lead_as_a_workbook_has_both_dates_who_and_what(told, district, tmp_path):
    crm, (signed, *_) = told
    prepare(crm.settings, district.url)
    catch_up(crm.settings, district.url, lambda _done, _all: None)
    with crm.pool.connection() as connection:
        content = workbook.book(crm, connection, crm.lead(signed), "zh")
    (tmp_path / "lead.xlsx").write_bytes(content)
    history = CalamineWorkbook.from_path(tmp_path / "lead.xlsx").get_sheet_by_name("历史").to_python()
    head, *rows = history
    told_in = [dict(zip(head, row, strict=True)) for row in rows]
    intent = next(one for one in told_in if one["事项"].startswith("意向签约"))
    assert (intent["发生日期"], intent["最初登记的日期"], intent["更正情况"]) == (TWO, FIVE, "日期已更正，内容已更正")
    assert [one["线索"] for one in told_in].count("乙示例公司") == 4
    assert {one["内容"] for one in told_in} >= {SECRET}
    assert {one["记录人"] for one in told_in} == {"驻北京招商专员"}
    assert PHONE not in str(history)
    assert told_in[-1]["位置"] > told_in[0]["位置"]
    crm.keys.destroy(signed)
    with crm.pool.connection() as connection:
        (tmp_path / "erased.xlsx").write_bytes(workbook.book(crm, connection, crm.lead(signed), "zh"))
    assert "[已删除]" in str(CalamineWorkbook.from_path(tmp_path / "erased.xlsx").get_sheet_by_name("历史").to_python())
