"""A kind of landing line that exists in tests alone: an act was heard playing somewhere.

Belongs here: its record, with a field of every type, and its lines. Does not belong here: a test.
"""

from __future__ import annotations

import json
from typing import Any

from kpop_assets.contracts.record import Field, Record, files_of, quarantine_of
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets_tests.bronze.kit import DAY_MS, NOON_MS

HEARD = Table(
    "bronze",
    "heard",
    "One act heard in one place.",
    ("ingest_date", "listener_id", "heard_at"),
    (
        INGEST_DATE,
        Column("listener_id", "string", "Who heard it."),
        Column("heard_at", "timestamp", "When it was heard.", "UTC"),
        Column("mood", "string", "How it sounded.", nullable=True),
        Column("energy", "double", "Loud or not, 0 to 1.", nullable=True),
        Column("tempo", "double", "Beats a minute.", nullable=True),
        Column("musical_key", "long", "Pitch class, -1 where unknown.", nullable=True),
        Column("play_count", "long", "How often in a row.", "plays", nullable=True),
        Column("note", "string", "What the listener wrote.", nullable=True),
        Column("genres", "string", "A JSON array of strings.", nullable=True),
        Column("released_at", "timestamp", "When it came out.", "UTC", nullable=True),
        Column("landing_file", "string", "File name in the day's landing folder."),
        Column("line_number", "int", "Line in the file, from 1."),
    ),
)
HEARD_LINES = Record(
    fields=(
        Field("listener_id", "text", required=True),
        Field("at", "instant", required=True, column="heard_at"),
        Field("mood", "text", choices=("bright", "dark")),
        Field("energy", "real", limits=(0, 1)),
        Field("tempo", "real"),
        Field("musical_key", "whole", limits=(-1, 11)),
        Field("play_count", "whole"),
        Field("note", "prose"),
        Field("genres", "json_strings"),
        Field("released", "instant", column="released_at"),
    ),
    observed="at",
    rows=HEARD,
    quarantine=quarantine_of(HEARD),
    files=files_of(HEARD),
)
FILE_NAME = f"heard_{NOON_MS}.json"


def heard(**changes: Any) -> bytes:
    """A valid line, with changes; a change of `...` leaves the field out."""
    valid = {"listener_id": "l1", "at": NOON_MS, "released": NOON_MS - 900 * DAY_MS}
    fields = {name: value for name, value in (valid | changes).items() if value is not ...}
    return json.dumps(fields, ensure_ascii=False).encode()
