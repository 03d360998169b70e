"""The message catalogue: both languages, the same placeholders, and text that can only be text."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.messages.catalogue import LANGUAGES, as_markdown, escape, load_messages, plain
from kpop_assets.contracts.registry import TABLES

APP = Path(__file__).parents[2] / "app"
SOURCES = {path: path.read_text() for path in APP.rglob("*.py")}
KEY = re.compile(r'\b(?:t|word|Notice)\(\s*"([a-z_]+\.[\w]+)"')
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HANGUL = re.compile("[가-힣]")
METHOD = "method.ko.md"
# One thing has one name in Korean: what is not said (a pattern), and what is said instead.
GLOSSARY = {
    "릴리스|릴리즈": "발매",
    "발매 시기": "발매 시점",
    "성적표": "예측 성적",
    "지배": "열세",
    "급상승|상승 중|상승폭|하락폭": "성장·감소 (점수), 가속·둔화 (모멘텀)",
    "일 내 상승": "일 뒤 상승",
    r"(?:한|두|세|네|여러|[\d}~\]]) ?명": "팀",
    r"P\(상승|P\(티어": "상승 확률, 티어 1 확률",
    "견인": "상승 주도",
    "집단 대비": "동세대 평균 대비",
    "감소분": "감소량",
    "(?<!산출 )방법 페이지": "산출 방법 페이지",
    "σ 성장|성장 σ": "티어 평균 대비 성장 (σ)",
    "뮤지션|가수": "아티스트",
    "동영상(?! 목록)": "영상",
}
# Words of tiers and ranks alone, and the messages that may say them.
FALLS = {
    "en": (r"(?i)\b(rising|falling|falls?|fell)\b", {"column.rise_auc"}),
    "ko": ("하락", {"tiers.down", "alerts.tier_down", "alerts.kind_tier_down", "rows.lost"}),
}

# Nought, one and the whole, columns by their names, and what is no rule: the demo's days, a range's
# percentiles, a thousand rows, four weeks, names of metrics and the usual interval.
PLAIN = re.compile(
    r"(?<![\d.])[01](?!,?\d)|100 ?%|\b(?:7|30) d\b|(?:7|30)일 성장률|3-day|3일 페이스|F1|"
    r"90 days|90일|98 ?%|1,000|약 4주|10배|@[12]0|95 ?%"
)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_message_has_every_language_and_the_same_placeholders():
    for key, entry in load_messages().items():
        assert all(entry[language].strip() for language in LANGUAGES), key
        assert placeholders(entry["en"]) == placeholders(entry["ko"]), key
        assert ("help_en" in entry) == ("help_ko" in entry), key
        assert not HANGUL.search(entry["en"].replace("한국어", "")), key


def test_no_message_repeats_a_number_of_the_rules():
    """Digits stand in texts as `[[rule]]` or `{value}`, or are of a name (see `PLAIN`)."""
    found = {}
    for path in (APP / "messages").glob("*.toml"):
        for line in path.read_text().splitlines():
            name, _, texts = line.partition(" = ")
            left = PLAIN.sub("", re.sub(r"\[\[\w+\]\]|\{[^}]*\}", "", texts.partition("{")[2]))
            digits = set(re.findall(r"\d+", left)) - set(re.findall(r"\d+", name))
            if digits:
                found[f"{path.stem}.{name}"] = digits
    assert found == {}


@pytest.mark.parametrize("forbidden", GLOSSARY)
def test_korean_has_one_name_for_one_thing(forbidden: str):
    texts = {
        f"{key} {part}": entry[part]
        for key, entry in load_messages().items()
        for part in ("ko", "help_ko")
        if part in entry
    }
    texts[METHOD] = (APP / "messages" / METHOD).read_text()
    found = {key: text for key, text in texts.items() if re.search(forbidden, text)}
    assert found == {}, f"say {GLOSSARY[forbidden]}"


def test_no_message_draws_with_emoji():
    """They are read aloud by their names, and look different on every machine."""
    emoji = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]")
    # The icon of the tab is no text.
    sources = {path: text for path, text in SOURCES.items() if path.name != "main.py"}
    texts = {path: path.read_text() for path in (APP / "messages").glob("*.*")} | sources
    assert [path for path, text in texts.items() if emoji.search(text)] == []


def test_only_tiers_rise_and_fall():
    """Scores grow and shrink, momentum speeds up and slows down."""
    for language, (pattern, allowed) in FALLS.items():
        found = {
            key
            for key, entry in load_messages().items()
            for text in (entry[language], entry.get(f"help_{language}", ""))
            if re.search(pattern, text)
        }
        assert found == allowed, language


def test_every_key_in_the_code_is_in_the_catalogue():
    used = {key for text in SOURCES.values() for key in KEY.findall(text)}
    assert len(used) > 50
    assert used - load_messages().keys() == set()


def test_every_message_is_used():
    code = "\n".join(SOURCES.values())
    # Keys that are put together: f"{name}.title", t(f"ranking.{kind}").
    put_together = [
        re.sub(r"\\\{[^}]*\}", r"\\w+", re.escape(found))
        for found in re.findall(r'f"([a-z_]+\.[^"]*)"', code)
    ]
    unused = [
        key
        for key in load_messages()
        if not key.startswith(("column.", "frame.group"))
        and not key.endswith(".title")
        and not re.search(f"[\"']{re.escape(key)}[\"']", code)
        and not any(re.fullmatch(pattern, key) for pattern in put_together)
    ]
    assert unused == []


def test_columns_of_contracts_keep_their_quantity():
    """A percent of the contract is written as one, a probability too."""
    units = {c.name: c.unit for table in TABLES for c in table.columns}
    for name, unit in units.items():
        form = load_messages().get(f"column.{name}", {}).get("as")
        if form is not None:
            assert (form in ("pct", "growth", "points")) == (unit == "%"), name


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "https://evil.example",
    "www.evil.example",
    "a@evil.example",
    "**bold** _it_ `code` ~~no~~ # title",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "$x^2$ :red[no] :material/home: &lt;b&gt;",
    "- item\n- item",
    "1. one",
    "    code",
    "+(KR)ystal Eyes",
    "\\",
]


def flat_text(tokens: list[Token]) -> str:
    """The text of a document that is one plain paragraph."""
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {token.type for token in children} <= {"text", "text_special"}
    return "".join(token.content for token in children)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_escaped_text_is_only_text(text: str):
    assert flat_text(MARKDOWN.parse(escape(text))).replace("\u2060", "") == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str):
    shown = flat_text(MARKDOWN.parse(escape(text))).replace("\u2060", "")
    assert shown == " ".join(text.split())
    # What GitHub's Markdown would make a link of even so.
    assert not re.search(r"https?://|www\.|\w@\w", escape(text))


def test_values_are_escaped_where_markdown_is_rendered_and_nowhere_else():
    hostile = "<b>*x*</b>"
    key, values = "artist.unknown", {"artist": hostile, "day": "2026-11-20"}
    assert hostile in plain("en", key, **values)
    assert hostile not in as_markdown("en", key, **values)
    assert escape(hostile) in as_markdown("en", key, **values)


def test_a_command_is_shown_as_it_is_typed():
    shown = as_markdown("en", "duplicates.no_filter", day="2026-02-01")
    assert "2026-02-01" in shown.split("`")[1]
    assert "`" not in as_markdown("en", "notice.missing_table", table="`x`").split("`")[0]


def test_backticks_come_in_pairs():
    messages = load_messages().items()
    assert messages
    assert not [key for key, entry in messages if any(entry[o].count("`") % 2 for o in LANGUAGES)]
