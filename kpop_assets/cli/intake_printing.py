"""What the command line prints of lines that come in: imports, the inbox, what was set aside.

Belongs here: their sentences and tables. Does not belong here: how a table fits (grid.py),
or what is counted (landing/, operate/set_aside.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from kpop_assets.cli.grid import GridColumn, print_grid, print_line, print_path
from kpop_assets.cli.printing import print_next

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from kpop_assets.landing.import_summary import ImportSummary
    from kpop_assets.landing.kafka.taker import Batch
    from kpop_assets.landing.spotify.spotify_report import SpotifyReport
    from kpop_assets.landing.youtube.comment_report import CommentReport
    from kpop_assets.operate.set_aside import SetAside

# Of things that are many: the rest is counted.
_SHOWN = 5
_NAMES = 20
_WHAT = GridColumn("what", is_text=True, least=20)


def print_no_files(first: dt.date, last: dt.date, landed: Sequence[dt.date]) -> None:
    """That some days have no landing files, and which days have."""
    days = f"{first}" if first == last else f"{first} .. {last}"
    others = f"files lie from {landed[0]} to {landed[-1]}" if landed else "there is none at all"
    print_line(
        f"no landing file for {days}, so nothing was filled ({others}): `kpop import`, "
        "`kpop fetch`, or drop files into landing/inbox/"
    )


def print_set_aside(found: Iterable[SetAside], first: dt.date, last: dt.date) -> None:
    """How many lines of a run's days were set aside, mostly why, and where they stand."""
    for lines in found:
        print_path(
            f"set aside: {lines.count:,} of {lines.line_count:,} lines, mostly {lines.reason} "
            f"({lines.reason_count:,}); each with its reason: "
            f"kpop export {lines.table.path} {first} {last}"
        )


def print_left(left: Mapping[Path, str]) -> None:
    """What stays in the inbox, with its reason."""
    for path, reason in list(left.items())[:_SHOWN]:
        print_path(f"stays in the inbox: {path.name}: {reason}")
    if len(left) > _SHOWN:
        print_path(f"and {len(left) - _SHOWN} more: kpop doctor")


def print_summary(summary: ImportSummary) -> None:
    """What an import read, and what to run next."""
    counts = {
        "source files": summary.file_count,
        "lines read": summary.lines_read,
        "landing files written": len(summary.landed),
        "landing files already there": len(summary.already_landed),
        **_by_region(summary),
        **dict(sorted(summary.repairs.items())),
    }
    rows = [(name, f"{count:,}") for name, count in counts.items()]
    print_grid(f"import {summary.format}", (_WHAT, GridColumn("count")), rows)
    if summary.unread_columns:
        print_line(f"columns not read: {_first_of(summary.unread_columns)}")
    if summary.sources_by_name:
        print_line(
            f"rows that name no source are of {_first_of(summary.sources_by_name)}, as their files "
            "are called: an id is one in one source, so the same name again edits what it said; "
            "rename the file or add a column source if it is another table"
        )
    if reasons := summary.set_aside:
        told = [f"{name} ({n:,}{summary.first_value(name)})" for name, n in reasons.items()]
        print_path(
            f"{sum(reasons.values()):,} of {summary.lines_read:,} lines will be set aside, mostly "
            f"{_first_of(told)}: after the run they stand in {summary.quarantine.path}"
        )
    print_next(file.day for file in summary.landed)


def print_batch(batch: Batch) -> None:
    """What a batch of messages brought, in a line."""
    told = "" if batch.is_committed else "; the cluster could not be told"
    left_out = "".join(f"; {name} {count:,}" for name, count in sorted(batch.repairs.items()))
    print_line(
        f"batch {batch.number}: {batch.line_count:,} lines in {len(batch.files)} files"
        f"{f'; {batch.empty_count:,} empty' if batch.empty_count else ''}{left_out}{told}"
    )


def print_warning(text: str) -> None:
    """What cannot be mended and has to be known."""
    print_line(f"warning: {text}")


def _first_of(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def _by_region(summary: ImportSummary) -> dict[str, int]:
    """Lines by region, where there are several: a video in two lists is still one video."""
    regions = summary.lines_by_region
    return (
        {f"lines of {name}": regions[name] for name in sorted(regions)} if len(regions) > 1 else {}
    )


def print_tracks_collected(report: SpotifyReport) -> None:
    """What a collection of tracks found, what Spotify gives to this application, what is next."""
    counts = {
        **{f"tracks by {how}": count for how, count in report.found.items()},
        "with audio features": report.with_features,
        "acts asked for": report.acts,
        "of those not found": report.unknown_acts,
        "entries that are no track": report.odd,
        **{f"refused: {what}": count for what, count in report.refused.items()},
    }
    rows = [(what, f"{count:,}") for what, count in counts.items() if count]
    print_grid("Collection of tracks from Spotify", (_WHAT, GridColumn("count")), rows)
    if report.withheld:
        withheld = ", ".join(name.replace("_", " ") for name in report.withheld)
        print_line(f"Spotify does not give to this application: {withheld}")
    if report.stopped:
        print_line(report.stopped)
    if report.landed:
        print_path(str(report.landed.path))
        print_next([report.landed.day])


def print_comments_collected(report: CommentReport) -> None:
    """Under how many videos comments were read, what was found, and what is next."""
    counts = {
        "videos of the plan": report.picked,
        "asked for": report.asked,
        "comments found": report.found,
        "comments gone": report.gone,
        "videos with comments closed": report.disabled,
        "videos that are gone": report.missing,
        "odd items": report.odd,
    }
    rows = [(what, f"{count:,}") for what, count in counts.items()]
    print_grid("Comments from YouTube", (_WHAT, GridColumn("count")), rows)
    if not report.picked:
        print_line("nothing stands out yet: `kpop fetch`, then `kpop run` the day first")
    for line in (*filter(None, [report.stopped]), *report.refused):
        print_path(line)
    if report.landed:
        print_path(str(report.landed.path))
        print_next([report.landed.day])
