"""How far a value lies from others of its kind: medians and robust standard deviations.

Belongs here: that one measure. Does not belong here: which values are compared.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.contracts import rules


def robust_sigmas(value: pl.Expr, *within: str) -> pl.Expr:
    """(x - median) / (1.4826 * MAD), among all rows or those with the same values of `within`.

    0 where fewer than three values are known or their MAD is 0; null where the value is.
    """

    def among(expr: pl.Expr) -> pl.Expr:
        return expr.over(within) if within else expr

    away = value - among(value.median())
    scale = rules.MAD_SCALE * among(away.abs().median())
    has_scale = (among(value.count()) >= rules.SCALE_LEAST_COUNT) & (scale > 0)
    return pl.when(value.is_null()).then(None).when(has_scale).then(away / scale).otherwise(0.0)
