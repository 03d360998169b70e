"""What the command line prints of a forecast: who is next viral, the front, who is near a tier.

Belongs here: its columns and the lines below it. Does not belong here: what an input says in words
(reason_words.py), how a table fits a terminal (grid.py), or reading the lake (insights/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpop_assets.cli.grid import GridColumn, as_text, print_grid, print_line
from kpop_assets.cli.reason_words import tell_reason

if TYPE_CHECKING:
    from kpop_assets.insights.outlook import Outlook


def print_outlook(outlook: Outlook, top: int, is_simulated: bool) -> None:
    """Who is likeliest to become viral, the candidates on the front, and who stands near a tier."""
    note = " - SIMULATED DATA" if is_simulated else ""
    _print_virals(outlook, top, note)
    _print_front(outlook)
    _print_risers(outlook, top, note)


def _print_virals(outlook: Outlook, top: int, note: str) -> None:
    if not outlook.virals:
        why = outlook.viral_refusal or "no training has learned it, run `kpop run` over more days"
        print_line(f"who becomes viral is not forecast: {why}")
        return
    columns = (
        GridColumn("#"),
        GridColumn("artist", is_text=True, least=14),
        GridColumn("tier", rank=4),
        GridColumn("viral %"),
        GridColumn("places", rank=5),
        GridColumn("trend", is_text=True, rank=2),
        GridColumn("because", is_text=True, least=16, rank=1),
        GridColumn("driven by", is_text=True, least=16, rank=3),
    )
    rows = [
        (
            as_text(row["viral_rank"], "d"),
            row["artist"],
            str(row["tier"]),
            as_text(100 * row["p_viral"], ".0f"),
            as_text(row["viral_rank_change"], "+d"),
            row["trend_class"] or "-",
            tell_reason(row["reason_1_name"], row["reason_1_value"], row["reason_1_effect"]),
            row["driving_video_title"] or "-",
        )
        for row in outlook.virals[:top]
    ]
    first = outlook.virals[0]
    print_grid(
        f"Next viral over the next {first['horizon_days']} days, {outlook.day}{note}", columns, rows
    )
    print_line(f"forecast by {first['viral_candidate']}; trend is against its own month")


def _print_risers(outlook: Outlook, top: int, note: str) -> None:
    columns = (
        GridColumn("#"),
        GridColumn("artist", is_text=True, least=14),
        GridColumn("tier", rank=1),
        GridColumn("rise %"),
        GridColumn("top %", rank=2),
        GridColumn("places", rank=3),
        GridColumn("viral %", rank=4),
    )
    rows = [
        (
            str(number),
            row["artist"],
            str(row["tier"]),
            as_text(100 * row["p_rise"], ".0f"),
            as_text(100 * row["p_tier_1"], ".0f"),
            as_text(row["rise_rank_change"], "+d"),
            as_text(None if row["p_viral"] is None else 100 * row["p_viral"], ".0f"),
        )
        for number, row in enumerate(outlook.risers[:top], start=1)
    ]
    horizon = outlook.risers[0]["horizon_days"] if outlook.risers else "?"
    title = f"Near the next tier: likeliest to rise in {horizon} days, {outlook.day}{note}"
    print_grid(title, columns, rows)


def _print_front(outlook: Outlook) -> None:
    columns = (
        GridColumn("candidate", is_text=True, least=20),
        GridColumn("acc", rank=3),
        GridColumn("f1", rank=4),
        GridColumn("rps"),
        GridColumn("skill %", rank=1),
        GridColumn("ece", rank=5),
        GridColumn("ms", rank=2),
        GridColumn("inputs", rank=6),
    )
    on_front = [row for row in outlook.scores if row["is_on_front"]]
    beaten = [r for r in on_front if not (r["is_baseline"] or r["is_better_than_baselines"])]
    rows = [
        (
            row["candidate"] + (" *" if row in beaten else ""),
            as_text(row["accuracy"], ".3f"),
            as_text(row["f1"], ".3f"),
            as_text(row["rps"], ".4f"),
            as_text(None if row["rps_skill"] is None else 100 * row["rps_skill"], "+.0f"),
            as_text(row["ece"], ".3f"),
            as_text(row["latency_ms"], ",.1f"),
            str(row["feat_count"]),
        )
        for row in on_front
    ]
    print_grid(f"Pareto front of the training of {outlook.trained_day}", columns, rows)
    if beaten:
        print_line("* forecasts no better than the best baseline")
    used = {row["candidate"] for row in outlook.risers}
    dominated = len(outlook.scores) - len(on_front)
    print_line(
        f"{dominated} candidates are dominated; forecast by {', '.join(sorted(used))}; "
        "skill is against tiers that never change, ms for 1,000 forecasts"
    )
