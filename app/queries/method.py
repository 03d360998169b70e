"""The method texts with the numbers that the product works by, and the meaning of every column.

Belongs here: filling `messages/method.*.md` and listing the contracts. Does not belong here: the
texts, or anything about the data at hand.

A number stands in the texts as `[[name]]`. What the viewer may import comes from the code that
uses it; the rest lives in modules that need PySpark, so it is repeated here, and
kpop_assets_tests/app/test_method.py holds both equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import polars as pl

from app.queries.ranking import SPARK_DAYS
from app.queries.trends import EDGE
from kpop_assets.bronze.bloom import CAPACITY, ERROR_RATE
from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.rules import CHAMPION_DAYS
from kpop_assets.insights.benchmark import FEWEST, MOST
from kpop_assets.insights.release_timing import ENOUGH_VIDEOS
from kpop_assets.insights.releases import (
    BIG_VIDEO_QUANTILE,
    FIRST_DAYS,
    NEW_VIDEO_AGE,
    RELEASE_GAP_DAYS,
)
from kpop_assets.insights.rookies import DEFAULT

FOLDER = Path(__file__).parents[1] / "messages"
# Held equal to the code of silver, gold, models and pareto by a test.
REPEATED: Mapping[str, float] = {
    "mention_weight": 1,
    "view_weight": 1,
    "like_weight": 10,
    "comment_weight": 50,
    "look_back_days": 30,
    "first_seen_days": 2,
    "window_minutes": 60,
    "slide_minutes": 5,
    "windows_per_event": 12,
    "hll_lg": 12,
    "feature_days": 7,
    "month_days": 30,
    "active_days": 30,
    "gap_days": 7,
    "tier_1": 0.90,
    "tier_2": 0.75,
    "tier_3": 0.40,
    "rising_pct": 10,
    "new_video_days": 7,
    "max_line_mib": 1,
    "max_count": 10**12,
    "ahead_hours": 24,
    "horizon_days": 7,
    "history_days": 400,
    "min_days": 7,
    "step_days": 7,
    "evaluation_days": 60,
    "earlier_pct": 75,
    "later_days": 7,
    "ece_bins": 10,
    "top": 10,
    "candidate_count": 12,
    "factor_count": 3,
    "bins": 10,
    "driving_days": 7,
}
IMPORTED: Mapping[str, float] = {
    "bloom_capacity": CAPACITY,
    "bloom_error_pct": ERROR_RATE * 100,
    "new_age_days": NEW_VIDEO_AGE.days,
    "first_days": FIRST_DAYS,
    "big_quantile": BIG_VIDEO_QUANTILE,
    "release_gap_days": RELEASE_GAP_DAYS,
    "enough_videos": ENOUGH_VIDEOS,
    "fewest": FEWEST,
    "most": MOST,
    "rookie_tier": DEFAULT.tier_from,
    "rookie_growth": DEFAULT.growth_over,
    "rookie_momentum": DEFAULT.momentum_over,
    "spark_days": SPARK_DAYS,
    "champion_days": CHAMPION_DAYS,
    "momentum_edge": EDGE,
}
_HEADING = re.compile(r"^## (\w+) \| (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"\[\[(\w+)\]\]")


@lru_cache(maxsize=2)
def load_sections(language: str) -> dict[str, tuple[str, str]]:
    """Title and text (Markdown, numbers filled in) of each section by its id, in order."""
    text = (FOLDER / f"method.{language}.md").read_text(encoding="utf-8")
    numbers = {name: write_number(value) for name, value in all_numbers().items()}
    _, *parts = _HEADING.split(text)
    filled = [_NUMBER.sub(lambda found: numbers[found[1]], part.strip()) for part in parts]
    return {filled[i]: (filled[i + 1], filled[i + 2]) for i in range(0, len(filled), 3)}


def all_numbers() -> dict[str, float]:
    """Every number that a text may name; what follows from others is computed."""
    registers = 2 ** int(REPEATED["hll_lg"])
    follows = {
        "tier_1_pct": (1 - REPEATED["tier_1"]) * 100,
        "tier_2_pct": (REPEATED["tier_1"] - REPEATED["tier_2"]) * 100,
        "tier_3_pct": (REPEATED["tier_2"] - REPEATED["tier_3"]) * 100,
        "hll_registers": registers,
        # Flajolet et al. (2007): 1.04 / sqrt(m).
        "hll_error_pct": 104 / registers**0.5,
        "rookie_days": 2 * REPEATED["month_days"],
        "big_pct": (1 - BIG_VIDEO_QUANTILE) * 100,
        "artist_count": len(load_catalog()),
    }
    return {**REPEATED, **IMPORTED, **follows}


def write_number(value: float) -> str:
    """A number as it is read: thousands apart, no zeros behind the point."""
    return f"{value:,.0f}" if round(value, 6) == round(value) else f"{round(value, 3):.3g}"


@lru_cache(maxsize=1)
def list_columns() -> pl.DataFrame:
    """Every column of every table, as the contracts say.

    Returns:
        table_name, column_name, column_type, unit, meaning, is_nullable, is_key; tables in the
        order they are filled.
    """
    rows = [
        {
            "table_name": table.path,
            "column_name": column.name,
            "column_type": column.type,
            "unit": column.unit,
            "meaning": column.description,
            "is_nullable": column.nullable,
            "is_key": column.name in table.primary_key,
        }
        for table in TABLES
        for column in table.columns
    ]
    return pl.DataFrame(rows)


@lru_cache(maxsize=1)
def list_tables() -> pl.DataFrame:
    """table_name, row_meaning (what a row is) of every table, in the order they are filled."""
    return pl.DataFrame(
        {
            "table_name": [table.path for table in TABLES],
            "row_meaning": [table.description for table in TABLES],
        }
    )
