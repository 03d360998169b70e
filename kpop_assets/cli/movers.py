"""The command that says which videos of a day move: the lists, by any weights of the score.

Belongs here: its arguments and how an answer is printed. Does not belong here: reading the lake
(insights/video_lists.py), or what a list or a score is (lens/).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kpop_assets.cli.arguments import ArgumentError, DayOption, NewestDay, Top, chosen_day

if TYPE_CHECKING:
    from kpop_assets.insights.video_lists import VideoList

ListName = Literal["overall", "trending", "viral", "underrated", "fresh", "steady"]
_DAY_HOURS = 48


def videos(
    day: NewestDay = None,
    name: Annotated[ListName, typer.Option("--list", help="Which list.")] = "overall",
    everything: Annotated[
        bool, typer.Option("--everything", help="All that was taken in, not videos of acts alone.")
    ] = False,
    weights: Annotated[
        str | None,
        typer.Option(
            help="Own weights of the score's parts, such as views=1,freshness=0.5; others are 0."
        ),
    ] = None,
    top: Top = 20,
    day_option: DayOption = None,
) -> None:
    """Print the videos of a day that move, by score and list."""
    own = None if weights is None else parse_weights(weights)
    from kpop_assets.insights.video_lists import read_video_list
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    scope = "everything" if everything else "acts"
    lake = LakeReader(load_settings().lake)
    found = read_video_list(lake, chosen_day(day, day_option), name, scope, own)
    print_videos(found, f"{name}, {scope}", top, is_weighed=own is not None)


def parse_weights(text: str) -> dict[str, float]:
    """Weights as `part=number,part=number`, brought to a sum of 1.

    Raises:
        ArgumentError: a part or a number is none, or all are 0.
    """
    from kpop_assets.contracts.lens_videos import PARTS

    found: dict[str, float] = {}
    for pair in filter(None, text.split(",")):
        name, _, value = (part.strip() for part in pair.partition("="))
        if name not in PARTS or name in found:
            raise ArgumentError(f"--weights {text}: {name} is no part, or named twice", _parts())
        try:
            found[name] = float(value)
        except ValueError as error:
            raise ArgumentError(f"--weights {text}: {value!r} is no number", _parts()) from error
    total = sum(found.values())
    # What is no number at all compares as false with everything.
    if not all(0 <= weight < float("inf") for weight in found.values()) or not total:
        raise ArgumentError(f"--weights {text}: weights are 0 or more, and not all 0", _parts())
    return {name: weight / total for name, weight in found.items()}


def _parts() -> str:
    from kpop_assets.contracts.lens_videos import PARTS

    return f"write part=number,part=number with parts of {', '.join(PARTS)}"


def print_videos(found: VideoList, of_what: str, top: int, *, is_weighed: bool = False) -> None:
    """The first places of a list."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_line

    columns = (
        GridColumn("#"),
        GridColumn("video", is_text=True, rank=4),
        GridColumn("title", is_text=True, least=20),
        GridColumn("artist", is_text=True, least=10, rank=1),
        GridColumn("score"),
        GridColumn("of the day", rank=5),
        GridColumn("views", rank=2),
        GridColumn("views/h"),
        GridColumn("24 h", rank=1),
        GridColumn("engaged %", rank=3),
        GridColumn("age", rank=2),
    )
    shown = found.rows.head(top)
    rows = [_write(row) for row in shown.iter_rows(named=True)]
    note = " - SIMULATED DATA" if found.is_simulated else ""
    by = " by own weights" if is_weighed else ""
    print_grid(f"Videos, {of_what}{by}, {found.day}{note}", columns, rows)
    if not rows:
        print_line("no video of the day makes this list")
    if (shown.get_column("views_per_hour_basis") == "lifetime").any():
        print_line("* mean of its life: only one observation, or none 2 to 48 hours before")
    if shown.get_column("has_odd_likes").any():
        print_line("! unusually few likes for its views, as paid views bring")


def _write(row: Mapping[str, Any]) -> tuple[str, ...]:
    from kpop_assets.cli.grid import as_text

    mean = "*" if row["views_per_hour_basis"] == "lifetime" else ""
    odd = " !" if row["has_odd_likes"] else ""
    return (
        str(row["rank"]),
        row["video_id"],
        (row["video_title"] or "-") + odd,
        row["artist"],
        as_text(row["score"], ".1f"),
        as_text(row["percentile_score"], ".1f"),
        as_text(row["view_count"], ","),
        as_text(row["views_per_hour"], ",.0f") + mean,
        as_text(row["gain_24h"], "+,.0f"),
        as_text(row["engagement_rate_pct"], ".1f"),
        _age(row["age_hours"]),
    )


def _age(hours: float | None) -> str:
    if hours is None:
        return "-"
    return f"{hours:.0f} h" if hours < _DAY_HOURS else f"{hours / 24:.0f} d"
