"""Where tables lie: a folder of this machine, or a prefix of an S3 bucket.

Belongs here: what differs between the two. Does not belong here: anything about a table, and
credentials, which the libraries read from the standard AWS variables themselves.

A bucket is spoken to through delta-rs, also for listing and removing, so that there is one client
and one meaning of those variables.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow.fs as pf
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError
from deltalake.fs import DeltaStorageHandler

from kpop_assets.lake.foreign import bucket_error
from kpop_assets.lake.plain import plain_path

# Whoever asks whether something is there is told within seconds; by default delta-rs tries for
# three minutes, which is right only in the middle of a write.
SOON = {"max_retries": "2", "retry_timeout": "10s", "connect_timeout": "3s", "timeout": "20s"}


@dataclass(frozen=True)
class Bucket:
    """A prefix of a bucket; `/` joins a name to it, as to a path.

    Attributes:
        url: `s3://bucket/prefix`, without a slash at its end.
        machine: folder of what concerns writers of this machine alone: locks.
    """

    url: str
    machine: Path

    def __truediv__(self, name: str) -> Bucket:
        return replace(self, url=f"{self.url}/{name}")

    def __str__(self) -> str:
        return self.url


Place: TypeAlias = Path | Bucket


@dataclass(frozen=True)
class File:
    """A file directly below a place; `modified_ns` is in nanoseconds since 1970."""

    name: str
    size_bytes: int
    modified_ns: int


def for_engine(place: Place) -> str:
    """How Sail and Spark call a place: Hadoop knows buckets as `s3a:`; a folder by a plain name.

    Raises:
        LakeError: a folder needs a plain name and gets none.
    """
    if isinstance(place, Bucket):
        return f"s3a:{place.url.removeprefix('s3:')}"
    return str(plain_path(place))


class _PlainTable(DeltaTable):
    """A table in a folder, which Polars opens by its plain name.

    delta-rs follows the link and quotes the name that it leads to. Polars takes that literally, and
    delta-rs itself finds no history behind a `#` or a `?`.
    """

    def __init__(self, folder: Path, version: int | None) -> None:
        self._plain = plain_path(folder)
        super().__init__(str(self._plain), version=version)
        self._quoted = super().table_uri.removeprefix("file://")

    @property
    def table_uri(self) -> str:
        """The folder's plain name."""
        return f"{self._plain}/"

    def file_uris(self, *arguments: Any, **named: Any) -> list[str]:
        """The data files, below the plain name."""
        found = super().file_uris(*arguments, **named)
        return [f"{self._plain}/{path.removeprefix(self._quoted)}" for path in found]

    def history(self, limit: int | None = None, **named: Any) -> list[dict[str, Any]]:
        """What the log's entries say of themselves, the newest first."""
        return super().history(limit, **named) or list(self._entries(limit))

    def _entries(self, limit: int | None) -> Iterator[dict[str, Any]]:
        last = self.version()
        for number in range(last, -1 if limit is None else max(-1, last - limit), -1):
            entry = self._plain / "_delta_log" / f"{number:020}.json"
            if not entry.exists():
                return
            for line in entry.read_text(encoding="utf-8").splitlines():
                if about := json.loads(line).get("commitInfo"):
                    yield {"version": number, **about}


def for_delta(place: Place) -> str:
    """How delta-rs calls a place: as a path it would take `a%20b` for `a b`.

    Raises:
        LakeError: a folder needs a plain name and gets none.
    """
    return place.url if isinstance(place, Bucket) else str(plain_path(place))


def open_table(place: Place, version: int | None = None) -> DeltaTable:
    """The table at a place, its newest version or that one, for delta-rs and for Polars."""
    if isinstance(place, Bucket):
        return DeltaTable(place.url, version=version)
    return _PlainTable(place, version)


def on_machine(place: Place) -> Path:
    """Folder of this machine that goes with a place."""
    return place.machine if isinstance(place, Bucket) else place


def is_table(place: Place) -> bool:
    """Whether a Delta table lies there.

    Raises:
        LakeError: the bucket does not exist, does not answer, or refuses the credentials.
    """
    if not isinstance(place, Bucket):
        return DeltaTable.is_deltatable(for_delta(place))
    try:
        return DeltaTable.is_deltatable(place.url, SOON)
    except (DeltaError, OSError) as error:
        raise bucket_error(place.url, error) from error


def list_files(folder: Place) -> list[File]:
    """Files directly in a folder; none where there is no such folder.

    Raises:
        LakeError: the bucket does not exist, does not answer, or refuses the credentials.
    """
    return [
        File(info.base_name, info.size, info.mtime_ns)
        for info in _infos(folder, pf.FileSelector("", allow_not_found=True))
        if info.type == pf.FileType.File
    ]


def list_folders(folder: Place) -> dict[str, float]:
    """Folders directly in a folder, with the time of the last change in seconds since 1970.

    Raises:
        LakeError: the bucket does not exist, does not answer, or refuses the credentials.
    """
    if isinstance(folder, Path):
        found = folder.iterdir() if folder.exists() and not folder.is_symlink() else ()
        return {path.name: path.stat().st_mtime for path in found}
    newest: dict[str, float] = {}
    for info in _infos(folder, pf.FileSelector("", allow_not_found=True, recursive=True)):
        if info.type == pf.FileType.File:
            name = info.path.lstrip("/").split("/", 1)[0]
            newest[name] = max(newest.get(name, 0.0), info.mtime_ns / 1e9)
    return newest


def sizes_of(folder: Place, names: Iterable[str]) -> dict[str, int]:
    """Sizes in bytes of those of the named files that are there."""
    found = _infos(folder, [*names])
    return {info.path: info.size for info in found if info.type == pf.FileType.File}


def remove_files(folder: Place, names: Iterable[str]) -> None:
    """Remove files of a folder; one that is gone already is no error."""
    files = _filesystem(folder)
    for name in names:
        with suppress(FileNotFoundError):
            files.delete_file(name)


def remove_folder(folder: Place) -> None:
    """Remove a folder as far as possible; what is left is for the sweep of a later day."""
    if isinstance(folder, Path):
        shutil.rmtree(folder, ignore_errors=True)
        return
    above, _, name = folder.url.rpartition("/")
    with suppress(OSError):
        _filesystem(replace(folder, url=above)).delete_dir(name)


def _infos(folder: Place, asked: pf.FileSelector | list[str]) -> list[pf.FileInfo]:
    if not isinstance(folder, Bucket):
        return _filesystem(folder).get_file_info(asked)
    try:
        return _filesystem(folder).get_file_info(asked)
    except (DeltaError, OSError) as error:
        raise bucket_error(folder.url, error) from error


def _filesystem(folder: Place) -> pf.FileSystem:
    """A file system whose root is the folder."""
    if isinstance(folder, Bucket):
        return pf.PyFileSystem(DeltaStorageHandler(folder.url, SOON))
    return pf.SubTreeFileSystem(str(folder), pf.LocalFileSystem())
