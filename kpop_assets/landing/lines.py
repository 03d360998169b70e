"""Reads a landing file as numbered lines in Arrow batches, fast and in bounded memory.

Belongs here: splitting bytes into lines, their numbers, and whether they are UTF-8. What a line
means, and whether it is JSON at all, is decided in bronze.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from kpop_assets.landing.errors import LandingError, landing_errors

LINE_SCHEMA = pa.schema(
    [
        pa.field("line_number", pa.int32(), nullable=False),
        pa.field("line", pa.string(), nullable=False),
        pa.field("is_utf8", pa.bool_(), nullable=False),
    ]
)
BLOCK_BYTES = 2 << 20
# An Arrow string array holds less than 2 GiB; what bronze takes for a line is far shorter.
_READABLE_BYTES = 1 << 30

# Below this many lines, going through them one by one costs less than halving.
_FEW_LINES = 32

_BOM = b"\xef\xbb\xbf"
_IS_SPACE = np.isin(np.arange(256), list(b" \t\r\v\f"))


def read_lines(path: Path, block_bytes: int = BLOCK_BYTES) -> Iterator[pa.RecordBatch]:
    r"""Yield the lines of a file as batches of `LINE_SCHEMA`.

    Lines end with `\n`; one `\r` before it is dropped, and so is a byte order mark at the start
    of the file. Empty lines and lines of ASCII white space are left out but keep their number
    (numbers start at 1). The last line needs no line end. A line which is not UTF-8 has
    `is_utf8` false and stands with its wrong bytes as backslash escapes, so nothing is lost.

    Args:
        path: The file.
        block_bytes: How much is read at a time; memory use is a few times this, or the longest
            line if that is longer.

    Raises:
        LandingError: The file cannot be read, or a line is longer than 1 GiB.
    """
    first_number = 1
    with landing_errors("read", path), path.open("rb") as file:
        for block in _whole_lines(file, path, block_bytes):
            batch, line_count = _to_batch(block, first_number)
            first_number += line_count
            if batch.num_rows:
                yield batch


def _whole_lines(file: BinaryIO, path: Path, block_bytes: int) -> Iterator[bytes]:
    """Cut the file into blocks that end with a line end, the last one completed if need be."""
    rest: list[bytes] = []
    start = file.read(len(_BOM))
    chunk = (b"" if start == _BOM else start) + file.read(block_bytes)
    while chunk:
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join([*rest, chunk[:cut]])
            rest = []
        rest.append(chunk[cut:])
        if len(rest) > 1 and sum(map(len, rest)) > _READABLE_BYTES:
            raise LandingError(f"cannot read {path}: a line is longer than 1 GiB", "split the file")
        chunk = file.read(block_bytes)
    if last := b"".join(rest):
        yield last + b"\n"


def _to_batch(block: bytes, first_number: int) -> tuple[pa.RecordBatch, int]:
    """Turn complete lines into a batch; also return how many lines there were, blank ones too."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n"))
    starts = np.concatenate([[0], ends[:-1] + 1])
    raw = _binary_array(block, ends)
    numbers = pa.array(np.arange(first_number, first_number + len(ends), dtype=np.int32))
    is_kept = _has_content(block, starts, ends)
    if not is_kept.all():
        raw, numbers = raw.filter(pa.array(is_kept)), numbers.filter(pa.array(is_kept))
    line, is_utf8 = _decode(raw)
    batch = pa.RecordBatch.from_arrays([numbers, line, is_utf8], schema=LINE_SCHEMA)
    return batch, len(ends)


def _binary_array(block: bytes, ends: np.ndarray) -> pa.BinaryArray:
    """Build the array from its two buffers: the bytes without line ends, and where lines begin."""
    offsets = np.empty(len(ends) + 1, dtype=np.int32)
    offsets[0] = 0
    offsets[1:] = ends - np.arange(len(ends))
    data = pa.py_buffer(block.replace(b"\n", b""))
    return pa.BinaryArray.from_buffers(
        pa.binary(), len(ends), [None, pa.py_buffer(offsets), data], 0
    )


def _has_content(block: bytes, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Say which lines are not blank; only those that begin with white space are looked at whole."""
    first_byte = np.frombuffer(block, dtype=np.uint8)[starts]
    has_content = starts < ends
    for i in np.flatnonzero(_IS_SPACE[first_byte] & has_content):
        has_content[i] = bool(block[starts[i] : ends[i]].strip())
    return has_content


def _decode(raw: pa.BinaryArray) -> tuple[pa.StringArray, pa.BooleanArray]:
    """Take the bytes as UTF-8 at once; where that fails, halve until the wrong lines are found."""
    try:
        return raw.cast(pa.string()), pa.array(np.ones(len(raw), dtype=bool))
    except pa.ArrowInvalid:
        if len(raw) <= _FEW_LINES:
            return _decode_each(raw.to_pylist())
        half = len(raw) // 2
        lines, flags = zip(_decode(raw.slice(0, half)), _decode(raw.slice(half)), strict=True)
        return pa.concat_arrays(lines), pa.concat_arrays(flags)


def _decode_each(values: list[bytes]) -> tuple[pa.StringArray, pa.BooleanArray]:
    line = pa.array([value.decode("utf-8", "backslashreplace") for value in values], pa.string())
    return line, pa.array([_is_utf8(value) for value in values], pa.bool_())


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
