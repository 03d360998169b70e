"""What a click or a play counts for: which of the works that answers showed.

Belongs here: the rule, as one query that the engine runs over days and Polars over the newest
lines. Does not belong here: which plays count (play_fates.py), which works are one song, or what is
made of it (outcomes/outcomes.py, rising_slot/).

What names an answer counts for the song there, whoever of both is not known; of somebody else it
counts for nothing. All else counts for the last answer before it that showed its listener the song,
so that a song that is shown on each page of a day is not played as often as it was shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpop_assets.contracts.play_rules import CLOCK_AHEAD_SECONDS, OUTCOME_SECONDS


def attribution_query(columns: Sequence[str], can_name: bool = True) -> str:
    """The query over `{offered}` and `{done}`: a row for all that was done and counts for a place.

    Args:
        columns: what the rows have, of both sides. `{offered}` has at least request_id, position,
            shown_to, song_id and answered_ms; `{done}` done_id, user_id, named_id (the request that
            it names, or null), done_song_id and done_ms. What has the same done_id, user_id and
            done_ms was done once. No column is of both.
        can_name: whether anything of `{done}` may name a request; plays never do.
    """
    told = ", ".join(columns)
    within = f"done_ms < answered_ms + {OUTCOME_SECONDS * 1000}"
    last = f"""
        SELECT {told} FROM (
            SELECT *, ROW_NUMBER() OVER (
                PARTITION BY done_id, user_id, done_ms
                ORDER BY answered_ms DESC, request_id DESC, position
            ) AS offer_nth
            FROM {{offered}} JOIN {{done}} ON song_id = done_song_id AND shown_to = user_id
            WHERE named_id IS NULL AND done_ms >= answered_ms AND {within}
        ) AS unnamed
        WHERE offer_nth = 1
    """  # noqa: S608 -- numbers and names of columns of our own
    # Who says what answer is meant need not have our clock.
    named = f"""
        SELECT {told}
        FROM {{offered}} JOIN {{done}} ON song_id = done_song_id AND request_id = named_id
        WHERE (user_id IS NULL OR shown_to IS NULL OR user_id = shown_to)
            AND done_ms >= answered_ms - {CLOCK_AHEAD_SECONDS * 1000} AND {within}
    """  # noqa: S608
    return f"{last} UNION ALL {named}" if can_name else last


def attribute(offered: pl.DataFrame, done: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """What `attribution_query` says of frames in memory, in any order."""
    query = attribution_query(columns).format(offered="offered", done="done")
    return pl.SQLContext(offered=offered, done=done).execute(query, eager=True)
