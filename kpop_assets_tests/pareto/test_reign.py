"""Whose champion forecasts which day, against asking for each day by itself; and a coronation."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, CANDIDATE_SCORES
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.rules import CHAMPION_DAYS
from kpop_assets.contracts.table import Table
from kpop_assets.contracts.viral import VIRAL_SCORES
from kpop_assets.days import days_between
from kpop_assets.lake.lake import Lake
from kpop_assets.ml.tracking import LoadedModel, TrackingError
from kpop_assets.pareto.reign import champions_of, crown
from kpop_assets_tests.graph.kit import DAY, frame

LONG_AGO, FAR_OFF = dt.date(2020, 1, 1), dt.date(2030, 1, 1)


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def write(lake: Lake, table: Table, *rows: dict[str, Any]) -> None:
    lake.replace_range(table, LONG_AGO, FAR_OFF, frame(lake.spark, table, *rows))


def champion(number: int) -> dict[str, Any]:
    return {"ingest_date": day(number), "candidate": f"c{number}", "trained_date": day(number)}


def by_day(lake: Lake, start: int, end: int) -> dict[dt.date, str]:
    """The champion's candidate of each day of [start, end) that has one."""
    found: dict[dt.date, str] = {}
    for first, last, row in champions_of(lake, day(start), day(end)):
        assert first <= last
        for one in days_between(first, last + dt.timedelta(days=1)):
            assert one not in found, "two champions on one day"
            found[one] = row["candidate"]
    return found


def expected(champions: list[int], start: int, end: int) -> dict[dt.date, str]:
    """The newest champion of each day that is not too old, one day at a time."""
    found = {}
    for number in range(start, end):
        known = [n for n in champions if number - CHAMPION_DAYS <= n <= number]
        if known:
            found[day(number)] = f"c{max(known)}"
    return found


def test_without_the_table_nobody_reigns(lake: Lake):
    assert champions_of(lake, day(0), day(10)) == []


def test_an_empty_table_has_no_champion(lake: Lake):
    write(lake, CHAMPION)
    assert champions_of(lake, day(0), day(10)) == []


def test_a_stretch_ends_the_day_before_the_next_champion(lake: Lake):
    write(lake, CHAMPION, champion(0), champion(7))
    stretches = champions_of(lake, day(-3), day(10))
    assert [(first, last, row["candidate"]) for first, last, row in stretches] == [
        (day(0), day(6), "c0"),
        (day(7), day(9), "c7"),
    ]


@pytest.mark.parametrize("start", [CHAMPION_DAYS - 1, CHAMPION_DAYS, CHAMPION_DAYS + 1])
def test_a_champion_forecasts_until_it_is_sixty_days_old(lake: Lake, start: int):
    assert CHAMPION_DAYS == 60
    write(lake, CHAMPION, champion(0))
    days = [*by_day(lake, start, 70)]
    assert days == [day(n) for n in range(start, 61)]


@pytest.mark.parametrize(
    ("champions", "start", "end"),
    [
        ([0], -20, 0),
        ([0], -20, 1),
        ([0], 0, 1),
        ([0], 30, 31),
        ([0, 7, 14], 7, 8),
        ([0, 7, 14], -5, 90),
        ([0, 100], 50, 110),
        ([0, 60], 55, 65),
        ([0, 61], 55, 65),
        ([0, 62], 55, 65),
        ([20], 0, 10),
    ],
)
def test_each_day_has_the_newest_champion_that_is_not_too_old(
    lake: Lake, champions: list[int], start: int, end: int
):
    write(lake, CHAMPION, *map(champion, champions))
    assert by_day(lake, start, end) == expected(champions, start, end)


def test_any_champions_and_any_range_equal_a_day_by_day_search(lake: Lake):
    rng = random.Random(11)
    champions = sorted(rng.sample(range(400), 9))
    # Written apart and out of order, as trainings run again leave them.
    for n in rng.sample(champions, len(champions)):
        rows = frame(lake.spark, CHAMPION, champion(n))
        lake.replace_range(CHAMPION, day(n), day(n + 1), rows)
    for _ in range(60):
        start = rng.randint(-20, 420)
        end = start + rng.randint(1, 200)
        assert by_day(lake, start, end) == expected(champions, start, end), (start, end)


class Model:
    """P(tier 1) is the column `percentile`; P(tier 4) the rest."""

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray[Any, Any]:
        """P(tier), shape (n, 4)."""
        assert len(rows), "scikit-learn refuses no rows"
        top = rows["percentile"].to_numpy()
        return np.column_stack([top, 0 * top, 0 * top, 1 - top])


class Store:
    """Stands in for MLflow: one model, or none."""

    def __init__(self, is_lost: bool = False) -> None:
        self.is_lost = is_lost

    def load(self, model_uri: str) -> LoadedModel:
        """The model, whatever the URI."""
        if self.is_lost:
            raise TrackingError(f"model {model_uri} cannot be loaded")
        return LoadedModel(model_uri, Model(), ("percentile",))


INCUMBENT = {"candidate": "old", "model_uri": "old uri", "trained_date": day(-13)}
BEST = {"candidate": "new", "ingest_date": pd.Timestamp(DAY)}


