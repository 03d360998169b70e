"""Who competes to forecast who becomes viral, and that the tier's candidates are as they were."""

from __future__ import annotations

from kpop_assets.contracts.models import ARTIST_INPUTS, TREND_COLUMNS
from kpop_assets.models.candidates import FEATURE_SUBSETS, candidates
from kpop_assets.models.dataset import VIRAL_CLASSES
from kpop_assets.models.viral_candidates import viral_candidates

TRENDS = {column.name for column in TREND_COLUMNS}


def test_each_has_a_name_of_its_own_and_reads_inputs_alone():
    competing = viral_candidates()
    assert len({one.name for one in competing}) == len(competing)
    for one in competing:
        assert set(one.features) <= set(ARTIST_INPUTS.column_names), one.name
        assert "fresh_days_7d" not in one.features, "it says whether a week can be judged"
        assert one.build().classes == VIRAL_CLASSES, one.name


def test_there_is_a_rate_and_growth_alone_to_beat_and_all_can_forecast_anywhere():
    competing = viral_candidates()
    assert [one.name for one in competing if one.is_baseline] == ["rate/tier", "growth/trend"]
    assert all(one.is_portable for one in competing)


def test_the_tiers_candidates_read_no_trend():
    """Else the tier's forecasts would be others than those that were measured."""
    assert not TRENDS & {name for names in FEATURE_SUBSETS.values() for name in names}
    assert not TRENDS & {name for one in candidates() for name in one.features}
