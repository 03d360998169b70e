"""Lists about single videos and words: which move, what stands out, what is talked about.

Belongs here: entries over the viewer's queries of the lens. Does not belong here: forecasts of
videos (forecast_lists.py).
"""

from __future__ import annotations

import polars as pl

from app.queries.lens import outliers, radar, signals, videos
from app.snapshot import Snapshot
from kpop_assets.contracts import lens_rules
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS, CHANNEL_OUTLIERS, VIDEO_OUTLIERS
from kpop_assets.contracts.lens_signals import ENTITIES, SIGNALS
from kpop_assets.contracts.lens_words import KEYWORDS
from serving.lists.entries import ListAsked, ListEntry, Param, columns_of
from serving.lists.params import SCOPE

_LIST = Param(
    "list",
    str,
    "overall",
    "Which of a day's lists; the others than `overall` take what is of their kind alone.",
    tuple(lens_rules.LIST_LENGTHS),
)
_RULE = Param("rule", str, "age", "Against videos of its age, or as it is.", tuple(outliers.RULES))
_USUAL = Param("usual", str, "median", "What a channel's usual is.", tuple(outliers.MEASURES))
_WHOSE = Param(
    "scope", str, radar.MANY[0], "Whose words: `acts`, `everything`, or one act by its name."
)
_BY = Param("ranking", str, radar.RANKINGS[0], "What words are ranked by.", radar.RANKINGS)
_WORD = Param("word", str, ..., "A word of that day.", example="none_such")
# What the lists of words and of signals have of what a word is.
_ENTITY = columns_of(ENTITIES, without=("word",))
_OF_SIGNALS = ("asked_at", "missing_reason")


def _scopes(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    return pl.DataFrame({"scope": radar.list_scopes(lake, asked.ranked_day)})


def _rates(lake: Snapshot, asked: ListAsked) -> pl.DataFrame:
    rates = outliers.measure_rates(lake, asked.ranked_day, asked["scope"])
    rows = [(rule, found, whole) for rule, (found, whole) in rates.items()]
    return pl.DataFrame(rows, ["rule", "found_count", "whole_count"], orient="row")


LENS_LISTS = (
    ListEntry(
        "/v1/videos",
        "The videos of a day by one of its lists, with the parts of their score",
        (videos.list_day_videos,),
        lambda lake, asked: videos.list_day_videos(
            lake, asked.ranked_day, asked["list"], asked["scope"], None
        ),
        (
            *("rank", "video_id", "video_title", "artist", "value", "score", "percentile_score"),
            *("known_weight_pct", "score_parts", "launched_at", "observed_at", "age_hours"),
            *("view_count", "views_per_hour", "views_per_hour_basis", "pair_hours", "gain_24h"),
            *("engagement_rate_pct", "views_per_subscriber", "video_format", "has_odd_likes"),
        ),
        (_LIST, SCOPE),
    ),
    ListEntry(
        "/v1/outliers",
        "Videos of a day that stand out, the farthest first",
        (outliers.list_outliers,),
        lambda lake, asked: outliers.list_outliers(
            lake, asked.ranked_day, asked["scope"], asked["rule"]
        ),
        columns_of(
            VIDEO_OUTLIERS,
            *("view_count", "views_per_hour", "engagement_rate_pct", "views_per_subscriber"),
            "video_title",
        ),
        (SCOPE, _RULE),
    ),
    ListEntry(
        "/v1/outliers/channels",
        "Videos far above what their channel is used to, the farthest first",
        (outliers.list_channel_outliers,),
        lambda lake, asked: outliers.list_channel_outliers(
            lake, asked.ranked_day, asked["scope"], asked["usual"]
        ),
        columns_of(CHANNEL_OUTLIERS, "video_title", "author_name", "usual_ratio", "is_of_rate"),
        (SCOPE, _USUAL),
    ),
    ListEntry(
        "/v1/outliers/artists",
        "Acts by how far their gain lies above their own month's",
        (outliers.list_act_outliers,),
        lambda lake, asked: outliers.list_act_outliers(lake, asked.ranked_day),
        columns_of(ARTIST_OUTLIERS),
    ),
    ListEntry(
        "/v1/outliers/rates",
        "How many videos of a day stand out, and of how many, by each rule",
        (outliers.measure_rates,),
        _rates,
        ("rule", "found_count", "whole_count"),
        (SCOPE,),
    ),
    ListEntry(
        "/v1/keywords",
        "The words of a day, what each is, and how often it was said before",
        (radar.list_keywords,),
        lambda lake, asked: radar.list_keywords(
            lake, asked.ranked_day, asked["scope"], asked["ranking"]
        ),
        (
            *columns_of(KEYWORDS, without=("scope", "ranking", "kind")),
            *("word_kind", "video_count_by_day", *_ENTITY),
        ),
        (_WHOSE, _BY),
        tables=(KEYWORDS,),
    ),
    ListEntry(
        "/v1/keywords/scopes",
        "Whose words a day has",
        (radar.list_scopes,),
        _scopes,
        ("scope",),
    ),
    ListEntry(
        "/v1/keywords/{word}/videos",
        "Videos of a day that a word stands in, the first by gain",
        (radar.list_word_videos,),
        lambda lake, asked: radar.list_word_videos(
            lake, asked.ranked_day, asked["scope"], asked["word"]
        ),
        ("video_id", "video_title", "artist", "views_gained"),
        (_WORD, _WHOSE),
    ),
    ListEntry(
        "/v1/signals",
        "What services outside say of acts and words, the highest composite first",
        (signals.list_signals,),
        lambda lake, asked: signals.list_signals(lake, asked.ranked_day),
        (*columns_of(SIGNALS), *(name for name in _ENTITY if name not in _OF_SIGNALS)),
        tables=(SIGNALS, ENTITIES),
    ),
)
