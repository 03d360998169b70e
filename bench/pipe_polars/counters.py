"""What counters gained, and which of their falls are not believed, in Polars.

Belongs here: a video's days in order. Does not belong here: which rows those are (silver.py).

What is believed after a day is its value, or an earlier one that it fell from; a gain is the
difference to what was believed before. Only positive values are put beside one another, and the
rest of the rows fetches what they found.
"""

from __future__ import annotations

import polars as pl

from bench import peer

_DAY = "ingest_date"


def measure_gains(rows: pl.DataFrame) -> pl.DataFrame:
    """Add gains, `is_glitch` and `gained_days` to rows in the order of video and day."""
    rows = rows.with_row_index("place").with_columns(_of_row_before())
    for name, gained in peer.GAINS.items():
        rows = rows.join(_positive(rows, name), "place", how="left", maintain_order="left")
        rows = rows.with_columns(_gain(name, gained))
    held = [f"{name}_held" for name in peer.GAINS]
    seen = pl.col("view_count").is_not_null() & ~pl.col("view_count_held")
    gained_days = (pl.col(_DAY) - pl.col("view_count_base_day")).dt.total_days().cast(pl.Int32)
    kept = [name for name in rows.columns if not name.startswith(_WORK)]
    return rows.with_columns(
        is_glitch=pl.any_horizontal(held), gained_days=pl.when(seen).then(gained_days)
    ).select(*kept, "is_glitch", "gained_days")


# Of columns that only this module needs.
_WORK = ("place", "age", "before_", *(f"{name}_" for name in peer.GAINS))


def _of_row_before() -> list[pl.Expr]:
    is_same = pl.col("video_id") == pl.col("video_id").shift(1)
    is_near = (pl.col(_DAY) - pl.col(_DAY).shift(1)).dt.total_days() <= peer.COUNTERS_LOOK_BACK
    age = pl.col("observed_at").dt.epoch("s") - pl.col("launched_at").dt.epoch("s")
    return [
        age.alias("age"),
        pl.col(_DAY).shift(1).alias("before_day"),
        *[
            pl.when(is_same & is_near).then(pl.col(name).shift(1)).alias(f"before_{name}")
            for name in peer.GAINS
        ],
    ]


def _positive(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Of the rows with a positive counter: what it is held against, its day, if it fell."""
    weight = peer.WEIGHTS[peer.GAINS[name]]
    values, days = [pl.col(name)], [pl.col(_DAY)]
    for i in (1, 2, 3):
        day = pl.col(_DAY).shift(i)
        is_near = (pl.col(_DAY) - day).dt.total_days() <= peer.COUNTERS_LOOK_BACK
        is_known = (pl.col("video_id").shift(i) == pl.col("video_id")) & is_near
        values.append(pl.when(is_known).then(pl.col(name).shift(i)))
        days.append(pl.when(is_known).then(day))

    def fell(before: pl.Expr, after: pl.Expr) -> pl.Expr:
        is_heavy = (before - after) * weight >= peer.GLITCH_POINTS
        return ((after <= before * (1 - peer.GLITCH_SHARE)) & is_heavy).fill_null(False)

    def level(found: list[pl.Expr], i: int) -> pl.Expr:
        """What is believed of the value i places before, or of its day."""
        now, one, two = values[i : i + 3]
        is_second = fell(two, one) & fell(two, now)
        return (
            pl.when(is_second)
            .then(found[i + 2])
            .when(fell(one, now))
            .then(found[i + 1])
            .otherwise(found[i])
        )

    return (
        rows.lazy()
        .select("place", "video_id", _DAY, name)
        .filter(pl.col(name) > 0)
        .select(
            "place",
            (
                fell(values[1], values[0]) | fell(values[2], values[1]) & fell(values[2], values[0])
            ).alias(f"{name}_fell"),
            level(values, 0).alias(f"{name}_level"),
            level(values, 1).alias(f"{name}_base"),
            level(days, 1).alias(f"{name}_base_day"),
            values[1].is_not_null().alias(f"{name}_known"),
        )
        .collect()
    )


def _gain(name: str, gained: str) -> list[pl.Expr]:
    counter = pl.col(name)
    few = (pl.col("before_view_count") <= peer.FEW_VIEWS).fill_null(True)
    announced = (pl.col("age") <= peer.ANNOUNCED_SECONDS).fill_null(False)
    seldom = few & (announced | (pl.col("before_view_count") > 0).fill_null(False))
    begins = announced if name == "view_count" else seldom
    after_zero = (pl.col(f"before_{name}") == 0).fill_null(False) & begins
    is_unknown = ~pl.col(f"{name}_known").fill_null(False)
    base = pl.when(is_unknown & after_zero).then(0).otherwise(pl.col(f"{name}_base"))
    base_day = (
        pl.when(is_unknown & after_zero)
        .then(pl.col("before_day"))
        .otherwise(pl.col(f"{name}_base_day"))
    )
    positive_day = pl.when(counter > 0).then(pl.col(_DAY)).forward_fill().over("video_id").shift(1)
    was_positive = (pl.col(_DAY) - positive_day).dt.total_days() <= peer.COUNTERS_LOOK_BACK
    same = pl.col("video_id") == pl.col("video_id").shift(1)
    held_zero = ((counter == 0) & was_positive & same).fill_null(False)
    held = held_zero | pl.col(f"{name}_fell").fill_null(False)
    first = pl.when(pl.col("age") <= peer.FIRST_SEEN_SECONDS).then(counter).otherwise(0)
    level = pl.coalesce(f"{name}_level", counter)
    rise = pl.when(base.is_not_null()).then(level - base).otherwise(first)
    return [
        rise.fill_null(0).alias(gained),
        held.alias(f"{name}_held"),
        base_day.alias(f"{name}_base_day"),
    ]
