"""Scores of subjects: which reviews each is told, by which weight, and what is left out."""

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest

from kpop_assets.audience.scores.outlet_weights import OutletWeights
from kpop_assets.audience.scores.subject_scores import (
    CLAUSE_COLUMNS,
    MOOD_COLUMNS,
    SCORED_COLUMNS,
    WEIGHT_COLUMNS,
    ScoredRows,
    score_subjects,
)
from kpop_assets.contracts.audience_rules import RATED_DAYS, SENTIMENT_DAYS
from kpop_assets.contracts.audience_scores import GUARDS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.lake.rows import empty

DAY = dt.date(2026, 5, 4)
OUTLETS = OutletWeights(1.0, {"izm": 3.0})
GENERATIONS = pl.DataFrame(
    {"artist": ["IVE", "aespa"], "generation": [4, 4]},
    {"artist": pl.String, "generation": pl.Int32},
)
MOODS = {
    "ingest_date": pl.Date,
    "review_id": pl.String,
    **dict.fromkeys(("p_negative", "p_neutral", "p_positive"), pl.Float64),
}
CLAUSES = {
    "ingest_date": pl.Date,
    **dict.fromkeys(("review_id", "aspect"), pl.String),
    "sentiment": pl.Float64,
    "artist": pl.String,
}
_VOICE = {
    "ingest_date": DAY,
    "source": "naver_reviews",
    "is_simulated": False,
    "subject_kind": "title",
    "subject": "film",
    "artist": "OTHER",
    "author_kind": "user",
    "voice_kind": "text",
}


def voice(number: int, **more: Any) -> dict[str, Any]:
    return {"review_id": f"s:{number}", **_VOICE, **more}


def mood(number: int, negative: float, positive: float, day: dt.date = DAY) -> dict[str, Any]:
    return {
        "ingest_date": day,
        "review_id": f"s:{number}",
        "p_negative": negative,
        "p_neutral": 1 - negative - positive,
        "p_positive": positive,
    }


def scores_of(
    voices: list[dict[str, Any]],
    moods: list[dict[str, Any]] | None = None,
    weights: dict[int, float] | None = None,
    clauses: list[dict[str, Any]] | None = None,
    day: dt.date = DAY,
    guards: list[dict[str, Any]] | None = None,
) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """By subject, score, whose reviews and aspect."""
    kinds = empty(VOICES).select(SCORED_COLUMNS).schema
    guards = guards or [
        {"ingest_date": DAY, "review_id": f"s:{number}", "weight": weight, "weight_reasons": "[]"}
        for number, weight in (weights or {}).items()
    ]
    found = score_subjects(
        ScoredRows(
            pl.DataFrame(voices, kinds),
            pl.DataFrame(moods or [], MOODS).select(MOOD_COLUMNS),
            pl.DataFrame(guards, empty(GUARDS).select(WEIGHT_COLUMNS).schema),
            pl.DataFrame(clauses or [], CLAUSES).select(CLAUSE_COLUMNS),
        ),
        GENERATIONS,
        OUTLETS,
        day,
    )
    keys = ("subject", "measure", "said_by", "aspect")
    return {tuple(row[key] for key in keys): row for row in found.to_dicts()}  # type: ignore[misc]


def test_a_score_stands_beside_what_it_would_be_without_guards() -> None:
    voices = [voice(n, rating_100=100.0) for n in range(6)]
    voices += [voice(n, rating_100=0.0) for n in range(6, 12)]
    found = scores_of(voices, weights=dict.fromkeys(range(6, 12), 0.0))
    row = found["film", "tomatometer", "user", "all"]
    assert (row["score_value"], row["plain_score_value"], row["score_verdict"]) == (
        100.0,
        50.0,
        "fresh",
    )
    assert (row["review_count"], row["weight_sum"], row["down_weighted_count"]) == (12, 6.0, 6)


def test_of_a_subject_whose_reviews_all_weigh_nothing_only_the_plain_score_is_known() -> None:
    found = scores_of([voice(1, rating_100=100.0)], weights={1: 0.0})
    for score in ("tomatometer", "net_sentiment"):
        row = next(row for key, row in found.items() if key[1] == score)
        assert (row["score_value"], row["score_verdict"]) == (None, None)
        assert row["plain_score_value"] is not None


def test_what_says_nothing_to_a_score_is_left_out_and_counted() -> None:
    voices = [
        voice(1, rating_100=80.0),
        voice(2),
        voice(3, author_kind="critic", outlet="IZM", rating_100=90.0),
        voice(4, author_kind="critic", outlet="NME"),
    ]
    found = scores_of(voices, [mood(2, 0.1, 0.8)])
    left_out = {key[1:3]: json.loads(row["left_out"]) for key, row in found.items()}
    assert left_out == {
        ("weighted_rating", "all"): {"no_rating": 2},
        ("tomatometer", "user"): {"no_opinion": 0},
        ("tomatometer", "critic"): {"no_opinion": 1},
        ("metascore", "critic"): {"no_critic": 2, "no_rating": 1},
        ("net_sentiment", "all"): {"no_opinion": 1},
    }
    assert all(
        row["review_count"] + sum(json.loads(row["left_out"]).values()) == 4
        for key, row in found.items()
        if key[2] == "all" or key[1] == "metascore"
    )


