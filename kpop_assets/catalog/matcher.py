"""Which act a title is about, decided by the engine: the column ``artist``.

Here belongs the matching itself, written once against the DataFrame API that Spark Connect has.
Spelling rules are in ``names``, the spellings of every act in ``lexicon``, the acts in
``catalog``. Nothing here reads or writes a table.

How: the distinct titles are cut into words, each word is looked up by hash among the first words
of all spellings, and only the few that hit are compared letter by letter. One regular expression
over all names would be shorter, but is slow in Java and has no look-around in Rust.
"""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.lexicon import MUSIC_WORDS, credit_spellings, title_spellings
from kpop_assets.catalog.names import (
    HANGUL,
    LEADING_AMPERSAND,
    NARROW,
    NOT_A_LETTER,
    PARTICLES,
    SCRIPT_RUN,
    WIDE,
    decomposed,
    head_key,
    lookup_key,
)

TOPIC_SUFFIX = " - Topic"
# Topic channels of releases by several acts: the label names none of them, the title may.
UNNAMED_TOPICS = ("Release - Topic", "Various Artists - Topic")
SPOTIFY_SOURCE = "spotify_chart"

_INPUT = ("text", "author_id", "author_name", "source")
_FORMS = sorted({f for p in PARTICLES for f in (p, decomposed(p))}, key=lambda f: (-len(f), f))
_PARTICLE = f"^(?:{'|'.join(_FORMS)})(?: |$)"
_MUSIC = f" (?:{'|'.join(MUSIC_WORDS)})[{HANGUL}]{{0,2}} "
_OFFICIAL = " (?:official|channel|vevo|tv|music|공식|오피셜)(?: .*)?$"
# Longest spelling in words, generously; what follows cannot matter.
_WORDS_AHEAD = 16
# Position first, then the longer spelling: one number to take the smallest of.
_PLACE = 1000
# Rank and act in one number, whose smallest is found without a struct; acts are sorted by name.
_ACTS = 1 << 12
_SPELLINGS = pa.schema(
    {
        "key": pa.string(),
        "spelling": pa.string(),
        "act": pa.int32(),
        "role": pa.string(),
        "takes_music": pa.bool_(),
        "takes_particle": pa.bool_(),
        "authors": pa.list_(pa.string()),
    }
)


def tag_artists(events: DataFrame, catalog: Catalog) -> DataFrame:
    """Add the column ``artist``: a canonical name of the catalogue, or ``OTHER``.

    In this order: the channel is an act's own (a member named in the title goes before the group
    whose channel it is); the label of a Topic channel or of a chart row, which decides alone; the
    first spelling in the title that counts; ``OTHER``.

    Args:
        events: With text (not null), author_id, author_name and source; other columns pass.
        catalog: The acts.

    Returns:
        The same rows and columns, and ``artist`` (string, not null).
    """
    columns = [F.col(f"`{name}`") for name in events.columns if name != "artist"]
    is_member = F.coalesce(F.col("_band") == F.col("_channel_artist"), F.lit(False))
    artist = (
        F.when(F.col("_channel_artist").isNotNull() & ~is_member, F.col("_channel_artist"))
        .when(F.col("_credit").isNotNull(), F.col("_label_artist"))
        .otherwise(F.col("_mentioned"))
    )
    channels, labels = _channels(events, catalog), _labels(events, catalog)
    titled = events.withColumn("_title", _title_key()).withColumn("_credit", _label())
    # The few mentions on the left, where Sail builds its hash table.
    return (
        _mentions(events, catalog)
        .join(titled, "_title", "right")
        .join(F.broadcast(channels), F.col("author_id") == F.col("_channel"), "left")
        .join(F.broadcast(labels), F.col("_credit") == F.col("_label"), "left")
        .select(*columns, F.coalesce(artist, F.lit(OTHER)).alias("artist"))
    )


def _channels(events: DataFrame, catalog: Catalog) -> DataFrame:
    rows = [(channel, act.artist) for act in catalog for channel in act.channels]
    return events.sparkSession.createDataFrame(rows, "_channel string, _channel_artist string")


def _labels(events: DataFrame, catalog: Catalog) -> DataFrame:
    rows = sorted(credit_spellings(catalog).items())
    return events.sparkSession.createDataFrame(rows, "_label string, _label_artist string")


def _title_key() -> Column:
    # 64 bits: two of a million titles meet once in 37 million such tables, and joining on one
    # number instead of four strings is cheap. xxhash64 skips nulls, hence the marks.
    return F.xxhash64(*[F.coalesce(F.col(name), F.lit("\0")) for name in _INPUT])


def _label() -> Column:
    """The normalised credit that decides alone, or null where the title has to."""
    author = F.coalesce(F.col("author_name"), F.lit(""))
    topic = author.endswith(TOPIC_SUFFIX) & ~author.isin(*UNNAMED_TOPICS)
    name = author.substr(F.lit(1), F.length(author) - len(TOPIC_SUFFIX))
    chart = F.col("source") == SPOTIFY_SOURCE
    return F.when(chart, _normalised(author)).when(topic, _normalised(name))


