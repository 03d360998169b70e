"""A group with its units and members as one: a second view of a day's ranking.

Belongs here: which act stands for which, and sums over them. Does not belong here: who an act is
(catalog/), or each act by itself (gold/), which stays the ranking.

A video is of one act alone, so the sum over a group, its units and its members counts each video
once; and an act stands in one row alone, that of the group at the top of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kpop_assets.catalog.catalog import Catalog


def family_of(catalog: Catalog, artist: str) -> str:
    """The group at the top: of a unit or member its group, else the act itself."""
    found, passed = artist, {artist}
    while (act := catalog.find(found)) and act.group and act.group not in passed:
        found = act.group
        passed.add(found)
    return found


def sum_families(catalog: Catalog, features: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A day's rows of `gold/artist_features`, a row for each group with its units and members.

    Args:
        catalog: who belongs to whom.
        features: artist, total_engagement and total_videos of one day.

    Returns:
        rank, artist (the top group, also where it has no row of its own), members (names of the
        acts that the row sums, most engagement first), total_engagement, market_share (%; null
        where nobody gained), total_videos. By rank, then by name; ties share a rank.
    """
    families: dict[str, list[Mapping[str, Any]]] = {}
    for row in features:
        families.setdefault(family_of(catalog, row["artist"]), []).append(row)
    totals = {name: _total(rows, "total_engagement") for name, rows in families.items()}
    whole = sum(max(total, 0) for total in totals.values())
    return [
        {
            "rank": 1 + sum(other > totals[name] for other in totals.values()),
            "artist": name,
            "members": _names(families[name]),
            "total_engagement": totals[name],
            "market_share": max(totals[name], 0) / whole * 100 if whole else None,
            "total_videos": _total(families[name], "total_videos"),
        }
        for name in sorted(families, key=lambda name: (-totals[name], name))
    ]


def _total(rows: Iterable[Mapping[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)


def _names(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    ordered = sorted(rows, key=lambda row: (-row["total_engagement"], row["artist"]))
    return [row["artist"] for row in ordered]