def test_critics_count_by_their_outlet_and_users_not_at_all() -> None:
    voices = [
        voice(1, author_kind="critic", outlet="IZM", rating_100=100.0),
        voice(2, author_kind="critic", outlet="A blog", rating_100=20.0),
        voice(3, rating_100=0.0),
    ]
    row = scores_of(voices)["film", "metascore", "critic", "all"]
    assert (row["score_value"], row["score_verdict"]) == (80.0, "green")


def test_text_says_the_mood_and_the_rating_where_there_is_none() -> None:
    voices = [voice(1, rating_100=100.0), voice(2, rating_100=10.0), voice(3, rating_100=50.0)]
    row = scores_of(voices, [mood(1, 0.9, 0.05)])["film", "net_sentiment", "all", "all"]
    # One is negative by its text against its rating, one by its rating, one is neither.
    assert row["score_value"] == pytest.approx(-2 / 3)


def test_an_acts_row_rests_on_its_works_and_each_review_counts_once() -> None:
    act = {"artist": "IVE"}
    voices = [
        voice(1, rating_100=100.0, subject_kind="video", subject="v1", **act),
        voice(2, rating_100=0.0, subject_kind="release", subject="IVE EMPATHY", **act),
        voice(3, rating_100=50.0, subject_kind="act", subject="아이브", **act),
    ]
    found = scores_of(voices)
    assert found["IVE", "weighted_rating", "all", "all"]["review_count"] == 3
    assert found["v1", "weighted_rating", "all", "all"]["review_count"] == 1
    assert ("아이브", "weighted_rating", "all", "all") not in found


def test_the_last_word_of_a_review_counts_and_none_that_is_gone() -> None:
    before = DAY - dt.timedelta(days=3)
    voices = [
        voice(1, rating_100=0.0, ingest_date=before),
        voice(1, rating_100=100.0),
        voice(2, rating_100=0.0, ingest_date=before),
        voice(2, voice_kind="deleted"),
        voice(3, rating_100=0.0, ingest_date=DAY + dt.timedelta(days=1)),
    ]
    row = scores_of(voices)["film", "tomatometer", "user", "all"]
    assert (row["score_value"], row["review_count"]) == (100.0, 1)


def test_an_edited_review_keeps_neither_the_mood_nor_the_aspects_of_its_former_text() -> None:
    before = DAY - dt.timedelta(days=3)
    voices = [
        voice(1, ingest_date=before),
        voice(1, voice_kind="laughter"),
        voice(2, ingest_date=before),
        voice(2),
    ]
    moods = [mood(n, 0.9, 0.05, before) for n in (1, 2)] + [mood(2, 0.05, 0.9)]
    clauses = [
        {
            "ingest_date": before,
            "review_id": f"s:{n}",
            "aspect": "plot",
            "sentiment": -0.9,
            "artist": "OTHER",
        }
        for n in (1, 2)
    ]
    found = scores_of(voices, moods, clauses=clauses)
    row = found["film", "net_sentiment", "all", "all"]
    assert (row["score_value"], row["review_count"]) == (1.0, 1)
    assert ("film", "net_sentiment", "all", "plot") not in found


@pytest.mark.parametrize("days", [3, 20, 120])
def test_an_author_counts_once_a_subject_however_late_the_last_word_comes(days: int) -> None:
    voices = [
        voice(
            n,
            author_id="a",
            rating_100=rating,
            ingest_date=day,
            created_at=dt.datetime.combine(day, dt.time(3), dt.UTC),
        )
        for n, rating, day in [(2, 0.0, DAY - dt.timedelta(days=days)), (1, 100.0, DAY)]
    ]
    # Of others nobody knows who wrote them.
    voices += [voice(n, rating_100=100.0) for n in (3, 4)]
    row = scores_of(voices)["film", "tomatometer", "user", "all"]
    assert (row["score_value"], row["weight_sum"]) == (100.0, 3.0)
    assert (row["plain_score_value"], row["down_weighted_count"]) == (75.0, 1)


def _of(number: int, day: int, **more: Any) -> dict[str, Any]:
    """What author a says so many days before the day."""
    date = DAY - dt.timedelta(days=day)
    at = dt.datetime.combine(date, dt.time(3), dt.UTC)
    return voice(number, **{"author_id": "a", "ingest_date": date, "created_at": at, **more})


def test_a_rating_counts_though_its_author_laughs_later() -> None:
    found = scores_of([_of(1, 1, rating_100=100.0), _of(2, 0)])
    scores = {key[1]: (row["score_value"], row["weight_sum"]) for key, row in found.items()}
    assert scores == {
        "weighted_rating": (10.0, 1.0),
        "tomatometer": (100.0, 1.0),
        "net_sentiment": (1.0, 1.0),
    }


