"""The public trending data set."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.youtube_trending import YoutubeTrending

ROW = {
    "video_id": "zrsBjYukE8s",
    "title": "박진영 (J.Y. Park) When We Disco (Duet with 선미) M/V",
    "publishedAt": "2020-08-11T09:00:13Z",
    "channelId": "UCaO6TYtlC8U5ttz62hTrZgg",
    "channelTitle": "JYP Entertainment",
    "categoryId": "10",
    "trending_date": "2020-08-12T00:00:00Z",
    "tags": "JYP|박진영|선미",
    "view_count": "3433885",
    "likes": "353337",
    "dislikes": "9763",
    "comment_count": "23405",
    "thumbnail_link": "x",
    "comments_disabled": "False",
    "ratings_disabled": "False",
    "description": 'MelOn\nSpotify, "quoted"',
}
OBSERVED_AT = 1_597_190_400_000
RECORD = {
    "video_id": "zrsBjYukE8s",
    "text": "박진영 (J.Y. Park) When We Disco (Duet with 선미) M/V",
    "ts": 1_597_136_413_000,
    "source": "youtube_trending_kr",
    "author_id": "UCaO6TYtlC8U5ttz62hTrZgg",
    "author_name": "JYP Entertainment",
    "observed_at": OBSERVED_AT,
    "published_at": 1_597_136_413_000,
    "view_count": 3433885,
    "like_count": 353337,
    "comment_count": 23405,
    "description": 'MelOn\nSpotify, "quoted"',
    "tags": ["JYP", "박진영", "선미"],
    "category_id": "10",
    "region": "KR",
}


def write(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(ROW), lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path) -> tuple[list, Repairs]:
    repairs: Repairs = Counter()
    return list(YoutubeTrending().read(path, repairs)), repairs


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_row_becomes_a_record(tmp_path: Path, encoding: str):
    (record,), repairs = read(write(tmp_path / "KR.csv", ROW, encoding=encoding))
    assert record == (dt.date(2020, 8, 12), OBSERVED_AT, RECORD)
    assert record.line().count(b"\n") == 1
    assert json.loads(record.line()) == RECORD
    assert not repairs


def test_what_is_switched_off_is_left_out_and_counted(tmp_path: Path):
    off = {"comments_disabled": "True", "comment_count": "0", "ratings_disabled": "True"}
    (record,), repairs = read(write(tmp_path / "KR.csv", ROW | off | {"likes": "0"}))
    hidden = {"like_count", "comment_count"}
    assert record.record == {k: v for k, v in RECORD.items() if k not in hidden}
    assert repairs == {
        "likes_hidden_by_ratings_disabled": 1,
        "comment_count_hidden_by_comments_disabled": 1,
    }


def test_a_zero_that_is_not_hidden_stays(tmp_path: Path):
    (record,), _ = read(write(tmp_path / "KR.csv", ROW | {"likes": "0"}))
    assert record.record["like_count"] == 0


def test_no_tags(tmp_path: Path):
    records, repairs = read(
        write(tmp_path / "KR.csv", ROW | {"tags": "[None]"}, ROW | {"tags": ""})
    )
    assert all("tags" not in r.record for r in records)
    assert repairs == {"tags_none": 1}


def test_what_cannot_be_read_goes_on_as_it_came(tmp_path: Path):
    odd = {"view_count": "1.5", "publishedAt": "yesterday", "likes": "", "comment_count": "１２"}
    (record,), _ = read(write(tmp_path / "KR.csv", ROW | odd))
    assert record.record["view_count"] == "1.5"
    assert record.record["ts"] == record.record["published_at"] == "yesterday"
    assert record.record["comment_count"] == "１２"
    assert "like_count" not in record.record


def test_a_row_without_usable_date_goes_with_the_row_before(tmp_path: Path):
    path = write(
        tmp_path / "KR.csv",
        ROW | {"trending_date": "soon"},
        ROW,
        ROW | {"trending_date": "1970-01-01T00:00:00Z"},
        ROW | {"trending_date": "2100-01-01T00:00:00Z"},
        ROW | {"trending_date": "2020-08-13T00:00:00Z"},
        ROW | {"trending_date": ""},
    )
    records, repairs = read(path)
    days = [record.day.isoformat() for record in records]
    assert days == [*["2020-08-12"] * 4, *["2020-08-13"] * 2]
    observed = [record.record.get("observed_at") for record in records]
    assert observed == ["soon", OBSERVED_AT, 0, 4_102_444_800_000, OBSERVED_AT + 86_400_000, ""]
    assert repairs == {"day_unreadable_set_aside": 4}


def test_a_cut_last_row_lacks_its_last_fields(tmp_path: Path):
    path = write(tmp_path / "KR.csv", ROW)
    path.write_text(path.read_text() + 'abcdefghijk,"half a ti')
    (_, cut), repairs = read(path)
    assert cut.record["text"] == "half a ti"
    assert "ts" not in cut.record
    assert repairs["row_with_wrong_number_of_fields"] == 1


def test_bytes_that_are_no_text_stay_as_they_are(tmp_path: Path):
    path = write(tmp_path / "KR.csv", ROW)
    path.write_bytes(path.read_bytes().replace("박진영 (J".encode(), b"\xb9\xda (J"))
    (record,), repairs = read(path)
    assert b'"text": "\xb9\xda (J' in record.line()
    assert repairs == {"row_not_utf8_kept_as_it_came": 1}


def test_a_five_megabyte_field(tmp_path: Path):
    (record,), _ = read(write(tmp_path / "KR.csv", ROW | {"description": "긴" * 1_700_000}))
    assert len(record.line()) > 5_000_000


@pytest.mark.parametrize("column", ["video_id", "trending_date", "view_count"])
def test_a_missing_column_is_one_clear_line(tmp_path: Path, column: str):
    path = write(tmp_path / "KR.csv", ROW)
    path.write_text(path.read_text().replace(column, "x", 1))
    with pytest.raises(
        LandingError,
        match=rf"KR\.csv as .*seen: .*\(UTF-8, comma .*column {column} is missing: known layouts: ",
    ) as info:
        read(path)
    assert "\n" not in str(info.value)


@pytest.mark.parametrize("content", [b"", b"\0PNG\r\n\x1a\n\0\0", "video_id".encode("utf-16")])
def test_a_file_that_is_no_such_csv_is_one_clear_line(tmp_path: Path, content: bytes):
    path = tmp_path / "KR.csv"
    path.write_bytes(content)
    with pytest.raises(LandingError, match=r"KR\.csv as .*column.* is missing") as info:
        read(path)
    assert "\n" not in str(info.value)


def test_only_csv_files_of_the_format_are_found(tmp_path: Path):
    path = write(tmp_path / "KR.csv", ROW)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "empty.csv").touch()
    assert YoutubeTrending().sources_in(tmp_path) == [path]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TEXT, description=TEXT)
def test_any_text_survives(tmp_path: Path, title: str, description: str):
    path = write(tmp_path / "KR.csv", ROW | {"title": title, "description": description})
    (record,), _ = read(path)
    line = json.loads(record.line())
    assert (line["text"], line["description"]) == (title, description)
    assert record.line().count(b"\n") == 1


def others(path: Path, text: str, encoding: str = "utf-8") -> tuple[list, Repairs]:
    path.write_text(text, encoding=encoding)
    records, repairs = read(path)
    return [record.record for record in records], repairs


@pytest.mark.parametrize(
    ("name", "source", "region"),
    [
        ("US_youtube_trending_data.csv", "youtube_trending_us", "US"),
        ("JPvideos.csv", "youtube_trending_jp", "JP"),
        ("videos.csv", "youtube_trending", None),
    ],
)
def test_the_country_is_that_of_the_name(
    tmp_path: Path, name: str, source: str, region: str | None
):
    (record,), repairs = read(write(tmp_path / name, ROW))
    assert (record.record["source"], record.record.get("region")) == (source, region)
    assert repairs == ({} if region else {"country_not_told": 1})


def test_the_layout_of_2017(tmp_path: Path):
    head = (
        "video_id,trending_date,title,channel_title,category_id,publish_time,tags,views,likes,"
        "dislikes,comment_count,thumbnail_link,comments_disabled,ratings_disabled,"
        "video_error_or_removed,description\n"
    )
    row = (
        "oLdPaper00{},17.{}.11,TWICE,Paper Channel,10,2017-11-13T09:00:00.000Z,"
        '"kpop|""paper bell""",{},25000,1,5000,x,False,False,{},made up\n'
    )
    text = (
        head
        + row.format(1, 14, 500, False)
        + row.format(2, 15, 10, True)
        + row.format(1, 15, 900, False)
    )
    records, repairs = others(tmp_path / "KRvideos.csv", text)
    assert [(r["observed_at"], r["view_count"]) for r in records] == [
        (1_510_617_600_000, 500),
        (1_510_704_000_000, 900),
    ]
    assert records[0]["tags"] == ["kpop", "paper bell"]
    assert records[0]["ts"] == 1_510_563_600_000
    assert repairs == {"video_error_or_removed_left_out": 1}


