"""Landing files to gold, hand-written in Polars: the first peer of our own pipe.

The same tables with the same columns as Parquet, one file per table, no Delta. What differs, and
is meant to: sketches are left out, distinct counts are exact (the gap to a video's previous
occurrence says how many new windows or days it adds, so nothing is counted twice and nothing
sketched), and titles are looked up once per distinct text. Lines that the fast path refuses or
doubts go through `peer.judge` one by one. Of the history before the range, nothing is read: the
range begins with an empty lake, as it does for the others.

Belongs here: the whole program. Does not belong here: what both peers share (peer.py).
"""

from __future__ import annotations

import argparse
import codecs
import datetime as dt
from pathlib import Path

from bench.steps import step

with step("import"):
    import polars as pl

    from bench import peer
    from kpop_assets.catalog.catalog import OTHER, Catalog, load_catalog
    from kpop_assets.catalog.lexicon import credit_spellings
    from kpop_assets.catalog.names import (
        LEADING_AMPERSAND,
        NARROW,
        NOT_A_LETTER,
        SCRIPT_RUN,
        WIDE,
    )

_AS_TEXT = pl.Schema({name: pl.String() for name in peer.FIELDS})
_TYPES = {
    **dict.fromkeys(peer.TEXTS, pl.String),
    **dict.fromkeys((*peer.COUNTS, *peer.TIMES), pl.Int64),
}
_JUDGED = {**_TYPES, "reason": pl.String, "field": pl.String, "line": pl.String}
_DAY = "ingest_date"
_EVENT_COLUMNS = (
    *("ingest_date", "video_id", "observed_at", "event_at", "artist", "text", "source", "post_id"),
    *("author_id", "author_name", "lang", "published_at", "view_count", "like_count"),
    *("comment_count", "description", "tags", "category_id", "duration_seconds", "region", "query"),
    *("landing_file", "line_number"),
)
_GAINS = {
    "view_count": "views_gained",
    "like_count": "likes_gained",
    "comment_count": "comments_gained",
}


def main() -> None:
    """Run the program that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench.pipe_polars", description=__doc__)
    parser.add_argument("landing", type=Path)
    parser.add_argument("out", type=Path, help="folder of the Parquet files")
    parser.add_argument("start", type=dt.date.fromisoformat, help="first day")
    parser.add_argument("end", type=dt.date.fromisoformat, help="first day after the range")
    args = parser.parse_args()
    run(args.landing, args.out, args.start, args.end)


def run(landing: Path, out: Path, start: dt.date, end: dt.date) -> None:
    """Fill every table of the days [start, end)."""
    with step("parse"):
        usable, quarantine, files = read_days(peer.find_files(landing, start, end))
    with step("bronze/events"):
        events = tag_artists(usable, load_catalog()).select(_EVENT_COLUMNS)
        del usable
        _write(events, out, "bronze/events")
    with step("bronze/quarantine"):
        _write(quarantine, out, "bronze/quarantine")
    with step("bronze/files"):
        _write(files, out, "bronze/files")
    with step("bronze/videos"):
        _write(select_new_videos(events), out, "bronze/videos")
    with step("silver/video_daily"):
        video_daily = measure_videos(events)
        _write(video_daily, out, "silver/video_daily")
    with step("silver/artist_daily"):
        artist_daily = sum_artists(video_daily)
        _write(artist_daily, out, "silver/artist_daily")
    with step("silver/artist_windows"):
        narrow = events.select(_DAY, "artist", "event_at", "video_id", "author_id")
        del events
        _write(slide_windows(narrow, video_daily), out, "silver/artist_windows")
    with step("gold/artist_features"):
        features = describe_artists(artist_daily, video_daily)
        _write(features, out, "gold/artist_features")
    with step("gold/tier_cutoffs"):
        _write(cut_tiers(features), out, "gold/tier_cutoffs")


def _write(rows: pl.DataFrame, out: Path, table: str) -> None:
    path = out / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_parquet(path, compression="snappy", statistics=False)


# --- bronze: lines


def read_days(files: list[peer.PeerFile]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Usable lines without repeats, quarantined lines, and the account of each file."""
    kept, quarantined, account = [], [], []
    days: dict[dt.date, list[pl.DataFrame]] = {}
    for file in files:
        usable, refused, line_count = _read_file(file)
        days.setdefault(file.day, []).append(usable)
        quarantined.append(refused)
        account.append((file.day, file.path.name, file.size_bytes, line_count, refused.height))
    for parts in days.values():
        day = pl.concat(parts)
        kept.append(day.unique(["video_id", "observed_at"], keep="first", maintain_order=True))
    events = pl.concat(kept)
    return events, pl.concat(quarantined), _account(account, events)


