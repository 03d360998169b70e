"""Single files of a serving bundle: written whole or not at all, and held to their hashes.

Belongs here: putting a file, and whether one is what was written. Does not belong here: which files
there are (bundle_write.py), or what they hold (bundle_read.py).

Hashing a gigabyte would keep an answering process from opening for seconds. So who has held a file
to its hash notes which file that was (size, time of change, inode) in `.checked.json`, and the
next to open takes its word while these are the same. A file that decays on the disk without being
written is found by `kpop doctor`, which takes nobody's word.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.recommend.matrices.bundle_parts import WAY_OUT, BundleError, StoredFile

CHECKED = ".checked.json"
Marks = Mapping[str, list[int]]


@dataclass(frozen=True)
class MadeFile:
    """A file that a library writes itself.

    Attributes:
        end: of its name, without a dot.
        write: makes it at a path; the same every time for the same parts.
    """

    end: str
    write: Callable[[Path], None]


Content = NDArray | pl.DataFrame | str | MadeFile


def put_file(folder: Path, name: str, content: Content) -> StoredFile:
    """Write one file of a bundle durably, named by its content."""
    if isinstance(content, MadeFile):
        return _put_made(folder, name, content)
    if isinstance(content, str):
        data, end = content.encode(), "txt"
    elif isinstance(content, pl.DataFrame):
        sink = io.BytesIO()
        content.write_ipc(sink)
        data, end = sink.getvalue(), "arrow"
    else:
        sink = io.BytesIO()
        np.save(sink, np.ascontiguousarray(content), allow_pickle=False)
        data, end = sink.getvalue(), "npy"
    digest = hashlib.sha256(data).hexdigest()
    stored = StoredFile(f"{name}-{digest[:12]}.{end}", digest, len(data))
    replace_durably(folder / stored.file, data)
    return stored


def _put_made(folder: Path, name: str, made: MadeFile) -> StoredFile:
    staged = folder / f".{name}.part"
    made.write(staged)
    with staged.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    stored = StoredFile(f"{name}-{digest[:12]}.{made.end}", digest, staged.stat().st_size)
    staged.replace(folder / stored.file)
    return stored


def replace_durably(path: Path, data: bytes) -> None:
    """Put a file in its place in one step."""
    staged = path.with_name(f".{path.name}.part")
    with staged.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(path)


def marks_of(folder: Path) -> Marks:
    """Which files of a folder were held to their hashes already."""
    try:
        told = json.loads((folder / CHECKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def keep_marks(folder: Path, marks: Marks) -> None:
    """Note them; where the folder cannot be written the next to open checks again."""
    staged = folder / f".{uuid.uuid4().hex}.part"
    with suppress(OSError):
        staged.write_text(json.dumps({**marks}), encoding="utf-8")
        staged.replace(folder / CHECKED)
    with suppress(OSError):
        staged.unlink(missing_ok=True)


def hold_to_hash(path: Path, stored: StoredFile, marks: Marks) -> list[int]:
    """Make sure that a file is what was written, and return what it can be known again by.

    Args:
        path: the file.
        stored: what it must be.
        marks: files that were looked through already, by name.

    Raises:
        BundleError: it is not, or cannot be read.
        FileNotFoundError: it is gone.
    """
    try:
        told = path.stat()
        mark = [told.st_size, told.st_mtime_ns, told.st_ino]
        if told.st_size == stored.size and marks.get(path.name) == mark:
            return mark
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}", WAY_OUT) from error
    if digest != stored.sha256:
        raise BundleError(f"{path} is not what was written", WAY_OUT)
    return mark
