"""How sure a share or a mean of weighted reviews is.

Belongs here: intervals at 95 %, and how many whole reviews weighted ones are worth. Does not belong
here: what the share is of (tomatometer.py, net_sentiment.py).

All take floats, arrays and Polars expressions alike.
"""

from __future__ import annotations

from typing import TypeVar

import polars as pl

Number = TypeVar("Number", float, pl.Expr)

# Of 95 % on both sides.
NORMAL_95 = 1.959963984540054


def wilson(share: Number, count: Number) -> tuple[Number, Number]:
    """Wilson's score interval of a share at 95 % (Wilson 1927, JASA 22, 209-212).

    Within 0 to 1 also of few reviews and of shares at an end, where the normal one is not.

    Args:
        share: of positive ones, 0-1.
        count: reviews, more than 0; need not be whole.
    """
    squared = NORMAL_95**2 / count
    middle = (share + squared / 2) / (1 + squared)
    half = (share * (1 - share) * squared + squared * squared / 4) ** 0.5 / (1 + squared)
    return middle - half, middle + half


def net_interval(net: Number, count: Number) -> tuple[Number, Number]:
    """An interval at 95 % of a mean of values in -1..1, by Wilson's of (1 + net) / 2.

    No spread of such values is larger than that of -1 and 1 alone, which Wilson's takes; with many
    neutral ones it is wider than it need be, never narrower.

    Args:
        net: the mean.
        count: values, more than 0; need not be whole.
    """
    low, high = wilson((1 + net) / 2, count)
    return 2 * low - 1, 2 * high - 1


def effective_count(weight: pl.Expr) -> pl.Expr:
    """How many reviews of equal weight say as much: (sum of w)² / sum of w² (Kish 1965).

    Null where no weight is above 0.
    """
    squares = (weight**2).sum()
    return pl.when(squares > 0).then(weight.sum() ** 2 / squares)


def weighted_mean(value: pl.Expr, weight: pl.Expr) -> pl.Expr:
    """The mean by weight; null where no weight is above 0."""
    total = weight.sum()
    return pl.when(total > 0).then((value * weight).sum() / total)


def standard_error(value: pl.Expr, weight: pl.Expr) -> pl.Expr:
    """Of the weighted mean, with the effective count less one; null of one review or none."""
    count = effective_count(weight)
    mean = weighted_mean(value, weight)
    variance = (weight * (value - mean) ** 2).sum() / weight.sum()
    return pl.when(count > 1 + 1e-9).then((variance / (count - 1)).sqrt())
