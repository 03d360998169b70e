"""Reviews that YouTube said go at its limit, and those of a person when they ask."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts.audience_scores import SUBJECT_SCORES
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.contracts.registry import ALL_TABLES
from kpop_assets.contracts.reviews import REVIEW_LINES, REVIEWS
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.days import day_end, day_start_ms
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.purged import PurgedError, purged_days, read_marks, refuse_purged
from kpop_assets.landing.files import write_day
from kpop_assets.landing.folders import list_landed
from kpop_assets.landing.persons import person_ids
from kpop_assets.retention import forgetting
from kpop_assets.retention.forgetting import forget_person
from kpop_assets.retention.purge import purge
from kpop_assets.settings import Settings
from kpop_assets_tests.graph.kit import DAY, frame
from kpop_assets_tests.retention.kit import NOW, OLD_DAYS, where

SAID, KEPT = "a comment of theirs", "a review of others"
# A table about reviews that does not say whose they are, as those of sentiments are.
OPINIONS = Table(
    "audience",
    "opinions",
    "One opinion.",
    ("ingest_date", "review_id"),
    (INGEST_DATE, Column("review_id", "string", "Which."), Column("words", "string", "What.")),
)


@pytest.fixture
def filled(settings: Settings, lake: Lake, spark: SparkSession) -> Lake:
    """Two days, of which the first is beyond the limit: a comment of YouTube's and a review."""
    for day in (OLD_DAYS[-1], DAY):
        rows = [
            {
                "ingest_date": day,
                "source": source,
                "text": text,
                "review_id": "r1",
                "line_number": n,
            }
            for n, (source, text) in enumerate([("youtube", SAID), ("naver_reviews", KEPT)])
        ]
        voices = [{**row, "review_id": f"{row['source']}:r1"} for row in rows]
        lines = [json.dumps({**row, "ingest_date": str(day)}).encode() for row in rows]
        quarantined = [
            {"ingest_date": day, "line_number": n, "line": json.dumps(row, default=str)}
            for n, row in enumerate(rows)
        ]
        file = write_day(settings.landing, day, lines, day_start_ms(day), REVIEWS.name)
        quarantined = [{**row, "landing_file": file.path.name} for row in quarantined]
        for table, cells in (
            (REVIEWS, rows),
            (VOICES, voices),
            (REVIEW_LINES.quarantine, quarantined),
        ):
            lake.replace_range(table, day, day_end(day), frame(spark, table, *cells))
    return lake


def test_what_youtube_said_is_nowhere_beyond_the_limit_and_other_reviews_stay(
    settings: Settings, filled: Lake
):
    purge(settings, filled, NOW, "run", keep_hours=0)
    old, young = OLD_DAYS[-1], DAY
    for table in (REVIEWS, VOICES, REVIEW_LINES.quarantine):
        counts = [filled.arrow(table, day, day_end(day)).num_rows for day in (old, young)]
        assert counts == [1, 2], table.path
    assert filled.rows(VOICES, old, day_end(old))["text"].to_list() == [KEPT]
    [path] = list_landed(settings.landing, old, REVIEWS.name)
    assert SAID not in path.read_text() and KEPT in path.read_text()
    # Only the younger day still has it.
    assert where(settings.landing / REVIEWS.name / str(old), SAID) == []
    assert purged_days(filled) == {old}
    mark = read_marks(filled)[old]
    assert (mark["purged_review_count"], mark["purged_quarantine_count"]) == (1, 1)
    with pytest.raises(PurgedError):
        refuse_purged(filled, [VOICES.path], old, day_end(old))


def test_scores_of_a_video_by_youtubes_words_go_and_those_of_acts_and_of_others_stay(
    settings: Settings, filled: Lake, spark: SparkSession
):
    scores = [
        {
            **{"ingest_date": day, "subject_kind": kind, "subject": kind + source},
            **{"measure": "net_sentiment", "said_by": "all", "aspect": "all"},
            "is_of_youtube": source == "youtube",
        }
        for day in (OLD_DAYS[-1], DAY)
        for kind in ("video", "act")
        for source in ("youtube", "naver_reviews")
    ]
    days = OLD_DAYS[-1], day_end(DAY)
    filled.replace_range(SUBJECT_SCORES, *days, frame(spark, SUBJECT_SCORES, *scores))
    purge(settings, filled, NOW, "run", keep_hours=0)
    left = filled.rows(SUBJECT_SCORES)
    of = {day: set(left.filter(pl.col("ingest_date") == day)["subject"]) for day in (days[0], DAY)}
    assert of[days[0]] == {"actyoutube", "actnaver_reviews", "videonaver_reviews"}
    assert of[DAY] == {row["subject"] for row in scores}


def test_who_is_forgotten_goes_from_tables_that_know_their_reviews_alone(
    settings: Settings, lake: Lake, spark: SparkSession, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(forgetting, "ALL_TABLES", (*ALL_TABLES, OPINIONS))
    ids = person_ids(settings.landing, REVIEWS.name)
    voices = [
        {"ingest_date": day, "review_id": f"s:{who}{n}", "author_id": ids.id_of(who)}
        for n, day in enumerate((OLD_DAYS[-1], DAY))
        for who in ("kim", "lee")
    ]
    opinions = [{**row, "words": row["review_id"]} for row in voices]
    days = OLD_DAYS[-1], day_end(DAY)
    for table, rows in ((VOICES, voices), (OPINIONS, opinions)):
        named = [{k: v for k, v in row.items() if k in table.column_names} for row in rows]
        lake.replace_range(table, *days, frame(spark, table, *named))
    done = forget_person(settings, lake, "kim")
    assert done.rows[OPINIONS.path] == done.rows[VOICES.path] == 2
    for table in (VOICES, OPINIONS):
        left = lake.rows(table)["review_id"].sort().to_list()
        assert left == ["s:lee0", "s:lee1"], table.path
    assert where(settings.lake / OPINIONS.path, "kim") == []
    assert forget_person(settings, lake, "kim").rows[OPINIONS.path] == 0


def test_a_table_of_reviews_that_names_persons_is_cleared_by_them(monkeypatch: pytest.MonkeyPatch):
    who = Column("author_id", "string", "Whose.", is_person=True)
    named = replace(OPINIONS, columns=(*OPINIONS.columns, who))
    monkeypatch.setattr(forgetting, "ALL_TABLES", (named, OPINIONS))
    assert forgetting.of_reviews() == [OPINIONS]
