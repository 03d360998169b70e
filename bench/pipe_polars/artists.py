"""Whose video a row is, in Polars: by channel, by label, by the first name in the title.

Belongs here: looking up every name at every word of the distinct titles. Does not belong here:
which spellings an act has (kpop_assets/catalog).
"""

from __future__ import annotations

import polars as pl

from bench import peer
from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.lexicon import credit_spellings
from kpop_assets.catalog.names import (
    LEADING_AMPERSAND,
    NARROW,
    NOT_A_LETTER,
    SCRIPT_RUN,
    WIDE,
)


def tag_artists(events: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Add `artist`: by channel, by label, by the first name in the title, else OTHER."""
    channels = dict(peer.channel_rows(catalog))
    credit = _credits(events, catalog)
    rows = events.join(credit, ["author_name", "source"], how="left", nulls_equal=True)
    rows = _mentions(rows, catalog).with_columns(
        channel=pl.col("author_id").replace_strict(channels, default=None, return_dtype=pl.String)
    )
    mention = pl.when(~pl.col("is_label")).then(pl.col("mention"))
    is_member = (pl.col("mention_band") == pl.col("channel")) & ~pl.col("is_label")
    artist = (
        pl.when(pl.col("channel").is_not_null() & ~is_member.fill_null(False))
        .then(pl.col("channel"))
        .when(pl.col("is_label"))
        .then(pl.col("label_artist"))
        .otherwise(mention)
    )
    return rows.with_columns(artist=artist.fill_null(OTHER))


def _credits(events: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Per author name and source: whether a label decides, and for which act."""
    author = pl.col("author_name").fill_null("")
    is_topic = author.str.ends_with(peer.TOPIC_SUFFIX) & ~author.is_in(peer.UNNAMED_TOPICS)
    is_chart = pl.col("source") == peer.SPOTIFY_SOURCE
    label = pl.when(is_chart).then(author).otherwise(author.str.strip_suffix(peer.TOPIC_SUFFIX))
    acts = credit_spellings(catalog)
    found = _normalised(label).replace_strict(acts, default=None, return_dtype=pl.String)
    return (
        events.select("author_name", "source")
        .unique()
        .with_columns(is_label=is_chart | is_topic, label_artist=found)
    )


def _mentions(rows: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Add the act that a title mentions first; only vague names need the author beside it."""
    titles = rows.filter(~pl.col("is_label")).select("text").unique()
    hits = _hits(titles, catalog)
    vague = hits.filter(pl.col("role") == "vague").select("text").unique()
    plain = _first_act(hits.join(vague, "text", how="anti"), ["text"])
    rows = rows.join(plain, "text", how="left", maintain_order="left")
    if vague.is_empty():
        return rows
    pairs = rows.select("text", "author_name").join(vague, "text", how="semi").unique()
    name = _normalised(pl.col("author_name").fill_null("")).str.replace(peer.OFFICIAL, "")
    pairs = pairs.with_columns(author="| " + name + " |")
    key = ["text", "author_name", "artist"]
    near = hits.join(pairs, "text")
    named = near.filter(pl.col("role") == "vague").explode("authors")
    named = named.filter(pl.col("author").str.contains(pl.col("authors"), literal=True))
    named = named.select(*key, by_author=pl.lit(True)).unique()
    cued = near.join(named, key, how="left", nulls_equal=True).with_columns(
        is_cue=pl.col("is_cue") | pl.col("by_author").fill_null(False)
    )
    unsure = _first_act(cued, ["text", "author_name"])
    rows = rows.join(
        unsure,
        ["text", "author_name"],
        how="left",
        nulls_equal=True,
        suffix="_unsure",
        maintain_order="left",
    )
    return rows.with_columns(
        pl.coalesce(name, f"{name}_unsure").alias(name) for name in ("mention", "mention_band")
    )


def _hits(titles: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Where a spelling starts at a word of a title: act, role, rank, cues that the title gives."""
    spellings = pl.DataFrame(peer.spelling_rows(catalog))
    heads = pl.DataFrame({"head": peer.head_keys(catalog)})
    near = (
        titles.with_columns(line=_normalised(pl.col("text")))
        .with_columns(word=pl.col("line").str.split(" "))
        .with_columns(words=pl.col("word"), place=pl.int_ranges(pl.col("word").list.len()))
        .explode("word", "place")
        .with_columns(head=_head(pl.col("word")))
        .join(heads, "head", how="semi")
    )
    rest = pl.col("words").list.slice("place", peer.WORDS_AHEAD).list.join(" ")
    near = near.with_columns(rest=rest).drop("words")
    and_a_letter = pl.col("rest").str.slice(0, pl.col("word").str.len_chars() + 2)
    near = near.with_columns(key=pl.concat_list("head", and_a_letter)).explode("key")
    length = pl.col("spelling").str.len_chars()
    after = pl.col("rest").str.slice(length)
    ends = (after == "") | after.str.starts_with(" ")
    particle = pl.col("takes_particle") & after.str.contains(peer.PARTICLE)
    is_spelled = pl.col("rest").str.starts_with(pl.col("spelling")) & (ends | particle)
    music = pl.col("takes_music") & (" " + pl.col("line") + " ").str.contains(peer.MUSIC)
    is_cue = (pl.col("role") == "cue") | ((pl.col("role") == "vague") & music)
    rank = pl.col("place") * peer.PLACE + (peer.PLACE - 1) - length.cast(pl.Int64)
    hits = near.join(spellings, "key").filter(is_spelled)
    return hits.select("text", "artist", "band", "role", "authors", rank=rank, is_cue=is_cue)


def _first_act(hits: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    def lowest(role: str) -> pl.Expr:
        return pl.col("rank").filter(pl.col("role") == role).min()

    acts = hits.group_by(*by, "artist", "band").agg(
        clear=lowest("name"), vague=lowest("vague"), cued=pl.col("is_cue").any()
    )
    counts = pl.col("clear").is_not_null() | (pl.col("vague").is_not_null() & pl.col("cued"))
    ranked = acts.filter(counts).with_columns(rank=pl.min_horizontal("clear", "vague"))
    first = ranked.sort("rank", "artist").unique(by, keep="first", maintain_order=True)
    return first.select(*by, mention="artist", mention_band="band")


def _head(word: pl.Expr) -> pl.Expr:
    hangul = (word >= "가") & (word <= "힣\uffff")
    jamo = (word >= "\u1100") & (word <= "\u11ff\uffff")
    return (
        pl.when(hangul)
        .then(word.str.slice(0, 2))
        .when(jamo)
        .then(word.str.slice(0, 5))
        .otherwise(word)
    )


def _normalised(text: pl.Expr) -> pl.Expr:
    return (
        text.str.replace_many(list(WIDE), list(NARROW))
        .str.to_lowercase()
        .str.replace_all(LEADING_AMPERSAND, " and$1")
        .str.replace_all(NOT_A_LETTER, " ")
        .str.replace_all(SCRIPT_RUN, " $1 ")
        .str.replace_all(" +", " ")
        .str.strip_chars(" ")
    )
