"""What the tests of retention share: a data folder with API data around the limit.

Belongs here: set-up and looking into every file. Does not belong here: an assertion.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kpop_assets.contracts.catalog import UNKNOWN
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.days import SEOUL, day_end, day_start_ms
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.landing.files import write_day
from kpop_assets.landing.youtube.store import Store
from kpop_assets.settings import Settings
from kpop_assets_tests.graph.kit import DAY, frame

ONE = dt.timedelta(days=1)
# `DAY` is the first day that is kept; the two before it go.
NOW = dt.datetime.combine(DAY + 28 * ONE, dt.time(4), SEOUL)
OLD_DAYS = (DAY - 2 * ONE, DAY - ONE)
ALL_DAYS = (*OLD_DAYS, DAY, DAY + ONE)
# What the API said on the old days and on no other.
OLD_VIEWS = {OLD_DAYS[0]: 913_579_111, OLD_DAYS[1]: 924_680_222}
KEPT_VIEWS = 935_000_333
TITLE, CHANNEL, TORN = "SENTINELTITLE", "SENTINELCHANNEL", "SENTINELTORN"
SENTINELS = (TITLE, CHANNEL, TORN, *map(str, OLD_VIEWS.values()))


def line(day: dt.date, video_id: str, source: str, text: str, **more: Any) -> bytes:
    """A landing line, observed at three in the morning."""
    at = day_start_ms(day) + 3 * 3_600_000
    record = {"video_id": video_id, "text": text, "ts": at, "observed_at": at, "source": source}
    return json.dumps({**record, **more}).encode() + b"\n"


def api_lines(day: dt.date) -> list[bytes]:
    """What the API said on a day; one line of it is torn, so that it names no source."""
    is_old = day in OLD_VIEWS
    more = {"view_count": OLD_VIEWS.get(day, KEPT_VIEWS)}
    more |= {"author_id": f"c-{CHANNEL}" if is_old else "c", "author_name": CHANNEL * is_old or "c"}
    title = f"BTS {TITLE}" if is_old else "BTS kept"
    whole = line(day, "yt-1", "youtube", title, **more)
    torn = line(day, "yt-2", "spotify", TORN if is_old else "torn")
    return [whole, torn[: torn.index(b'"source"')] + b"\n"]


def other_lines(day: dt.date) -> list[bytes]:
    """What other sources said, a broken line among it."""
    return [
        line(day, "sp-1", "spotify", "BTS a youtube track", view_count=100 + day.day),
        line(day, "demo-1", "demo", "NewJeans demo", view_count=200 + day.day),
        b'{"broken": \n',
    ]


def fill_landing(settings: Settings) -> None:
    """A file of the API, one of others, and one of both on each day; an original in taken/."""
    taken = settings.landing / "inbox" / "taken"
    taken.mkdir(parents=True, exist_ok=True)
    for day in ALL_DAYS:
        at = day_start_ms(day) + 3_600_000
        write_day(settings.landing, day, api_lines(day), at)
        write_day(settings.landing, day, other_lines(day), at + 1)
        # The torn line repeated, so its bytes are in a file of both sources too.
        both = [*api_lines(day), line(day, "sp-2", "spotify", "TWICE")]
        write_day(settings.landing, day, both, at + 2)
        (taken / f"api-{day}.json").write_bytes(b"".join(api_lines(day)))
        (taken / f"other-{day}.json").write_bytes(b"".join(other_lines(day)))


def fill_forecasts(lake: Lake) -> None:
    """Forecasts that name videos of the API seen last before or on the first kept day."""
    cells = [
        (OLD_DAYS[1], "BTS", "yt-1", f"BTS {TITLE}"),
        (OLD_DAYS[1], "TWICE", "sp-2", "TWICE"),
        (DAY, "BTS", "yt-1", "BTS kept"),
    ]
    rows = [
        {
            "ingest_date": day,
            "artist": artist,
            "driving_video_id": video_id,
            "driving_video_title": title,
            "driving_video_gain": 7,
        }
        for day, artist, video_id, title in cells
    ]
    found = frame(lake.spark, NEXT_VIRAL, *rows)
    lake.replace_range(NEXT_VIRAL, OLD_DAYS[0], day_end(DAY), found)


def fill_suspects(lake: Lake) -> None:
    """Names that may be acts: of the API on each day, and of a chart."""
    chart, mine = ("spotify", "A", "chart"), "youtube"
    cells = [
        (day, source, name, None, kind, "korean", 5, 1, name)
        for day in ALL_DAYS
        for source, name, kind in (chart, (mine, CHANNEL if day in OLD_VIEWS else "c", "topic"))
    ]
    frame = lake.spark.createDataFrame(cells, spark_schema(UNKNOWN))
    lake.replace_range(UNKNOWN, ALL_DAYS[0], day_end(ALL_DAYS[-1]), frame)


def fill_store(settings: Settings) -> None:
    """What the collector knows of a video it saw long ago, and of one it saw lately."""
    with Store(settings.collection_store) as store, store.database.transaction() as rows:
        for video_id, about, day in (("yt-1", TITLE, OLD_DAYS[1]), ("yt-9", "kept", DAY)):
            values = (video_id, about, day_start_ms(day) + 1, OLD_VIEWS.get(day, 1))
            rows.execute(
                "INSERT INTO video (video_id, about, observed_ms, view_count) VALUES (?, ?, ?, ?)",
                values,
            )


def copy_home(settings: Settings, target: Path) -> Settings:
    """The same data in a folder of its own."""
    shutil.copytree(settings.home, target)
    return replace(settings, home=target)


def texts(home: Path) -> dict[str, str]:
    """Every file below a folder as text: bytes as they are, Parquet files decoded as well."""
    found = {}
    for path in sorted(p for p in home.rglob("*") if p.is_file()):
        try:
            text = path.read_bytes().decode("latin-1")
        except FileNotFoundError:
            # SQLite removes what lies beside its file when a connection is let go.
            assert path.name.endswith(("-shm", "-wal")), path
            continue
        if path.suffix == ".parquet":
            text += str(pq.ParquetFile(path).read().to_pylist())
        found[str(path.relative_to(home))] = text
    return found


def where(home: Path, *words: str) -> list[str]:
    """Files below a folder in which one of the words stands; numbers also as 64 bits."""
    numbers = [int(w).to_bytes(8, "little").decode("latin-1") for w in words if w.isdigit()]
    return [
        name for name, text in texts(home).items() if any(w in text for w in [*words, *numbers])
    ]


def landing_files(settings: Settings) -> dict[str, bytes]:
    """Every file of the landing folder."""
    paths = sorted(p for p in settings.landing.rglob("*") if p.is_file())
    return {str(p.relative_to(settings.landing)): p.read_bytes() for p in paths}


def same(left: dict[str, pa.Table], right: dict[str, pa.Table]) -> list[str]:
    """Tables that are not equal to the bit."""
    return [path for path in left.keys() | right.keys() if left.get(path) != right.get(path)]
