"""The page Monitor: its verdict, its figures, and what it says where nobody asked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.messages.catalogue import LANGUAGES, plain
from app.notices import PageEnd
from app.queries.service import answers, policies
from app.snapshot import Snapshot
from kpop_assets.contracts.recommend_service import OUTCOME_DAYS
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, read_cells, write_rows
from kpop_assets_tests.app.service.answer_lake import (
    write_answer_days,
    write_drift,
    write_outcome_days,
    write_policies,
)

TODAY = DAY + dt.timedelta(days=1)


def judged(lake: Snapshot, today: dt.date = TODAY) -> list[str]:
    days, drift = answers.read_answer_days(lake, None), answers.read_drift(lake, DAY)
    return [sentence.key for sentence in answers.judge_service(days, drift, today)]


def texts(page: AppTest) -> list[str]:
    return [box.value for box in (*page.success, *page.warning, *page.info)]


def test_shares_are_of_answers_and_of_works_and_none_where_there_are_none(tmp_path: Path):
    nothing = {"answer_count": 0, "shown_count": 0}
    lake = write_answer_days(tmp_path, days=2, cached_count=250, **nothing)
    days = answers.of_all(answers.read_answer_days(lake, None))
    assert days["cached_pct"].to_list()[1] is None and days["clicked_pct"].to_list()[1] is None
    before = days.row(0, named=True)
    assert before["cached_pct"] == 100 * 250 / before["answer_count"]
    assert before["clicked_pct"] == 100 * before["clicked_count"] / 10_000


def test_weeks_end_on_the_day_that_is_asked_for_or_the_newest(tmp_path: Path):
    lake = write_answer_days(tmp_path, days=40)
    newest = answers.read_answer_days(lake, None)["ingest_date"]
    assert (newest.min(), newest.max(), newest.n_unique()) == (days_ago(27), DAY, 28)
    assert answers.read_answer_days(lake, days_ago(5))["ingest_date"].max() == days_ago(5)
    with pytest.raises(PageEnd) as told:
        answers.read_answer_days(lake, days_ago(40))
    assert told.value.key == "monitor.none"


@pytest.mark.parametrize(
    ("of_last", "moved", "said"),
    [
        ({}, {}, ["monitor.good"]),
        ({"fallback_count": 60}, {}, ["monitor.fallbacks"]),
        ({"response_ms_p99": 51.0}, {}, ["monitor.slow"]),
        ({"clicked_count": 100}, {}, ["monitor.clicks"]),
        ({}, {"stability_index": 0.5, "is_drifted": True}, ["monitor.drift"]),
        (
            {"response_ms_p99": None, "clicked_count": None},
            {},
            ["monitor.good", "monitor.unknown_times", "monitor.unknown_untold_clicks"],
        ),
        ({"shown_count": 499}, {}, ["monitor.good", "monitor.unknown_few_shown"]),
        ({}, {"stability_index": None}, ["monitor.good", "monitor.unknown_few_rows"]),
        (
            {"response_ms_p99": None, "fallback_count": 60},
            {},
            ["monitor.fallbacks", "monitor.unknown_times"],
        ),
    ],
)
def test_the_verdict_names_what_is_out_of_its_place(
    tmp_path: Path, of_last: dict[str, Any], moved: dict[str, Any], said: list[str]
):
    write_answer_days(tmp_path, **of_last)
    assert judged(write_drift(tmp_path, **moved)) == said


def test_what_is_called_good_is_what_was_judged_and_of_which_day(tmp_path: Path):
    write_answer_days(tmp_path, days=3)
    lake = write_drift(tmp_path, last=days_ago(1))
    days, drift = answers.read_answer_days(lake, None), answers.read_drift(lake, DAY)
    good, *unknown = answers.judge_service(days, drift, TODAY)
    assert good.values["parts"] == {"monitor.part_model": DAY, "monitor.part_speed": DAY}
    assert good.is_good
    said = [one.key for one in unknown if one.is_unknown and one.values["day"] == DAY]
    assert said == ["monitor.unknown_new_clicks", "monitor.unknown_uncounted"]
    good, *unknown = answers.judge_service(days, drift, DAY)
    assert good.values["parts"]["monitor.part_inputs"] == days_ago(1)


def test_of_a_day_of_which_nothing_is_known_nothing_is_called_good(tmp_path: Path):
    nothing = {"answer_count": 0, "shown_count": 0, "response_ms_p99": None}
    lake = write_answer_days(tmp_path, days=1, **nothing)
    said = judged(lake)
    names = ("nothing", "times", "few_shown", "uncounted")
    assert said == [f"monitor.unknown_{name}" for name in names]


def test_an_old_day_of_clicks_is_not_called_good_for_the_newest(tmp_path: Path):
    write_answer_days(tmp_path, clicked_count=None)
    days = answers.read_answer_days(write_drift(tmp_path), None)
    good, unknown = answers.judge_service(
        days, answers.read_drift(write_drift(tmp_path), DAY), TODAY
    )
    assert "monitor.part_clicks" not in good.values["parts"]
    assert unknown.key == "monitor.unknown_untold_clicks"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_what_it_cannot_judge(tmp_path: Path, open_page: OpenPage, lang: str):
    write_answer_days(tmp_path, response_ms_p99=None)
    write_drift(tmp_path, stability_index=None)
    page = open_page(tmp_path, "monitor", lang)
    said = [text.replace("\\", "") for text in texts(page)]
    times = plain(lang, "monitor.unknown_times", day=DAY)
    named = plain(lang, "monitor.input_play_hour")
    rows = plain(lang, "monitor.unknown_few_rows", day=DAY, inputs=named, rows=200, least=4)
    assert f"{times} {rows}" in said
    parts = [plain(lang, f"monitor.part_{name}", day=DAY) for name in ("model", "clicks", "inputs")]
    assert plain(lang, "monitor.good", parts=", ".join(parts)) in said


def test_clicks_and_inputs_of_a_day_that_is_not_over_are_not_judged(tmp_path: Path):
    write_answer_days(tmp_path, clicked_count=1)
    lake = write_drift(tmp_path, stability_index=0.5, is_drifted=True)
    assert judged(lake, DAY) == ["monitor.good"]
    assert judged(lake) == ["monitor.clicks", "monitor.drift"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", ["traffic", "speed", "clicks", "listening", "inputs"])
def test_each_tab_has_its_charts_and_tables(
    tmp_path: Path, open_page: OpenPage, lang: str, tab: str
):
    write_answer_days(tmp_path)
    write_outcome_days(tmp_path)
    write_drift(tmp_path, stability_index=0.5, is_drifted=True)
    page = open_page(tmp_path, "monitor", lang, tab=tab)
    assert page.metric[0].value == "1,010"
    assert page.get("vega_lite_chart")
    moved = {"day": DAY, "input": plain(lang, "monitor.input_play_hour"), "value": "21-24"}
    said = plain(lang, "monitor.drift", **moved, from_pct="20.0%", to_pct="22.0%")
    assert said in [text.replace("\\", "") for text in texts(page)]


def test_a_variant_is_shown_with_its_clicks(tmp_path: Path, open_page: OpenPage):
    write_answer_days(tmp_path)
    page = open_page(tmp_path, "monitor", "en", tab="clicks", experiment="order")
    shown = page.dataframe[-1].value
    assert shown["experiment"].tolist()[:2] == ["all answers", "order"]
    assert page.selectbox[0].value == "order"


def test_listening_is_of_works_shown_and_of_those_played_by_variant(
    tmp_path: Path, open_page: OpenPage
):
    write_answer_days(tmp_path)
    lake = write_outcome_days(tmp_path)
    whole = answers.of_all(answers.read_outcome_days(lake, None)).row(-1, named=True)
    assert (whole["taken_pct"], whole["finished_pct"]) == pytest.approx((6.0, 50 + 5 / 3))
    page = open_page(tmp_path, "monitor", "en", tab="listening", experiment="order")
    spec = json.loads(page.get("vega_lite_chart")[1].proto.spec)
    assert spec["encoding"]["y"]["field"] == "finished_pct"
    assert spec["encoding"]["color"]["field"] == "variant"
    assert read_cells(page.dataframe[-1], "finished_pct")[0] == "51.7%"
    assert len(page.dataframe[-1].value) == 3


def test_of_works_that_nobody_played_none_has_a_share_that_was_heard(tmp_path: Path):
    nobody = {"ingest_date": DAY, "experiment": "*", "variant": "*", "shown_work_count": 9}
    rows = answers.read_outcome_days(write_rows(tmp_path, OUTCOME_DAYS, [nobody]), None)
    assert rows.select("taken_pct", "finished_pct").row(0) == (0.0, None)


def test_without_feedback_or_inputs_there_is_a_sentence(tmp_path: Path, open_page: OpenPage):
    write_answer_days(tmp_path, days=1, clicked_count=None, skipped_count=None)
    for tab in ("clicks", "listening", "inputs", "slot"):
        said = [text.replace("\\", "") for text in texts(open_page(tmp_path, "monitor", tab=tab))]
        assert plain("en", f"monitor.no_{tab}") in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_policies_of_the_kept_place_stand_by_what_they_gain(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_answer_days(tmp_path)
    write_policies(tmp_path, last=days_ago(1))
    page = open_page(tmp_path, "monitor", lang, tab="slot")
    assert read_cells(page.dataframe[0], "policy") == [
        plain(lang, f"monitor.policy_{name}") for name in ("thompson", "linucb", "by_lot")
    ]
    assert read_cells(page.dataframe[0], "estimate_verdict")[0] == plain(
        lang, "monitor.slot_better"
    )
    assert read_cells(page.dataframe[0], "gain_reward")[0] == "0.6%"
    assert page.get("vega_lite_chart")


def test_weeks_of_policies_end_on_the_day_that_is_asked_for(tmp_path: Path):
    lake = write_policies(tmp_path)
    found = policies.read_policies(lake, days_ago(20))["ingest_date"]
    assert (found.min(), found.max()) == (days_ago(27), days_ago(20))
    with pytest.raises(PageEnd) as told:
        policies.read_policies(lake, days_ago(28))
    assert told.value.key == "monitor.no_slot"
