"""The public sets of listeners: every row is a play, moved by whole weeks or without a time."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from kpop_assets.days import FIRST_DAY
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.persons import person_ids
from kpop_assets.landing.sources.listening_sets import MOVED_WEEKS


def imported(format: str, path: Path, root: Path) -> tuple[ImportSummary, list[dict]]:
    summary = import_files(format, path, root)
    paths = [path for day in list_days(root, "plays") for path in list_landed(root, day, "plays")]
    return summary, [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("u.data", "196\t242\t3\t881250949\n186\t302\t4\t891717742\n"),
        ("ratings.dat", "196::242::3::881250949\n186::302::4::891717742\n"),
    ],
)
def test_ratings_of_both_layouts_are_plays_that_keep_weekday_and_hour(
    tmp_path: Path, name: str, text: str
):
    (tmp_path / name).write_text(text)
    root = tmp_path / "home" / "landing"
    summary, lines = imported("movielens", tmp_path, root)
    assert summary.repairs == {f"played_at_moved_by_{MOVED_WEEKS}_weeks": 2}
    ids = person_ids(root, "plays")
    assert [line["user_id"] for line in lines] == [ids.id_of(f"movielens:{n}") for n in (196, 186)]
    assert [line["track_id"] for line in lines] == ["movielens:242", "movielens:302"]
    assert [line["rating"] for line in lines] == [3.0, 4.0]
    for line, seconds in zip(lines, (881250949, 891717742), strict=True):
        moved = dt.datetime.fromtimestamp(line["played_at"] / 1000, dt.UTC)
        before = dt.datetime.fromtimestamp(seconds, dt.UTC)
        assert (moved.weekday(), moved.time()) == (before.weekday(), before.time())
        assert moved.year - before.year == 21


def test_counts_without_a_time_are_totals_of_the_first_day(tmp_path: Path):
    (tmp_path / "user_artists.dat").write_text("userID\tartistID\tweight\n2\t51\t13883\n")
    root = tmp_path / "home" / "landing"
    summary, (line,) = imported("lastfm", tmp_path, root)
    assert summary.repairs == {"total_without_a_time": 1}
    assert (line["track_id"], line["total_play_count"]) == ("lastfm:artist:51", 13883)
    assert list_days(root, "plays") == [FIRST_DAY]
    again = import_files("lastfm", tmp_path, root)
    assert not again.landed


def test_a_row_that_is_torn_is_kept_and_a_file_of_another_form_is_refused(tmp_path: Path):
    root = tmp_path / "home" / "landing"
    (tmp_path / "u.data").write_text("1\t2\t3\t881250949\n1\t2\n1\t3\t5\t881250950\n")
    summary = import_files("movielens", tmp_path / "u.data", root)
    assert (summary.lines_written, summary.set_aside) == (3, {"row_torn": 1})
    (tmp_path / "user_artists.dat").write_text("a,b,c\n")
    with pytest.raises(LandingError, match=r"no table of Last\.fm"):
        import_files("lastfm", tmp_path, root)


@pytest.mark.realdata
def test_the_whole_of_movielens_100k_comes_in(real_data: Path, tmp_path: Path):
    root = tmp_path / "home" / "landing"
    summary, lines = imported("movielens", real_data / "recommender" / "ml100k", root)
    assert (summary.lines_read, summary.lines_written, len(lines)) == (100_000, 100_000, 100_000)
    assert len({line["user_id"] for line in lines}) == 943
    assert len({line["track_id"] for line in lines}) == 1682
    assert not summary.set_aside