def test_the_layout_of_all_countries(tmp_path: Path):
    head = (
        "video_id,video_published_at,video_trending__date,video_trending_country,channel_id,"
        "video_title,video_category_id,video_tags,video_duration,video_view_count,video_like_count,"
        "video_comment_count,channel_title\n"
    )
    row = '{},2024-10-11T09:00:00Z,{},{},UC1,TWS,Music,"kpop,paper",PT3M12S,100,,7,Paper Channel\n'
    text = (
        head
        + row.format("g" * 11, "2024.10.12", "South Korea")
        + row.format("h" * 11, "2024-10-13", "Japan")
    )
    records, _ = others(tmp_path / "global.csv", text)
    assert [(r["region"], r["source"]) for r in records] == [
        ("KR", "youtube_trending_kr"),
        ("JP", "youtube_trending_jp"),
    ]
    assert [r["observed_at"] for r in records] == [1_728_691_200_000, 1_728_777_600_000]
    assert "like_count" not in records[0]
    assert (records[0]["tags"], records[0]["duration_seconds"]) == (["kpop", "paper"], 192)


@pytest.mark.parametrize(
    "video_id", ["#NAME?", "#VALUE!", "null", "", "-1.2E+10", "a rest of a title"]
)
def test_an_id_that_is_none_is_set_aside_by_its_field(tmp_path: Path, video_id: str):
    records, repairs = read(write(tmp_path / "KR.csv", ROW, ROW | {"video_id": video_id}))
    assert "video_id" not in records[1].record
    assert records[1].record["video_id_as_it_came"] == video_id
    assert repairs == {"video_id_is_no_id_set_aside": 1}


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ({"ratings_disabled": "true", "likes": "5"}, "like_count"),
        ({"ratings_disabled": "1", "likes": "0"}, "like_count"),
        ({"ratings_disabled": "Yes", "likes": "0"}, "like_count"),
        ({"likes": "-1"}, "like_count"),
        ({"likes": "hidden"}, "like_count"),
        ({"likes": ""}, "like_count"),
        ({"comments_disabled": "TRUE"}, "comment_count"),
        ({"comment_count": "NaN"}, "comment_count"),
        ({"view_count": "-1"}, "view_count"),
    ],
)
def test_what_is_hidden_is_left_out_however_it_is_written(
    tmp_path: Path, cells: dict[str, str], hidden: str
):
    (record,), _ = read(write(tmp_path / "KR.csv", ROW | cells))
    assert record.record == {k: v for k, v in RECORD.items() if k != hidden}


