"""Small lakes of answers that were given, as their tables have them.

Belongs here: such rows. Does not belong here: what pages make of them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from app.snapshot import Snapshot
from kpop_assets.contracts.recommend_service import ANSWER_DAYS, INPUT_DRIFT, OUTCOME_DAYS
from kpop_assets.contracts.rising_slot import POLICY_ESTIMATES
from kpop_assets_tests.app.kit import DAY, write_rows

VARIANTS = (("*", "*", 1_000), ("order", "trees", 500), ("order", "mix", 500))


def write_answer_days(home: Path, last: dt.date = DAY, days: int = 28, **of_last: Any) -> Snapshot:
    """Days of answers up to `last`, alike but for a ripple; the last one has `of_last` beside."""
    rows = []
    for back in range(days):
        for experiment, variant, count in VARIANTS:
            ripple = (back * 7 + len(variant)) % 5
            rows.append(
                {
                    **{"ingest_date": last - dt.timedelta(days=back), "experiment": experiment},
                    **{"variant": variant, "answer_count": count + 10 * ripple},
                    **{"answered_listener_count": count // 3, "fallback_count": ripple},
                    **{"cached_count": count // 4, "response_ms_p50": 3.0 + ripple / 10},
                    **{"response_ms_p95": 9.0 + ripple, "response_ms_p99": 20.0 + ripple},
                    **{"shown_count": 10 * count, "rising_shown_count": count // 2},
                    **{"clicked_count": count // 2 + 3 * ripple, "skipped_count": count // 5},
                    **{"liked_count": count // 20, "disliked_count": count // 50},
                    **(of_last if back == 0 else {}),
                }
            )
    return write_rows(home, ANSWER_DAYS, rows)


def write_outcome_days(home: Path, last: dt.date = DAY, days: int = 28) -> Snapshot:
    """Days of what came of answers up to `last`: 6 % of works are played, half of them whole."""
    rows = []
    for back in range(days):
        for experiment, variant, count in VARIANTS:
            ripple = (back * 5 + len(variant)) % 4
            rows.append(
                {
                    **{"ingest_date": last - dt.timedelta(days=back), "experiment": experiment},
                    **{"variant": variant, "shown_work_count": 10 * count},
                    **{"clicked_work_count": count // 2, "taken_work_count": 6 * count // 10},
                    "finished_work_count": 3 * count // 10 + ripple * count // 100,
                }
            )
    return write_rows(home, OUTCOME_DAYS, rows)


def write_drift(home: Path, last: dt.date = DAY, **moved: Any) -> Snapshot:
    """Two inputs of each of 28 days; on the last day the first one has `moved` beside."""
    rows = [
        {
            **{"ingest_date": last - dt.timedelta(days=back), "input_name": name},
            **{"day_count": 900, "past_count": 9_000, "past_day_count": 28},
            **{"stability_index": 0.02 + back / 1_000, "stability_limit": 0.2},
            **{"moved_value": "21-24", "moved_from_pct": 20.0, "moved_to_pct": 22.0},
            **(moved if back == 0 and name == "play_hour" else {}),
        }
        for back in range(28)
        for name in ("play_hour", "answer_device")
    ]
    return write_rows(home, INPUT_DRIFT, rows)


def write_policies(home: Path, last: dt.date = DAY) -> Snapshot:
    """Three policies on each of 28 days: one better, one of which too little is known."""
    rows = [
        {
            **{"ingest_date": last - dt.timedelta(days=back), "policy": policy},
            **{"show_count": 900, "estimated_count": 900, "effective_count": listeners},
            **{"shown_reward": 0.04, "dr_reward": 0.04 + gain, "gain_reward": gain},
            **{"gain_low": gain - 0.004, "gain_high": gain + 0.004 + back / 5_000},
            "estimate_verdict": verdict,
        }
        for back in range(28)
        for policy, gain, listeners, verdict in (
            ("by_lot", -0.002 + back % 5 / 10_000, 400, "not yet"),
            ("linucb", 0.001, 12, "too few"),
            ("thompson", 0.006 - back % 7 / 10_000, 350, "better"),
        )
    ]
    return write_rows(home, POLICY_ESTIMATES, rows)
