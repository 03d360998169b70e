"""The word tables of the lens: what titles, descriptions and tags speak of.

Belongs here: contracts of words, of single videos and of days. Does not belong here: how a word is
found (lens/), or what it is in the world.
"""

from __future__ import annotations

from kpop_assets.contracts import word_rules
from kpop_assets.contracts.bronze import ARTIST, AUTHOR_ID, VIDEO_ID, said
from kpop_assets.contracts.lens_videos import SCOPE
from kpop_assets.contracts.silver import VIEWS_GAINED
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_WORD = (
    "An act as the catalogue has it; else as it is written, in small letters: a noun, an English "
    "word, a hashtag without its sign, a song's title, a member."
)
WORD = Column("word", "string", _WORD)
KIND = Column(
    "kind",
    "string",
    "name (an act, a member, a song), hashtag, noun (Korean) or english; of several the first.",
)
_VIDEO_COUNT = Column("video_count", "long", "Videos of the day with the word.", "videos")
_CHANNEL_COUNT = Column(
    "channel_count", "long", "Their channels; a video without one counts as one.", "channels"
)

VIDEO_WORDS = Table(
    "lens",
    "video_words",
    "One word of one video on one day, however often the video has it: of title, tags and the "
    "beginning of the description, without stop words and the lines that its channel repeated "
    f"within {word_rules.BOILERPLATE_LOOK_BACK_DAYS} days.",
    ("ingest_date", "video_id", "word"),
    (
        INGEST_DATE,
        VIDEO_ID,
        said("word", "string", _WORD),
        KIND,
        ARTIST,
        AUTHOR_ID,
        VIEWS_GAINED,
    ),
    rhythm="occasional",
    look_back_days=word_rules.BOILERPLATE_LOOK_BACK_DAYS,
    provider="youtube",
    needs_provider_rows=True,
)

WORD_COUNTS = Table(
    "lens",
    "word_counts",
    "One word on one day in one scope: what a spark line and the usual share are made of. Words of "
    "one video go from days on which an API showed any.",
    ("ingest_date", "scope", "word"),
    (
        INGEST_DATE,
        SCOPE,
        said("word", "string", _WORD),
        KIND,
        _VIDEO_COUNT,
        _CHANNEL_COUNT,
        VIEWS_GAINED,
        Column("scope_video_count", "long", "All videos of the scope with any word.", "videos"),
        Column("scope_word_count", "long", "All words of those, once a video.", "words"),
    ),
    rhythm="occasional",
    provider="youtube",
    needs_provider_rows=True,
)

KEYWORDS = Table(
    "lens",
    "keywords",
    f"One of the {word_rules.KEYWORDS_KEPT} first words of a day by one ranking in one scope. "
    f"Of everything only words of {word_rules.KEYWORD_LEAST_VIDEOS} videos and more, of acts of "
    f"{word_rules.ACTS_KEYWORD_LEAST_VIDEOS}, of both only those of "
    f"{word_rules.KEYWORD_LEAST_CHANNELS} "
    "channels and more; of one act not its own name.",
    ("ingest_date", "scope", "ranking", "rank"),
    (
        INGEST_DATE,
        SCOPE,
        Column(
            "ranking",
            "string",
            "frequency (videos), gain (views gained by them) or rise (against the days before).",
        ),
        Column("rank", "int", "1 is first; ties by videos, views gained, then the word."),
        WORD,
        KIND,
        _VIDEO_COUNT,
        _CHANNEL_COUNT,
        VIEWS_GAINED.computed(),
        Column("video_share", "double", "Videos with the word, of all with any.", "%"),
        Column(
            "usual_video_share",
            "double",
            f"The same over the {word_rules.KEYWORD_USUAL_DAYS} days before; null where there "
            "are none.",
            "%",
            nullable=True,
        ),
        Column("usual_day_count", "long", "Days among those on which the scope had words.", "days"),
        Column(
            "rise_z",
            "double",
            "Log-odds of the word against the days before with a Dirichlet prior, in standard "
            "deviations (see method page); null where there are no days before.",
            "sigma",
            nullable=True,
        ),
    ),
    rhythm="occasional",
    look_back_days=word_rules.KEYWORD_USUAL_DAYS,
    needs_provider_rows=True,
)
