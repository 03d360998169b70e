"""A machine that writes to a shared bucket, for object_store.py.

Belongs here: rows of its own, one day after the other. Does not belong here: what comes of it.

Each row has a day of its own, and the name that it is told by. `python -m
drills.object_store_writer ENGINE URL HOME NUMBER ROUNDS`; it starts at a line of standard input.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import sys
from dataclasses import replace
from pathlib import Path

from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.engine.session import open_session
from kpop_assets.lake.lake import Lake, LakeError
from kpop_assets.lake.place import Bucket
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.settings import load_settings

MARKS = Table(
    "test",
    "marks",
    "One mark on one day.",
    ("ingest_date", "name"),
    (INGEST_DATE, Column("name", "string", "Name of the mark.")),
)
FIRST = dt.date(2000, 1, 1)


def main(engine: str, url: str, home: str, number: int, rounds: int) -> None:
    """Write `rounds` days, each in a commit, and say which went through."""
    settings = load_settings({**os.environ, "KPOP_ENGINE": engine, "KPOP_LAKE_URL": url})
    spark = open_session(replace(settings, home=Path(home), spark_master="local[1]"))
    lake = Lake(Bucket(url, Path(home) / "lake"), lambda: spark)
    spark.range(1).collect()
    print("ready", flush=True)
    sys.stdin.readline()
    said = []
    for turn in range(rounds):
        name = f"{number}-{turn}-{secrets.token_hex(4)}"
        # Days that no other machine and no other start of this one writes.
        day = FIRST + dt.timedelta(days=secrets.randbelow(20_000) * 10 + number)
        rows = spark.createDataFrame([(day, name)], spark_schema(MARKS))
        try:
            lake.replace_range(MARKS, day, day + dt.timedelta(days=1), rows)
            said.append(name)
        except LakeError as error:
            said.append(f"refused {error}".replace(";", ","))
    print(f"wrote {';'.join(said)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