def test_a_spreadsheets_days_are_read_where_the_file_tells_their_order(tmp_path: Path):
    days = ("8/12/2020 0:00", "8/13/2020 0:00")
    rows = [ROW | {"trending_date": day, "view_count": "1.05E+07"} for day in days]
    records, repairs = read(write(tmp_path / "KR.csv", *rows))
    assert [record.day.day for record in records] == [12, 13]
    assert {record.record["view_count"] for record in records} == {10_500_000}
    assert repairs == {"view_count_rounded_by_spreadsheet_read": 2}


@pytest.mark.parametrize("day", ["8/12/2020", "yesterday", ""])
def test_a_file_none_of_whose_days_can_be_read_is_one_clear_line(tmp_path: Path, day: str):
    path = write(tmp_path / "KR.csv", ROW | {"trending_date": day, "publishedAt": "8/11/2020"})
    with pytest.raises(LandingError, match=r"cannot tell the days of .*KR\.csv: .*write days as"):
        read(path)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"PAR1", b"SQLite format 3\0"])
def test_a_file_that_is_no_text_is_called_by_its_name(tmp_path: Path, start: bytes):
    path = tmp_path / "KR.csv"
    path.write_bytes(start + bytes(100))
    with pytest.raises(LandingError, match=r"it is a"):
        read(path)