def _normalised(text: Column) -> Column:
    """``names.normalise`` for the engine, but for composing decomposed Hangul."""
    lower = F.lower(F.translate(text, WIDE, NARROW))
    spelled_out = F.regexp_replace(lower, LEADING_AMPERSAND, " and$1")
    letters = F.regexp_replace(spelled_out, NOT_A_LETTER, " ")
    apart = F.regexp_replace(letters, SCRIPT_RUN, " $1 ")
    return F.trim(F.regexp_replace(apart, " +", " "))


def _mentions(events: DataFrame, catalog: Catalog) -> DataFrame:
    """Title key, the act that its title mentions first, its band; titles without are left out."""
    act_in_title = (
        _hits(_words(events), catalog)
        .groupBy("_title", "act")
        .agg(
            F.min(F.when(F.col("role") == "name", F.col("rank"))).alias("clear"),
            F.min(F.when(F.col("role") == "vague", F.col("rank"))).alias("vague"),
            F.max(F.col("is_cue").cast("int")).alias("cued"),
        )
    )
    counts = F.col("clear").isNotNull() | (F.col("vague").isNotNull() & (F.col("cued") == 1))
    first = F.min(F.least("clear", "vague").cast("bigint") * _ACTS + F.col("act"))
    names = [(number, act.artist, act.group) for number, act in enumerate(catalog)]
    acts = events.sparkSession.createDataFrame(names, "act int, _mentioned string, _band string")
    return (
        act_in_title.where(counts)
        .groupBy("_title")
        .agg(F.pmod(first, F.lit(_ACTS)).cast("int").alias("act"))
        .join(F.broadcast(acts), "act")
        .select("_title", "_mentioned", "_band")
    )


def _words(events: DataFrame) -> DataFrame:
    """One row per word of each distinct title that has to decide."""
    titles = events.select(*_INPUT).distinct().where(_label().isNull())
    line = _normalised(F.col("text")).alias("line")
    titles = titles.select(_title_key().alias("_title"), "author_name", line)
    return titles.select("*", F.posexplode(F.split("line", " ")).alias("place", "word"))


def _hits(words: DataFrame, catalog: Catalog) -> DataFrame:
    """Words at which a spelling starts: artist, band, role, rank, and whether it is a cue."""
    spark = words.sparkSession
    table = spark.createDataFrame(_spelling_table(catalog))
    heads = sorted({head_key(row.spelling.split()[0]) for row in title_spellings(catalog)})
    head = spark.createDataFrame([(key,) for key in heads], "head string")
    near = words.withColumn("head", _head(F.col("word")))
    near = near.join(F.broadcast(head), "head", "left_semi")
    rest = F.array_join(F.slice(F.split("line", " "), F.col("place") + 1, _WORDS_AHEAD), " ")
    near = near.withColumn("rest", rest)
    and_a_letter = F.substring(F.col("rest"), F.lit(1), F.length("word") + 2)
    near = near.withColumn("key", F.explode(F.array("head", and_a_letter)))
    is_vague = F.col("role") == "vague"
    rank = F.col("place") * _PLACE + (_PLACE - 1) - F.length("spelling")
    is_cue = (F.col("role") == "cue") | (is_vague & _has_second_cue())
    spelled = near.join(F.broadcast(table), "key").where(_is_spelled())
    return spelled.select("_title", "act", "role", rank.alias("rank"), is_cue.alias("is_cue"))


@lru_cache(maxsize=2)
def _spelling_table(catalog: Catalog) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "key": lookup_key(row.spelling),
                "spelling": row.spelling,
                "act": row.act_number,
                "role": row.role,
                "takes_music": row.takes_music,
                "takes_particle": row.takes_particle,
                "authors": list(row.authors),
            }
            for row in title_spellings(catalog)
        ],
        _SPELLINGS,
    )


def _head(word: Column) -> Column:
    """``names.head_key`` for the engine; words are compared by code point."""
    hangul = (word >= "가") & (word <= "힣\uffff")
    jamo = (word >= "\u1100") & (word <= "\u11ff\uffff")
    by_part = F.when(hangul, F.substring(word, 1, 2)).when(jamo, F.substring(word, 1, 5))
    return by_part.otherwise(word)


def _is_spelled() -> Column:
    after = F.substring(F.col("rest"), F.length("spelling") + 1, F.length("rest"))
    ends = (after == "") | after.startswith(" ")
    particle = F.col("takes_particle") & after.rlike(_PARTICLE)
    return F.col("rest").startswith(F.col("spelling")) & (ends | particle)


def _has_second_cue() -> Column:
    line = F.concat(F.lit(" "), F.col("line"), F.lit(" "))
    music = F.col("takes_music") & line.rlike(_MUSIC)
    name = _normalised(F.coalesce("author_name", F.lit("")))
    author = F.concat(F.lit("| "), F.regexp_replace(name, _OFFICIAL, ""), F.lit(" |"))
    return music | F.exists("authors", lambda part: F.contains(author, part))
