"""A counter's earlier observations, and which of them is believed: what a day's gain is taken from.

Belongs here: the previous observations of a counter, falls that are not believed, zeros. Does not
belong here: what a gain is made into (video_daily.py).

Counters do not fall but for small corrections; some are written as 0, or far lower, for a day or
two and then go on as before. With c the day's counter and p1, p2, p3 the positive ones before it
within `rules.COUNTERS_LOOK_BACK_DAYS`, newest first, a fall a -> b is one by half or more and of
some weight (`fell`). What is believed after the day is its level

    L(c; p1, p2) = p2   where p2 -> p1 and p2 -> c fell: the second low one
                   p1   else, where p1 -> c fell: the first low one
                   c    else

and c gains L(c; p1, p2) - L(p1; p2, p3). So a dip of a day or two leaves nothing: its days are
held, their rows marked, and what comes back is taken against what stood before. A fall that lasts
is counted once, on its third day, when two later observations agree with the first. Of levels

    0 is held        as long as it lasts, where a positive one stands before it
    c gains c        where no positive one does, but the row before had a 0 that is believed: a
                     premiere that was seen while it waited, a video that hardly began

A dip whose height lies further back than is looked cannot be told from a rise, and counts as one.
As gains are differences of levels, whatever a fall takes away a rise gives back. A day's row rests
on its own day and those before it, on no more days than without the rule, and is the same in
whatever order days are filled; nothing that was written has to be written anew because a later day
settles it.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.window import WindowSpec

from kpop_assets.contracts import rules

COUNTERS = {
    "view_count": rules.VIEW_WEIGHT,
    "like_count": rules.LIKE_WEIGHT,
    "comment_count": rules.COMMENT_WEIGHT,
}
_BUCKETS = 32
_BACK = (1, 2, 3)
# More days than any date is from 1970.
_DAYS = 1_000_000


def with_previous(known: DataFrame) -> DataFrame:
    """The rows with what `base_of`, `base_day`, `level_of` and `is_held` ask for.

    Args:
        known: one row per video and day with `video_id`, `day` (a number), `launched_at`,
            `observed_at` and the counters.
    """
    # Videos are told apart by a number: ordering by ids and handing them on took Sail twice as
    # long. Two of 10 million ids share one in one of 400,000 runs.
    rows = known.withColumn("video_key", F.xxhash64("video_id"))
    # A row's place and day in one number, which grows in the windows' order.
    place = F.row_number().over(_by_day()).cast("bigint") * _DAYS + F.col("day")
    rows = rows.withColumns({"place": place, **_row_before()}).withColumns(_of_zeros())
    for name in COUNTERS:
        rows = rows.withColumns(_positive_before(name))
    return rows


def level_of(name: str) -> Column:
    """The value that is believed after the day: its counter, or an earlier one where it is held."""
    one, two = (F.col(f"{name}_{i}") for i in (1, 2))
    return (
        F.when(_is_second_low(name), two)
        .when(_fell(one, F.col(name), COUNTERS[name]), one)
        .otherwise(F.col(name))
    )


def base_of(name: str) -> Column:
    """The value that was believed before the day; null where none is known."""
    return _chosen(name, "", F.lit(0).cast("bigint"))


def base_day(name: str) -> Column:
    """The day of that value, as a number; of views alone."""
    return _chosen(name, "_day", F.col("day_before"))


def _chosen(name: str, ending: str, zero: Column) -> Column:
    one, two, three = (F.col(f"{name}_{i}") for i in _BACK)
    weight = COUNTERS[name]
    is_third = _fell(three, two, weight) & _fell(three, one, weight)
    return (
        F.when(one.isNull() & F.col(f"{name}_after_zero"), zero)
        .when(is_third, F.col(f"{name}_3{ending}"))
        .when(_fell(two, one, weight), F.col(f"{name}_2{ending}"))
        .otherwise(F.col(f"{name}_1{ending}"))
    )


def is_held(name: str) -> Column:
    """Whether the day's counter is not believed; never null."""
    counter = F.col(name)
    is_zero = F.coalesce((counter == 0) & F.col(f"{name}_was_positive"), F.lit(False))
    is_low = _fell(F.col(f"{name}_1"), counter, COUNTERS[name])
    return is_zero | is_low | _is_second_low(name)


