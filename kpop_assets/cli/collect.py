"""Commands that bring data in: import, fetch, take, stream.

Belongs here: their arguments and what they call. Does not belong here: what they do, which is one
call into the package, or what is printed (printing.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from kpop_assets.cli.arguments import ArgumentError, complete_format
from kpop_assets.landing.choices import FOREIGN_FORMATS, MOST_ITEMS, formats
from kpop_assets.landing.reservoir import DEFAULT_SAMPLE_SIZE

Source = Literal["youtube", "comments", "spotify"]


def import_(
    format: Annotated[
        str,
        typer.Argument(
            help=f"One of: landing, {', '.join(FOREIGN_FORMATS)}; landing-KIND for other lines.",
            autocompletion=complete_format,
        ),
    ],
    path: Annotated[Path, typer.Argument(help="A file, or a folder of such files.")],
) -> None:
    """Bring files of a known format into the landing folder, sorted by ingest date.

    Reviews whose rows name no source are of one that is called as their file, without its day.
    """
    if format not in formats():
        raise ArgumentError(f"format {format!r} is unknown", f"use one of {', '.join(formats())}")
    from kpop_assets.cli.intake_printing import print_summary
    from kpop_assets.cli.progress import show_progress
    from kpop_assets.landing.importer import import_files
    from kpop_assets.settings import load_settings

    with show_progress(f"importing {format}") as progress:
        summary = import_files(format, path, load_settings().landing, progress.done)
    print_summary(summary)
    if summary.is_useless:
        raise typer.Exit(1)


def fetch(
    query: Annotated[
        list[str] | None,
        typer.Option("--query", help="A search; may repeat. Default: the whole plan of the day."),
    ] = None,
    max_items: Annotated[
        int, typer.Option(min=1, max=MOST_ITEMS, help="Results paid for, a query.")
    ] = 50,
    reservoir_k: Annotated[
        int, typer.Option(min=1, help="Results kept of them, a fair sample.")
    ] = DEFAULT_SAMPLE_SIZE,
    region_code: Annotated[str, typer.Option(help="Country code.")] = "KR",
    relevance_language: Annotated[str, typer.Option(help="Language code.")] = "ko",
    source: Annotated[
        Source,
        typer.Option(
            help="comments: under the videos that stand out; spotify: tracks, of searches, else of "
            "K-POP and its acts."
        ),
    ] = "youtube",
) -> None:
    """Collect from YouTube, comments there, or tracks from Spotify, into the landing folder."""
    if source == "comments":
        _fetch_comments()
        return
    if source == "spotify":
        _fetch_from_spotify(tuple(query or ()), max_items)
        return
    from kpop_assets.cli.printing import print_collection
    from kpop_assets.cli.progress import show_progress
    from kpop_assets.landing.youtube.fetch import fetch as fetch_from_youtube
    from kpop_assets.landing.youtube.request import Ask
    from kpop_assets.settings import load_settings

    ask = Ask(tuple(query or ()), max_items, reservoir_k, region_code, relevance_language)
    with show_progress("collecting from YouTube"):
        report = fetch_from_youtube(load_settings(), ask)
    print_collection(report)


def take(
    kind: Annotated[str, typer.Argument(help="What the messages are: plays or feedback.")],
    topic: Annotated[
        str, typer.Option(help="The topic.", show_default="as the kind is called")
    ] = "",
    every: Annotated[
        int, typer.Option(min=1, help="Seconds that a message waits for its file at most.")
    ] = 10,
    batch: Annotated[int, typer.Option(min=1, help="Lines of a file at most.")] = 100_000,
    once: Annotated[bool, typer.Option(help="Take what is there, and end.")] = False,
) -> None:
    """Take messages from Kafka into landing files until Ctrl-C; goes on where it stopped."""
    from kpop_assets.cli.intake_printing import print_batch, print_warning
    from kpop_assets.contracts.feedback import FEEDBACK_LINES
    from kpop_assets.contracts.plays import PLAY_LINES
    from kpop_assets.landing.kafka.intake_process import take as take_topic
    from kpop_assets.settings import load_settings

    records = {record.kind: record for record in (PLAY_LINES, FEEDBACK_LINES)}
    if kind not in records:
        raise ArgumentError(f"{kind!r} cannot be taken from Kafka", f"use {' or '.join(records)}")
    wait = None if once else float(every)
    name = topic or kind
    take_topic(load_settings(), records[kind], name, wait, print_batch, print_warning, batch)


def _fetch_comments() -> None:
    from kpop_assets.cli.intake_printing import print_comments_collected
    from kpop_assets.cli.progress import show_progress
    from kpop_assets.landing.youtube.fetch import fetch_comments
    from kpop_assets.settings import load_settings

    with show_progress("collecting comments from YouTube"):
        report = fetch_comments(load_settings())
    print_comments_collected(report)


def _fetch_from_spotify(queries: tuple[str, ...], max_items: int) -> None:
    from kpop_assets.cli.intake_printing import print_tracks_collected
    from kpop_assets.cli.progress import show_progress
    from kpop_assets.landing.spotify.spotify_fetch import fetch_tracks
    from kpop_assets.settings import load_settings

    with show_progress("collecting from Spotify"):
        report = fetch_tracks(load_settings(), queries, max_items)
    print_tracks_collected(report)


def stream(
    what: Annotated[str, typer.Argument(metavar="[videos|plays]", help="What.")] = "videos",
    every: Annotated[int, typer.Option(min=1, help="Seconds between micro-batches.")] = 60,
    once: Annotated[bool, typer.Option(help="Take in what is there, and end.")] = False,
    anew: Annotated[bool, typer.Option(help="Forget what was streamed; begin again.")] = False,
    topic: Annotated[str, typer.Option(help="Topic of plays, with KPOP_KAFKA.")] = "plays",
) -> None:
    """Carry landing files, or plays from Kafka, to live windows until Ctrl-C; goes on there."""
    if what not in ("videos", "plays"):
        raise ArgumentError(f"{what!r} is no stream", "use videos or plays")
    from kpop_assets.cli.printing import print_play_batch, print_progress
    from kpop_assets.live.play_stream import run_play_stream
    from kpop_assets.live.stream import run_stream
    from kpop_assets.settings import load_settings
    from kpop_assets.wiring.resources import build_lake

    settings = load_settings()
    lake, wait = build_lake(settings), None if once else every
    if what == "plays":
        run_play_stream(settings, lake, topic, wait, anew, print_play_batch)
    else:
        run_stream(settings, lake, wait, anew, print_progress)
