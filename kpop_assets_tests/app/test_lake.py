"""What every page asks of the lake: whose words stand in it."""

from __future__ import annotations

from pathlib import Path

from app.queries.lake import list_other_sources
from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommendations import RECOMMENDATIONS
from kpop_assets_tests.app.kit import DAY, write_rows


def test_lines_that_do_not_say_who_told_them_are_of_no_source(tmp_path: Path):
    write_rows(tmp_path, PLAYS, [{"ingest_date": DAY, "source": "api"}])
    write_rows(tmp_path, PLAYS, [{"ingest_date": DAY, "source": SIMULATED_SOURCE}])
    snapshot = write_rows(tmp_path, RECOMMENDATIONS, [{"ingest_date": DAY}])

    assert list_other_sources(snapshot) == ("api", SIMULATED_SOURCE)
