"""Imports source files into the landing folder, all of them or none.

Belongs here: staging, publishing and the summary. What a format looks like is in `sources/`.

Everything is first written to a hidden folder inside the landing folder, one file per source file
and ingest date. Only when all sources were read to the end are the files renamed to their places.
An error before that leaves nothing behind. A kill between two renames leaves whole files of some
days; running the import again recognises these by their bytes and adds the others, so that no line
is lost or doubled. Recognition looks at all days: a copy of a file under another name is not landed
again, which also means that two collections with no observation time and the same bytes are one.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.registry import RECORDS
from kpop_assets.landing.choices import landing_format
from kpop_assets.landing.digests import DigestIndex
from kpop_assets.landing.door import door_of
from kpop_assets.landing.errors import LandingError, landing_errors
from kpop_assets.landing.files import LandedFile, StagedFile
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.leftovers import sweep_leftovers
from kpop_assets.landing.sources.base import SET_ASIDE, SourceImporter, SourceRecord, others_in
from kpop_assets.landing.sources.landing_files import LandingFiles
from kpop_assets.landing.sources.listening_sets import LASTFM, MOVIELENS
from kpop_assets.landing.sources.play_tables import PlayTables
from kpop_assets.landing.sources.review_tables import ReviewTables
from kpop_assets.landing.sources.spotify_chart import SpotifyChart
from kpop_assets.landing.sources.spotify_tracks import SpotifyTracks
from kpop_assets.landing.sources.youtube_popular import YoutubePopular
from kpop_assets.landing.sources.youtube_trending import YoutubeTrending
from kpop_assets.landing.usable import problem_of


def landing_formats(records: Iterable[Record]) -> dict[str, LandingFiles]:
    """What imports landing files as they are, a format for each kind."""
    return {landing_format(record.kind): LandingFiles(record) for record in records}


IMPORTERS: dict[str, SourceImporter] = {
    **landing_formats(RECORDS),
    "youtube-popular": YoutubePopular(),
    "youtube-trending": YoutubeTrending(),
    "spotify-chart": SpotifyChart(),
    "spotify-tracks": SpotifyTracks(),
    "plays": PlayTables(),
    "movielens": MOVIELENS,
    "lastfm": LASTFM,
    "reviews": ReviewTables(),
}
Progress = Callable[[int, int], None]

_STAGING_PREFIX = ".import-"
FLUSH_BYTES = 64 << 20
PROGRESS_LINES = 20_000


def import_files(
    format: str,
    path: Path,
    landing_root: Path,
    progress: Progress | None = None,
    importers: Mapping[str, SourceImporter] = IMPORTERS,
) -> ImportSummary:
    """Import a source file, or all files of a format in a folder, into landing files by day.

    Args:
        format: One of `importers`.
        path: A file, or a folder with files of the format.
        landing_root: The landing folder; it is created if missing.
        progress: Called with bytes done and bytes in all, at least once per file; inside a file
            the bytes done are an estimate from what was written.
        importers: The formats that are known.

    Raises:
        LandingError: A source cannot be read or the folder not be written; nothing was landed,
            or, where a rename failed, whole files that the next run recognises.
    """
    if format not in importers:
        raise LandingError(f"no such format: {format}", f"choose one of {', '.join(importers)}")
    importer = importers[format]
    with landing_errors("read", path):
        # In this order: a missing path is an error, not an empty folder.
        sources = importer.sources_in(path) if path.stat() and path.is_dir() else [path]
        if not sources:
            raise LandingError(
                f"no {format} files in {path}: looked for {importer.looks_for}; "
                f"found {others_in(path)}",
                "check the path and the format, or name one file to be told what is odd in it",
            )
    importer = importer.for_import(landing_root, sources)
    summary = ImportSummary(format, file_count=len(sources), kind=importer.kind)
    with _staging_folder(landing_root) as folder:
        stage = _Stage(folder)
        before = _versions(sources)
        _stage_all(importer, sources, stage, summary, progress, landing_root)
        summary.note(importer)
        for source, version in _versions(sources).items():
            if before[source] != version:
                raise LandingError(
                    f"{source} changed while it was read",
                    "wait until it is complete and run again",
                    may_pass=True,
                )
        stage.publish(landing_root, importer.kind, summary)
    return summary


class _Stage:
    """The hidden files of one import, by source file and ingest date."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.total_bytes = 0
        self._pending_bytes = 0
        self._files: dict[tuple[int, dt.date], tuple[int, StagedFile]] = {}

    def add(self, source: int, day: dt.date, epoch_ms: int, line: bytes) -> None:
        """Take a line; the first one of a day gives the file its instant."""
        key = (source, day)
        if key not in self._files:
            self._files[key] = (epoch_ms, StagedFile(self.folder / f"{source}-{day}.part"))
        self._files[key][1].add(line)
        self._pending_bytes += len(line)
        self.total_bytes += len(line)
        if self._pending_bytes > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Bring everything to the disk."""
        for _, staged in self._files.values():
            if staged.pending_bytes:
                staged.flush()
        self._pending_bytes = 0

    def publish(self, root: Path, kind: str, summary: ImportSummary) -> None:
        """Give all files their landed names, day by day."""
        self.flush()
        index = DigestIndex(root, kind=kind)
        for (_, day), (epoch_ms, staged) in sorted(self._files.items(), key=lambda kv: kv[0][::-1]):
            result = staged.publish(root, day, epoch_ms, index, kind)
            if isinstance(result, LandedFile):
                summary.landed.append(result)
            else:
                summary.already_landed.append(result)
                summary.already_landed_lines += staged.line_count


def _stage_all(
    importer: SourceImporter,
    sources: list[Path],
    stage: _Stage,
    summary: ImportSummary,
    progress: Progress | None,
    landing_root: Path,
) -> None:
    """Read every source to its end into the stage."""
    contract = next((one for one in RECORDS if one.kind == importer.kind), None)
    line_of = _line_maker(contract, landing_root, summary)
    with landing_errors("read", sources[0].parent):
        sizes = [source.stat().st_size for source in sources]
    for number, source in enumerate(sources):
        report = _file_progress(progress, sum(sizes[:number]), sizes[number], sum(sizes))
        lines_before, bytes_before = summary.lines_read, stage.total_bytes
        set_aside_before = Counter(summary.set_aside)
        unusable: Counter[str] = Counter()
        for record in importer.read(source, summary.repairs):
            stage.add(number, record.day, record.epoch_ms, line_of(record))
            summary.lines_read += 1
            if contract and (problem := problem_of(record.record, contract)):
                unusable[problem] += 1
                summary.show(problem, record.record, contract)
            if isinstance(record.record, dict) and (region := record.record.get("region")):
                summary.lines_by_region[str(region)] += 1
            if summary.lines_read % PROGRESS_LINES == 0:
                report(stage.total_bytes - bytes_before)
        if summary.lines_read == lines_before:
            summary.repairs["empty_file"] += 1
        # Lines of collectors are kept as they came, whatever they lack beside id and time.
        refused = Counter() if isinstance(importer, LandingFiles) else unusable
        refused = refused + (Counter(summary.set_aside) - set_aside_before)
        summary.repairs.update({f"{name}_{SET_ASIDE}": n for name, n in unusable.items()})
        _refuse_useless(source, summary.lines_read - lines_before, refused, summary)
        report(sizes[number])


def _line_maker(
    contract: Record | None, landing_root: Path, summary: ImportSummary
) -> Callable[[SourceRecord], bytes]:
    """How a record becomes a line: as it came, unless its kind names persons."""
    door = door_of(contract, landing_root) if contract else None
    if door is None:
        return SourceRecord.line
    return lambda record: door.line(record.record, summary.repairs)


def _refuse_useless(source: Path, line_count: int, why: Counter[str], told: ImportSummary) -> None:
    """Raise a LandingError where no line of a source can be used."""
    if not line_count or why.total() < line_count:
        return
    (reason, count), *_ = why.most_common(1)
    raise LandingError(
        f"no line of {source} can be used: {reason.replace('_', ' ')} "
        f"in {count:,} of {line_count:,}{told.first_value(reason)}",
        "check the file and the format named; nothing of it was landed",
    )


def _file_progress(
    progress: Progress | None, before: int, size: int, total: int
) -> Callable[[int], None]:
    """Report bytes of one file as bytes of the whole import."""
    if progress is None:
        return lambda done: None
    return lambda done: progress(before + min(done, size), total)


@contextmanager
def _staging_folder(root: Path) -> Iterator[Path]:
    """A hidden folder inside the landing folder, so that a rename stays on one file system."""
    folder = root / f"{_STAGING_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    sweep_leftovers(root, f"{_STAGING_PREFIX}*")
    with landing_errors("create", folder):
        root.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    try:
        yield folder
    finally:
        with landing_errors("remove", folder):
            shutil.rmtree(folder)


def _versions(sources: list[Path]) -> dict[Path, tuple[int, int]]:
    versions = {}
    for source in sources:
        with landing_errors("read", source):
            status = source.stat()
        versions[source] = (status.st_size, status.st_mtime_ns)
    return versions
