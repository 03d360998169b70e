"""What a column of a list is: its type and meaning, from the contracts as far as they know it.

Belongs here: looking a column up in the tables that a list reads, and the types of what queries
work out beside them. Does not belong here: which columns a list has (all_lists.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.messages.catalogue import load_messages
from kpop_assets.contracts.table import Table, Type

_JSON_TYPES: dict[Type, dict[str, str]] = {
    "string": {"type": "string"},
    "long": {"type": "integer"},
    "int": {"type": "integer"},
    "double": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
}
# What queries work out beside the columns of tables. The viewer says in words what each means.
_COMPUTED: dict[Type, tuple[str, ...]] = {
    "string": (
        *("agency", "check_metadata", "check_name", "check_state", "column_name", "column_type"),
        *("dominated_by", "driving_video_id", "driving_video_title", "kind", "lever", "meaning"),
        *("guard_reasons", "subject_name"),
        *("members", "mlflow_run_id", "name_en", "name_ko", "other_name_en", "other_name_ko"),
        *("reason", "recommender", "row_meaning", "rule", "run_id", "score_name", "sentence"),
        *("table_name", "table_state", "top_video_id", "top_video_title", "trend_class", "unit"),
        *("video_id", "video_title", "weekday_name", "word_kind", "written_by"),
    ),
    "long": (
        *("act_count", "age_days", "artist_count", "checked_count", "days_in_data", "debut_year"),
        "days_since_release",
        *("driving_video_gain", "found_count", "gained_28d", "generation", "hour", "line"),
        *("next_tier", "p_viral_bin", "plays_28d", "quarantine_count", "rank_change"),
        *(
            "release_count",
            "review_count",
            "row_count",
            "table_bytes",
            "table_version",
            "tier_7d_ago",
        ),
        *("video_count", "viral_count", "weekday", "whole_count"),
        *("withheld_count", "worded_count"),
    ),
    "double": (
        *("across", "average_precision", "before", "cohort_ratio", "days_between", "debut_years"),
        *("duplicate_share", "effect_high", "effect_low", "effect_ratio", "engagement_share"),
        *("answer_ms", "first_weeks", "growth", "hit_rate", "kind_count", "less_median"),
        *("net_sentiment", "plain_net_sentiment", "plain_weighted_rating", "weighted_rating"),
        *("line_gap", "more_median", "new_videos_28d", "own_share", "p_rise_mean"),
        *("p_viral_mean", "persistence_hit_rate", "relative_high", "relative_low"),
        *("relative_median", "rise_rate", "rps_skill", "shorts_share", "sure_share"),
        *(
            "top10_hit_rate",
            "value_so_far",
            "trend_growth",
            "trend_ratio",
            "up",
            "usual_ratio",
            "value",
        ),
        "viral_rate",
    ),
    "boolean": (
        *("is_collected", "is_good", "is_key", "is_nullable", "is_of_rate", "is_simulated"),
    ),
    "date": (
        *("event_date", "first_day", "first_seen_date", "newest_day", "release_date"),
        "week_start",
    ),
    "timestamp": ("began_at", "checked_at", "committed_at", "ended_at"),
}
_LISTS: dict[str, Type] = {
    "better_in": "string",
    "daily_28d": "double",
    "score_parts": "double",
    "video_count_by_day": "long",
    "video_daily": "double",
}
# Where the viewer has no words for it, or a program needs others.
_MEANINGS: dict[str, str] = {
    "across": "Place on the map along its first direction.",
    "better_in": "Figures in which that one is better.",
    "before": "Of a spike the usual day, of a change the tier before.",
    "days_between": "Median days between new videos of the act.",
    "debut_years": "Years since its debut, counted from the middle of that year.",
    "dominated_by": "Who is on the front and better in something and worse in nothing.",
    "days_since_release": "Days since the release came out.",
    "event_date": "Day in Seoul on which it happened.",
    "first_weeks": "First weeks of the later half of the days over those of the earlier, each "
    "video's against all acts' of its kind.",
    "found_count": "Videos that stand out by the rule.",
    "guard_reasons": "A JSON array of what shows the campaign, the most frequent first.",
    "growth": "Engagement of 30 days over that of the 30 before.",
    "hour": "Hour of Seoul, 0 to 23.",
    "is_good": "Whether nothing has to be done.",
    "is_of_rate": "Whether the ratio is of views an hour and not of views.",
    "kind": "Of an act group, solo or sub_unit; of an alert what happened.",
    "kind_count": "Kinds of video that the act brought out.",
    "lever": "What an act can do more or less of.",
    "name_en": "Name of the act in English; null where it is none of the catalogue.",
    "name_ko": "Name of the act in Korean; null where none is known.",
    "other_name_en": "Name of the other act in English.",
    "other_name_ko": "Name of the other act in Korean.",
    "new_videos_28d": "New videos in 28 days.",
    "own_share": "Per cent of all new videos about the act that lie on its own channels.",
    "rule": "Whether videos are held against those of their age, or taken as they are.",
    "score_name": "What acts are ranked by.",
    "score_parts": "Points that each part of the score brought; null where it is not known.",
    "sentence": "A sentence of the verdict, in the language that was asked for.",
    "shorts_share": "Per cent of its new videos that are shorts.",
    "up": "Place on the map along its second direction.",
    "value": "Of a spike times the usual day; the tier; the number that was passed; an outlier's "
    "score; what was compared.",
    "video_count_by_day": "Videos with the word on each day before, oldest first.",
    "weekday": "Day of the week, Monday is 1.",
    "weekday_name": "Its name in English.",
    "whole_count": "Videos that were looked at.",
}


@dataclass(frozen=True)
class ListColumn:
    """A column of a list.

    Attributes:
        name: of the column.
        type: of its values, or of the parts of its lists.
        description: what it means, in English.
        is_list: whether a value is a list.
        is_person: whether it says who did something.
    """

    name: str
    type: Type
    description: str
    is_list: bool = False
    is_person: bool = False

    def schema(self) -> dict[str, Any]:
        """As JSON Schema has it; what is not known is null in any column."""
        value: dict[str, Any] = {**_JSON_TYPES[self.type]}
        value["type"] = [value["type"], "null"]
        if self.is_list:
            value = {"type": ["array", "null"], "items": value}
        return {**value, "description": self.description}


def column_of(name: str, tables: Iterable[Table]) -> ListColumn:
    """A column of a list that reads some tables: the first that has it says what it is.

    Raises:
        KeyError: none has it, and it is not known to be worked out.
    """
    for table in tables:
        for column in table.columns:
            if column.name == name:
                unit = f" Unit: {column.unit}." if column.unit else ""
                told = column.description + unit
                return ListColumn(name, column.type, told, is_person=column.is_person)
    if name in _LISTS:
        return ListColumn(name, _LISTS[name], _meaning(name), is_list=True)
    for kind, names in _COMPUTED.items():
        if name in names:
            return ListColumn(name, kind, _meaning(name))
    raise KeyError(name)


def _meaning(name: str) -> str:
    if name in _MEANINGS:
        return _MEANINGS[name]
    words = load_messages().get(f"column.{name}")
    if words is None:
        raise KeyError(name)
    return ": ".join(text for text in (words["en"], words.get("help_en", "")) if text)