def _read_file(file: peer.PeerFile) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    lines, numbers = peer.read_lines(file.path)
    # A line that is no object from its first byte to its last stops Polars' reader; the rest of
    # what can be wrong is seen in the values.
    fine = [line[-1:] == b"}" and line[:1] == b"{" for line in lines]
    blob = b"\n".join([line for line, ok in zip(lines, fine, strict=True) if ok])
    if wrong := _lines_not_utf8(blob):
        sound = [i for i, ok in enumerate(fine) if ok]
        for place in wrong:
            fine[sound[place]] = False
        blob = b"\n".join([line for line, ok in zip(lines, fine, strict=True) if ok])
    doubtful = [i for i, ok in enumerate(fine) if not ok]
    number = pl.Series("line_number", numbers, dtype=pl.Int32)
    parsed = _parse(blob, number.filter(pl.Series(fine)), file)
    usable = parsed.filter("is_sure").drop("is_sure")
    if usable.height < parsed.height:
        place = {n: i for i, n in enumerate(numbers)}
        unsure = parsed.filter(~pl.col("is_sure"))["line_number"]
        doubtful += [place[n] for n in unsure]
    judged = _judge(lines, numbers, sorted(doubtful), file)
    refused = judged.filter(pl.col("reason").is_not_null())
    more = judged.filter(pl.col("reason").is_null()).select(usable.columns)
    if more.height:
        usable = pl.concat([usable, more]).sort("line_number")
    columns = [_DAY, "landing_file", "line_number", "reason", "field", "line"]
    return usable, refused.select(columns), len(lines)


def _lines_not_utf8(blob: bytes) -> list[int]:
    """Places of the lines with bytes that are not UTF-8; decoding goes on behind each of them."""
    wrong: list[int] = []
    view, at, line = memoryview(blob), 0, 0
    while at < len(blob):
        try:
            codecs.decode(view[at:], "utf-8")
        except UnicodeDecodeError as error:
            line += blob.count(b"\n", at, at + error.start)
            wrong.append(line)
            at = blob.find(b"\n", at + error.start) + 1 or len(blob)
            line += 1
        else:
            break
    return wrong


def _parse(blob: bytes, number: pl.Series, file: peer.PeerFile) -> pl.DataFrame:
    """Cast the fields of lines; `is_sure` says that nothing about the line is odd."""
    if not blob:
        return _typed_frame([], file).with_columns(is_sure=pl.lit(True))
    raw = pl.scan_ndjson(blob, schema=_AS_TEXT).with_columns(number)
    whole = {
        name: pl.col(name).cast(pl.Int64, strict=False) for name in (*peer.COUNTS, *peer.TIMES)
    }
    lost = [pl.col(name).is_not_null() & cast.is_null() for name, cast in whole.items()]
    raw = raw.with_columns(is_cast=~pl.any_horizontal(lost)).with_columns(**whole)
    return (
        raw.with_columns(pl.col("observed_at").fill_null(file.epoch_ms))
        .with_columns(is_sure=(pl.col("is_cast") & _is_sure(file)).fill_null(False))
        .select(*_placed(file), *_instants(), "is_sure")
        .collect()
    )


