"""The method page: texts, their numbers against the code, and the list of columns."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from app.queries import method
from kpop_assets.contracts.record import Reason
from kpop_assets.contracts.registry import TABLES
from kpop_assets_tests.app.conftest import OpenPage

LANGUAGES = ("en", "ko")
# Digits that are no setting of the code: tiers and spans by name, dates of breaks, powers, days of
# a formula, the example of calibration.
PLAIN = re.compile(
    r"2025-\d\d-\d\d|24:00|00:00|UTC\+9|2005|(?i:tier|티어) [1-4]|Rank 1|1위|"
    r"\b[37]d?0?\b(?= days|일)|7일|7 days|invalid_utf8|100\\?,?\\?%|F1|"
    r"_\{7\}|_\{30\}|3 of 10|30 %|30%|10팀|3팀|\^2|(?<!\d)[012](?!\d)"
)


def raw(language: str) -> str:
    return (method.FOLDER / f"method.{language}.md").read_text(encoding="utf-8")


def test_both_languages_have_the_same_sections_and_numbers():
    english, korean = (method.load_sections(language) for language in LANGUAGES)
    assert list(english) == list(korean)
    assert len(english) > 15
    parts = [method._HEADING.split(raw(language)) for language in LANGUAGES]
    for en, ko in zip(parts[0][3::3], parts[1][3::3], strict=True):
        assert set(method._NUMBER.findall(en)) == set(method._NUMBER.findall(ko)), en[:80]
        assert en.count("$$") == ko.count("$$"), en[:80]
        assert en.count("\n- ") == ko.count("\n- "), en[:80]
        assert en.count("\n| ") == ko.count("\n| "), en[:80]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_filled_in_and_used(language: str):
    texts = " ".join(text for _, text in method.load_sections(language).values())
    assert "[[" not in texts and "{name" not in texts
    named = set(method._NUMBER.findall(raw(language)))
    assert named - {"name", "이름"} <= method.all_numbers().keys()
    unused = method.all_numbers().keys() - named
    assert not unused, unused


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_written_by_hand(language: str):
    written = method._NUMBER.sub("", raw(language))
    formulas = re.sub(r"\$\$.*?\$\$", "", written, flags=re.DOTALL)
    tables = re.sub(r"^(\d\. |\| [1-4] \|)", "", formulas, flags=re.MULTILINE)
    left = re.findall(r".{0,20}\d+.{0,20}", PLAIN.sub("", tables))
    assert not left


def test_repeated_numbers_are_the_code_s():
    from kpop_assets.bronze import videos
    from kpop_assets.contracts import record
    from kpop_assets.gold import features
    from kpop_assets.ml import calibration, folds, metrics, target
    from kpop_assets.models import candidates, dataset
    from kpop_assets.models.assets import TrainingConfig
    from kpop_assets.pareto import driving, forecast, scorecard
    from kpop_assets.silver import engagement, sketches, video_daily, windows

    config = features.FeatureConfig()
    code = {
        "mention_weight": engagement.MENTION_WEIGHT,
        "view_weight": engagement.VIEW_WEIGHT,
        "like_weight": engagement.LIKE_WEIGHT,
        "comment_weight": engagement.COMMENT_WEIGHT,
        "look_back_days": video_daily.LOOK_BACK_DAYS,
        "first_seen_days": video_daily.FIRST_SEEN_SECONDS / 86_400,
        "window_minutes": windows.WINDOW_SECONDS / 60,
        "slide_minutes": windows.SLIDE_SECONDS / 60,
        "windows_per_event": windows.WINDOWS_PER_EVENT,
        "hll_lg": sketches.LG_REGISTERS,
        "feature_days": config.window_days,
        "month_days": features.MONTH_DAYS,
        "active_days": features.ACTIVE_DAYS,
        "gap_days": features.GAP_DAYS,
        "tier_1": config.tier_percentiles[0],
        "tier_2": config.tier_percentiles[1],
        "tier_3": config.tier_percentiles[2],
        "rising_pct": config.rising_pct,
        "new_video_days": videos.LOOK_BACK_DAYS,
        "max_line_mib": record.MAX_LINE_BYTES / 2**20,
        "max_count": record.MAX_COUNT,
        "ahead_hours": record.AHEAD_MS / 3_600_000,
        "horizon_days": dataset.HORIZON_DAYS,
        "history_days": dataset.HISTORY_DAYS,
        "min_days": target.MIN_DAYS,
        "step_days": folds.STEP_DAYS,
        "evaluation_days": TrainingConfig().evaluation_days,
        "earlier_pct": calibration.EARLIER_SHARE * 100,
        "later_days": calibration.MIN_LATER_DAYS,
        "ece_bins": metrics.ECE_BINS,
        "top": metrics.TOP,
        "candidate_count": len([c for c in candidates.candidates() if not c.is_baseline]),
        "factor_count": forecast.FACTOR_COUNT,
        "bins": scorecard.BINS,
        "driving_days": driving.DAYS,
    }
    assert dict(method.REPEATED) == code
    assert len(config.tier_percentiles) == 3


def test_every_reason_of_quarantine_is_explained():
    for language in LANGUAGES:
        text = method.load_sections(language)["quarantine"][1]
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
    assert method.write_number(value) == text


def test_page_needs_no_data(tmp_path: Path, open_page: OpenPage):
    opened = partial(open_page, tmp_path, "method")
    page = opened("ko", topic="growth")
    assert page.subheader[0].value == method.load_sections("ko")["growth"][0]
    page = opened("en", topic="columns")
    assert len(page.dataframe) == 2
    assert len(page.dataframe[1].value) == sum(len(table.columns) for table in TABLES)
    page.selectbox[0].select("gold/tier_cutoffs").run()
    assert "percentile_from" in set(page.dataframe[1].value["column_name"])
    assert len(page.dataframe[1].value) == 7
    page = opened("en", topic="everything")
    assert len(page.subheader) == len(method.load_sections("en"))


def test_an_unknown_topic_opens_the_first(tmp_path: Path, open_page: OpenPage):
    page = open_page(tmp_path, "method", "en", topic="<script>")
    assert page.subheader[0].value == next(iter(method.load_sections("en").values()))[0]
