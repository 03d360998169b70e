"""The compare page and its queries."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from deltalake import write_deltalake

from app.notices import PageEnd
from app.queries.artists.compare import (
    by_date,
    by_release,
    latest_releases,
    list_comparable,
    list_span,
)
from app.snapshot import Snapshot
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.settings import Settings
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import artist_names
from kpop_assets_tests.demo import END

DAY = dt.date(2026, 11, 2)


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


@pytest.fixture
def lake(tmp_path: Path) -> Snapshot:
    """IVE on days 0, 1, 4; BTS on days 1, 4; nobody collected days 2 and 3. IVE has a rank."""
    daily = [(0, "IVE", 10), (1, "IVE", 20), (4, "IVE", 40), (1, "BTS", 5), (4, "BTS", 7)]
    daily += [(0, OTHER, 99), (1, OTHER, 99), (4, OTHER, 99)]
    rows = pl.DataFrame(
        [(on(number), artist, points) for number, artist, points in daily],
        schema=["ingest_date", "artist", "engagement"],
        orient="row",
    ).with_columns(pl.lit(0, pl.Int64).alias("event_count"))
    ranked = pl.DataFrame(
        {
            "ingest_date": [on(4)],
            "artist": ["IVE"],
            "rank": [1],
            "tier": [1],
            "total_engagement": [70],
            "growth_rate_7d": [3.5],
            "growth_rate_30d": [None],
        },
        schema_overrides={"rank": pl.Int32, "tier": pl.Int32, "growth_rate_30d": pl.Float64},
    )
    for path, table in {"silver/artist_daily": rows, "gold/artist_features": ranked}.items():
        write_deltalake(str(tmp_path / "lake" / path), table, partition_by=["ingest_date"])
    return Snapshot(Settings(home=tmp_path))


def test_who_can_be_compared(lake: Snapshot):
    assert list_comparable(lake, on(4)).rows() == [
        (1, "IVE", 1, 70, 3.5, None),
        (None, "BTS", None, None, None, None),
    ]
    assert list_comparable(lake, on(0)).get_column("artist").to_list() == ["IVE"]


def test_the_span_ends_on_the_chosen_day(lake: Snapshot):
    assert list_span(lake, on(3)) == (on(0), on(1))
    with pytest.raises(PageEnd):
        list_span(lake, on(-1))


def test_by_date_a_day_nobody_collected_is_a_gap(lake: Snapshot):
    found = by_date(lake, ("BTS", "IVE"), on(0), on(5), "engagement")
    assert found.drop_nulls().rows() == [
        (on(1), "BTS", 5),
        (on(1), "IVE", 20),
        (on(4), "BTS", 7 / 3),
        (on(4), "IVE", 40 / 3),
    ]
    assert found.height == 2 * 5
    assert by_date(lake, ("BTS", "IVE"), on(2), on(4), "engagement").drop_nulls().is_empty()


def test_an_artist_without_rows_is_a_notice(lake: Snapshot):
    with pytest.raises(PageEnd) as notice:
        by_date(lake, ("BTS", "IVE"), on(0), on(1), "engagement")
    assert notice.value.values == {"artists": "BTS"}
    with pytest.raises(PageEnd):
        by_release(lake, (("IVE", on(4)), ("EXO", on(4))), 9, "engagement", on(4))


def test_by_release_nothing_after_the_day_is_known(lake: Snapshot):
    releases = (("IVE", on(0)), ("BTS", on(1)))
    found = by_release(lake, releases, 60, "engagement", on(4))
    assert found.drop_nulls().rows() == [
        ("IVE", on(0), 1, 20, 20),
        ("IVE", on(0), 4, pytest.approx(40 / 3), 60),
        ("BTS", on(1), 0, 5, 5),
        ("BTS", on(1), 3, pytest.approx(7 / 3), 12),
    ]
    assert by_release(lake, releases, 60, "engagement", on(3)).drop_nulls().height == 2
    assert by_release(lake, releases, 2, "engagement", on(4)).drop_nulls().height == 2


def test_latest_releases():
    releases = pl.DataFrame(
        {"artist": ["BTS", "IVE", "IVE"], "release_date": [on(1), on(9), on(2)]}
    )
    found = latest_releases(releases, ("IVE", "EXO", "BTS"))
    assert found == (("IVE", on(9)), ("BTS", on(1)))


def test_page(full_home: Path, full: Snapshot, open_page: OpenPage):
    page = open_page(full_home, "compare", "ko")
    assert (page.title[0].value, len(page.info)) == ("비교", 0)
    leaders = list_comparable(full, END).get_column("artist").to_list()[:2]
    assert page.multiselect(key="chosen_artists").value == leaders
    assert page.dataframe[0].value.shape[0] == 2 * 49
    page.segmented_control(key="chosen_axis").set_value("by_release").run()
    assert not page.exception
    page.multiselect(key="chosen_artists").set_value(leaders[:1]).run()
    assert "두 팀 이상" in page.info[0].value


def test_a_link_names_the_artists(full_home: Path, full: Snapshot, open_page: OpenPage):
    last = list_comparable(full, END).get_column("artist").to_list()[-2:]
    page = open_page(full_home, "compare", artists=last)
    assert page.multiselect(key="chosen_artists").value == last
    assert set(artist_names(page.dataframe[0].value["artist"])) == set(last)


def test_one_day(one_day_home: Path, open_page: OpenPage):
    page = open_page(one_day_home, "compare")
    assert not page.info
    page.segmented_control(key="chosen_axis").set_value("by_release").run()
    assert "fewer than two" in page.info[0].value
    assert not page.exception