def _is_sure(file: peer.PeerFile) -> pl.Expr:
    observed = pl.col("observed_at")
    latest = observed + peer.DAY_MS
    texts = [
        ~pl.col(name).str.contains(peer.BARE) & (pl.col(name).str.strip_chars(" ") != "")
        for name in ("video_id", "text", "source")
    ]
    return pl.all_horizontal(
        *texts,
        *[pl.col(name).fill_null(0) >= 0 for name in peer.COUNTS],
        (observed + peer.SEOUL_MS) // peer.DAY_MS == peer.day_number(file.day),
        pl.col("ts").is_between(peer.FIRST_INSTANT_MS, latest),
        pl.col("published_at").is_between(peer.FIRST_INSTANT_MS, latest).fill_null(True),
    )


def _judge(
    lines: list[bytes], numbers: list[int], places: list[int], file: peer.PeerFile
) -> pl.DataFrame:
    rows = [{**peer.judge(lines[i], file), "line_number": numbers[i]} for i in places]
    return _typed_frame(rows, file)


def _typed_frame(rows: list[dict], file: peer.PeerFile) -> pl.DataFrame:
    frame = pl.DataFrame(rows, {**_JUDGED, "line_number": pl.Int32}, strict=False)
    return frame.select(*_placed(file), *_instants(), "reason", "field", "line")


def _placed(file: peer.PeerFile) -> list[pl.Expr]:
    return [
        pl.lit(file.day).alias(_DAY),
        pl.lit(file.path.name).alias("landing_file"),
        pl.col("line_number"),
    ]


def _instants() -> list[pl.Expr]:
    """Texts, counts, and times as timestamps; HTML entities of the title decoded."""
    text = pl.col("text")
    decoded = text.str.replace_many(peer.ENTITIES)
    texts = [pl.col(name) for name in peer.TEXTS if name != "text"]
    names = {"ts": "event_at", "observed_at": "observed_at", "published_at": "published_at"}
    instants = [
        (pl.col(name) * 1000).cast(pl.Datetime("us", "UTC")).alias(new)
        for name, new in names.items()
    ]
    return [decoded.alias("text"), *texts, *map(pl.col, peer.COUNTS), *instants]


def _account(rows: list[tuple], events: pl.DataFrame) -> pl.DataFrame:
    names = (_DAY, "landing_file", "size_bytes", "line_count", "quarantine_count")
    known = pl.DataFrame(rows, names, orient="row")
    counted = events.group_by(_DAY, "landing_file").len("event_count")
    return (
        known.join(counted, [_DAY, "landing_file"], how="left")
        .with_columns(pl.col("event_count").fill_null(0).cast(pl.Int64))
        .with_columns(
            duplicate_count=pl.col("line_count")
            - pl.col("event_count")
            - pl.col("quarantine_count")
        )
        .select(*names[:4], "event_count", "duplicate_count", "quarantine_count")
    )


# --- bronze: artists


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


def select_new_videos(events: pl.DataFrame) -> pl.DataFrame:
    """The first event of each video on each day on which it is new."""
    columns = [
        "artist",
        "text",
        "author_id",
        "author_name",
        "source",
        "published_at",
        "observed_at",
    ]
    # Observation times repeat only for different videos, so they alone give the first.
    firsts = (
        events.select(_DAY, "video_id", *columns)
        .sort("video_id", "observed_at")
        .unique([_DAY, "video_id"], keep="first", maintain_order=True)
    )
    is_same = pl.col("video_id") == pl.col("video_id").shift(1)
    gap = (pl.col(_DAY) - pl.col(_DAY).shift(1)).dt.total_days()
    is_old = (is_same & (gap <= peer.VIDEOS_LOOK_BACK)).fill_null(False)
    return firsts.filter(~is_old).select(
        _DAY, "video_id", *columns[:-1], first_observed_at="observed_at"
    )


# --- silver


