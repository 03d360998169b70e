r"""Where an act's pace is going: growth against its own month, and what became of that in a week.

Belongs here: the classes of a trend. Does not belong here: the trend itself (models/inputs.py), its
edges (contracts/rules.py), or their words (a page's, the command line's).

    growth \\ change    falls       holds       gains
    above the month    cooling     growing     surging
    like it            cooling     steady      growing
    below it           shrinking   shrinking   shrinking

Growth alone decides what shrinks: an act below its own month is not surging, however fast it turns.
Momentum, the difference of two percentages, says nothing of the sign of growth, and the one over a
month may be millions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from kpop_assets.contracts.rules import TREND_CHANGE_EDGE, TREND_EDGE

if TYPE_CHECKING:
    import polars as pl

Trend = Literal["surging", "growing", "steady", "cooling", "shrinking"]
# From what gains most to what loses most.
TRENDS: tuple[Trend, ...] = get_args(Trend)


def trend_of(trend: float | None, change: float | None) -> Trend | None:
    """The class of one act; None where its trend is not known.

    Args:
        trend: log of the pace of a week over that of the month.
        change: what it gained in a week; None, of a short history, counts as none.
    """
    if trend is None:
        return None
    turn = change or 0.0
    if trend < -TREND_EDGE:
        return "shrinking"
    if turn < -TREND_CHANGE_EDGE:
        return "cooling"
    is_above, is_gaining = trend > TREND_EDGE, turn > TREND_CHANGE_EDGE
    if is_above and is_gaining:
        return "surging"
    return "growing" if is_above or is_gaining else "steady"


def classify_trend(trend: pl.Expr, change: pl.Expr) -> pl.Expr:
    """`trend_of` of each row of a frame, null where its trend is null."""
    # Here, so that commands that print one class load no Polars.
    import polars as pl

    turn = change.fill_null(0.0)
    is_above, is_gaining = trend > TREND_EDGE, turn > TREND_CHANGE_EDGE
    return (
        pl.when(trend.is_null())
        .then(None)
        .when(trend < -TREND_EDGE)
        .then(pl.lit("shrinking"))
        .when(turn < -TREND_CHANGE_EDGE)
        .then(pl.lit("cooling"))
        .when(is_above & is_gaining)
        .then(pl.lit("surging"))
        .when(is_above | is_gaining)
        .then(pl.lit("growing"))
        .otherwise(pl.lit("steady"))
    )
