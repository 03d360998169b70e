"""What the command line prints of a day's ranking, by act and by group.

Belongs here: its columns and the lines below it. Does not belong here: how a table fits a terminal
(grid.py), or reading the lake (insights/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpop_assets.cli.grid import GridColumn, as_text, print_grid, print_line

if TYPE_CHECKING:
    from kpop_assets.catalog.catalog import Catalog
    from kpop_assets.insights.ranking import Ranking


def print_ranking(ranking: Ranking, top: int) -> None:
    """The first rows of a ranking."""
    columns = (
        GridColumn("#"),
        GridColumn("artist", is_text=True, least=18),
        GridColumn("tier", rank=2),
        GridColumn("points 7d"),
        GridColumn("share %", rank=4),
        GridColumn("7d %", rank=1),
        GridColumn("30d %", rank=5),
        GridColumn("trend", is_text=True, rank=3),
        GridColumn("sure %", rank=3),
    )
    shown = ranking.rows[:top]
    rows = [
        (
            str(row["rank"]),
            row["artist"] + (" ?" if row["is_vague_only"] else ""),
            str(row["tier"]),
            f"{row['total_engagement']:,}",
            as_text(row["market_share"], ".1f"),
            as_text(row["growth_rate_7d"], "+,.0f"),
            as_text(row["growth_rate_30d"], "+,.0f"),
            row["trend_direction"],
            as_text(
                None if row["vague_name_share"] is None else 100 - row["vague_name_share"], ".0f"
            ),
        )
        for row in shown
    ]
    print_grid(f"Ranking of {ranking.day}{_note(ranking)}", columns, rows)
    if any(row["is_vague_only"] for row in shown):
        print_line("? rests on everyday words in titles alone: another may be meant (`kpop who`)")
    _print_corrected(shown)
    _print_missing(ranking)


def print_families(catalog: Catalog, ranking: Ranking, top: int) -> None:
    """The same day with groups, their units and their members as one."""
    from kpop_assets.insights.families import sum_families

    columns = (
        GridColumn("#"),
        GridColumn("artist", is_text=True, least=14),
        GridColumn("points 7d"),
        GridColumn("share %", rank=2),
        GridColumn("sums", is_text=True, least=16, rank=1),
    )
    rows = [
        (
            str(row["rank"]),
            row["artist"],
            f"{row['total_engagement']:,}",
            as_text(row["market_share"], ".1f"),
            ", ".join(row["members"]),
        )
        for row in sum_families(catalog, ranking.rows)[:top]
    ]
    title = f"Ranking of {ranking.day}, with units and members{_note(ranking)}"
    print_grid(title, columns, rows)
    _print_missing(ranking)


def _note(ranking: Ranking) -> str:
    return " - SIMULATED DATA" if ranking.is_simulated else ""


def _print_corrected(rows: list[dict[str, Any]]) -> None:
    """Whose counters were taken back: why a sum is below 0, or that of 30 days under that of 7."""
    taken = [
        f"{row['artist']} {row['corrected_30d']:,}" for row in rows if row.get("corrected_30d")
    ]
    if taken:
        print_line(
            f"counters were taken back in the last 30 days ({'; '.join(taken)}): sums that hold "
            "such a day are smaller for it, and growth is unknown where they fall below 0"
        )


def _print_missing(ranking: Ranking) -> None:
    """Days that nobody collected, which all rows of a day share; old rows do not know."""
    first = ranking.rows[0]
    week, month = first.get("missing_days") or 0, first.get("missing_days_30d") or 0
    if week or month:
        said = f"{week} of the last 7 days" if week else f"{month} of the last 30 days"
        are = "day is" if (week or month) == 1 else "days are"
        print_line(
            f"{week or month} {are} missing ({said} not collected): the day after has their gains; "
            "growth compares points per covered day"
        )
