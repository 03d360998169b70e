"""The command that says what people talk about: keywords of a day, and the videos behind a word.

Belongs here: its arguments and how an answer is printed. Does not belong here: reading the lake
(insights/keyword_radar.py), or how a keyword is found (lens/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kpop_assets.cli.arguments import ArgumentError, DayOption, NewestDay, Top, chosen_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from kpop_assets.catalog.catalog import Catalog
    from kpop_assets.insights.keyword_radar import Radar
    from kpop_assets.lake.reader import LakeReader

By = Literal["frequency", "gain", "rise"]
_BARS = "▁▂▃▄▅▆▇█"
_TITLES: dict[By, str] = {
    "frequency": "in most videos",
    "gain": "with most views gained",
    "rise": "risen most against four weeks",
}


def keywords(
    day: NewestDay = None,
    of: Annotated[
        str, typer.Option(help="Whose videos: everything, acts, or an act by any of its names.")
    ] = "acts",
    by: Annotated[By, typer.Option(help="What comes first.")] = "frequency",
    word: Annotated[str | None, typer.Option(help="Print the videos behind this word.")] = None,
    top: Top = 20,
    day_option: DayOption = None,
) -> None:
    """Print what people talk about: keywords of a day, or the videos behind one."""
    from kpop_assets.catalog.catalog import load_catalog, overlay_path
    from kpop_assets.insights.keyword_radar import read_keywords, read_word_videos
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.settings import load_settings

    settings = load_settings()
    scope = _scope(of, load_catalog(overlay=overlay_path(settings.home)))
    lake = LakeReader(settings.lake)
    radar = read_keywords(lake, chosen_day(day, day_option), scope)
    if word is None:
        print_keywords(lake, radar, by, top)
    else:
        print_word_videos(radar, word, read_word_videos(lake, word, scope, radar.day).head(top))


def _scope(of: str, catalog: Catalog) -> str:
    if of in ("everything", "acts"):
        return of
    act = catalog.find(of)
    if act is None:
        raise ArgumentError(f"{of} is no act of the catalogue", "use everything, acts or a name")
    return act.artist


def print_keywords(lake: LakeReader, radar: Radar, by: By, top: int) -> None:
    """The first words of a ranking, each with its days before."""
    import polars as pl

    from kpop_assets.cli.grid import GridColumn, as_text, print_grid, print_line
    from kpop_assets.insights.keyword_radar import read_word_days

    columns = (
        GridColumn("#"),
        GridColumn("word", is_text=True, least=12),
        GridColumn("kind", is_text=True, rank=3),
        GridColumn("videos"),
        GridColumn("channels", rank=5),
        GridColumn("views gained", rank=1),
        GridColumn("share %", rank=2),
        GridColumn("usual %", rank=2),
        GridColumn("rise", rank=1),
        GridColumn("29 days", is_text=True, rank=4),
    )
    shown = radar.rows.filter(pl.col("ranking") == by).head(top)
    days = read_word_days(lake, shown.get_column("word").to_list(), radar.scope, radar.day)
    lines = {str(word): draw_line(rows) for (word,), rows in days.group_by("word")}
    rows = [
        (
            str(row["rank"]),
            row["word"],
            row["kind"],
            f"{row['video_count']:,}",
            f"{row['channel_count']:,}",
            f"{row['views_gained']:,}",
            as_text(row["video_share"], ".1f"),
            as_text(row["usual_video_share"], ".1f"),
            as_text(row["rise_z"], "+.1f"),
            lines[row["word"]],
        )
        for row in shown.iter_rows(named=True)
    ]
    print_grid(f"Words {_TITLES[by]}, {radar.scope}, {radar.day}{_note(radar)}", columns, rows)
    if not rows:
        print_line("no word is in enough videos of the day")


def print_word_videos(radar: Radar, word: str, videos: pl.DataFrame) -> None:
    """The videos behind a word."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_line

    columns = (
        GridColumn("video", is_text=True),
        GridColumn("artist", is_text=True, least=12, rank=1),
        GridColumn("views gained"),
        GridColumn("title", is_text=True, least=20),
    )
    rows = [
        (row["video_id"], row["artist"], f"{row['views_gained']:,}", row["text"] or "-")
        for row in videos.iter_rows(named=True)
    ]
    print_grid(f'Videos with "{word}", {radar.scope}, {radar.day}{_note(radar)}', columns, rows)
    if not rows:
        print_line("none: words are in small letters, acts as `kpop rank` writes them")


def draw_line(days: pl.DataFrame) -> str:
    """Counts of days as bars of text; a blank where the day is unknown."""
    counts: Sequence[int | None] = days.sort("ingest_date").get_column("video_count").to_list()
    most = max((count or 0 for count in counts), default=0)
    return "".join(_bar(count, most) for count in counts)


def _bar(count: int | None, most: int) -> str:
    if count is None:
        return " "
    return _BARS[round((len(_BARS) - 1) * count / most)] if most else _BARS[0]


def _note(radar: Radar) -> str:
    return " - SIMULATED DATA" if radar.is_simulated else ""
