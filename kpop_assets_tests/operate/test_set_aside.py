"""What a run says of lines that could not be used."""

from __future__ import annotations

import datetime as dt

from kpop_assets.contracts.bronze import FILES, QUARANTINE
from kpop_assets.lake.reader import LakeReader
from kpop_assets.operate.set_aside import SetAside, read_set_aside
from kpop_assets.settings import Settings
from kpop_assets_tests.operate.checkup.kit import write

DAY = dt.date(2025, 11, 4)


def test_the_commonest_reason_is_told_with_its_field(settings: Settings):
    reader = LakeReader(settings.lake)
    assert read_set_aside(reader, DAY, DAY) == []
    reasons = [("broken_json", None), ("missing_field", "video_id"), ("missing_field", "video_id")]
    rows = [
        {"ingest_date": DAY, "line_number": number, "reason": reason, "field": field}
        for number, (reason, field) in enumerate(reasons)
    ]
    write(settings.lake, QUARANTINE, *rows)
    write(settings.lake, FILES, {"ingest_date": DAY, "landing_file": "a", "line_count": 7})
    assert read_set_aside(reader, DAY, DAY) == [
        SetAside(QUARANTINE, 3, 7, "missing_field video_id", 2)
    ]
    before = DAY - dt.timedelta(days=1)
    assert read_set_aside(reader, before, before) == []
