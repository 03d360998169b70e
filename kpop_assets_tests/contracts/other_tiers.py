"""A process of its own in which tiers begin elsewhere, and are as many as it is told.

Belongs here: changing the rule before anything has read it, and what each part makes of it. Does
not belong here: a test; test_other_tiers.py starts this and reads what it prints.

`python -m kpop_assets_tests.contracts.other_tiers HOME 0.8 0.5`
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from kpop_assets.contracts import rules

ACTS = 30


def main() -> None:
    """Print what each part makes of the rule, as JSON."""
    home, *percentiles = sys.argv[1:]
    # Contracts and models derive theirs when they are imported: below, and not before.
    rules.TIER_PERCENTILES = tuple(map(float, percentiles))
    rules.TIERS = tuple(range(1, len(percentiles) + 2))
    said = {**fill_tables(Path(home)), **read_models(), **read_viewer()}
    sys.stdout.write(json.dumps(said))


def fill_tables(home: Path) -> dict[str, Any]:
    """Tiers and cut-offs of thirty artists, and the inputs of five, as an engine computes them."""
    from kpop_assets.engine.session import open_session
    from kpop_assets.gold.features import describe_artists
    from kpop_assets.gold.tiers import cut_tiers
    from kpop_assets.settings import Settings
    from kpop_assets_tests.gold.kit import DAY, frame
    from kpop_assets_tests.models.test_inputs import described, lineup

    spark = open_session(Settings(home=home))
    points = {(f"act{number:02d}", 0): 10 * number for number in range(ACTS)}
    features = describe_artists(frame(spark, points), DAY)
    cutoffs = cut_tiers(features).orderBy("tier").collect()
    (_, inputs), *_ = described(spark, lineup(10), 9).items()
    return {
        "tiers": [[row["percentile"], row["tier"]] for row in features.collect()],
        "cutoffs": [[r["tier"], r["percentile_from"], r["artist_count"]] for r in cutoffs],
        "inputs": list(inputs),
    }


def read_models() -> dict[str, Any]:
    """Columns of the contracts, and what candidates read and tell apart."""
    from kpop_assets.contracts.models import ARTIST_INPUTS, BACKTESTS, TRAININGS
    from kpop_assets.contracts.pareto import NEXT_VIRAL
    from kpop_assets.models.candidates import candidates
    from kpop_assets.models.dataset import TARGET
    from kpop_assets.models.shaping import STEPS_AT

    tables = {"inputs": ARTIST_INPUTS, "trainings": TRAININGS, "backtests": BACKTESTS}
    tables["next_viral"] = NEXT_VIRAL
    return {
        "columns": {name: table.column_names for name, table in tables.items()},
        "classes": list(TARGET.classes),
        "steps": list(STEPS_AT),
        "features": sorted({name for one in candidates() for name in one.features}),
    }


def read_viewer() -> dict[str, Any]:
    """Headings, colours and the sentence that says what a tier is."""
    from app.charts.common import TIER_COLOURS
    from app.messages.catalogue import load_messages

    messages = load_messages()
    return {
        "headings": [name for name in messages if name.startswith("column.p_tier_")],
        "colours": len(set(TIER_COLOURS)),
        "help": messages["column.tier"]["help_en"],
    }


if __name__ == "__main__":
    main()
