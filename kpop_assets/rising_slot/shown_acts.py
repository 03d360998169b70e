"""What was shown in the slot and what came of it, from the log of answers, feedback and plays.

Belongs here: which lines say so. Does not belong here: what is learnt of it (rising_lessons.py), or
what came of the other places of a page (recommend/).

The newest lines count: rewards of the last hour are what learning each hour is for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from kpop_assets.contracts.feedback import SAYING
from kpop_assets.recommend.plays.attribution import attribute
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
OFFER_COLUMNS = ("request_id", "user_id", "answered_at", "shown_work_ids")
# Feedback that rewards a show, and feedback that takes a reward back.
LIKES = (*SAYING["click"], *SAYING["like"])
DISLIKES = (*SAYING["skip"], *SAYING["dislike"])
NO_CACHE = "none"
_TOLD_SCHEMA = pl.Schema(
    {**{name: pl.String() for name in CONTEXT_COLUMNS}, "offered_acts": pl.List(pl.String())}
)


@dataclass(frozen=True)
class SlotLines:
    """Lines of the log, of the same days.

    Attributes:
        answers: `bronze/recommendations` with a rising act, `ANSWER_COLUMNS`.
        offers: what `offers_of` finds in all answers to their listeners.
        feedback: `bronze/feedback`, `FEEDBACK_COLUMNS`.
        plays: `bronze/plays`, `PLAYED_COLUMNS`.
        versions: `recommend/works` of one training day, `VERSION_COLUMNS`.
    """

    answers: pl.DataFrame
    offers: pl.DataFrame
    feedback: pl.DataFrame
    plays: pl.DataFrame
    versions: pl.DataFrame


def shown_acts(lines: SlotLines) -> pl.DataFrame:
    """A row an act that was shown in the slot (`SHOW_SCHEMA`), in order of time.

    A show is rewarded where the act's work is clicked, liked, saved or played within a day, in
    whatever version, and neither skipped, disliked nor hidden: what counts for which place of which
    answer, recommend/plays/attribution.py says. A line that does not say by which chance was drawn
    among which acts teaches nothing and is left out. Answers from a cache show again what was drawn
    once: they are one show with the first that showed it, and what comes of any of them came of it.
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


def offers_of(answers: pl.LazyFrame, work_ids: pl.Series) -> pl.LazyFrame:
    """Every place of answers at which one of some works stood: request_id to answered_at, position.

    Args:
        answers: `OFFER_COLUMNS` of `bronze/recommendations`.
        work_ids: the works.
    """
    works = pl.col("shown_work_ids").str.json_decode(pl.List(pl.String)).alias("work_id")
    places = pl.int_ranges(1, pl.col("work_id").list.len() + 1).alias("position")
    return (
        answers.with_columns(works)
        .with_columns(places)
        .drop("shown_work_ids")
        .explode("work_id", "position")
        .filter(pl.col("work_id").is_in(work_ids.implode()))
        .unique(["request_id", "position"])
    )


def _came(answers: pl.DataFrame, drawn: pl.DataFrame, lines: SlotLines) -> pl.DataFrame:
    """What was done about shown works: the draw, after how long, and whether it was liked."""
    offered = lines.offers.select(
        *("request_id", "position", pl.col("user_id").alias("shown_to")),
        pl.col("work_id").alias("song_id"),
        pl.col("answered_at").dt.epoch("ms").alias("answered_ms"),
    )
    counted = attribute(offered, _done(lines), ("request_id", "position", "done_at", "is_liked"))
    first = drawn.select("drawn_by", pl.col("answered_at").alias("drawn_at"))
    slots = answers.select(
        "request_id", "drawn_by", pl.col("rising_position").cast(pl.Int64).alias("position")
    )
    seconds = (pl.col("done_at") - pl.col("drawn_at")).dt.total_microseconds() / 1e6
    return (
        counted.join(slots, ["request_id", "position"])
        .join(first, "drawn_by")
        # Who names an answer need not have our clock.
        .select(pl.col("drawn_by").alias("request_id"), seconds.clip(0).alias("delay"), "is_liked")
    )


def _done(lines: SlotLines) -> pl.DataFrame:
    """What was done about works, whatever version of them."""
    acted = lines.feedback.filter(pl.col("action").is_in([*LIKES, *DISLIKES])).select(
        pl.col("request_id").alias("named_id"),
        *("user_id", pl.coalesce("work_id", "track_id").alias("track_id")),
        *(pl.col("acted_at").alias("done_at"), pl.col("action").is_in(LIKES).alias("is_liked")),
    )
    played = lines.plays.filter(pl.col("total_play_count").is_null()).select(
        *(pl.lit(None, pl.String).alias("named_id"), "user_id", "track_id"),
        *(pl.col("played_at").alias("done_at"), pl.lit(True).alias("is_liked")),
    )
    done = pl.concat([acted, played])
    return (
        done.join(lines.versions.unique("track_id"), "track_id", "left")
        .with_row_index("done_id")
        .with_columns(
            pl.coalesce("work_id", "track_id").alias("done_song_id"),
            pl.col("done_at").dt.epoch("ms").alias("done_ms"),
        )
    )


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
