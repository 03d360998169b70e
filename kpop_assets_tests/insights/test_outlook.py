"""The outlook from a lake written by hand: its order, who is in it, and what is said without it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from kpop_assets.cli.outlook_printing import print_outlook
from kpop_assets.contracts.models import ARTIST_INPUTS, CANDIDATE_SCORES, TRAININGS
from kpop_assets.contracts.pareto import FRONT, NEXT_VIRAL
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.insights.outlook import read_outlook, read_refusal
from kpop_assets.lake.frames import make_frame
from kpop_assets.lake.lake import Lake, MissingTableError
from kpop_assets_tests.graph.kit import DAY

BEFORE = DAY - dt.timedelta(days=1)
TRAINED = DAY - dt.timedelta(days=5)
OLDER = DAY - dt.timedelta(days=12)
_FILLERS = {"string": "x", "long": 1, "int": 1, "double": 0.5, "boolean": True, "date": TRAINED}


def write(lake: Lake, table: Table, day: dt.date, *rows: dict[str, Any]) -> None:
    """Replace a day; what a row does not name is a filler, or null where it may be."""
    filled = [
        {c.name: None if c.nullable else _FILLERS[c.type] for c in table.columns}
        | {"ingest_date": day, **row}
        for row in rows
    ]
    parts = [pd.DataFrame([row]) for row in filled]
    lake.replace_range(table, day, day_end(day), make_frame(lake, table, parts))


def viral(rank: int, chance: float, name: str, value: float, effect: float) -> dict[str, Any]:
    reason = {"reason_1_name": name, "reason_1_value": value, "reason_1_effect": effect}
    return {"viral_rank": rank, "p_viral": chance, "viral_candidate": "v", **reason}


def fill(lake: Lake) -> None:
    """Two days of forecasts by the newer of two trainings."""
    write(
        lake, NEXT_VIRAL, DAY,
        {"artist": "IVE", "tier": 2, "p_rise": 0.3, "driving_video_title": "[red]Song[/]"}
        | viral(2, 0.2, "trend", 1.0986, 0.15),
        {"artist": "BTS", "tier": 1, "p_rise": 0.0} | viral(1, 0.6, "days_since_new", 2, 0.3),
        {"artist": "IU", "tier": 4, "p_rise": 0.7, "rise_rank_change": -2},
        {"artist": "EXO", "tier": 3, "p_rise": 0.3},
    )  # fmt: skip
    write(lake, NEXT_VIRAL, BEFORE, {"artist": "TWICE", "tier": 2, "p_rise": 0.9})
    for day, ranked in ((TRAINED, ("c", "a", "b")), (OLDER, ("old",))):
        scores = [{"candidate": name, "rps": i / 10} for i, name in enumerate(ranked)]
        write(lake, CANDIDATE_SCORES, day, *scores)
        write(lake, FRONT, day, *[{"candidate": n, "is_on_front": n in "ac"} for n in ranked])


def test_risers_of_the_newest_day_likeliest_first_and_ties_by_name(lake: Lake):
    fill(lake)
    outlook = read_outlook(lake)
    assert outlook.day == DAY
    assert [(row["artist"], row["p_rise"]) for row in outlook.risers] == [
        ("IU", 0.7),
        ("EXO", 0.3),
        ("IVE", 0.3),
    ]


def test_next_viral_are_those_with_a_chance_the_likeliest_first_with_their_trend(lake: Lake):
    fill(lake)
    write(lake, ARTIST_INPUTS, DAY, {"artist": "BTS", "trend": 0.5, "trend_change": -0.5})
    virals = read_outlook(lake).virals
    assert [(row["artist"], row["p_viral"]) for row in virals] == [("BTS", 0.6), ("IVE", 0.2)]
    assert [row["trend_class"] for row in virals] == ["cooling", None]


def test_where_nobody_has_a_chance_it_says_why(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    fill(lake)
    monkeypatch.setenv("COLUMNS", "120")
    why = "0 days with a known outcome: a training needs 7"
    write(lake, TRAININGS, TRAINED, {"viral_refusal": why})
    outlook = read_outlook(lake, BEFORE)
    assert (outlook.virals, outlook.viral_refusal) == ([], why)
    print_outlook(outlook, top=3, is_simulated=False)
    assert f"who becomes viral is not forecast: {why}" in capsys.readouterr().out


def test_a_chosen_day(lake: Lake):
    fill(lake)
    outlook = read_outlook(lake, BEFORE)
    assert (outlook.day, [row["artist"] for row in outlook.risers]) == (BEFORE, ["TWICE"])


def test_scores_are_of_the_newest_training_best_first_with_the_front(lake: Lake):
    fill(lake)
    outlook = read_outlook(lake)
    assert outlook.trained_day == TRAINED
    assert [(row["candidate"], row["is_on_front"]) for row in outlook.scores] == [
        ("c", True),
        ("a", True),
        ("b", False),
    ]


def test_equal_scores_are_in_order_of_name(lake: Lake):
    fill(lake)
    names = ("b", "c", "a")
    write(lake, CANDIDATE_SCORES, TRAINED, *[{"candidate": name} for name in names])
    assert [row["candidate"] for row in read_outlook(lake).scores] == ["a", "b", "c"]


def test_without_a_table_it_says_how_to_get_one(lake: Lake):
    with pytest.raises(MissingTableError) as failure:
        read_outlook(lake)
    assert str(failure.value) == (
        "table pareto/next_viral has no forecast yet: train with `kpop train`, or run `kpop demo` "
        "for simulated data"
    )
    assert read_refusal(lake) is None


def test_after_a_refused_training_it_says_what_was_missing(lake: Lake):
    refusal = "3 days with a known outcome: a training needs 7"
    write(lake, TRAININGS, OLDER, {"refusal": "an older one"})
    write(lake, TRAININGS, TRAINED, {"refusal": refusal})
    assert read_refusal(lake) == refusal
    with pytest.raises(MissingTableError) as failure:
        read_outlook(lake)
    assert str(failure.value) == (
        f"table pareto/next_viral has no forecast yet: the last training was refused, {refusal}"
    )


def test_a_refusal_that_was_made_good_is_not_repeated(lake: Lake):
    write(lake, TRAININGS, OLDER, {"refusal": "too little"})
    write(lake, TRAININGS, TRAINED, {})
    assert read_refusal(lake) is None


def test_an_empty_table_and_a_day_without_a_forecast_are_missing_too(lake: Lake):
    write(lake, NEXT_VIRAL, DAY)
    with pytest.raises(MissingTableError, match="has no forecast"):
        read_outlook(lake)
    fill(lake)
    with pytest.raises(MissingTableError, match="has no forecast"):
        read_outlook(lake, OLDER)


def test_it_prints_titles_as_they_are_and_the_front(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    fill(lake)
    monkeypatch.setenv("COLUMNS", "120")
    print_outlook(read_outlook(lake), top=3, is_simulated=True)
    shown = capsys.readouterr().out
    assert "SIMULATED DATA" in shown
    assert "[red]Song[/]" in shown
    next_viral, _, near = shown.partition("Near the next tier")
    assert next_viral.index("BTS") < next_viral.index("IVE")
    assert "last new video 2 days ago (+30 points)" in next_viral
    assert "pace 3.0 x its month's (+15 points)" in next_viral
    assert "BTS" not in near
    assert near.index("IU") < near.index("EXO") < near.index("IVE")
    assert "1 candidates are dominated" in shown
