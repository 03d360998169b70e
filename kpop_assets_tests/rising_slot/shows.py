"""Shows for the tests of the slot."""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.rising_slot.rising_context import RisingContext
from kpop_assets.rising_slot.rising_lessons import SHOW_SCHEMA

NOON = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
PHONE = RisingContext("evening", "phone", "slow, calm")
DESKTOP = RisingContext("morning", "desktop", "slow, calm")


def a_show(
    act: str = "IU",
    hours_ago: float = 48,
    delay_seconds: float | None = None,
    context: RisingContext = PHONE,
    propensity: float = 0.5,
    request_id: str = "r1",
    user_id: str | None = "u1",
) -> dict[str, object]:
    """One show before `NOON`; rewarded where a delay is given."""
    return {
        "request_id": request_id,
        "user_id": user_id,
        "answered_at": NOON - dt.timedelta(hours=hours_ago),
        "act": act,
        **context.told(),
        "offered_acts": ["IU", "AKMU"],
        "propensity": propensity,
        "reward": float(delay_seconds is not None),
        "delay_seconds": delay_seconds,
    }


def shows_of(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([*rows], SHOW_SCHEMA)