def measure_videos(events: pl.DataFrame) -> pl.DataFrame:
    """The last counters of each video on each day, and what they gained."""
    columns = [
        "artist",
        "author_id",
        "observed_at",
        "event_at",
        "published_at",
        *_GAINS,
    ]
    daily = (
        events.lazy()
        .select(_DAY, "video_id", *columns)
        .sort("video_id", "observed_at")
        .with_columns(is_last=pl.struct("video_id", _DAY) != pl.struct("video_id", _DAY).shift(-1))
        .collect()
    )
    counts = daily.group_by("video_id", _DAY).len("event_count")
    last = daily.filter(pl.col("is_last").fill_null(True)).drop("is_last")
    known = last.join(counts, ["video_id", _DAY], maintain_order="left")
    gains = {gained: _gained(name) for name, gained in _GAINS.items()}
    points = pl.sum_horizontal(pl.col(n) * weight for n, weight in peer.WEIGHTS.items())
    return (
        known.with_columns(event_count=pl.col("event_count").cast(pl.Int64), **gains)
        .with_columns(engagement=points)
        .select(_DAY, "video_id", *columns, "event_count", *_GAINS.values(), "engagement")
    )


def _gained(name: str) -> pl.Expr:
    """Against the last value that is not null, of the same video, at most 30 days old."""

    def previous(column: str) -> pl.Expr:
        return pl.when(pl.col(name).is_not_null()).then(pl.col(column)).shift(1).forward_fill()

    gap = (pl.col(_DAY) - previous(_DAY)).dt.total_days()
    is_known = (previous("video_id") == pl.col("video_id")) & (gap <= peer.COUNTERS_LOOK_BACK)
    age = pl.col("observed_at").dt.epoch("s") - pl.col("published_at").dt.epoch("s")
    first = pl.when(age <= peer.FIRST_SEEN_SECONDS).then(pl.col(name)).otherwise(0)
    gained = pl.when(is_known.fill_null(False)).then(pl.col(name) - previous(name))
    return gained.otherwise(first).fill_null(0)


def sum_artists(video_daily: pl.DataFrame) -> pl.DataFrame:
    """Sums per artist and day."""
    names = ["views_gained", "likes_gained", "comments_gained", "engagement"]
    return video_daily.group_by(_DAY, "artist").agg(
        pl.sum("event_count"),
        pl.len().cast(pl.Int64).alias("video_count"),
        *[pl.sum(name) for name in names],
    )


def slide_windows(events: pl.DataFrame, video_daily: pl.DataFrame) -> pl.DataFrame:
    """Windows of 12 slides: each event is new in those its video's previous event is not in."""
    by = [_DAY, "artist"]
    slide = (pl.col("event_at").dt.epoch("ms") // peer.SLIDE_MS).alias("slide")
    # Small numbers for names: everything after this is sums over integers.
    rows = events.lazy().select(*by, "video_id", "author_id", slide)
    rows = rows.sort(*by, "video_id", "slide").with_columns(
        new_videos=_new_windows([*by, "video_id"])
    )
    rows = rows.sort(*by, "author_id", "slide").with_columns(
        new_authors=pl.when(pl.col("author_id").is_not_null())
        .then(_new_windows([*by, "author_id"]))
        .otherwise(0)
    )
    mentions = rows.select(
        *by, "slide", "new_videos", "new_authors", n=pl.lit(1, pl.Int64), points=pl.lit(1, pl.Int64)
    )
    gains = video_daily.lazy().select(
        *by,
        slide,
        new_videos=pl.lit(0, pl.Int64),
        new_authors=pl.lit(0, pl.Int64),
        n=pl.lit(0, pl.Int64),
        points=pl.col("engagement") - pl.col("event_count"),
    )
    both = pl.concat([mentions, gains])
    windows = pl.concat([_window(both, by, offset) for offset in range(peer.WINDOW_SLIDES)])
    start = (pl.col("window") * peer.SLIDE_MS * 1000).cast(pl.Datetime("us", "UTC"))
    length = pl.duration(milliseconds=peer.SLIDE_MS * peer.WINDOW_SLIDES)
    return (
        windows.group_by(*by, "window")
        .agg(pl.sum("video_count", "unique_videos", "total_engagement", "unique_authors"))
        .with_columns(window_start_at=start)
        .select(
            *by,
            "window_start_at",
            (pl.col("window_start_at") + length).alias("window_end_at"),
            *["video_count", "unique_videos", "total_engagement", "unique_authors"],
        )
        .collect(engine="streaming")
    )


def _new_windows(key: list[str]) -> pl.Expr:
    """How many of the latest windows of a row hold no earlier row of the same key."""
    is_same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in key)
    gap = pl.col("slide") - pl.col("slide").shift(1)
    new = pl.when(is_same).then(pl.min_horizontal(gap, pl.lit(peer.WINDOW_SLIDES)))
    return new.otherwise(peer.WINDOW_SLIDES).fill_null(peer.WINDOW_SLIDES)


