"""What people talk about: words of a day, what they are, their days before, their videos.

Belongs here: what the radar reads of words. Does not belong here: how words are found and ranked
(kpop_assets/lens/).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.queries.lens.days import read_lens_day, read_lens_day_if_any
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.lens_signals import ENTITIES
from kpop_assets.contracts.lens_words import KEYWORDS, VIDEO_WORDS, WORD_COUNTS
from kpop_assets.insights.keyword_radar import read_word_days, read_word_videos

RANKINGS = ("rise", "frequency", "gain")
# Scopes that are no act, the first is where a page begins.
MANY = ("acts", "everything")
MOST_VIDEOS = 20


@reads(KEYWORDS)
def list_scopes(snapshot: Snapshot, day: dt.date) -> tuple[str, ...]:
    """Whose words a day has: all acts together, everything, then each act by name."""
    rows = read_lens_day(snapshot, KEYWORDS, day, columns=["scope"])
    found = set(rows.get_column("scope"))
    return (*(scope for scope in MANY if scope in found), *sorted(found - set(MANY)))


@reads(KEYWORDS, WORD_COUNTS, ENTITIES)
def list_keywords(snapshot: Snapshot, day: dt.date, scope: str, ranking: str) -> pl.DataFrame:
    """The words of a day by a ranking, what each is, and how often it was said before.

    Returns:
        The columns of `lens/keywords` but day, scope and ranking; word_kind, video_count_by_day
        (null on days without any word), and the columns of `lens/entities`.
    """
    is_asked = (pl.col("scope") == scope) & (pl.col("ranking") == ranking)
    rows = read_lens_day(snapshot, KEYWORDS, day, is_asked)
    listed = rows.drop("ingest_date", "scope", "ranking").rename({"kind": "word_kind"})
    days = read_word_days(snapshot, listed.get_column("word").to_list(), scope, day)
    lines = days.sort("ingest_date").group_by("word", maintain_order=True).agg("video_count")
    known = read_lens_day_if_any(snapshot, ENTITIES, day).drop("ingest_date")
    return (
        listed.join(lines.rename({"video_count": "video_count_by_day"}), on="word", how="left")
        .join(known, on="word", how="left")
        .sort("rank")
    )


@reads(VIDEO_WORDS, EVENTS)
def list_word_videos(snapshot: Snapshot, day: dt.date, scope: str, word: str) -> pl.DataFrame:
    """video_id, video_title, artist, views_gained: videos with a word, the first by gain."""
    found = read_word_videos(snapshot, word, scope, day).head(MOST_VIDEOS)
    return found.rename({"text": "video_title"}).with_columns(snapshot.present_name())