def meet(lake: Lake, store: Store, new: float, old: float, outcome: int = 1) -> dict[str, Any]:
    """Crown DAY: each day from -20 to -7, "new" said tier 1 with `new`, "old" says `old`."""
    days = range(-20, -6)
    tested = [
        {"ingest_date": DAY, "forecast_date": day(n), "artist": artist, "target_tier": outcome}
        for n in days
        for artist in ("BTS", "IVE")
    ]
    said = {"p_tier_1": new, "p_tier_2": 0.0, "p_tier_3": 0.0, "p_tier_4": 1 - new}
    useless = {"p_tier_1": 0.0, "p_tier_2": 0.0, "p_tier_3": 1.0, "p_tier_4": 0.0}
    rows = [{**row, **said, "candidate": "new"} for row in tested]
    others = [{**row, **useless, "candidate": "old"} for row in tested]
    write(lake, BACKTESTS, *rows, *others)
    inputs = [
        {"ingest_date": day(n), "artist": artist, "percentile": old}
        for n in range(-20, 1)
        for artist in ("IVE", "BTS", "IU")
    ]
    write(lake, ARTIST_INPUTS, *inputs)
    scored = [{"candidate": name, "model_uri": f"{name} uri"} for name in ("old", "new")]
    older = {"ingest_date": day(-7), "candidate": "new", "model_uri": "older uri"}
    write(lake, CANDIDATE_SCORES, older, *[{"ingest_date": DAY, **row} for row in scored])
    return crown(lake, store, BEST, INCUMBENT)  # type: ignore[arg-type]


def test_the_better_forecaster_of_the_week_is_crowned(lake: Lake):
    row = meet(lake, Store(), new=1.0, old=0.5)
    assert row == {
        "ingest_date": DAY,
        "candidate": "new",
        "model_uri": "new uri",
        "trained_date": DAY,
        "is_new": True,
        "challenger": "new",
        "challenger_rps": 0.0,
        "incumbent": "old",
        "incumbent_rps": pytest.approx(0.25),
        # Seven days, -13 to -7, of two artists: those before, the incumbent was trained on.
        "contest_count": 14,
        "decision": "rps 0.0000, no worse than the incumbent's 0.2500 on 14 forecasts",
        **NO_VIRAL,
    }


NO_VIRAL = dict.fromkeys(("viral_candidate", "viral_model_uri", "viral_trained_date"))


def viral_before(number: int) -> dict[str, Any]:
    return dict(zip(NO_VIRAL, ("lightgbm/ten", "viral uri", day(number)), strict=True))


def test_who_becomes_viral_is_said_by_the_least_brier_score_of_the_training(lake: Lake):
    meet(lake, Store(), new=0.5, old=1.0)
    scored = [
        {"ingest_date": DAY, "candidate": name, "model_uri": f"{name} uri", "viral_brier": loss}
        | {"is_portable": True, "feat_count": 1}
        for name, loss in (("a", 0.05), ("b", 0.04))
    ]
    write(lake, VIRAL_SCORES, *scored)
    row = crown(lake, Store(), BEST, INCUMBENT | viral_before(-7))  # type: ignore[arg-type]
    assert (row["viral_candidate"], row["viral_model_uri"]) == ("b", "b uri")
    assert (row["viral_trained_date"], row["is_new"]) == (DAY, False)


@pytest.mark.parametrize(("age", "is_kept"), [(CHAMPION_DAYS, True), (CHAMPION_DAYS + 1, False)])
def test_where_nothing_was_learned_of_it_the_model_before_stays_while_it_is_young(
    lake: Lake, age: int, is_kept: bool
):
    before = viral_before(-age)
    meet(lake, Store(), new=0.5, old=1.0)
    row = crown(lake, Store(), BEST, INCUMBENT | before)  # type: ignore[arg-type]
    assert {name: row[name] for name in NO_VIRAL} == (before if is_kept else NO_VIRAL)


def test_the_incumbent_stays_with_its_own_model_and_training_day(lake: Lake):
    row = meet(lake, Store(), new=0.5, old=1.0)
    assert {name: row[name] for name in INCUMBENT} == INCUMBENT
    assert (row["ingest_date"], row["is_new"], row["challenger"]) == (DAY, False, "new")
    assert (row["challenger_rps"], row["incumbent_rps"]) == (pytest.approx(0.25), 0)


def test_a_tie_crowns_the_challenger(lake: Lake):
    assert meet(lake, Store(), new=0.5, old=0.5)["is_new"]


def test_a_lost_incumbent_is_replaced(lake: Lake):
    row = meet(lake, Store(is_lost=True), new=0.0, old=1.0)
    assert (row["candidate"], row["is_new"], row["contest_count"]) == ("new", True, 0)
    assert row["decision"] == "the champion before it is lost: model old uri cannot be loaded"


def test_an_incumbent_trained_today_has_no_contest(lake: Lake):
    meet(lake, Store(), new=0.0, old=1.0)
    row = crown(lake, Store(), BEST, INCUMBENT | {"trained_date": DAY})  # type: ignore[arg-type]
    assert (row["is_new"], row["contest_count"], row["incumbent_rps"]) == (False, 0, None)
    assert row["decision"].startswith("0 days are known that neither learned from")