def _window(rows: pl.LazyFrame, by: list[str], offset: int) -> pl.LazyFrame:
    return rows.select(
        *by,
        window=pl.col("slide") - offset,
        video_count="n",
        unique_videos=(pl.col("new_videos") > offset).cast(pl.Int64),
        total_engagement="points",
        unique_authors=(pl.col("new_authors") > offset).cast(pl.Int64),
    )


# --- gold


def describe_artists(artist_daily: pl.DataFrame, video_daily: pl.DataFrame) -> pl.DataFrame:
    """Features of each artist with an event in the 30 days before, on each seen day."""
    acts = artist_daily.filter(pl.col("artist") != OTHER)
    seen = artist_daily.select(_DAY).unique()
    grid = seen.join(acts.select("artist").unique(), how="cross").join(
        acts.select(_DAY, "artist", "engagement"), [_DAY, "artist"], how="left"
    )
    grid = grid.with_columns(
        is_present=pl.col("engagement").is_not_null(), engagement=pl.col("engagement").fill_null(0)
    )
    pairs = grid.join(seen.rename({_DAY: "day"}), how="cross").with_columns(
        age=(pl.col("day") - pl.col(_DAY)).dt.total_days()
    )
    sums = pairs.filter(pl.col("age").is_between(0, 59)).group_by("day", "artist").agg(_sums())
    days = (
        seen.rename({_DAY: "day"})
        .join(seen, how="cross")
        .with_columns(age=(pl.col("day") - pl.col(_DAY)).dt.total_days())
    )
    history = days.group_by("day").agg(
        knows_7d=pl.col("age").is_between(13, 13 + peer.GAP_DAYS).any(),
        knows_30d=pl.col("age").is_between(59, 59 + peer.GAP_DAYS).any(),
    )
    rows = sums.filter("is_active").join(history, "day").rename({"day": _DAY})
    for count in (("video_id", "total_videos"), ("author_id", "unique_viewers_est")):
        rows = rows.join(_distinct(video_daily, seen, *count), [_DAY, "artist"], how="left")
    return _ranked(rows.with_columns(pl.col("total_videos", "unique_viewers_est").fill_null(0)))


def _sums() -> list[pl.Expr]:
    age, points = pl.col("age"), pl.col("engagement")

    def within(first: int, last: int) -> pl.Expr:
        return points.filter(age.is_between(first, last))

    return [
        within(0, 6).sum().alias("total_engagement"),
        within(0, 6).max().alias("max_engagement"),
        within(7, 13).sum().alias("previous_7d"),
        within(0, 29).sum().alias("recent_30d"),
        within(30, 59).sum().alias("previous_30d"),
        within(0, 29).std().alias("volatility"),
        (pl.col("is_present") & (age < peer.ACTIVE_DAYS)).any().alias("is_active"),
    ]


