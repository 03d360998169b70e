"""Tables of plays: who, which track and when it began, whatever the columns are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.persons import person_ids
from kpop_assets_tests.landing.sources.test_listening_sets import imported

TRACK = "4uLU6hMCjMI75M1A2tKUQC"
# 2025-11-04T12:30:00Z, 21:30 in Seoul.
AT = 1_762_259_400_000


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "user_id,track_id,played_at,played_ms,rating",
            f"kim,{TRACK},2025-11-04T12:30:00Z,180000,4.5",
        ),
        (
            "Listener;URI;Started At;ms_played;Stars",
            f"kim;spotify:track:{TRACK};1762259400;180000;4,5",
        ),
        ("timestamp\tuser\tsong_id\tplayed_ms\trating", f"{AT}\tkim\t{TRACK}\t180000\t4.5"),
    ],
)
def test_columns_are_found_by_name_and_the_listener_is_hidden(
    tmp_path: Path, header: str, row: str
):
    (tmp_path / "plays.csv").write_text(f"{header}\n{row}\n")
    root = tmp_path / "home" / "landing"
    summary, (line,) = imported("plays", tmp_path, root)
    assert line == {
        "user_id": person_ids(root, "plays").id_of("kim"),
        "track_id": TRACK,
        "played_at": AT,
        "played_ms": 180_000,
        "rating": 4.5,
    }
    assert summary.lines_read == 1
    assert not import_files("plays", tmp_path, root).landed
    assert all(b"kim" not in path.read_bytes() for path in root.rglob("*.ndjson*"))


def test_a_row_without_a_track_or_a_time_is_kept_for_quarantine_beside_the_others(tmp_path: Path):
    rows = [f"a,{TRACK},2025-11-04T12:30:00Z", "b,,2025-11-04T13:30:00Z", f"c,{TRACK},soon"]
    (tmp_path / "plays.csv").write_text("\n".join(["user_id,track_id,played_at", *rows]) + "\n")
    summary, lines = imported("plays", tmp_path, tmp_path / "home" / "landing")
    assert summary.lines_read == len(lines) == 3
    assert summary.repairs["day_unreadable_set_aside"] == 1
    assert [line.get("played_at") for line in lines] == [AT, AT + 3_600_000, "soon"]
    assert "track_id" not in lines[1]


def test_json_lines_come_in_by_the_same_name(tmp_path: Path):
    play = {"user_id": "kim", "track_id": TRACK, "played_at": AT}
    (tmp_path / "plays.ndjson").write_text(json.dumps(play) + "\n")
    _, (line,) = imported("plays", tmp_path, tmp_path / "home" / "landing")
    assert (line["track_id"], line["played_at"]) == (TRACK, AT)


def test_a_table_that_says_when_plays_ended_alone_is_refused(tmp_path: Path):
    path = tmp_path / "plays.csv"
    path.write_text(f"user_id,track_id,endTime\nkim,{TRACK},2025-11-04 12:30\n")
    with pytest.raises(LandingError, match="column played_at is missing"):
        import_files("plays", path, tmp_path / "home" / "landing")
    assert not list((tmp_path / "home").rglob("*.ndjson*"))
