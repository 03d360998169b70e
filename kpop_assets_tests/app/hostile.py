"""Landing lines whose titles, channels and other texts try to act on a page.

Belongs here: such lines. Does not belong here: what a page makes of them (test_browser.py).
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

ACTS = "<script>window.acted=1</script> <img src=x onerror=window.acted=1>"
# By the act that a title has to be matched with: the payload only reaches its pages so.
TITLES = {
    "BLACKPINK": f"BLACKPINK {ACTS}",
    "BABYMONSTER": "BABYMONSTER [click](javascript:window.acted=1) ![x](http://127.0.0.1:1/x.png)",
    "ENHYPEN": "ENHYPEN https://evil.example/ www.evil.example <a href='//evil.example'>x</a>",
    "fromis_9": '=HYPERLINK("http://evil.example","x") fromis_9 $x^2$ :red[x] **x**',
    "NMIXX": "NMIXX </td></tr><h1>TITLE</h1><link rel=stylesheet href=//evil.example/x.css>",
}
VIDEO_IDS = {artist: f"hostile{place:04d}" for place, artist in enumerate(TITLES)}
# No whole JSON object: it is kept as it came, and Health shows it.
BROKEN_LINE = '{"video_id": "<img src=x onerror=window.acted=1>", "text": "<h1>'


def write_lines(folder: Path, last: dt.date, days: int = 2) -> Path:
    """Landing files of some days, a folder a day, ready for `kpop import landing`."""
    for number in range(days):
        day = last - dt.timedelta(days=number)
        noon = int(dt.datetime.combine(day, dt.time(3), dt.UTC).timestamp() * 1000)
        lines = [
            {
                "video_id": VIDEO_IDS[artist],
                "text": title,
                "ts": noon - 86_400_000,
                "source": "test",
                "observed_at": noon,
                "published_at": noon - 86_400_000,
                "view_count": 1000 * (place + 1) + 500 * (days - number),
                "author_id": "UC" + "x" * 22,
                "author_name": ACTS,
                "tags": [ACTS, title],
                "description": ACTS,
            }
            for place, (artist, title) in enumerate(TITLES.items())
        ]
        path = folder / day.isoformat() / f"events_{noon}.json"
        path.parent.mkdir(parents=True)
        written = [*(json.dumps(line) for line in lines), BROKEN_LINE]
        path.write_text("".join(f"{line}\n" for line in written))
    return folder
