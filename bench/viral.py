"""Who becomes viral: the chosen candidate against growth and P(rise), on the same forecasts.

Belongs here: rolling origins over a home's days, each with the candidate that a training would have
chosen by then, and what the differences are worth. Does not belong here: a definition, a fit or a
score of its own. `bench/forecast.py` has the command.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from kpop_assets.contracts import rules
from kpop_assets.ml.backtest import Fitter, backtest
from kpop_assets.ml.folds import Fold, folds
from kpop_assets.ml.metrics import ece, log_loss
from kpop_assets.ml.ranked import p_rise
from kpop_assets.ml.target import OUTCOME_DAY, label
from kpop_assets.ml.training import fit_all
from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import IS_VIRAL, PROBABILITIES, TARGET, VIRAL_TARGET, label_viral
from kpop_assets.models.viral_candidates import viral_candidates

CHOSEN, RISES = "chosen", "P(rise)"
# Of the tier's candidates the best in decision 0007; which one reigned differs by home and week.
RISING = "lightgbm/all"
RESAMPLES = 1000
# As many as the viewer's first page has cards, and rows.
FIRST = (3, rules.TOP_RISERS)
UNSCALED = (RISES, "growth_rate_7d", "trend")
Array = NDArray[Any]
_P_VIRAL = VIRAL_TARGET.probabilities[VIRAL_TARGET.classes.index(IS_VIRAL)]
_KEY = ["ingest_date", "artist"]


def compare_rankings(inputs: pd.DataFrame, outcomes: pd.DataFrame, weeks: int) -> None:
    """Print what each way to rank artists was worth in the last weeks that can be scored.

    Args:
        inputs: `models/artist_inputs` of all days.
        outcomes: `models/viral_outcomes` of all days.
        weeks: origins, a week apart.
    """
    rows = _forecasts(inputs, outcomes, weeks)
    ways = [CHOSEN, *(one.name for one in viral_candidates()), *UNSCALED]
    is_quiet = ~(rows[["trend", "pace_change_week"]] > rules.TREND_EDGE).any(axis=1)
    for title, part in (("all artists", rows), ("artists that did not grow yet", rows[is_quiet])):
        weeks_there = part["cut_date"].nunique()
        hits = part.groupby("ingest_date")["came"].sum()
        print(
            f"\n{title}: {len(part):,} forecasts of {part['artist'].nunique()} artists, "
            f"{part['ingest_date'].min():%Y-%m-%d} to {part['ingest_date'].max():%Y-%m-%d}, "
            f"{weeks_there} origins; base rate {part['came'].mean():.4f}, "
            f"{hits.mean():.2f} a day; the first {rules.TOP_RISERS} of a day can hold "
            f"{hits.clip(upper=rules.TOP_RISERS).mean() / rules.TOP_RISERS:.3f} at most"
        )
        table = pd.DataFrame({way: figures_of_ranking(part, way) for way in ways}).T
        print(table.to_string(float_format="%.4f", na_rep=""))
        print(f"\n{CHOSEN} less another, with what 95 % of {RESAMPLES} resamples of weeks hold")
        for other in UNSCALED:
            print(f"  {other:15} {_difference(part, other)}")
    named = rows.groupby("candidate")["cut_date"].nunique().sort_values(ascending=False)
    print(f"\nchosen: {', '.join(f'{name} {count}' for name, count in named.items())} weeks")


def _forecasts(inputs: pd.DataFrame, outcomes: pd.DataFrame, weeks: int) -> pd.DataFrame:
    """Every forecast with a known outcome, with what each way to rank says of it."""
    fitter = Fitter(label_viral(inputs, outcomes), VIRAL_TARGET, rules.HISTORY_DAYS)
    rising = Fitter(label(inputs, TARGET), TARGET, rules.HISTORY_DAYS)
    last = inputs["ingest_date"].max().date()
    # Weeks before are forecast too: by them a candidate is chosen.
    origins = _origins(fitter, rising, last, weeks * rules.STEP_DAYS + rules.EVALUATION_DAYS)
    competing = viral_candidates()
    (rises,) = (one for one in candidates() if one.name == RISING)
    fit_all(fitter, competing, origins)
    fit_all(rising, [rises], origins)
    said = {one.name: backtest(one, fitter, origins) for one in competing}
    rows = said[competing[0].name][[*_KEY, "cut_date", OUTCOME_DAY]].copy()
    rows["came"] = said[competing[0].name][VIRAL_TARGET.outcome] == IS_VIRAL
    for name, tested in said.items():
        rows[name] = tested[_P_VIRAL].to_numpy()
    tiers = backtest(rises, rising, origins)
    tiers[RISES] = p_rise(tiers[PROBABILITIES].to_numpy(), tiers["tier"].to_numpy(dtype=np.int64))
    known = inputs[[*_KEY, "growth_rate_7d", "trend", "pace_change_week"]]
    rows = rows.merge(tiers[[*_KEY, RISES]], on=_KEY, validate="one_to_one")
    rows = rows.merge(known, on=_KEY, validate="one_to_one")
    names = [one.name for one in competing if one.is_portable]
    chosen = {cut: choose_by_brier(rows, names, cut) for cut in rows["cut_date"].unique()}
    rows["candidate"] = rows["cut_date"].map(chosen)
    rows = rows[rows["candidate"].notna()]
    cuts = sorted(rows["cut_date"].unique())[-weeks:]
    rows = rows[rows["cut_date"].isin(cuts)].reset_index(drop=True)
    rows[CHOSEN] = [row[row["candidate"]] for row in rows.to_dict("records")]
    return rows


def _origins(fitter: Fitter, rising: Fitter, last: dt.date, days: int) -> list[Fold]:
    """The origins on whose cut both targets could be learned."""
    return [
        fold
        for fold in folds(last, days, rules.HORIZON_DAYS, rules.STEP_DAYS)
        if fitter.refusal(fold.cut) is None and rising.refusal(fold.cut) is None
    ]


def choose_by_brier(rows: pd.DataFrame, names: list[str], cut: pd.Timestamp) -> str | None:
    """What a training on the cut day would have chosen: the least Brier score of what was known.

    Args:
        rows: ingest_date, target_date, came, and the chances of each candidate under its name.
        names: of the candidates.
        cut: the day; None is returned where no outcome was known by then.
    """
    oldest = cut - pd.Timedelta(days=rules.HORIZON_DAYS + rules.EVALUATION_DAYS - 1)
    known = rows[(rows[OUTCOME_DAY] <= cut) & (rows["ingest_date"] >= oldest)]
    if known.empty:
        return None
    losses = {name: float(((known[name] - known["came"]) ** 2).mean()) for name in names}
    return min(losses, key=lambda name: losses[name])


def figures_of_ranking(rows: pd.DataFrame, way: str) -> dict[str, float]:
    """Scores of one way to rank; those of probabilities only where it gives any.

    Args:
        rows: ingest_date, came (whether it became viral) and, under its name, what `way` says.
        way: name of the column to rank by, highest first.
    """
    hoped, came = _scored(rows, way), rows["came"].to_numpy()
    figures = {
        "average precision": float(average_precision_score(came, hoped)),
        "auc": float(roc_auc_score(came, hoped)),
        **{f"first {top}": float(came[is_among_first(rows, hoped, top)].mean()) for top in FIRST},
        "virals in them": float(is_among_first(rows, hoped, FIRST[-1])[came].mean()),
    }
    if way in UNSCALED:
        return figures
    chances = np.column_stack([hoped, 1 - hoped])
    return {
        **figures,
        "brier": float(((hoped - came) ** 2).mean()),
        "log loss": log_loss(np.where(came, 1, 2), chances),
        "ece": ece(hoped, came, rules.ECE_BINS),
    }


def _scored(rows: pd.DataFrame, way: str) -> Array:
    # Unknown growth is no reason to be among the first.
    found: Array = rows[way].fillna(rows[way].min() - 1).to_numpy(dtype=float)
    return found


def is_among_first(rows: pd.DataFrame, hoped: Array, top: int) -> Array:
    """Whether each row is among the first of its day."""
    by_day = pd.Series(hoped, rows.index).groupby(rows["ingest_date"])
    places: Array = by_day.rank(method="first", ascending=False).to_numpy()
    return places <= top


def _difference(rows: pd.DataFrame, other: str) -> str:
    """By how much the chosen is better, resampling whole origins: days of a week say the same."""
    came, ways = rows["came"].to_numpy(), [_scored(rows, way) for way in (CHOSEN, other)]
    firsts = [is_among_first(rows, hoped, FIRST[-1]) for hoped in ways]
    weeks = [np.flatnonzero(rows["cut_date"] == cut) for cut in rows["cut_date"].unique()]

    def gaps(picked: Array) -> Array:
        hits = came[picked]
        precision = [average_precision_score(hits, hoped[picked]) for hoped in ways]
        hit = [hits[first[picked]].mean() for first in firsts]
        found = [first[picked][hits].mean() for first in firsts]
        return np.array([ours - theirs for ours, theirs in (precision, hit, found)])

    rng, drawn = np.random.default_rng(1), []
    for _ in range(RESAMPLES):
        picked = np.concatenate([weeks[i] for i in rng.integers(0, len(weeks), len(weeks))])
        if came[picked].any():
            drawn.append(gaps(picked))
    low, high = np.quantile(np.array(drawn), [0.025, 0.975], axis=0)
    names = ("average precision", f"first {FIRST[-1]}", "virals in them")
    whole = gaps(np.arange(len(rows)))
    return ", ".join(
        f"{name} {gap:+.3f} ({least:+.3f} to {most:+.3f})"
        for name, gap, least, most in zip(names, whole, low, high, strict=True)
    )
