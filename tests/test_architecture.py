"""The house rules that a linter does not know."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.base import AGGREGATES, EVENTS, Event
from domain.funnel import STAGES

ROOT = Path(__file__).parent.parent
ROOMS = ("crm", "domain", "projections", "web")
CHINESE = re.compile("[\u4e00-\u9fff]")


def sources(*rooms: str) -> Iterator[Path]:
    for room in rooms or ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def words(path: Path) -> set[str]:
    """The string literals of a module that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in plain
    }


@pytest.mark.parametrize("path", [*sources()], ids=lambda path: str(path.relative_to(ROOT)))
def test_stages_are_named_in_one_room_only(path):
    later = {stage.value for stage in STAGES if "_" in stage.value or stage.value == "negotiating"}
    if path != ROOT / "domain" / "funnel.py":
        assert not later & words(path), "ask domain.funnel.Stage instead"


@pytest.mark.parametrize("topic", sorted(EVENTS))
def test_every_event_has_a_stable_topic_of_its_aggregate_and_a_sentence_in_both_languages(topic):
    event = EVENTS[topic]
    aggregate, _, fact = topic.partition(".")
    assert aggregate in AGGREGATES
    assert re.fullmatch("[a-z]+(_[a-z]+)*", fact)
    assert CHINESE.search(event.TITLE.zh)
    assert event.TITLE.en
    assert not CHINESE.search(event.TITLE.en)
    assert event.sentence is not Event.sentence or event.TITLE


@pytest.mark.parametrize("path", [*sources("domain")], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_domain_has_no_clock_and_no_chance(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(today|now|utcnow|time|uuid4|random)\(", text)


@pytest.mark.parametrize("path", [*sources("projections")], ids=lambda path: str(path.relative_to(ROOT)))
def test_projecting_has_no_clock_and_no_chance(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(date\.today|datetime\.now|utcnow|uuid4|random\.\w+)\(", text)


@pytest.mark.parametrize("path", [*sources("projections")], ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_reads_no_clock_of_its_own(path):
    for sql in path.parent.glob("*.sql"):
        assert not re.search(
            r"\b(now\(\)|current_date|current_timestamp|clock_timestamp|random\(\))", sql.read_text(), re.IGNORECASE
        )


def test_nothing_is_left_to_do():
    mark = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError\(\))\b")
    left = [str(path) for path in sources(*ROOMS, "tests") if path != Path(__file__) and mark.search(path.read_text())]
    assert left == []


def test_no_test_is_left_out_but_for_want_of_a_browser():
    browser = ROOT / "tests" / "journeys" / "conftest.py"
    left_out = re.compile(r"\b(pytest\.skip|skipif|importorskip|xfail)\b")
    found = [
        path for path in sources("tests") if path not in (Path(__file__), browser) and left_out.search(path.read_text())
    ]
    assert found == []


def test_no_address_of_a_registry_is_written_down():
    locks = [*ROOT.glob("requirements*.txt"), *ROOT.glob("frontend/*.json")]
    assert locks
    assert not [path for path in locks if re.search("https?://(?!opencollective|github|www)", path.read_text())]
