"""Landing lines whose titles and channels try to act on a page.

Belongs here: such lines. Does not belong here: what a page makes of them (test_browser.py).
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

ACTS = "<script>window.acted=1</script> <img src=x onerror=window.acted=1>"
TITLES = (
    f"TWICE {ACTS}",
    "IVE [click](javascript:window.acted=1) ![x](http://127.0.0.1:1/x.png)",
    "aespa https://evil.example/ www.evil.example <a href='//evil.example'>x</a>",
    '=HYPERLINK("http://evil.example","ITZY") $x^2$ :red[ITZY] **ITZY**',
    "NMIXX </td></tr><h1>TITLE</h1>",
)


def write_lines(folder: Path, last: dt.date, days: int = 2) -> Path:
    """Landing files of some days, a folder a day, ready for `kpop import landing`."""
    for number in range(days):
        day = last - dt.timedelta(days=number)
        noon = int(dt.datetime.combine(day, dt.time(3), dt.UTC).timestamp() * 1000)
        lines = [
            {
                "video_id": f"hostile{place:04d}",
                "text": title,
                "ts": noon - 86_400_000,
                "source": "test",
                "observed_at": noon,
                "published_at": noon - 86_400_000,
                "view_count": 1000 * (place + 1) + 500 * (days - number),
                "author_id": "UC" + "x" * 22,
                "author_name": ACTS,
            }
            for place, title in enumerate(TITLES)
        ]
        path = folder / day.isoformat() / f"events_{noon}.json"
        path.parent.mkdir(parents=True)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder
