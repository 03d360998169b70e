"""The method page: texts, their numbers against the code, and the list of columns."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from app.messages.rule_numbers import NUMBER, derived_numbers, fill_in, write_number
from app.queries.trust import method
from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts import rules
from kpop_assets.contracts.record import Reason
from kpop_assets.contracts.registry import TABLES
from kpop_assets_tests.app.conftest import OpenPage

LANGUAGES = ("en", "ko")
# Digits that are no setting of the code: tiers and spans by name, dates of breaks, powers, days of
# a formula, the example of calibration.
PLAIN = re.compile(
    r"2025-\d\d-\d\d|24:00|00:00|2005|(?i:tier|티어) 1|Rank 1|1위|"
    r"\b[37]d?0?\b(?= days|일)|7일|7 days|invalid_utf8|100\\?,?\\?%|F1|"
    r"_\{7\}|_\{30\}|3 of 10|30 %|30%|10팀|3팀|\^2|(?<!\d)[012](?!\d)"
)


def raw(language: str) -> str:
    return (method.FOLDER / f"method.{language}.md").read_text(encoding="utf-8")


def sections_of(language: str) -> list[str]:
    """The raw text of each section, its numbers still by name."""
    return re.split(r"^## \w+ \| .+$", raw(language), flags=re.MULTILINE)[1:]


def test_both_languages_have_the_same_sections_and_numbers():
    english, korean = (method.load_sections(language, load_catalog()) for language in LANGUAGES)
    assert list(english) == list(korean)
    assert len(english) > 15
    for en, ko in zip(*map(sections_of, LANGUAGES), strict=True):
        assert set(NUMBER.findall(en)) == set(NUMBER.findall(ko)), en[:80]
        assert en.count("$$") == ko.count("$$"), en[:80]
        assert en.count("\n- ") == ko.count("\n- "), en[:80]
        assert en.count("\n| ") == ko.count("\n| "), en[:80]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_filled_in(language: str):
    texts = " ".join(text for _, text in method.load_sections(language, load_catalog()).values())
    assert "[[" not in texts and "{name" not in texts


def test_every_number_that_is_derived_for_a_text_is_in_one():
    texts = [*(p.read_text(encoding="utf-8") for p in method.FOLDER.iterdir() if p.is_file())]
    named = set(NUMBER.findall("".join(texts)))
    assert not derived_numbers().keys() - named


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_written_by_hand(language: str):
    written = NUMBER.sub("", raw(language))
    formulas = re.sub(r"\$\$.*?\$\$", "", written, flags=re.DOTALL)
    tables = re.sub(r"^(\d\. )", "", formulas, flags=re.MULTILINE)
    left = re.findall(r".{0,20}\d+.{0,20}", PLAIN.sub("", tables))
    assert not left


def test_a_rule_that_changes_changes_the_texts(monkeypatch: pytest.MonkeyPatch):
    text = "[[like_weight]], [[two_months_days]], [[tier_shares]]\n| [[tier]] | [[tier_from]] |"
    assert (
        fill_in(text) == "10, 60, 10, 15, 35, 40\n| 1 | 0.9 |\n| 2 | 0.75 |\n| 3 | 0.4 |\n| 4 | 0 |"
    )
    monkeypatch.setattr(rules, "LIKE_WEIGHT", 11)
    monkeypatch.setattr(rules, "MONTH_DAYS", 28)
    monkeypatch.setattr(rules, "TIERS", (1, 2))
    monkeypatch.setattr(rules, "TIER_PERCENTILES", (0.8,))
    assert fill_in(text) == "11, 56, 20, 80\n| 1 | 0.8 |\n| 2 | 0 |"


def test_a_text_that_names_an_unknown_number_is_refused():
    with pytest.raises(KeyError, match="no_rule"):
        fill_in("[[no_rule]] days")


def test_every_reason_of_quarantine_is_explained():
    for language in LANGUAGES:
        text = method.load_sections(language, load_catalog())["quarantine"][1]
        reasons = re.findall(r"^\| ([a-z0-9_]+_[a-z0-9_]+) \|", text, re.MULTILINE)
        assert reasons == list(get_args(Reason))


def test_columns_are_those_of_the_contracts():
    listed = method.list_columns()
    expected = [(t.path, c.name, c.type) for t in TABLES for c in t.columns]
    assert listed.select("table_name", "column_name", "column_type").rows() == expected
    keys = listed.filter("is_key").rows_by_key("table_name", named=True)
    for table in TABLES:
        assert {row["column_name"] for row in keys[table.path]} == set(table.primary_key)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10.0, "10"),
        (0.9, "0.9"),
        (1.625, "1.62"),
        (10**12, "1,000,000,000,000"),
        (14.999999999, "15"),
    ],
)
def test_numbers_are_written_as_they_are_read(value: float, text: str):
    assert write_number(value) == text


def test_page_needs_no_data(tmp_path: Path, open_page: OpenPage):
    opened = partial(open_page, tmp_path, "method")
    page = opened("ko", topic="growth")
    assert page.subheader[0].value == method.load_sections("ko", load_catalog())["growth"][0]
    page = opened("en", topic="columns")
    assert len(page.dataframe) == 2
    assert len(page.dataframe[1].value) == sum(len(table.columns) for table in TABLES)
    page.selectbox(key="chosen_table").select("gold/tier_cutoffs").run()
    assert "percentile_from" in set(page.dataframe[1].value["column_name"])
    assert len(page.dataframe[1].value) == 7
    page = opened("en", topic="everything")
    assert len(page.subheader) == len(method.load_sections("en", load_catalog()))


def test_an_unknown_topic_opens_the_first(tmp_path: Path, open_page: OpenPage):
    page = open_page(tmp_path, "method", "en", topic="<script>")
    assert (
        page.subheader[0].value
        == next(iter(method.load_sections("en", load_catalog()).values()))[0]
    )
