"""The command that says what people say of an act: its scores, guarded and not, and by aspect.

Belongs here: its arguments and how an answer is printed. Does not belong here: reading the table
(insights/act_voices.py), or a score (audience/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kpop_assets.cli.arguments import ArgumentError, DayOption, chosen_day
from kpop_assets.contracts.audience_rules import SENTIMENT_DAYS

if TYPE_CHECKING:
    import polars as pl

    from kpop_assets.audience.voices.withheld import Withheld
    from kpop_assets.settings import Settings

# With a digit more 59.7 % is not "60, rotten", nor 60.5 "60, green": Python rounds halves to even.
_DIGITS = {"weighted_rating": ".2f", "tomatometer": ".1f", "metascore": ".1f"}
# In the order in which they are printed.
_NAMES = {
    "net_sentiment": "net sentiment (-1 to 1)",
    "weighted_rating": "weighted rating (1 to 10)",
    "tomatometer": "tomatometer (%)",
    "metascore": "metascore (of 100)",
}
Kind = Literal["act", "video", "release", "work", "title"]


def voices(
    subject: Annotated[str, typer.Argument(help="An act by any of its names, or another subject.")],
    kind: Annotated[Kind, typer.Option(help="What it is.")] = "act",
    day: DayOption = None,
) -> None:
    """Print what people say of an act, or of a video, release, work or title."""
    from kpop_assets.insights.act_voices import count_subject_withheld, read_subject_scores
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    settings = load_settings()
    named = _act(settings, subject) if kind == "act" else subject
    lake = LakeReader(settings.lake)
    rows = read_subject_scores(lake, kind, named, chosen_day(None, day))
    print_scores(rows, named)
    print_withheld(count_subject_withheld(lake, kind, named, rows["ingest_date"][0]))


def _act(settings: Settings, said: str) -> str:
    from kpop_assets.catalog.catalog import load_catalog, overlay_path

    found = load_catalog(overlay=overlay_path(settings.home)).find(said)
    if found is None:
        raise ArgumentError(
            f"{said} is no act of the catalogue", "`kpop who` finds acts; --kind title takes any"
        )
    return found.artist


def print_scores(rows: pl.DataFrame, subject: str) -> None:
    """The scores of a subject, then its aspects."""
    import polars as pl

    from kpop_assets.cli.grid import GridColumn, print_grid, print_line

    figures = (
        GridColumn("value"),
        GridColumn("95 % of it", is_text=True, rank=1),
        GridColumn("unguarded"),
        GridColumn("reviews"),
        GridColumn("count as", rank=2),
        GridColumn("generation", rank=3),
    )
    whole_columns = (
        GridColumn("score", is_text=True),
        GridColumn("of", is_text=True, rank=1),
        GridColumn("verdict", is_text=True, rank=2),
        *figures,
    )
    note = " - SIMULATED DATA" if rows["is_simulated"].any() else ""
    day = rows["ingest_date"][0]
    whole = rows.filter(pl.col("aspect") == "all").sort(
        pl.col("measure").replace_strict({name: n for n, name in enumerate(_NAMES)}),
        "said_by",
        descending=[False, True],
    )
    aspects = rows.filter(pl.col("aspect") != "all")
    print_grid(
        f"{subject}, {day}{note}",
        whole_columns,
        [
            (_NAMES[row["measure"]], row["said_by"], row["score_verdict"] or "-", *_cells(row))
            for row in whole.to_dicts()
        ],
    )
    if aspects.height:
        told = [(row["aspect"].replace("_", " "), *_cells(row)) for row in aspects.to_dicts()]
        print_grid("Net sentiment by aspect", (GridColumn("aspect", is_text=True), *figures), told)
    print_line("unguarded: every review counts whole; generation: median of its other acts")
    down = max(whole["down_weighted_count"].to_list(), default=0)
    if down:
        said = "1 review counts" if down == 1 else f"{down:,} reviews count"
        print_line(f"{said} less: see the page Guards for why")


def print_withheld(counted: Withheld) -> None:
    """How many comments are counted and never quoted, where there are any."""
    from kpop_assets.cli.grid import print_line

    if counted.withheld_count:
        print_line(
            f"never quoted, for abuse or personal data: {counted.withheld_count:,} of "
            f"{counted.worded_count:,} comments with words in the last {SENTIMENT_DAYS} days"
        )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    from kpop_assets.cli.grid import as_text

    form = _DIGITS.get(row["measure"], "+.2f")
    low, high = row["low"], row["high"]
    return (
        as_text(row["score_value"], form),
        "-" if low is None or high is None else f"{low:{form}} to {high:{form}}",
        as_text(row["plain_score_value"], form),
        f"{row['review_count']:,}",
        f"{row['weight_sum']:,.1f}",
        as_text(row["cohort_value"], form),
    )
