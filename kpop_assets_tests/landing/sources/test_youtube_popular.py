"""Snapshots of the most popular videos."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.sources.base import Repairs
from kpop_assets.landing.sources.youtube_popular import YoutubePopular

ITEM = {
    "videoId": "KHG3M3UqHBc",
    "title": "NEWBEAT(뉴비트) 'Look So Good' Official MV",
    "channelName": "NEWBEAT ",
    "channelId": "UCPsuhauIjL1o8xClEmoIArA",
    "thumbnailUrl": "x",
    "viewCount": 2742978,
    "likeCount": 6588,
    "commentCount": 930,
    "publishedAt": "2025-11-06T03:00:01Z",
    "categoryKey": "all",
    "categoryName": "전체",
    "todayViews": None,
}
OBSERVED_AT = 1_762_614_899_667
RECORD = {
    "video_id": "KHG3M3UqHBc",
    "text": "NEWBEAT(뉴비트) 'Look So Good' Official MV",
    "ts": 1_762_398_001_000,
    "source": "youtube_popular_kr",
    "author_id": "UCPsuhauIjL1o8xClEmoIArA",
    "author_name": "NEWBEAT ",
    "observed_at": OBSERVED_AT,
    "published_at": 1_762_398_001_000,
    "view_count": 2742978,
    "like_count": 6588,
    "comment_count": 930,
    "category_id": "all",
    "region": "KR",
}


def read(tmp_path: Path, *items: object, **top: object) -> tuple[list, Repairs]:
    snapshot = {
        "date": "2025-11-09",
        "timestamp": "2025-11-08T15:14:59.667Z",
        "region": "kr",
        "categories": {"all": list(items)},
    }
    path = tmp_path / "KR-2025-11-09.json"
    path.write_text(json.dumps(snapshot | top))
    repairs: Repairs = Counter()
    return list(YoutubePopular().read(path, repairs)), repairs


def test_a_listing_becomes_a_record(tmp_path: Path):
    (record,), repairs = read(tmp_path, ITEM)
    assert record == (dt.date(2025, 11, 9), OBSERVED_AT, RECORD)
    assert json.loads(record.line()) == RECORD
    assert not repairs


def test_a_video_in_two_categories_gives_two_records(tmp_path: Path):
    categories = {"all": [ITEM], "film": [ITEM | {"categoryKey": "film"}], "travel": []}
    records, _ = read(tmp_path, categories=categories)
    assert [r.record for r in records] == [RECORD, RECORD | {"category_id": "film"}]


def test_hidden_counts_are_left_out_and_counted(tmp_path: Path):
    (record,), repairs = read(tmp_path, ITEM | {"likeCount": 0, "commentCount": 0})
    hidden = {"like_count", "comment_count"}
    assert record.record == {k: v for k, v in RECORD.items() if k not in hidden}
    assert repairs == {"likeCount_0_is_hidden": 1, "commentCount_0_is_hidden": 1}


def test_a_date_that_is_another_day_is_counted(tmp_path: Path):
    (record,), repairs = read(tmp_path, ITEM, date="2025-11-08")
    assert record.day == dt.date(2025, 11, 9)
    assert repairs == {"date_is_not_the_seoul_day_of_timestamp": 1}


@pytest.mark.parametrize("timestamp", ["1970-01-01T00:00:00Z", "2100-06-01T00:00:00Z", "soon", 7])
def test_an_impossible_timestamp_goes_on_as_it_came(tmp_path: Path, timestamp: object):
    (record,), repairs = read(tmp_path, ITEM, timestamp=timestamp)
    assert record.day == dt.date(2025, 11, 9)
    assert repairs == {
        "timestamp_unusable_day_from_date": 1,
        "timestamp_unusable_set_aside": 1,
    }
    assert record.record["observed_at"] in (timestamp, 0, 4_115_491_200_000)


def test_with_no_usable_date_either_the_file_says_the_day(tmp_path: Path):
    path = tmp_path / "KR-x.json"
    path.write_text('{"timestamp": null, "date": 5, "categories": {"all": [{}]}}')
    os.utime(path, (1_766_892_339, 1_766_892_339))
    (record,) = YoutubePopular().read(path, Counter())
    assert record.day == dt.date(2025, 12, 28)


def test_wrong_types_and_missing_fields_go_on_as_they_came(tmp_path: Path):
    odd = {"videoId": 7, "viewCount": "many", "likeCount": False, "publishedAt": "yesterday"}
    records, _ = read(tmp_path, odd, "no object", None)
    assert records[0].record == {
        "video_id_as_it_came": 7,
        "ts": "yesterday",
        "source": "youtube_popular_kr",
        "observed_at": OBSERVED_AT,
        "published_at": "yesterday",
        "view_count": "many",
        "like_count": False,
        "category_id": "all",
        "region": "KR",
    }
    assert [r.line() for r in records[1:]] == [b'"no object"\n', b"null\n"]


def test_damaged_titles_are_kept_and_counted(tmp_path: Path):
    (record,), repairs = read(tmp_path, ITEM | {"title": "르세라\ufffd"})
    assert record.record["text"] == "르세라\ufffd"
    assert repairs == {"title_damaged_at_source_kept": 1}


def test_bytes_that_are_no_text_stay_as_they_are(tmp_path: Path):
    path = tmp_path / "KR-2025-11-09.json"
    path.write_bytes(
        b'{"timestamp": "2025-11-08T15:14:59Z", "categories": {"all": ['
        b'{"title": "\xff"}, {"title": "\\ud83d"}]}}'
    )
    wrong_bytes, lone_surrogate = YoutubePopular().read(path, Counter())
    assert b'"text": "\xff"' in wrong_bytes.line()
    assert b'"text": "\\ud83d"' in lone_surrogate.line()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "as JSON: Expecting value: line 1 column 1"),
        ('{"timestamp": "2025-', "as JSON: .*line 1 column"),
        ("[" * 100_000, "as JSON"),
        ("[]", "no usable categories"),
        ('{"items": [{"kind": "youtube#channel"}]}', "no usable categories"),
        ("{}", "no usable categories"),
        ('{"categories": [1]}', "no usable categories"),
        ('{"categories": {"all": {}}}', "no usable categories"),
    ],
)
def test_a_file_that_is_no_snapshot_is_one_clear_line(tmp_path: Path, content: str, problem: str):
    path = tmp_path / "KR-2025-11-09.json"
    path.write_text(content)
    with pytest.raises(
        LandingError, match=rf"cannot read .*KR-2025-11-09\.json.*{problem}"
    ) as info:
        list(YoutubePopular().read(path, Counter()))
    assert "\n" not in str(info.value)


VIDEO = {
    "kind": "youtube#video",
    "id": "rAwPaper001",
    "snippet": {
        "publishedAt": "2025-11-01T09:00:00Z",
        "channelId": "UCmadeupchannel000000001",
        "title": "TWS &amp; 'Paper Bell' MV",
        "channelTitle": "Paper Channel",
        "categoryId": "10",
        "tags": ["kpop"],
    },
    "contentDetails": {"duration": "PT3M12S"},
    "statistics": {"viewCount": "500000", "likeCount": "0", "commentCount": "700"},
}


@pytest.mark.parametrize(
    "name", ["JP-2025-11-04.json", "JP_20251104.json", "popular JP 2025.11.04.json"]
)
@pytest.mark.parametrize("content", [{"kind": "x", "items": [VIDEO]}, [VIDEO]])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_answer_of_the_api_takes_day_and_region_from_its_name(
    tmp_path: Path, name: str, content: object, encoding: str
):
    path = tmp_path / name
    path.write_text(json.dumps(content), encoding=encoding)
    assert YoutubePopular().sources_in(tmp_path) == [path]
    repairs: Repairs = Counter()
    (record,) = YoutubePopular().read(path, repairs)
    assert record.record == {
        "video_id": "rAwPaper001",
        "text": "TWS &amp; 'Paper Bell' MV",  # bronze decodes it, once
        "ts": 1_761_987_600_000,
        "source": "youtube_popular_jp",
        "author_id": "UCmadeupchannel000000001",
        "author_name": "Paper Channel",
        "observed_at": 1_762_225_200_000,
        "published_at": 1_761_987_600_000,
        "view_count": 500_000,
        "comment_count": 700,
        "tags": ["kpop"],
        "category_id": "10",
        "duration_seconds": 192,
        "region": "JP",
    }
    assert repairs["likeCount_0_is_hidden"] == 1


@pytest.mark.parametrize(
    ("top", "name", "day"),
    [
        ({"date": "2025-11-04"}, "KR-x.json", 4),
        ({"date": "2025.11.04"}, "KR-2025-11-09.json", 4),
        ({}, "KR-2025-11-09.json", 9),
    ],
)
def test_a_snapshot_without_a_time_is_of_the_noon_of_its_day(
    tmp_path: Path, top: dict, name: str, day: int
):
    path = tmp_path / name
    path.write_text(json.dumps({**top, "categories": {"all": [ITEM]}}))
    (record,) = YoutubePopular().read(path, Counter())
    noon = dt.datetime(2025, 11, day, 3, tzinfo=dt.UTC)
    assert (record.day.day, record.record["observed_at"]) == (day, noon.timestamp() * 1000)


def test_a_snapshot_of_no_day_is_refused(tmp_path: Path):
    path = tmp_path / "KR-x.json"
    path.write_text(json.dumps({"categories": {"all": [ITEM]}}))
    with pytest.raises(LandingError, match="no usable timestamp"):
        list(YoutubePopular().read(path, Counter()))


def test_a_snapshot_of_another_country_is_of_that_country(tmp_path: Path):
    (record,), _ = read(tmp_path, ITEM, region="us")
    assert (record.record["source"], record.record["region"]) == ("youtube_popular_us", "US")


def test_an_empty_list_is_counted(tmp_path: Path):
    records, repairs = read(tmp_path, categories={"all": [], "music": [ITEM]})
    assert len(records) == 1
    assert repairs == {"list_without_videos": 1}


def test_what_lies_beside_the_snapshots_is_left_out(tmp_path: Path):
    for name in ("KR-2025-11-04.json", "KR_category_id.json", "package.json", "KR-2025-11-05.csv"):
        (tmp_path / name).touch()
    found = YoutubePopular().sources_in(tmp_path)
    assert [path.name for path in found] == ["KR-2025-11-04.json"]