def _distinct(video_daily: pl.DataFrame, seen: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """Exact distinct values in the 7 days that end on each seen day.

    A value adds to the days from its day on until it is older than 7 days or seen again: plus one
    there, minus one here, and the running sum is the count.
    """
    present = (
        video_daily.lazy()
        .filter(pl.col(key).is_not_null() & (pl.col("artist") != OTHER))
        .select("artist", key, _DAY)
        .unique()
        .sort("artist", key, _DAY)
        .with_columns(
            following=pl.when(
                (pl.col("artist") == pl.col("artist").shift(-1))
                & (pl.col(key) == pl.col(key).shift(-1))
            ).then(pl.col(_DAY).shift(-1))
        )
    )
    until = pl.min_horizontal(pl.col(_DAY).dt.offset_by("7d"), pl.col("following"))
    steps = pl.concat(
        [
            present.select("artist", _DAY, step=pl.lit(1, pl.Int64)),
            present.select("artist", until.alias(_DAY), step=pl.lit(-1, pl.Int64)),
            present.select("artist")
            .unique()
            .join(seen.lazy(), how="cross")
            .with_columns(step=pl.lit(0, pl.Int64)),
        ]
    )
    by_day = steps.group_by("artist", _DAY).agg(pl.sum("step")).sort("artist", _DAY)
    counted = by_day.with_columns(pl.col("step").cum_sum().over("artist").alias(name))
    return counted.select(_DAY, "artist", name).collect()


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    total = pl.col("total_engagement")
    growth_7d = _growth(total, pl.col("previous_7d"), "knows_7d")
    growth_30d = _growth(pl.col("recent_30d"), pl.col("previous_30d"), "knows_30d")
    size = pl.len().over(_DAY)
    percentile = (total.rank("min").over(_DAY) - 1).cast(pl.Float64) / (size - 1)
    share = pl.when(total.sum().over(_DAY) != 0).then(total / total.sum().over(_DAY) * 100)
    rows = rows.with_columns(
        avg_engagement=total / 7,
        growth_rate_7d=growth_7d,
        growth_rate_30d=growth_30d,
        market_share=share,
        percentile=pl.when(size > 1).then(percentile).otherwise(0.0),
        rank=total.rank("min", descending=True).over(_DAY).cast(pl.Int32),
    )
    tier = pl.lit(4)
    for number, lowest in reversed(peer.TIERS[:3]):
        tier = pl.when(pl.col("percentile") >= lowest).then(number).otherwise(tier)
    growth = pl.col("growth_rate_7d")
    trend = pl.when(growth > 10).then(pl.lit("RISING")).when(growth < -10).then(pl.lit("FALLING"))
    rows = rows.with_columns(
        tier=tier.cast(pl.Int32),
        momentum=growth - pl.col("growth_rate_30d"),
        trend_direction=trend.otherwise(pl.lit("STEADY")),
    )
    peers = [_DAY, "tier"]
    spread = growth.std().over(peers)
    sigma = pl.when(spread > 0).then((growth - growth.mean().over(peers)) / spread)
    names = (
        "ingest_date artist total_engagement avg_engagement max_engagement total_videos "
        "unique_viewers_est growth_rate_7d growth_rate_30d momentum volatility market_share "
        "percentile rank tier trend_direction growth_sigma"
    )
    return rows.with_columns(growth_sigma=sigma).select(names.split())


def _growth(recent: pl.Expr, previous: pl.Expr, knows: str) -> pl.Expr:
    is_known = pl.col(knows) & (previous > 0)
    return pl.when(is_known).then((recent - previous) / previous * 100)


def cut_tiers(features: pl.DataFrame) -> pl.DataFrame:
    """One row per day and tier, tiers without an artist included."""
    schema = {"tier": pl.Int32, "percentile_from": pl.Float64}
    tiers = pl.DataFrame(peer.TIERS, schema, orient="row")
    total = pl.col("total_engagement")
    present = features.group_by(_DAY, "tier").agg(
        min_total_engagement=total.min(),
        max_total_engagement=total.max(),
        artist_count=pl.len().cast(pl.Int64),
        market_share=pl.col("market_share").sum(),
    )
    days = features.select(_DAY).unique()
    return (
        days.join(tiers, how="cross")
        .join(present, [_DAY, "tier"], how="left")
        .with_columns(pl.col("artist_count").fill_null(0))
    )


if __name__ == "__main__":
    main()
