"""The page of recommenders: who answers and why, figures by listener, ratings apart."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from app.messages.catalogue import LANGUAGES, as_markdown, load_messages, plain
from app.notices import PageEnd
from app.queries.recommend import recommenders as queries
from kpop_assets.ml.dominance import front
from kpop_assets.recommend.learners.play_families import (
    PARTS,
    RATING_MODELS,
    hybrid_families,
    play_families,
)
from kpop_assets.recommend.training.recommender_front import RECOMMENDER_OBJECTIVES
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, days_ago
from kpop_assets_tests.app.recommend.training_lake import (
    FRONT,
    MODELS,
    RATERS,
    WEEKS,
    refuse_training,
    write_trainings,
)


def texts(page: AppTest) -> list[str]:
    return [element.value for kind in (page.markdown, page.caption) for element in kind]


def infos(page: AppTest) -> list[str]:
    return [box.value.replace("\\", "") for box in page.info]


def test_the_page_compares_by_what_decides():
    told = {*queries.MORE_IS_WORTH, *queries.LESS_IS_WORTH}
    assert {name.replace("answer_ms", "latency_ms") for name in told} == {*RECOMMENDER_OBJECTIVES}
    assert all(RECOMMENDER_OBJECTIVES[name] for name in queries.MORE_IS_WORTH)


def test_every_recommender_that_competes_has_a_name_in_words():
    families = [*play_families("spark"), *hybrid_families({})]
    names = {family.name for family in families} | {*RATING_MODELS, "variational"}
    keys = {f"recommenders.model_{name}" for name in names} | {f"listener.part_{n}" for n in PARTS}
    assert keys <= load_messages().keys()


def test_those_off_the_front_are_told_who_is_better_in_what(tmp_path: Path):
    compared = queries.compare_recommenders(write_trainings(tmp_path), DAY)
    assert compared.get_column("recommender").to_list() == [
        *("hybrid_trees", "alternating_factors", "popularity", "svd_specified")
    ]
    rows = [
        {"name": row["recommender"], **row, "latency_ms": row["answer_ms"]}
        for row in compared.iter_rows(named=True)
    ]
    standing = {one.name for one in front(rows, RECOMMENDER_OBJECTIVES) if one.is_on_front}
    assert standing == {*FRONT}
    loser = compared.row(by_predicate=pl.col("recommender") == "svd_specified", named=True)
    assert (loser["dominated_by"], loser["better_in"]) == ("popularity", ["answer_ms"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rankings_have_intervals_what_each_is_and_all_figures_below(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_trainings(tmp_path)
    page = open_page(tmp_path, "recommenders", lang)
    (board,) = boards(page)
    assert [row["key"] for row in board["rows"]] == [*MODELS]
    first, *_, last = (row["cells"] for row in board["rows"])
    assert first["ndcg_10"]["text"] == "0.1200"
    assert first["ndcg_10"]["note"] == "0.1100 – 0.1300"
    assert first["recommender"]["note"].endswith(plain(lang, "recommenders.best"))
    assert plain(lang, "recommenders.on_front") not in last["recommender"]["note"]
    # Nobody's P(rise) was known.
    assert "rising_share" not in [column["key"] for column in board["columns"]]
    assert page.get("vega_lite_chart")
    figures = [table.value for table in page.dataframe if "front_reason" in table.value.columns]
    assert len(figures) == 1 and len(figures[0]) == len(MODELS)
    said = as_markdown(
        lang, "recommenders.first", model="hybrid_trees", challenger_ndcg_10="0.1200"
    )
    assert said in texts(page)


@pytest.mark.parametrize(
    ("champion", "key"),
    [
        ({"incumbent": "ease", "incumbent_ndcg_10": 0.1}, "won"),
        (
            {"incumbent": "ease", "incumbent_ndcg_10": 0.119, "is_new": False, "model": "ease"},
            "lost",
        ),
        ({"incumbent": "hybrid_trees", "incumbent_ndcg_10": 0.12, "is_new": False}, "again"),
        ({"incumbent": "gone_since"}, "gone"),
    ],
)
def test_the_decision_is_a_sentence(
    tmp_path: Path, open_page: OpenPage, champion: dict[str, object], key: str
):
    write_trainings(tmp_path, **champion)
    values = {
        "model": "hybrid_trees",
        "challenger": "hybrid_trees",
        "challenger_ndcg_10": "0.1200",
        **champion,
        "incumbent_ndcg_10": f"{champion.get('incumbent_ndcg_10') or 0:.4f}",
    }
    said = as_markdown("en", f"recommenders.{key}", **values)
    assert said in texts(open_page(tmp_path, "recommenders"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_groups_of_listeners_are_shown_by_week(tmp_path: Path, open_page: OpenPage, lang: str):
    write_trainings(tmp_path)
    page = open_page(tmp_path, "recommenders", lang, tab="groups", week=WEEKS[0].isoformat())
    assert page.selectbox(key="chosen_week").value == WEEKS[0]
    said = [as_markdown(lang, "recommenders.groups_chart", week=week.isoformat()) for week in WEEKS]
    assert said[0] in texts(page) and said[1] not in texts(page)
    (told,) = [t.value for t in page.dataframe if "listener_group" in t.value.columns]
    groups = {name: plain(lang, f"recommenders.group_{name}") for name in queries.LISTENER_GROUPS}
    shown = set(told["listener_group"])
    assert len(shown) == 3 and all(any(g in one for one in shown) for g in groups.values())
    assert len(told) == 3 * len(MODELS)


def test_ratings_stand_apart(tmp_path: Path, open_page: OpenPage):
    write_trainings(tmp_path)
    page = open_page(tmp_path, "recommenders", tab="ratings")
    (board,) = boards(page)
    assert [row["key"] for row in board["rows"]] == [*RATERS]
    cells = {row["key"]: row["cells"] for row in board["rows"]}
    assert cells["drawn_factors"]["rmse"]["text"] == "0.8900"
    assert cells["drawn_factors"]["ndcg_10"]["text"] is None, "it does not rank"
    assert cells["svd_specified"]["ndcg_10"]["text"] == "0.0500"


def test_without_a_training_there_is_a_way_out(tmp_path: Path, open_page: OpenPage):
    (said,) = infos(open_page(tmp_path / "none", "recommenders"))
    assert "kpop train recommend" in said
    refuse_training(tmp_path, DAY)
    (said,) = infos(open_page(tmp_path, "recommenders"))
    assert "28 are needed" in said and "kpop train recommend" in said


def test_a_refusal_since_is_told_above_the_training_before(tmp_path: Path, open_page: OpenPage):
    write_trainings(tmp_path)
    refuse_training(tmp_path, days_ago(-7))
    page = open_page(tmp_path, "recommenders")
    assert any("28 are needed" in box.value for box in page.warning)
    assert boards(page)


def test_a_training_after_the_day_that_was_asked_for_is_not_known(tmp_path: Path):
    lake = write_trainings(tmp_path)
    with pytest.raises(PageEnd) as told:
        queries.list_recommender_trainings(lake, days_ago(1))
    assert told.value.key == "recommenders.none"
    assert queries.list_recommender_trainings(lake, DAY).height == 1
