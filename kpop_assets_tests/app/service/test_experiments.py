"""The page Experiments: the verdict first, what to do next, and never only a p-value."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from app.charts.service.effects import effect_bands
from app.messages.catalogue import LANGUAGES, plain
from app.notices import PageEnd
from app.queries.service import experiments as queries
from app.snapshot import Snapshot
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, read_cells
from kpop_assets_tests.app.service.experiment_lake import write_results

LATER = DAY + dt.timedelta(days=11)
BETTER = {"verdict": "significant", "direction": "better"}
SAFE = {"effect_low_pct": -3.0, "effect_high_pct": 4.9}
WORSE = {"verdict": "significant", "direction": "worse"}


def judged(lake: Snapshot, today: dt.date = DAY) -> list[str]:
    found = queries.judge_experiment(queries.list_results(lake, None), today, {})
    return [sentence.key.removeprefix("experiments.") for sentence in found]


def said(page: AppTest) -> list[str]:
    return [box.value.replace("\\", "") for box in (*page.success, *page.info)]


@pytest.mark.parametrize(
    ("primary", "guardrail", "verdict"),
    [
        (BETTER, SAFE, ["better"]),
        # An interval of the guardrail that holds the least effect has not settled it.
        (BETTER, {}, ["better", "guardrail_open"]),
        (WORSE, {}, ["worse"]),
        ({}, {}, ["not_yet"]),
        ({"needed_days": 0.0}, {}, ["wait_end"]),
        ({"needed_days": 0.0, "decides": "any_day"}, {}, ["wait_any_day"]),
        ({"effect": None, "effect_pct": None}, {}, ["too_few"]),
        # What was to be kept comes first, whatever is won.
        (BETTER, WORSE, ["guardrail", "better_but"]),
        ({"verdict": "broken", "broken_reason": "shares"}, WORSE, ["broken_shares"]),
        ({"verdict": "broken", "broken_reason": "two_variants"}, {}, ["broken_two_variants"]),
        (
            {"verdict": "broken", "broken_reason": "unplanned_variant"},
            {},
            ["broken_unplanned_variant"],
        ),
    ],
)
def test_the_verdict_is_a_word_with_what_to_do(
    tmp_path: Path, primary: dict[str, Any], guardrail: dict[str, Any], verdict: list[str]
):
    assert judged(write_results(tmp_path, guardrail=guardrail, **primary)) == verdict


def test_what_ended_without_a_finding_waits_no_longer(tmp_path: Path):
    over = days_ago(1)
    assert judged(write_results(tmp_path / "over", end_date=over), LATER) == ["ended"]
    # Until its last day is known it has not ended.
    assert judged(write_results(tmp_path / "last", end_date=DAY), LATER) == ["last_day"]
    assert judged(write_results(tmp_path / "last day", end_date=DAY), DAY) == ["not_yet"]


def test_the_newest_day_of_each_experiment_is_its_result(tmp_path: Path):
    write_results(tmp_path, "older", days_ago(20))
    lake = write_results(tmp_path, "mixed")
    found = queries.list_results(lake, None).select("experiment", "ingest_date").unique()
    assert sorted(found.rows()) == [("mixed", DAY), ("older", days_ago(20))]
    before = queries.list_results(lake, days_ago(2)).filter(experiment="mixed")
    assert before["ingest_date"].unique().to_list() == [days_ago(2)]
    with pytest.raises(PageEnd) as told:
        queries.list_results(lake, days_ago(60))
    assert told.value.key == "experiments.none"


def test_effects_are_shares_of_what_control_does(tmp_path: Path):
    lake = write_results(tmp_path)
    days = queries.follow_experiment(lake, "mixed", None).filter("is_primary")
    assert days["ingest_date"].to_list() == [days_ago(n) for n in (4, 3, 2, 1, 0)]
    last = days.row(-1, named=True)
    ends = ("effect_low_pct", "effect_high_pct", "any_day_low_pct", "any_day_high_pct")
    assert [last[end] for end in ends] == pytest.approx([-1.0, 5.0, -4.0, 8.0])


def test_what_is_settled_waits_for_nothing(tmp_path: Path, open_page: OpenPage):
    write_results(tmp_path, **BETTER, p_value_holm=0.0000123)
    table = open_page(tmp_path, "experiments").dataframe[0]
    assert list(table.value.columns)[2] == "verdict"
    assert read_cells(table, "power_pct") == ["–", "–", "–", "40.0%"]
    assert read_cells(table, "p_value_holm")[1] == "< 0.001"


def test_the_chart_is_a_line_between_two_bands(tmp_path: Path, open_page: OpenPage):
    write_results(tmp_path)
    (chart,) = open_page(tmp_path, "experiments").get("vega_lite_chart")
    layers = json.loads(chart.proto.spec)["layer"]
    marks = [layer["mark"]["type"] for layer in layers]
    assert marks == ["area", "area", "rule", "line"]


def test_the_chart_is_as_high_as_the_interval_of_one_look_asks_for():
    """The wider one is 20 times as wide on a first day."""
    ends = {"effect_low_pct": -5.0, "effect_high_pct": 15.0}
    wide = {"any_day_low_pct": -200.0, "any_day_high_pct": 300.0}
    days = pl.DataFrame([{"ingest_date": DAY, "effect_pct": 5.0, **ends, **wide}])
    layers = effect_bands(days, dict.fromkeys(days.columns, "a title")).to_dict()["layer"]
    assert layers[0]["encoding"]["y"]["scale"]["domain"] == pytest.approx([-0.15, 0.25])
    assert layers[0]["mark"]["clip"] and layers[1]["mark"]["clip"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_it_and_shows_each_metric(tmp_path: Path, open_page: OpenPage, lang: str):
    write_results(tmp_path, guardrail=WORSE, **BETTER)
    page = open_page(tmp_path, "experiments", lang)
    bad, good = page.warning[-1].value, page.info[0].value.replace("\\", "")
    assert plain(lang, "experiments.metric_abandoned_plays") in bad
    assert plain(lang, "experiments.metric_completed_plays") in good and "+2.0%" in good
    asked = plain(lang, "experiments.question", question="Is a <b>mix</b> heard longer?")
    assert page.subheader[0].value.replace("\\", "") == asked
    verdicts = read_cells(page.dataframe[0], "verdict")
    word = plain(lang, "experiments.verdict_significant")
    assert verdicts == ["", word, "", word]
    assert page.get("vega_lite_chart")


PLAN = f"""question = "Is the mix heard longer?"
unit = "listener"
starts_on = {days_ago(4)}
ends_on = {DAY}
primary_metric = "completed_plays"
guardrail_metrics = ["abandoned_plays"]
least_effect = 0.05
[shares]
control = 0.5
mix = 0.5
[settings.mix]
order = "mix"
rising_slot = "linucb"
"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_winner_is_shown_with_the_lines_that_make_it_usual(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_results(tmp_path, guardrail=SAFE, **BETTER)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "mixed.toml").write_text(PLAN)
    (tmp_path / "usual.toml").write_text('rising_slot = "linucb"\n')
    page = open_page(tmp_path, "experiments", lang)
    # What is usual already need not be written.
    assert [box.value for box in page.code] == ['order = "mix"']
    assert "KPOP_HOME/usual.toml" in page.success[0].value
    usual = plain(lang, "experiments.usual_settings")
    both = 'order = "mix", rising_slot = "linucb"'
    assert read_cells(page.dataframe[0], "settings") == [usual, both, usual, both]
    told = [text.value for text in page.markdown]
    assert [one for one in told if 'order = "trees", rising_slot = "linucb"' in one]
    (tmp_path / "usual.toml").write_text('order = "mix"\nrising_slot = "linucb"\n')
    page = open_page(tmp_path, "experiments", lang)
    assert not page.code and page.success
    (tmp_path / "usual.toml").write_text('order = "mixed"\n')
    page = open_page(tmp_path, "experiments", lang)
    assert "must be one of trees, mix, popular" in page.warning[-1].value


def test_another_experiment_is_chosen_by_address(tmp_path: Path, open_page: OpenPage):
    write_results(tmp_path, "older", days_ago(40), end_date=days_ago(41))
    write_results(tmp_path, "mixed")
    page = open_page(tmp_path, "experiments", experiment="older")
    assert page.selectbox[0].value == "older"
    assert "without a finding" in said(page)[0]
