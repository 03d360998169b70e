"""Groups with their units and members: everybody once, whatever the catalogue says."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.insights.families import family_of, sum_families

CATALOG = load_catalog()
NAMES = [act.artist for act in CATALOG]


def row(artist: str, points: int, videos: int = 1) -> dict[str, Any]:
    return {"artist": artist, "total_engagement": points, "total_videos": videos}


def test_units_and_members_stand_under_their_group():
    rows = [
        row("NCT 127", 50_002),
        row("NCT DREAM", 40_002),
        row("NCT WISH", 30_002),
        row("NCT", 20_002),
        row("BTS", 90_002),
        row("Jimin", 60_002),
        row("Jung Kook", 70_002),
        row("IU", 5),
    ]
    found = [(r["rank"], r["artist"], r["total_engagement"]) for r in sum_families(CATALOG, rows)]
    assert found == [(1, "BTS", 220_006), (2, "NCT", 140_008), (3, "IU", 5)]
    first = sum_families(CATALOG, rows)[0]
    assert first["members"] == ["BTS", "Jung Kook", "Jimin"]
    assert first["total_videos"] == 3


def test_a_group_without_a_row_of_its_own_still_stands_for_its_units():
    found = sum_families(CATALOG, [row("NCT 127", 5), row("NCT DREAM", 7)])
    assert [(r["artist"], r["members"]) for r in found] == [("NCT", ["NCT DREAM", "NCT 127"])]


def test_an_act_that_left_the_catalogue_stands_for_itself():
    assert family_of(CATALOG, "nobody we know") == "nobody we know"


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(-100, 10**12), max_size=40))
def test_nobody_stands_in_two_rows_and_nothing_is_lost(points: dict[str, int]):
    found = sum_families(CATALOG, [row(artist, n) for artist, n in points.items()])
    assert sorted(name for r in found for name in r["members"]) == sorted(points)
    assert sum(r["total_engagement"] for r in found) == sum(points.values())
    assert len({r["artist"] for r in found}) == len(found)
    shares = [r["market_share"] for r in found if r["market_share"] is not None]
    assert all(0 <= share <= 100 for share in shares)
    assert not shares or abs(sum(shares) - 100) < 1e-6
