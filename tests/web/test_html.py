"""Pages, fragments, links, words: what every template stands on."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI, Request
from jinja2 import ChoiceLoader, DictLoader, UndefinedError
from markupsafe import escape

from domain.base import Text
from domain.funnel import STAGES, Stage
from domain.lead import Contact, Register
from domain.person import Role
from web.app import walk
from web.forms import parse, refused, view
from web.html import fragment, macro_files, page, templates, url_for
from web.links import STATIC, asset, icon
from web.pages import ROUTERS
from web.security import Csrf
from web.words import Words

PAGE = """{% extends "layout.html" %}
{% block main %}<main id="main"><h1>{{ title }}</h1>{{ self.results() }}</main>{% endblock %}
{% block results %}<div id="results">{{ ui.figure(number(1234), title) }}</div>{% endblock %}
{% block sheet %}<dialog id="sheet">{{ t('好', 'good') }}</dialog>{% endblock %}
{% block broken %}<p id="broken">{{ nowhere }}</p>{% endblock %}"""
TODAY = date(2026, 11, 23)
Ask = Callable[..., Request]


@pytest.fixture
def page_template() -> Iterator[None]:
    loader = templates.loader
    assert loader
    templates.loader = ChoiceLoader([DictLoader({"page.html": PAGE}), loader])
    yield
    templates.loader = loader


@pytest.fixture
def ask(page_template: None) -> Ask:
    """A request with these headers, as the doors leave it."""
    app = FastAPI()
    for router in ROUTERS:
        app.include_router(router)
    app.state.patterns = {}
    app.state.routes = {route.name: tuple(route.param_convertors) for route in walk(app.routes)}

    def asking(path: str = "/account", query: str = "", language: str = "zh", **headers: str) -> Request:
        raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "app": app, "method": "GET", "path": path, "headers": raw,
                 "query_string": query.encode(), "server": ("testserver", 80), "scheme": "http"}  # fmt: skip
        request = Request(scope)
        request.state.words, request.state.viewer = Words(language, TODAY), None
        request.state.csrf = Csrf(b"k" * 32, "session")
        return request

    return asking


def _text(answer: object) -> str:
    return bytes(answer.body).decode()  # type: ignore[attr-defined]


def test_a_visit_gets_the_whole_page(ask: Ask) -> None:
    html = _text(page(ask(), "page.html", title="线索"))
    assert html.startswith("<!doctype html>")
    assert '<div id="results">' in html
    assert "1,234" in html


def test_htmx_gets_the_block_it_targets_out_of_the_same_template(ask: Ask) -> None:
    html = _text(page(ask(HX_Request="true", HX_Target="div#results"), "page.html", title="线索"))
    assert html.startswith('<div id="results">')
    assert "<h1>" not in html


@pytest.mark.parametrize("header", ["HX_Boosted", "HX_History_Restore_Request"])
def test_a_restored_or_boosted_page_is_whole(ask: Ask, header: str) -> None:
    request = ask(HX_Request="true", HX_Target="div#results", **{header: "true"})
    assert _text(page(request, "page.html", title="线索")).startswith("<!doctype html>")


def test_a_page_that_lacks_the_target_replaces_the_body(ask: Ask) -> None:
    answer = page(ask(HX_Request="true", HX_Target="div#elsewhere"), "page.html", title="线索")
    assert answer.headers["HX-Retarget"] == "body"


def test_an_element_without_an_id_gets_the_whole_page_too(ask: Ask) -> None:
    answer = page(ask(HX_Request="true", HX_Target="button"), "page.html", title="线索")
    assert answer.headers["HX-Retarget"] == "body"


def test_a_page_that_is_behind_says_so_and_so_does_a_fragment(ask: Ask) -> None:
    for headers in ({}, {"HX_Request": "true", "HX_Target": "div#results"}):
        request = ask(**headers)
        request.state.updating = True
        assert "data-updating" in _text(page(request, "page.html", title="线索"))


def test_a_fragment_says_where_it_belongs_and_others_go_along(ask: Ask) -> None:
    answer = fragment(ask(HX_Request="true", HX_Target="main#main"), "page.html", "results", "sheet", title="线索")
    assert answer.headers["HX-Retarget"] == "#results"
    html = _text(answer)
    assert html.startswith('<div id="results">')
    assert '<hx-partial hx-target="#sheet" hx-swap="outerHTML"><dialog id="sheet">好</dialog></hx-partial>' in html


def test_a_fragment_without_htmx_is_the_page(ask: Ask) -> None:
    assert _text(fragment(ask(), "page.html", "results", title="线索", status=422)).startswith("<!doctype html>")


def test_a_notice_comes_with_pages_and_with_fragments(ask: Ask) -> None:
    for headers in ({}, {"HX_Request": "true", "HX_Target": "div#results"}):
        request = ask(**headers)
        request.state.notice = Text("已保存。", "Saved.")
        answer = page(request, "page.html", title="线索")
        assert "已保存。" in _text(answer)
        assert 'notice=""' in answer.headers["set-cookie"]


def test_what_a_template_does_not_know_is_an_error(ask: Ask) -> None:
    with pytest.raises(UndefinedError, match="nowhere"):
        fragment(ask(HX_Request="true", HX_Target="p#broken"), "page.html", "broken", title="线索")


def test_what_people_typed_is_escaped(ask: Ask) -> None:
    assert "<script>x" not in _text(page(ask(), "page.html", title="<script>x</script>"))


def test_links_put_what_is_no_part_of_the_path_into_the_query(ask: Ask) -> None:
    request = ask()
    assert url_for(request, "language", code="en", back="/leads?a=1") == "/language/en?back=%2Fleads%3Fa%3D1"
    assert url_for(request, "account", stage=["a", "b"], q="", owner=None) == "/account?stage=a&stage=b"


def test_an_unknown_route_or_a_missing_part_of_the_path_is_an_error(ask: Ask) -> None:
    for name in ("nowhere", "language"):
        with pytest.raises(KeyError):
            url_for(ask(), name)


def test_here_keeps_the_filters_and_changes_some(ask: Ask) -> None:
    from web.links import Links

    links = Links(ask("/leads", "stage=landed&after=x&stage=open"))
    assert links.here(after=None, sort="amount") == "/leads?stage=landed&stage=open&sort=amount"


def test_files_are_asked_for_by_their_content() -> None:
    assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{12}", asset("app.css"))


def test_an_icon_is_drawn_inline_and_silent_unless_labelled() -> None:
    assert 'aria-hidden="true"' in icon("search")
    assert 'aria-label="&lt;查找&gt;"' in icon("search", "<查找>")
    assert "<path" in icon("search")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_form_is_drawn_with_what_was_typed_what_is_wrong_and_what_travels_with_it(ask: Ask, language: str) -> None:
    typed = {"kind": "", "note": "<谈得不错>", "occurred_on": "2023-02-30"}
    shown = view(Contact, "/leads/1/contacts", raw=typed, errors=parse(Contact, typed).errors, version=3)
    html = _drawn(ask(language=language), "{{ ui.sheet(form) }}", form=shown)
    assert str(escape("<谈得不错>")) in html
    assert 'value="2023-02-30"' in html
    assert html.count('class="field-error"') == 2
    for hidden in ("csrf", "command", "version"):
        assert f'<input type="hidden" name="{hidden}"' in html
    assert ("请填写。" in html) == (language == "zh")


def test_a_sheet_may_arrange_its_fields_itself(ask: Ask) -> None:
    source = "{% call(one) ui.sheet(form) %}<b>{{ ui.fields(one.only('note')) }}</b>{% endcall %}"
    html = _drawn(ask(), source, form=view(Contact, "/x"))
    assert "<b>" in html
    assert 'name="note"' in html
    assert 'name="kind"' not in html


def test_a_list_of_people_has_a_row_to_add_with_and_without_script(ask: Ask) -> None:
    html = _drawn(ask(), "{{ ui.form(form) }}", form=view(Register, "/leads"))
    assert 'name="contacts.0.name"' in html
    assert 'name="contacts.__row__.name"' in html
    assert "<noscript>" in html


def test_a_stale_form_shows_both_versions_side_by_side(ask: Ask) -> None:
    shown = view(Contact, "/x", raw={"note": "甲"}, current={"note": "乙"}, error=Text("已更新", "changed"))
    html = _drawn(ask(), "{{ ui.form(form) }}", form=shown)
    assert "甲</textarea>" in html
    assert "<strong>乙</strong>" in html
    assert refused(shown, __import__("domain.base", fromlist=["Refused"]).Refused("x", "不行", "no")).status == 422


def test_every_macro_draws(ask: Ask) -> None:
    calls = {
        "stage": "ui.stage(stage)", "bar": "ui.bar(1, 3, 'landed')", "due": "ui.due(today)", "rate": "ui.rate(1, 3)",
        "stage_bar": "ui.stage_bar(steps, stage)", "facts": "ui.facts([('甲', none)])", "empty": "ui.empty('无')",
        "pages": "ui.pages('k', 500, '#results', first=true)", "tabs": "ui.tabs([('甲', '/', true, 3)])",
        "opens": "ui.opens('/x', '开')", "posts": "ui.posts('/x', '删', confirm='确定？')", "tag": "ui.tag('甲', 'warn')",
        "figure": "ui.figure('3', '逾期', '/x', tone='bad')", "heading": "ui.heading('题', '下', '/x')",
        "pick": "ui.pick('stage', '阶段', stages, 'landed')", "between": "ui.between('on', '日期')",
        "find": "ui.find('q', '查找')", "sorted": "ui.sorted('金额', 'amount', '-amount')",
        "status": "ui.status(none)", "standing": "ui.standing(stage, none)", "notice": "ui.notice('好', 'bad')",
    }  # fmt: skip
    steps = [(stage, TODAY, 3) for stage in STAGES]
    for name, call in calls.items():
        html = _drawn(ask(), f"{{{{ {call} }}}}", stage=Stage.CONTACTED, steps=steps, stages=STAGES)
        assert "<" in html, name
    wrapped = {"filters": "'/x', '#results'", "table": "['甲']", "card": "'题'"}
    for name, given in wrapped.items():
        assert "内容" in _drawn(ask(), f"{{% call ui.{name}({given}) %}}内容{{% endcall %}}")
    assert set(calls) | set(wrapped) <= set(macro_files())


def _drawn(request: Request, source: str, **context: object) -> str:
    from web.html import shared

    return templates.from_string(source).render(shared(request, 200) | context)


def test_every_template_compiles() -> None:
    for name in templates.list_templates(["html"]):
        templates.get_template(name)


def test_no_template_carries_inline_script_or_style_or_what_needs_eval() -> None:
    forbidden = re.compile(
        r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=|hx-on|js:|hx-trigger=\"[^\"]*\[[a-z!]|https?://"
    )
    folder = Path(__file__).parents[2] / "web" / "templates"
    found = [
        (file.relative_to(folder), match[0])
        for file in sorted(folder.rglob("*.html"))
        for match in forbidden.finditer(file.read_text("utf-8").replace("find input[type=search]", ""))
    ]
    assert found == []


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (12_000_000_000, "1.2亿元", "CNY 120m"),
        (500_000_000_000, "50亿元", "CNY 5bn"),
        (5_000_000_000, "5,000万元", "CNY 50m"),
        (12_345_678, "12.35万元", "CNY 123.46k"),
        (123_456, "1,234.56元", "CNY 1.23k"),
        (0, "0元", "CNY 0"),
        (9_999_999_999, "10,000万元", "CNY 100m"),
        (-5_000_000_000, "-5,000万元", "CNY -50m"),
        (None, "—", "—"),
    ],
)
def test_money_is_said_in_wan_and_yi_or_in_millions(fen: int | None, zh: str, en: str) -> None:
    assert Words("zh", TODAY).amount(fen) == zh
    assert Words("en", TODAY).amount(fen) == en


def test_money_on_a_page_has_the_exact_amount_as_its_title() -> None:
    assert 'title="¥123,456.78"' in Words("zh", TODAY).money(12_345_678)


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(58, 52, "111.5%"), (161, 181, "89.0%"), (1, 3, "33.3%"), (1, 0, "—")]
)
def test_rates_are_rounded_half_up_to_one_decimal(part: int, whole: int, text: str) -> None:
    assert Words("zh", TODAY).percent(part, whole) == text


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [(0, "今天", "today"), (-1, "昨天", "yesterday"), (3, "3天后", "in 3 days"), (-5, "5天前", "5 days ago")],
)
def test_days_are_said_as_seen_from_today(days: int, zh: str, en: str) -> None:
    day = TODAY + timedelta(days=days)
    assert Words("zh", TODAY).ago(day) == zh
    assert Words("en", TODAY).ago(day) == en


def test_moments_are_on_the_shanghai_clock() -> None:
    late = datetime(2026, 6, 30, 17, 30, tzinfo=ZoneInfo("UTC"))
    assert Words("zh", TODAY).moment(late) == "2026-07-01 01:30"


def test_texts_terms_and_places_are_said_in_both_languages() -> None:
    zh, en = Words("zh", TODAY), Words("en", TODAY)
    assert (zh.t("共 {n} 条", "{n} in all", n=5), en.t("共 {n} 条", "{n} in all", n=5)) == ("共 5 条", "5 in all")
    assert (zh.term(Stage.LANDED), en.term(Role.STAFF), zh.term(None)) == ("落地", "Staff", "—")
    assert (zh.country("DE"), en.country("MO"), zh.country("TW"), zh.country(None)) == (
        "德国",
        "Macao, China",
        "中国台湾",
        "—",
    )
    assert (zh.foreign(10**9, "USD"), en.foreign(10**9, "USD")) == ("1,000万美元", "USD 10m")


def test_an_unknown_language_is_chinese() -> None:
    assert Words("xx", TODAY).t("好", "good") == "好"


# ── colours ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours, by WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_stage_has_its_colours_and_they_can_be_read() -> None:
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STATIC / "app.css").read_text("utf-8")))
    pairs = [
        (tokens[f"stage-{stage}"], ground) for stage in STAGES for ground in (tokens[f"stage-{stage}-soft"], "#ffffff")
    ]
    pairs += [(tokens[name], tokens[f"{name}-soft"]) for name in ("accent", "good", "bad", "warn")]
    pairs += [(tokens["ink"], tokens["ground"]), (tokens["quiet"], tokens["ground"]), ("#ffffff", tokens["deep"])]
    assert [pair for pair in pairs if _contrast(*pair) < 4.5] == []
