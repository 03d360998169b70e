"""The command that says what to hear next: works near a work.

Belongs here: its arguments and how an answer is printed. Does not belong here: which works are
near (recommend/works/similar.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kpop_assets.cli.arguments import DayOption, Top

if TYPE_CHECKING:
    import polars as pl

    from kpop_assets.recommend.works.similar import WorkCatalog


def similar(
    work: Annotated[str, typer.Argument(help="A title, ACT - TITLE, or an id of Spotify.")],
    top: Top = 10,
    day_option: DayOption = None,
    of_an_act: Annotated[int, typer.Option(min=1, help="At most so many works of one act.")] = 2,
) -> None:
    """Print works that sound like a work, and are by acts like its own."""
    from kpop_assets.catalog.catalog import load_catalog, overlay_path
    from kpop_assets.lake.reader import LakeReader
    from kpop_assets.recommend.works.similar import read_works
    from kpop_assets.settings import load_settings

    settings = load_settings()
    acts = load_catalog(overlay=overlay_path(settings.home))
    day = day_option.date() if day_option else None
    works = read_works(LakeReader(settings.lake), acts, day)
    row = works.find(work)
    print_near(works, row, works.near(row, top, of_an_act))


def print_near(works: WorkCatalog, row: int, near: pl.DataFrame) -> None:
    """A work, and those near it."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_line

    seed = works.works.row(row, named=True)
    has_sound = works.contents.sound[row].any()
    title = f"Near {seed['artist_name']} - {seed['title']}, {len(works.works):,} works, {works.day}"
    columns = [
        GridColumn("act", is_text=True, least=8),
        GridColumn("title", is_text=True, least=12),
        GridColumn("near"),
        GridColumn("sound"),
        GridColumn("words"),
        GridColumn("versions", rank=2),
        GridColumn("id", is_text=True, rank=1),
    ]
    rows = [
        (
            *(found["artist_name"], found["title"]),
            *(f"{100 * found[name]:.0f} %" for name in ("nearness", "sound", "words")),
            *(f"{found['version_count']}", found["work_id"]),
        )
        for found in near.iter_rows(named=True)
    ]
    print_grid(title, columns, rows)
    if not has_sound:
        print_line("nothing is known of how it sounds: these are near by words alone")
