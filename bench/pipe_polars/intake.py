"""Lines to typed rows in Polars: a fast reader, and `verdict.judge` for what it refuses or doubts.

Belongs here: reading files, quarantine, repeats, the account of each file. Does not belong here:
anything done to a row that is usable.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from bench import peer
from bench.lines import Lines
from bench.verdict import judge

_AS_TEXT = pl.Schema({name: pl.String() for name in peer.FIELDS})
_TYPES = {
    **dict.fromkeys(peer.TEXTS, pl.String),
    **dict.fromkeys((*peer.COUNTS, *peer.TIMES), pl.Int64),
}
_JUDGED = {
    **_TYPES,
    **dict.fromkeys(("reason", "field", "line"), pl.String),
    **dict.fromkeys(peer.ODD_COUNTS, pl.Int64),
}
_DAY = "ingest_date"
_KEY = ["video_id", "observed_at"]


def read_days(files: list[peer.PeerFile]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Usable lines without repeats, quarantined lines, and the account of each file."""
    kept, quarantined, account, differing = [], [], [], []
    days: dict[dt.date, list[pl.DataFrame]] = {}
    for file in files:
        usable, refused, line_count, odd = _read_file(file)
        days.setdefault(file.day, []).append(usable)
        quarantined.append(refused)
        name, size = file.path.name, file.size_bytes
        account.append((file.day, name, size, line_count, refused.height, *odd))
    for parts in days.values():
        once, others = _without_repeats(pl.concat(parts))
        kept.append(once)
        differing.append(others)
    events = pl.concat(kept)
    return events, pl.concat(quarantined), _account(account, events, pl.concat(differing))


def _without_repeats(day: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of each key the row with the most views, the first of those; and files of those with less."""
    is_repeat = day.select(_KEY).is_duplicated()
    again = day.filter(is_repeat).with_columns(most=pl.col("view_count").max().over(_KEY))
    by_views = again.sort("view_count", descending=True, nulls_last=True, maintain_order=True)
    once = by_views.unique(_KEY, keep="first", maintain_order=True).drop("most")
    others = again.filter(pl.col("view_count").ne_missing(pl.col("most")))
    return pl.concat([day.filter(~is_repeat), once]), others.select(_DAY, "landing_file")


def _read_file(file: peer.PeerFile) -> tuple[pl.DataFrame, pl.DataFrame, int, list[int]]:
    lines = Lines(file.path)
    # A line that is no object from its first byte to its last stops Polars' reader, and so do bytes
    # that are not UTF-8; the rest of what can be wrong is seen in the values.
    fine = _only_utf8(lines)
    parsed = _parse(lines, fine, file)
    usable = parsed.filter("is_sure").drop("is_sure")
    unsure = np.flatnonzero(fine)[(~parsed["is_sure"]).to_numpy()]
    judged = _judge(lines, np.union1d(np.flatnonzero(~fine), unsure), file)
    refused = judged.filter(pl.col("reason").is_not_null())
    fit = judged.filter(pl.col("reason").is_null())
    more = fit.select(usable.columns)
    if more.height:
        usable = pl.concat([usable, more]).sort("line_number")
    columns = [_DAY, "landing_file", "line_number", "reason", "field", "line"]
    odd = [int(fit[name].sum()) for name in peer.ODD_COUNTS]
    return usable, refused.select(columns), len(lines), odd


def _only_utf8(lines: Lines) -> np.ndarray:
    """Which objects are UTF-8: 64 lines are looked at together, and one by one where one is not."""
    suspects = _not_utf8(lines, lines.is_object, 64)
    return lines.is_object & ~_not_utf8(lines, suspects, 1)


def _not_utf8(lines: Lines, which: np.ndarray, most: int) -> np.ndarray:
    """The lines of the pieces of at most so many that are not UTF-8."""
    wrong = np.zeros(len(lines), bool)
    for first, last in lines.pieces(which, most):
        try:
            lines.span(first, last).decode()
        except UnicodeDecodeError:
            wrong[first : last + 1] = True
    return wrong


def _parse(lines: Lines, fine: np.ndarray, file: peer.PeerFile) -> pl.DataFrame:
    """Cast the fields of lines; `is_sure` says that nothing about the line is odd."""
    if not fine.any():
        return _typed_frame([], file).with_columns(is_sure=pl.lit(True))
    blob = b"\n".join([lines.span(*piece) for piece in lines.pieces(fine, len(lines))])
    number = pl.Series("line_number", lines.numbers[fine])
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
    latest = observed + peer.AHEAD_MS
    texts = [
        ~pl.col(name).str.contains(peer.BARE) & (pl.col(name).str.strip_chars(" ") != "")
        for name in ("video_id", "text", "source")
    ]
    return pl.all_horizontal(
        *texts,
        *[pl.col(name).fill_null(0).is_between(0, peer.MAX_COUNT) for name in peer.COUNTS],
        (observed + peer.SEOUL_MS) // peer.DAY_MS == peer.day_number(file.day),
        *[
            pl.col(name).is_between(peer.FIRST_INSTANT_MS, latest).fill_null(name != "ts")
            for name in peer.TIMES
            if name != "observed_at"
        ],
    )


def _judge(lines: Lines, places: np.ndarray, file: peer.PeerFile) -> pl.DataFrame:
    rows = [{**judge(lines[i], file), "line_number": int(lines.numbers[i])} for i in places]
    return _typed_frame(rows, file)


def _typed_frame(rows: list[dict], file: peer.PeerFile) -> pl.DataFrame:
    frame = pl.DataFrame(rows, {**_JUDGED, "line_number": pl.Int32}, strict=False)
    return frame.select(*_placed(file), *_instants(), *list(_JUDGED)[len(_TYPES) :])


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
    instants = [
        (pl.col(name) * 1000).cast(pl.Datetime("us", "UTC")).alias(new)
        for name, new in peer.INSTANTS.items()
    ]
    return [decoded.alias("text"), *texts, *map(pl.col, peer.COUNTS), *instants]


def _account(rows: list[tuple], events: pl.DataFrame, differing: pl.DataFrame) -> pl.DataFrame:
    file = [_DAY, "landing_file"]
    names = (*file, "size_bytes", "line_count", "quarantine_count", *peer.ODD_COUNTS)
    known = pl.DataFrame(rows, names, orient="row")
    counted = events.group_by(file).len("event_count")
    return (
        known.join(counted, file, how="left")
        .join(differing.group_by(file).len("differing_count"), file, how="left")
        .with_columns(pl.col("event_count", "differing_count").fill_null(0).cast(pl.Int64))
        .with_columns(
            duplicate_count=pl.col("line_count")
            - pl.col("event_count")
            - pl.col("quarantine_count")
        )
        .select(*names, "event_count", "duplicate_count", "differing_count")
    )
