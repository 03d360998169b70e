"""What was shown in the slot and what came of it, from the log of answers, feedback and plays.

Belongs here: which lines say so. Does not belong here: what is learnt of it (rising_lessons.py), or
what came of the other places of a page (recommend/).

The newest lines count: rewards of the last hour are what learning each hour is for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.rising_slot.rising_choice import OFFERED_ACTS
from kpop_assets.rising_slot.rising_context import CONTEXT_COLUMNS, context_told
from kpop_assets.rising_slot.rising_lessons import SHOW_SCHEMA

ANSWER_COLUMNS = (
    *("request_id", "user_id", "answered_at", "cache", "shown_work_ids", "context_features"),
    *("rising_act", "rising_position", "rising_propensity", "drawn_by"),
)
FEEDBACK_COLUMNS = ("request_id", "user_id", "work_id", "track_id", "action", "acted_at")
PLAYED_COLUMNS = ("user_id", "track_id", "played_at", "total_play_count")
VERSION_COLUMNS = ("track_id", "work_id")
# Feedback that rewards a show, and feedback that takes a reward back.
LIKES, DISLIKES = ("click", "like", "save"), ("skip", "dislike", "hide")
NO_CACHE = "none"
_TOLD_SCHEMA = pl.Schema(
    {**{name: pl.String() for name in CONTEXT_COLUMNS}, "offered_acts": pl.List(pl.String())}
)


@dataclass(frozen=True)
class SlotLines:
    """Lines of the log, of the same days.

    Attributes:
        answers: `bronze/recommendations`, `ANSWER_COLUMNS`.
        feedback: `bronze/feedback`, `FEEDBACK_COLUMNS`.
        plays: `bronze/plays`, `PLAYED_COLUMNS`.
        versions: `recommend/works` of one training day, `VERSION_COLUMNS`.
    """

    answers: pl.DataFrame
    feedback: pl.DataFrame
    plays: pl.DataFrame
    versions: pl.DataFrame


def shown_acts(lines: SlotLines) -> pl.DataFrame:
    """A row an act that was shown in the slot (`SHOW_SCHEMA`), in order of time.

    A show is rewarded where the act's work is clicked, liked, saved or played within a day, in
    whatever version, and neither skipped, disliked nor hidden. What names an answer counts for it;
    all else for the last answer before it that showed the listener the work. A line that does not
    say by which chance was drawn among which acts teaches nothing and is left out. Answers from a
    cache show again what was drawn once: they are one show with the first that showed it, and what
    comes of any of them came of it.
    """
    answers = slot_answers(lines.answers)
    drawn = _first_shown(answers)
    came = (
        _came(answers, drawn, lines)
        .group_by("request_id")
        .agg(
            pl.col("delay").filter("is_liked").min().alias("delay_seconds"),
            pl.col("is_liked").all().alias("is_kept"),
        )
    )
    is_rewarded = pl.col("delay_seconds").is_not_null() & pl.col("is_kept")
    shows = drawn.join(came, "request_id", "left", maintain_order="left").with_columns(
        reward=is_rewarded.fill_null(False).cast(pl.Float64),
        delay_seconds=pl.when(is_rewarded).then("delay_seconds"),
    )
    return shows.select(pl.col(name).cast(kind) for name, kind in SHOW_SCHEMA.items())


def slot_answers(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers that show an act and say how it was drawn, with the work that stood in the slot.

    `drawn_by` is the request for which it was drawn; a line from before such was logged says so
    only where it drew the act itself.
    """
    is_own = pl.col("cache").fill_null(NO_CACHE) == NO_CACHE
    drawn_by = pl.col("drawn_by").fill_null(pl.when(is_own).then("request_id"))
    works = pl.col("shown_work_ids").str.json_decode(pl.List(pl.String))
    place = pl.col("rising_position") - 1
    return draws_told(answers.with_columns(drawn_by)).with_columns(
        work_id=works.list.get(place, null_on_oob=True)
    )