def _is_second_low(name: str) -> Column:
    one, two = (F.col(f"{name}_{i}") for i in (1, 2))
    return _fell(two, one, COUNTERS[name]) & _fell(two, F.col(name), COUNTERS[name])


def _age() -> Column:
    """Seconds since it could first be watched; negative of what is announced."""
    return F.unix_timestamp("observed_at") - F.unix_timestamp("launched_at")


def _fell(before: Column, after: Column, weight: int) -> Column:
    """Whether a counter fell so far that it is not believed."""
    deep = after <= before * F.lit(1 - rules.GLITCH_SHARE)
    heavy = (before - after) * F.lit(weight).cast("bigint") >= rules.GLITCH_LEAST_POINTS
    return F.coalesce(deep & heavy, F.lit(False))


def _positive_before(name: str) -> dict[str, Column]:
    """The last three positive values of a counter before the row's day; of views also the days."""
    # Rows whose counter is unknown or 0 are kept out of the window.
    positive = Window.partitionBy(_bucket(), F.col(name) > 0).orderBy("video_key", "day")
    found: dict[str, Column] = {}
    for i in _BACK:
        day = F.lag("day", i).over(positive)
        is_same = F.lag("video_key", i).over(positive) == F.col("video_key")
        is_known = is_same & _is_near(day) & (F.col(name) > 0)
        found[f"{name}_{i}"] = F.when(is_known, F.lag(name, i).over(positive))
        if name == "view_count":
            found[f"{name}_{i}_day"] = F.when(is_known, day)
    return found


def _row_before() -> dict[str, Column]:
    """The row before, of whatever counters."""
    by_day = _by_day()
    return {
        "is_same": F.lag("video_key").over(by_day) == F.col("video_key"),
        "day_before": F.lag("day").over(by_day),
        **{f"{name}_before": F.lag(name).over(by_day) for name in COUNTERS},
    }


def _of_zeros() -> dict[str, Column]:
    """Whether a counter was positive before, and whether the row before had a 0 to begin with."""
    before = _by_day().rowsBetween(Window.unboundedPreceding, -1)
    until = _by_day().rowsBetween(Window.unboundedPreceding, 0)
    is_same = F.coalesce("is_same", F.lit(False))
    # The video's first row is the last that had another before it.
    first = F.max(F.when(~is_same, F.col("place"))).over(until)
    views = F.col("view_count_before")
    is_announced = F.coalesce(_age() <= rules.ANNOUNCED_DAYS * 86_400, F.lit(False))
    is_few = F.coalesce(views <= rules.FEW_VIEWS, F.lit(True))
    # Views that are 0 as well say nothing of how many watched.
    is_seldom = is_few & (is_announced | F.coalesce(views > 0, F.lit(False)))
    found = {}
    for name in COUNTERS:
        # The last positive value itself, nulls ignored, took Sail 40 times as long.
        last = F.max(F.when(F.col(name) > 0, F.col("place"))).over(before)
        found[f"{name}_was_positive"] = (last >= first) & _is_near(F.pmod(last, F.lit(_DAYS)))
        is_zero = is_same & _is_near(F.col("day_before")) & (F.col(f"{name}_before") == 0)
        is_beginning = is_announced if name == "view_count" else is_seldom
        found[f"{name}_after_zero"] = F.coalesce(is_zero & is_beginning, F.lit(False))
    return found


def _is_near(day: Column) -> Column:
    """Whether an earlier day is as near as is looked back."""
    return F.col("day") - day <= rules.COUNTERS_LOOK_BACK_DAYS


def _by_day() -> WindowSpec:
    return Window.partitionBy(_bucket()).orderBy("video_key", "day")


def _bucket() -> Column:
    # Many videos in one partition, told apart by their neighbours in its order: a partition has
    # a fixed cost, and videos are many.
    return F.pmod(F.hash("video_id"), F.lit(_BUCKETS))
