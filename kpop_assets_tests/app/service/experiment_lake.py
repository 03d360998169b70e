"""Small lakes of results of experiments, as their table has them.

Belongs here: such rows. Does not belong here: what the page makes of them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from app.snapshot import Snapshot
from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS
from kpop_assets_tests.app.kit import DAY, write_rows

PRIMARY, GUARDRAIL = "completed_plays", "abandoned_plays"
MEANS = {PRIMARY: 20.0, GUARDRAIL: 8.0}


def write_results(
    home: Path,
    name: str = "mixed",
    last: dt.date = DAY,
    guardrail: dict[str, Any] | None = None,
    **primary: Any,
) -> Snapshot:
    """Five days of an experiment of two variants up to `last`, not decided yet.

    Args:
        home: the data folder.
        name: of the experiment.
        last: its newest day.
        guardrail: of the treatment's row of the last day that guards.
        primary: of the treatment's row of the last day that decides.
    """
    told = {PRIMARY: primary, GUARDRAIL: guardrail or {}}
    rows = []
    for back in range(5):
        day = last - dt.timedelta(days=back)
        for metric, mean in MEANS.items():
            shared = _shared(name, day, last, metric)
            rows.append({**shared, "variant": "control", "unit_count": 500, "mean": mean})
            treated = {**shared, "variant": "mix", "unit_count": 510, **_undecided(mean, back)}
            rows.append({**treated, **(told[metric] if back == 0 else {})})
    return write_rows(home, EXPERIMENT_RESULTS, rows)


def _shared(name: str, day: dt.date, last: dt.date, metric: str) -> dict[str, Any]:
    return {
        **{"ingest_date": day, "experiment": name, "metric": metric},
        **{"question": "Is a <b>mix</b> heard longer?", "is_primary": metric == PRIMARY},
        **{"start_date": last - dt.timedelta(days=4), "end_date": last + dt.timedelta(days=10)},
        **{"better": "more" if metric == PRIMARY else "less", "decides": "end"},
        **{"planned_pct": 50.0, "least_effect_pct": 5.0},
    }


def _undecided(mean: float, back: int) -> dict[str, Any]:
    """An effect of 2 % whose intervals become narrower by the day."""
    half, wide = mean * (0.03 + back / 100), mean * (0.06 + back / 50)
    effect = 0.02 * mean
    return {
        **{"mean": mean + effect, "effect": effect, "effect_pct": 2.0},
        **_ends("effect", mean, effect, half),
        **_ends("any_day", mean, effect, wide),
        **{"p_value_holm": 0.3, "any_day_p_value_holm": 1.0, "power_pct": 40.0},
        **{"needed_unit_count": 3_000, "needed_days": 8.0, "verdict": "not yet"},
    }


def _ends(name: str, mean: float, effect: float, half: float) -> dict[str, float]:
    low, high = effect - half, effect + half
    shares = {f"{name}_low_pct": 100 * low / mean, f"{name}_high_pct": 100 * high / mean}
    return {f"{name}_low": low, f"{name}_high": high, **shares}