def draws_told(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers that say which act was drawn for whom, by which chance and among which, by time.

    Args:
        answers: of columns of `bronze/recommendations` at least those of the rising act,
            `request_id`, `answered_at` and `context_features`.
    """
    drawn = (
        answers.filter(
            pl.col("rising_act").is_not_null()
            & (pl.col("rising_propensity") > 0)
            & pl.col("context_features").is_not_null()
            & pl.col("drawn_by").is_not_null()
        )
        .sort("answered_at", "request_id")
        .unique("request_id", keep="first", maintain_order=True)
    )
    told = pl.DataFrame([_told(text) for text in drawn["context_features"]], _TOLD_SCHEMA)
    return (
        pl.concat([drawn, told], how="horizontal")
        .rename({"rising_act": "act", "rising_propensity": "propensity"})
        .filter(pl.col("offered_acts").list.contains(pl.col("act")))
    )


def _first_shown(answers: pl.DataFrame) -> pl.DataFrame:
    """The first answer of each draw, by the id of the request for which was drawn."""
    first = answers.unique("drawn_by", keep="first", maintain_order=True)
    return first.with_columns(pl.col("drawn_by").alias("request_id"))


def _came(answers: pl.DataFrame, drawn: pl.DataFrame, lines: SlotLines) -> pl.DataFrame:
    """What was done about shown works: the draw, after how long, and whether it was liked."""
    known = pl.col("work_id").fill_null(pl.col("of_track")).fill_null(pl.col("track_id"))
    versions = lines.versions.unique("track_id").rename({"work_id": "of_track"})
    acted = (
        lines.feedback.join(versions, "track_id", "left")
        .filter(pl.col("action").is_in([*LIKES, *DISLIKES]))
        .select(
            *("request_id", "user_id", known.alias("work_id"), pl.col("acted_at").alias("at")),
            pl.col("action").is_in(LIKES).alias("is_liked"),
        )
    )
    played = (
        lines.plays.filter(pl.col("total_play_count").is_null())
        .with_columns(work_id=pl.lit(None, pl.String))
        .join(versions, "track_id", "left")
        .select(
            *(pl.lit(None, pl.String).alias("request_id"), "user_id", known.alias("work_id")),
            *(pl.col("played_at").alias("at"), pl.lit(True).alias("is_liked")),
        )
    )
    done = pl.concat([acted, played])
    first = drawn.select("drawn_by", pl.col("answered_at").alias("drawn_at"))
    shown = answers.select("request_id", "drawn_by", "user_id", "work_id", "answered_at")
    shown = shown.join(first, "drawn_by", maintain_order="left")
    named = done.filter(pl.col("request_id").is_not_null()).join(
        shown.drop("user_id"), ["request_id", "work_id"]
    )
    others = (
        done.filter(pl.col("request_id").is_null() & pl.col("user_id").is_not_null())
        .drop("request_id")
        .sort("at")
        .join_asof(
            shown.drop_nulls("user_id").sort("answered_at"),
            left_on="at",
            right_on="answered_at",
            by=["user_id", "work_id"],
            check_sortedness=False,
        )
        .filter(pl.col("drawn_by").is_not_null())
    )
    columns = [pl.col("drawn_by").alias("request_id"), "delay", "is_liked"]
    seconds = (pl.col("at") - pl.col("drawn_at")).dt.total_microseconds() / 1e6
    return pl.concat(
        [one.with_columns(delay=seconds).select(columns) for one in (named, others)]
    ).filter(pl.col("delay").is_between(0, rules.REWARD_SECONDS))


def _told(text: str) -> dict[str, object]:
    """Words and offered acts of a line; no acts where it does not say so."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        told = {}
    acts = told.get(OFFERED_ACTS)
    return {
        **context_told(told).told(),
        "offered_acts": [str(act) for act in acts] if isinstance(acts, list) else [],
    }
