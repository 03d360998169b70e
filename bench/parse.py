"""What does it cost to make typed columns of a landing line, by our function and by other readers?

Belongs here: readers of JSON over the same simulated lines, in CPU seconds. Does not belong here:
the whole pipe (__main__.py).

The others only read, and find no reason. One bad line stops Polars, so they get the good ones; and
Python's reader holds the interpreter's lock.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa

from bench.__main__ import make_landing
from bench.arguments import make_parser, positive
from kpop_assets.bronze.line_frame import describe_files, parse_batches
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.landing.found import find_files

_NAMES = [field.name for field in EVENT_LINES.fields]


def main() -> None:
    """Print CPU microseconds a line, and the ratio to our function."""
    parser = make_parser("bench.parse", __doc__)
    parser.add_argument("--lines", type=positive, default=100_000, help="simulated lines")
    count = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as folder:
        landing, end = make_landing(Path(folder), count, 1)
        files = describe_files(find_files(landing, end - dt.timedelta(days=1), end))
        data = b"".join(_good_lines(files))

        def ours() -> None:
            for _ in parse_batches(iter(files.to_batches()), EVENT_LINES, _untagged):
                pass

        readers: dict[str, Callable[[], object]] = {
            "parse_lines, reasons and all": ours,
            "Python's json, line by line": lambda: [json.loads(line) for line in data.splitlines()],
            "Polars' ndjson, as text": lambda: pl.read_ndjson(
                data, schema=dict.fromkeys(_NAMES, pl.String)
            ),
        }
        costs = {name: min(_seconds(read) for _ in range(3)) for name, read in readers.items()}
    base = next(iter(costs.values()))
    for name, seconds in costs.items():
        print(f"{name:32} {seconds / count * 1e6:6.2f} us of CPU a line  {seconds / base:5.2f}")


def _untagged(batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Whose title it is costs what `bench.titles` says."""
    for rows in batches:
        for name in EVENT_LINES.rows.column_names:
            if name not in rows.column_names:
                rows = rows.append_column(name, pa.nulls(len(rows), pa.string()))
        yield rows


def _good_lines(files: pa.Table) -> Iterator[bytes]:
    for path in files.column("path").to_pylist():
        for line in Path(path).read_bytes().splitlines(keepends=True):
            try:
                is_object = isinstance(json.loads(line), dict)
            except ValueError:
                continue
            if is_object:
                yield line


def _seconds(read: Callable[[], object]) -> float:
    started = time.process_time()
    read()
    return time.process_time() - started


if __name__ == "__main__":
    main()
