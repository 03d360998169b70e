"""The command that asks about names: whose video a title is.

Belongs here: its arguments and how an answer is printed. Does not belong here: how it is found
(catalog/matcher.py).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kpop_assets.catalog.credits import Match

_MEANINGS = {
    "channel_id": "the channel is the act's own by its id in the catalogue",
    "channel_name": "the channel has the act's name",
    "label": "a Topic channel or a chart names the act",
    "clear_name": "the title names the act",
    "vague_name": "the title has an everyday word that is the act's name, beside a second cue",
    "none": "no act of the catalogue is credited with it",
}


def who(
    title: Annotated[str, typer.Argument(help="A title, as the source writes it.")],
    channel: Annotated[
        str | None, typer.Option(help="Name of the channel, or a chart's artist.")
    ] = None,
    channel_id: Annotated[str | None, typer.Option(help="YouTube's id of the channel.")] = None,
    source: Annotated[
        str, typer.Option(help="As in bronze/events: spotify_chart reads --channel as a label.")
    ] = "youtube",
) -> None:
    """Say whose video a title is, by which evidence, and what else it could have been."""
    from kpop_assets.catalog.catalog import load_catalog, overlay_path
    from kpop_assets.catalog.matcher import matcher_of
    from kpop_assets.settings import load_settings

    title, channel = _as_typed(title), _as_typed(channel or "") or None
    if not title.strip():
        raise typer.BadParameter("it is empty: give the title of a video", param_hint="TITLE")
    catalog = load_catalog(overlay=overlay_path(load_settings().home))
    print_answer(matcher_of(catalog).match(title, channel, channel_id, source))


def _as_typed(text: str) -> str:
    """The text as it was typed, where the locale could not read it (`LC_ALL=C`)."""
    return os.fsencode(text).decode("utf-8", "replace")


def print_answer(answer: Match) -> None:
    """The act, the evidence, every act that is named, and what was turned down."""
    from kpop_assets.cli.grid import GridColumn, print_grid, print_line

    print_line(f"{answer.artist}: {answer.evidence}, {_MEANINGS[answer.evidence]}")
    if answer.credits:
        columns = (GridColumn("artist", is_text=True), GridColumn("role", is_text=True))
        print_grid("Named", columns, [(act.artist, act.role) for act in answer.credits])
    if answer.doubts:
        causes = (
            GridColumn("artist", is_text=True),
            GridColumn("read in", is_text=True, least=12),
            GridColumn("why not", is_text=True, least=20),
        )
        rows = [(doubt.artist, doubt.spelling, doubt.reason) for doubt in answer.doubts]
        print_grid("What else it could have been", causes, rows)