def test_a_laugh_with_a_mood_is_the_last_word_of_net_sentiment_alone() -> None:
    voices = [_of(1, 1, rating_100=100.0), _of(2, 0)]
    found = scores_of(voices, [mood(2, 0.9, 0.05)])
    assert found["film", "weighted_rating", "all", "all"]["score_value"] == 10.0
    assert found["film", "net_sentiment", "all", "all"]["score_value"] == -1.0


def test_of_each_aspect_an_authors_last_word_counts() -> None:
    clauses = [
        {
            "ingest_date": DAY - dt.timedelta(days=day),
            "review_id": f"s:{number}",
            "aspect": aspect,
            "sentiment": sentiment,
            "artist": "OTHER",
        }
        for number, day, aspect, sentiment in [
            (1, 2, "vocal", -1.0),
            (2, 1, "vocal", 1.0),
            (3, 0, "dance", -1.0),
        ]
    ]
    found = scores_of([_of(1, 2), _of(2, 1), _of(3, 0)], clauses=clauses)
    assert found["film", "net_sentiment", "all", "vocal"]["score_value"] == 1.0
    assert found["film", "net_sentiment", "all", "dance"]["score_value"] == -1.0


def test_the_word_before_a_deleted_one_counts_again_whatever_guards_said() -> None:
    day = DAY + dt.timedelta(days=23)
    gone = _of(2, -22, voice_kind="deleted")
    guards = [{"ingest_date": DAY, "review_id": "s:1", "weight": 0.0}]
    rows = [_of(1, 0, rating_100=100.0), _of(2, -2, rating_100=0.0)]
    for reasons, value in (('["earlier_word"]', 100.0), ('["copied"]', None)):
        told = [{**guards[0], "weight_reasons": reasons}]
        found = scores_of([*rows, gone], guards=told, day=day)
        assert found["film", "tomatometer", "user", "all"]["score_value"] == value


def test_one_id_of_two_sources_is_two_authors() -> None:
    voices = [_of(1, 1, rating_100=100.0), _of(2, 0, rating_100=0.0, source="another")]
    assert scores_of(voices)["film", "tomatometer", "user", "all"]["weight_sum"] == 2.0


def test_ratings_count_for_half_a_year_and_moods_for_four_weeks() -> None:
    voices = [
        voice(1, rating_100=100.0, ingest_date=DAY - dt.timedelta(days=RATED_DAYS)),
        voice(2, rating_100=100.0, ingest_date=DAY - dt.timedelta(days=RATED_DAYS + 1)),
        voice(3, rating_100=100.0, ingest_date=DAY - dt.timedelta(days=SENTIMENT_DAYS - 1)),
        voice(4, rating_100=100.0, ingest_date=DAY - dt.timedelta(days=SENTIMENT_DAYS)),
    ]
    found = scores_of(voices)
    assert found["film", "tomatometer", "user", "all"]["review_count"] == 3
    assert found["film", "net_sentiment", "all", "all"]["review_count"] == 1


def test_an_aspect_is_judged_by_the_clauses_about_the_act() -> None:
    act = {"subject_kind": "video", "subject": "v1", "artist": "IVE"}
    clauses = [
        {
            "ingest_date": DAY,
            "review_id": f"s:{n}",
            "aspect": aspect,
            "sentiment": sentiment,
            "artist": whom,
        }
        for n, aspect, sentiment, whom in [
            (1, "vocal", 0.9, "IVE"),
            (1, "vocal", 0.5, "IVE"),
            (1, "dance", -0.8, "aespa"),
            (2, "vocal", -0.7, "OTHER"),
        ]
    ]
    found = scores_of([voice(n, **act) for n in (1, 2, 3)], clauses=clauses)
    row = found["IVE", "net_sentiment", "all", "vocal"]
    assert (row["score_value"], row["review_count"]) == (0.0, 2)
    assert json.loads(row["left_out"]) == {"no_aspect": 1}
    # Of the video all that is said counts; of the act what is said of it.
    assert found["v1", "net_sentiment", "all", "dance"]["score_value"] == -1.0
    assert ("IVE", "net_sentiment", "all", "dance") not in found


def test_an_act_stands_beside_the_others_of_its_generation() -> None:
    voices = [
        voice(
            100 * place + n,
            subject_kind="act",
            subject=name,
            artist=name,
            rating_100=100.0 if n < good else 0.0,
        )
        for place, (name, good) in enumerate([("IVE", 15), ("aespa", 5)])
        for n in range(20)
    ]
    found = scores_of(voices)
    row = found["IVE", "net_sentiment", "all", "all"]
    assert (row["score_value"], row["cohort_value"], row["cohort_count"]) == (0.5, -0.5, 1)
    assert found["IVE", "tomatometer", "user", "all"]["cohort_value"] is None


def test_a_day_without_reviews_has_no_scores() -> None:
    assert scores_of([]) == {}
