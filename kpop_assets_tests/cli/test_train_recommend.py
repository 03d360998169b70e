"""`kpop train recommend`: which day it means, and what it prints of a training."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from unittest.mock import Mock

import pytest
import typer

from kpop_assets.cli.arguments import ArgumentError, training_words
from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS
from kpop_assets.contracts.recommend_models import (
    RECOMMENDER_CHAMPION,
    RECOMMENDER_FRONT,
    RECOMMENDER_SCORES,
    RECOMMENDER_TRAININGS,
)
from kpop_assets.contracts.table import Table
from kpop_assets.operate import runner
from kpop_assets.operate.execution import Outcome
from kpop_assets_tests.cli.kit import Kpop, assert_one_line
from kpop_assets_tests.scouting.kit import write_table

DAY = dt.date(2026, 3, 7)
_BLANK = {"string": "", "long": 0, "double": 0.0, "boolean": False, "date": DAY}


def row(table: Table, **values: object) -> dict[str, object]:
    blank = {
        column.name: None if column.nullable else _BLANK.get(column.type, dt.datetime.now(dt.UTC))
        for column in table.columns
    }
    return blank | {"ingest_date": DAY} | values


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A training of two that rank and one that rates, and its plays."""
    monkeypatch.setattr(runner, "materialize", Mock(return_value=Outcome()))
    lake = tmp_path / "lake"
    ranked = {"ndcg_10_low": 0.1, "ndcg_10_high": 0.3, "fit_seconds": 2}
    write_table(lake, LISTENER_TRACKS, [row(LISTENER_TRACKS, play_count=1)])
    write_table(
        lake,
        RECOMMENDER_SCORES,
        [
            row(RECOMMENDER_SCORES, model="ease", ndcg_10=0.125, **ranked),
            row(RECOMMENDER_SCORES, model="biases", rmse=1.5),
            row(RECOMMENDER_SCORES, model="hybrid_trees", ndcg_10=0.25, **ranked),
        ],
    )
    front = [("ease", False), ("hybrid_trees", True)]
    write_table(
        lake,
        RECOMMENDER_FRONT,
        [row(RECOMMENDER_FRONT, model=name, is_on_front=on) for name, on in front],
    )
    told = row(RECOMMENDER_CHAMPION, model="hybrid_trees", decision="no champion before it")
    write_table(lake, RECOMMENDER_CHAMPION, [told])
    training = row(
        RECOMMENDER_TRAININGS,
        is_simulated=True,
        test_listener_count=1500,
        relevant_count=9000,
        left_out_pct=4.0,
        dropped_work_count=1200,
        dropped_play_count=3400,
    )
    write_table(lake, RECOMMENDER_TRAININGS, [training])
    return tmp_path


def test_recommenders_are_printed_the_best_first_and_ratings_apart(home: Path, kpop: Kpop):
    done = kpop("train", "recommend", KPOP_HOME=str(home), COLUMNS="160")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    names = [line.split()[0] for line in lines if line.startswith(("ease", "hybrid", "biases"))]
    assert names[:3] == ["hybrid_trees", "ease", "biases"]
    assert f"Recommenders by the last weeks to {DAY} - SIMULATED DATA" in done.out
    assert "hybrid_trees *" in done.out and "ease *" not in done.out
    assert "0.250  0.100-0.300" in done.out and "1.500" in done.out
    assert "1,500 listeners heard 9,000 works" in done.out
    assert "1,200 works that are played least took no part, nor did their 3,400 plays" in done.out
    assert "hybrid_trees answers: no champion before it" in done.out
    assert "variational was left out: PyTorch was absent (pip install '.[deep]')" in done.out
    called = runner.materialize.call_args.args  # type: ignore[attr-defined]
    assert called[1:3] == (DAY, DAY)
    assert {"recommend/works", "recommend/trainings", "recommend/champion"} <= {*called[3]}
    assert not any(path.startswith(("models/", "pareto/")) for path in called[3])


def test_a_refused_training_says_what_is_missing(home: Path, kpop: Kpop):
    refused = row(RECOMMENDER_TRAININGS, refusal="plays of 3 days are known: a training needs 28")
    write_table(home / "lake", RECOMMENDER_TRAININGS, [refused])
    done = kpop("train", "recommend", str(DAY), KPOP_HOME=str(home))
    assert_one_line(done, f"no training of recommenders on {DAY}", "plays of 3 days")


def test_a_home_without_plays_says_where_they_come_from(tmp_path: Path, kpop: Kpop):
    done = kpop("train", "recommend", KPOP_HOME=str(tmp_path))
    assert_one_line(done, "there are no plays to train on", "kpop import plays")


def test_what_is_trained_is_told_by_the_words():
    at = dt.datetime(2026, 3, 7)
    assert training_words([]) == ("", None)
    assert training_words(["2026-03-07"]) == ("", at)
    assert training_words(["recommend"]) == ("recommend", None)
    assert training_words(["recommend", "2026-03-07"]) == ("recommend", at)
    assert training_words(["sentiment"]) == ("sentiment", None)
    with pytest.raises(ArgumentError, match="two days are given"):
        training_words(["2026-03-07", "2026-03-08"])
    with pytest.raises(typer.BadParameter, match="no day"):
        training_words(["forecasts"])
