"""HyperLogLog sketches: distinct counts that can be merged over days.

Belongs here: precision, and the one way an estimate is read. Does not belong here: what is
counted.

Flajolet et al., HyperLogLog (2007), in the form of Apache DataSketches, which Spark and Sail
share; 2^12 registers give a standard error of 1.04 / sqrt(4096) = 1.6 %.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from kpop_assets.contracts import rules


def sketch_of(name: str) -> Column:
    """Aggregate: the sketch of a column's distinct values, nulls left out."""
    return F.hll_sketch_agg(F.col(name), F.lit(rules.SKETCH_LG_REGISTERS))


def union_sketches(name: str) -> Column:
    """Aggregate: the union of a column of sketches."""
    return F.hll_union_agg(F.col(name))


def estimate(sketch: Column) -> Column:
    """Distinct values in a sketch; a null sketch has none.

    Merging a sketch with itself changes no register, but marks it as merged: otherwise the
    estimate depends on the order in which partitions arrived, and engines differ by 1 %.
    """
    return F.coalesce(F.hll_sketch_estimate(F.hll_union(sketch, sketch)), F.lit(0).cast("bigint"))
