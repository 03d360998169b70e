"""Whether two outputs hold the same tables: ours as Delta tables, a peer's as Parquet files.

Belongs here: reading either kind, and comparing row counts and every column. Does not belong
here: which outputs are compared (parity.py, order.py, `bench`).

Floats may differ by a relative tolerance. A sketch is compared where a snapshot (snapshot.py)
holds its estimate, else left out. Distinct counts over days are HyperLogLog estimates of ours and
exact in a peer, so against a peer they may differ as such estimates do: their standard error is
1.6 %, so one count in 15 is off by more than 3 %, and none of thousands by more than 5 standard
errors; all of them together must lie within 3 % (root mean square).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import polars.selectors as cs

from drills.snapshot import SKETCH_SUFFIX
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table

ESTIMATES = ("total_videos", "unique_viewers_est")
STANDARD_ERROR = 1.04 / 4096**0.5
EXAMPLE_ROWS = 3


@dataclass(frozen=True)
class Tolerance:
    """How far two numbers may lie apart and still be equal.

    Attributes:
        relative: of floats, relative to the larger.
        estimates: allowed root mean square of the relative errors of estimated distinct counts;
            0 means equal.
    """

    relative: float = 1e-9
    estimates: float = 0.0


@dataclass
class Comparison:
    """What comparing one table found.

    Attributes:
        table: its path.
        rows: rows left and right.
        columns: names of columns that differ, with the number of rows.
        examples: a few rows that differ.
        estimate_errors: root mean square and largest relative error of estimated counts.
    """

    table: str
    rows: tuple[int, int]
    columns: dict[str, int] = field(default_factory=dict)
    examples: pl.DataFrame | None = None
    estimate_errors: tuple[float, float] | None = None

    @property
    def is_equal(self) -> bool:
        """Whether rows and columns agree."""
        return self.rows[0] == self.rows[1] and not self.columns

    def __str__(self) -> str:
        verdict = "equal" if self.is_equal else "differs"
        text = f"  {self.table:24} {self.rows[0]:>10,} rows  {verdict}"
        if self.estimate_errors:
            text += "  (estimated counts: error {:.2%}, at most {:.2%})".format(
                *self.estimate_errors
            )
        if self.rows[0] != self.rows[1]:
            text += f"  rows: {self.rows[0]:,} against {self.rows[1]:,}"
        for name, count in self.columns.items():
            text += f"\n    {name}: {count:,} rows differ"
        return text if self.examples is None else f"{text}\n{self.examples}"


def read_table(out: Path, table: Table) -> pl.DataFrame | None:
    """A table of an output, Delta or Parquet, its columns in contract order; None without it."""
    folder, file = out / table.path, out / f"{table.path}.parquet"
    if file.exists():
        frame = pl.read_parquet(file)
    elif folder.exists():
        frame = pl.read_delta(str(folder))
    else:
        return None
    # A time without a zone means UTC.
    utc = cs.datetime(time_zone=None).dt.replace_time_zone("UTC")
    return frame.select(n for n in table.column_names if n in frame.columns).with_columns(utc)


def compare_outputs(
    left: Path, right: Path, tolerance: Tolerance, tables: Iterable[Table] = TABLES
) -> list[Comparison]:
    """Compare every table that the left output has."""
    found = []
    for table in tables:
        a, b = read_table(left, table), read_table(right, table)
        if a is not None and (b is not None or table.name != "bloom"):
            found.append(compare_tables(table, a, b, tolerance))
    return found


def compare_tables(
    table: Table, left: pl.DataFrame, right: pl.DataFrame | None, tolerance: Tolerance
) -> Comparison:
    """Compare two frames by the table's key; sketches only by their estimates."""
    if right is None:
        return Comparison(table.path, (left.height, 0), {"table is missing": left.height})
    found = Comparison(table.path, (left.height, right.height))
    sketches = {name for name in table.column_names if name.endswith(SKETCH_SUFFIX)}
    if any(
        frame.schema.get(n, pl.Binary) == pl.Binary for frame in (left, right) for n in sketches
    ):
        left, right = left.drop(sketches, strict=False), right.drop(sketches, strict=False)
    names = left.columns
    lacking = [name for name in names if name not in right.columns]
    if lacking:
        found.columns = dict.fromkeys(lacking, left.height)
        return found
    key = list(table.primary_key)
    left, right = left.select(names).sort(key), right.select(names).sort(key)
    if left.height == right.height and left.equals(right):
        return found
    pairs = left.with_columns(_left=True).join(
        right.with_columns(_right=True), key, how="full", coalesce=True, nulls_equal=True
    )
    return _compare_pairs(found, pairs, key, names, tolerance)


def _compare_pairs(
    found: Comparison, pairs: pl.DataFrame, key: list[str], names: list[str], tolerance: Tolerance
) -> Comparison:
    differs = {
        "row on one side only": pl.col("_left").is_null() | pl.col("_right").is_null(),
        **{
            name: _differs(name, pairs.schema[name], tolerance) for name in names if name not in key
        },
    }
    wrong = pairs.select(expr.fill_null(False).alias(name) for name, expr in differs.items())
    found.columns = {name: int(wrong[name].sum()) for name in differs if wrong[name].any()}
    estimated = [name for name in ESTIMATES if name in names]
    if estimated and tolerance.estimates:
        errors = pl.concat([pairs.select(_error(name).alias("error")) for name in estimated])
        square = errors.select(error=pl.col("error") ** 2).mean().item() or 0.0
        found.estimate_errors = (square**0.5, errors.max().item() or 0.0)
        if square**0.5 > tolerance.estimates:
            found.columns["estimated counts"] = errors.height
    if found.columns:
        shown = [c for name in found.columns if name in names for c in (name, f"{name}_right")]
        rows = pairs.filter(wrong.select(pl.any_horizontal(pl.all())).to_series())
        found.examples = rows.select(*key, *shown).head(EXAMPLE_ROWS)
    return found


def _differs(name: str, kind: pl.DataType, tolerance: Tolerance) -> pl.Expr:
    a, b = pl.col(name), pl.col(f"{name}_right")
    if name in ESTIMATES and tolerance.estimates:
        # A small count may be one off.
        return (_error(name) > 5 * STANDARD_ERROR) & ((a - b).abs() > 1)
    if kind.is_float():
        limit = tolerance.relative * pl.max_horizontal(a.abs(), b.abs(), pl.lit(1e-3))
        return (a.is_null() != b.is_null()) | ((a - b).abs() > limit)
    return a.ne_missing(b)


def _error(name: str) -> pl.Expr:
    a, b = pl.col(name), pl.col(f"{name}_right")
    return (a - b).abs() / pl.max_horizontal(b, pl.lit(1))


def main() -> None:
    """Compare the two folders of the command line; exit code 1 where they differ."""
    left, right = map(Path, sys.argv[1:3])
    found = compare_outputs(left, right, Tolerance(estimates=0.03))
    print(*found, sep="\n")
    sys.exit(0 if all(comparison.is_equal for comparison in found) else 1)


if __name__ == "__main__":
    main()
