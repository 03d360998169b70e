"""Commands on data folders with odd names, from landing to the check-up, as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from kpop_assets_tests.cli.kit import Kpop, assert_one_line

ROOT = Path(__file__).parents[2]
# One process for all commands: each would load engine and graph anew.
START = """
import sys
from kpop_assets.cli.main import main
for words in sys.argv[1:]:
    sys.argv = ["kpop", *words.split("|")]
    try:
        main()
    except SystemExit as end:
        if end.code:
            raise
"""
DAY = "2026-03-02"
LINES = [
    {"video_id": "pAtPaper001", "text": "TWS 'Paper Bell' MV", "view_count": 1000},
    {"video_id": "pAtPaper002", "text": "아일릿 '솜 지도' MV", "view_count": 900},
]
COMMON = {
    "ts": 1772334000000,
    "source": "paper_collector",
    "observed_at": 1772420400000,
    "published_at": 1772334000000,
}
ODD = "데이터 폴더 100% #1 a?b=c&d+e'f*{g}"


def test_a_home_of_any_name_is_filled_ranked_exported_and_checked(tmp_path: Path):
    """By a relative path, and for a user who has no home folder."""
    name = f"./{unicodedata.normalize('NFD', ODD)}"
    file = tmp_path / "events_1772420400.ndjson"
    file.write_text("".join(json.dumps(line | COMMON) + "\n" for line in LINES))
    home = tmp_path / "around" / name
    home.parent.mkdir()
    commands = (
        f"import|landing|{file}",
        f"run|{DAY}|{DAY}",
        "rank",
        f"export|silver/artist_daily|{DAY}",
        "doctor|--files",
    )
    environ = {key: value for key, value in os.environ.items() if not key.startswith("KPOP_")}
    environ |= {"KPOP_HOME": name, "PYTHONPATH": str(ROOT), "COLUMNS": "160", "HOME": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", START, *commands],
        env=environ,
        cwd=home.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ranked = done.stdout.partition("Ranking of 2026-03-02")[2].split()
    assert ranked.index("TWS") < ranked.index("ILLIT")
    assert "2026-03-02,TWS," in done.stdout
    assert "all were read" in done.stdout
    assert [path.name for path in home.parent.iterdir()] == [Path(name).name]


@pytest.mark.parametrize("words", ["rank", f"run {DAY} {DAY}", "doctor", "demo --days 1", "fetch"])
def test_a_sign_that_cannot_be_had_is_named_before_anything_is_written(
    words: str, kpop: Kpop, tmp_path: Path
):
    before = {*tmp_path.iterdir()}
    done = kpop(*words.split(), KPOP_HOME=str(tmp_path / "a[1]"))
    assert_one_line(done, "a[1]' has `[` in its name")
    assert {*tmp_path.iterdir()} == before
