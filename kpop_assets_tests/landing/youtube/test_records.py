"""Resources of the API become landing records: nothing invented, nothing lost, never an error."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.landing.youtube.records import (
    KnownVideo,
    duration_seconds,
    from_stats,
    from_video,
)

OBSERVED = 1_766_892_339_000
PUBLISHED = int(dt.datetime(2025, 12, 1, 9, tzinfo=dt.UTC).timestamp() * 1000)
VIDEO = {
    "kind": "youtube#video",
    "id": "js1CtxSY38I",
    "snippet": {
        "publishedAt": "2025-12-01T09:00:00Z",
        "channelId": "UC3IZKseVpdzPSBaWxBxundA",
        "title": "NewJeans (뉴진스) 'Attention' & more",
        "description": "https://example.org/?id=7&region=KR&copy=2&lang=ko&times=3 Q&A, AT&T",
        "channelTitle": "HYBE & LABELS",
        "tags": ["NewJeans", "뉴진스"],
        "categoryId": "10",
        "defaultLanguage": "en",
        "defaultAudioLanguage": "ko",
    },
    "contentDetails": {"duration": "PT4M13S"},
    "statistics": {
        "viewCount": "12345678901",
        "likeCount": "7",
        "commentCount": "0",
        "favoriteCount": "0",
    },
}
RECORD = {
    "video_id": "js1CtxSY38I",
    "text": "NewJeans (뉴진스) 'Attention' & more",
    "ts": PUBLISHED,
    "source": "youtube",
    "author_id": "UC3IZKseVpdzPSBaWxBxundA",
    "author_name": "HYBE & LABELS",
    "observed_at": OBSERVED,
    "published_at": PUBLISHED,
    "view_count": 12_345_678_901,
    "like_count": 7,
    "comment_count": 0,
    "description": VIDEO["snippet"]["description"],
    "tags": ["NewJeans", "뉴진스"],
    "category_id": "10",
    "duration_seconds": 253,
    "lang": "ko",
    "region": "KR",
    "query": "NewJeans",
}
KNOWN = KnownVideo(
    "js1CtxSY38I",
    "NewJeans 'Attention'",
    PUBLISHED,
    author_id="UC3",
    author_name="HYBE LABELS",
    category_id="10",
    duration_seconds=253,
    lang="ko",
    region="KR",
    query="NewJeans",
)


def test_a_video_becomes_a_record():
    assert from_video(VIDEO, OBSERVED, "NewJeans", "KR") == RECORD


def test_a_premiere_says_when_it_was_announced_for_and_when_it_began():
    details = {
        "scheduledStartTime": "2025-12-03T09:00:00Z",
        "actualStartTime": "2025-12-03T09:00:07Z",
    }
    record = from_video({**VIDEO, "liveStreamingDetails": details}, OBSERVED, "NewJeans", "KR")
    two_days = 2 * 86_400_000
    begun = {"scheduled_at": PUBLISHED + two_days, "started_at": PUBLISHED + two_days + 7_000}
    assert record == {**RECORD, **begun}
    # The call that refreshes counters says nothing of it.
    later = from_stats({"id": "js1CtxSY38I"}, replace(KNOWN, **begun), OBSERVED)
    assert {name: later[name] for name in begun} == begun


def test_hidden_counters_are_absent_and_a_zero_is_a_zero():
    statistics = {"viewCount": "0", "favoriteCount": "0"}
    record = from_video({**VIDEO, "statistics": statistics}, OBSERVED)
    assert record["view_count"] == 0
    assert not {"like_count", "comment_count", "region", "query"} & set(record)


def test_only_texts_of_a_search_are_html_and_are_decoded_once():
    texts = {"title": "&#39;Fold&#39; &amp; Go &amp;lt;", "channelTitle": "Paper &amp; Ink"}
    result = {"id": {"videoId": "abc"}, "snippet": {**VIDEO["snippet"], **texts}}
    found = from_video(result, OBSERVED)
    assert (found["text"], found["author_name"]) == ("'Fold' & Go &lt;", "Paper & Ink")
    own = {**VIDEO, "snippet": {**VIDEO["snippet"], **texts}}
    told = from_video(own, OBSERVED)
    # As it is: the next layer reads entities once, for whatever collector wrote a line.
    assert (told["text"], told["author_name"]) == (texts["title"], texts["channelTitle"])


def test_a_search_result_has_its_id_in_an_object_and_no_counters():
    found = {"id": {"kind": "youtube#video", "videoId": "abc"}, "snippet": VIDEO["snippet"]}
    record = from_video(found, OBSERVED)
    assert record["video_id"] == "abc"
    assert not {"view_count", "duration_seconds"} & set(record)


def test_statistics_go_with_what_is_known():
    stat = {
        "id": "js1CtxSY38I",
        "snippet": {"publishTime": "2025-12-01T10:00:00.5Z"},
        "contentDetails": {"duration": "254.9s"},
        "statistics": {"viewCount": "9", "commentCount": "2"},
    }
    later = PUBLISHED + 3_600_500
    assert from_stats(stat, KNOWN, OBSERVED) == {
        "video_id": "js1CtxSY38I",
        "text": "NewJeans 'Attention'",
        "ts": later,
        "source": "youtube",
        "author_id": "UC3",
        "author_name": "HYBE LABELS",
        "observed_at": OBSERVED,
        "published_at": later,
        "view_count": 9,
        "comment_count": 2,
        "category_id": "10",
        "duration_seconds": 254,
        "lang": "ko",
        "region": "KR",
        "query": "NewJeans",
    }


def test_statistics_without_parts_keep_what_is_known():
    record = from_stats({"id": "js1CtxSY38I"}, KNOWN, OBSERVED)
    assert (record["published_at"], record["duration_seconds"]) == (PUBLISHED, 253)
    assert not {"view_count", "like_count", "comment_count"} & set(record)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT4M13S", 253),
        ("PT15S", 15),
        ("PT2H", 7200),
        ("PT1H1S", 3601),
        ("P1DT2H3M4S", 93_784),
        ("P1W", 604_800),
        ("PT15.9S", 15),
        ("253s", 253),
        ("253.5s", 253),
        ("P0D", None),  # a live stream, a premiere
        ("PT0S", None),
        ("0s", None),
        ("", None),
        (None, None),
        ("P", "P"),
        ("4:13", "4:13"),
        ("PT4M13", "PT4M13"),
        ("-5s", "-5s"),
        ("PT٤M", "PT٤M"),
        ("PT" + "9" * 5000 + "S", "PT" + "9" * 5000 + "S"),
        ("9" * 5000 + "s", "9" * 5000 + "s"),
        (17, 17),
    ],
)
def test_a_length_in_seconds(text: object, seconds: object):
    assert duration_seconds(text) == seconds


@given(st.integers(1, 99), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_lengths_of_all_sizes(days: int, hours: int, minutes: int, seconds: int):
    length = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    text = f"P{days}DT{hours}H{minutes}M{seconds}S"
    assert duration_seconds(text) == length.total_seconds()


@pytest.mark.parametrize("count", ["many", "-1", "1.5", "٣", "9" * 5000, True, None, ["1"]])
def test_a_counter_that_is_none_goes_on_as_it_came(count: object):
    record = from_video({**VIDEO, "statistics": {"viewCount": count}}, OBSERVED)
    assert record.get("view_count") == count


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)
PARTS = ("id", "snippet", "contentDetails", "statistics")


def partial(whole: dict) -> st.SearchStrategy[dict]:
    """The resource with fields left out at any depth, or with anything in their place."""
    fields = {
        name: (partial(value) if isinstance(value, dict) else st.just(value)) | JSON
        for name, value in whole.items()
    }
    return st.fixed_dictionaries({}, optional=fields)


@given(partial(VIDEO), st.none() | st.text(max_size=5))
def test_no_resource_is_an_error_and_no_counter_is_invented(item: dict, query: str | None):
    for record in (from_video(item, OBSERVED, query), from_stats(item, KNOWN, OBSERVED)):
        assert record["source"] == "youtube"
        assert record["observed_at"] == OBSERVED
        assert set(record) <= set(RECORD)
        assert all(value is not None and value != "" for value in record.values())
        json.dumps(record)
        statistics = item.get("statistics")
        shown = statistics if isinstance(statistics, dict) else {}
        for ours, theirs in (("view_count", "viewCount"), ("like_count", "likeCount")):
            assert (ours in record) == (shown.get(theirs) not in (None, ""))
