"""A review's word of a day: against its own words before, its author's, and those of others."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.audience.voices.voice_counts import count_voice_rules
from kpop_assets.audience.voices.voices import VoiceDays
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_voices import VOICE_RULES
from kpop_assets_tests.audience.kit import ACTS, NO_VIDEOS, NOON, TODAY, before, reviews, told
from kpop_assets_tests.audience.kit import voices_of as voices

LONG = "다 같이 이 글을 복사해서 올려 주세요"


def test_a_review_is_new_then_the_same_then_edited_then_gone():
    first = {"review_id": "a", "text": "좋아요"}
    assert told(voices([first]), "change") == ["new"]
    assert told(voices([first], {before(3): [first]}), "change") == ["same"]
    edited = {**first, "text": "별로예요"}
    assert told(voices([edited], {before(3): [first]}), "change") == ["edited"]
    back = voices([first], {before(5): [first], before(3): [edited]})
    assert told(back, "change") == ["edited"]
    [gone] = voices([{**edited, "deleted_at": NOON}], {before(3): [edited]})
    assert (gone["change"], gone["voice_kind"], gone["text"], gone["text_hash"]) == (
        *("deleted", "deleted"),
        *(None, None),
    )


def test_another_rating_is_an_edit_and_more_likes_are_none():
    rated = {"review_id": "a", "text": "좋아요", "rating": 9.0, "rating_scale": "1-10"}
    earlier = {before(1): [rated]}
    assert told(voices([{**rated, "rating": 2.0}], earlier), "change") == ["edited"]
    assert told(voices([{**rated, "likes": 7}], earlier), "change") == ["same"]


def test_what_lies_longer_back_than_anything_is_remembered_is_new():
    first = {"review_id": "a", "text": "좋아요"}
    days = rules.REVIEW_KNOWN_DAYS
    assert told(voices([first], {before(days): [first]}), "change") == ["same"]
    assert told(voices([first], {before(days + 1): [first]}), "change") == ["new"]


def test_one_id_in_two_sources_is_two_reviews():
    here, there = {"review_id": "1", "source": "a"}, {"review_id": "1", "source": "b"}
    found = voices([here], {before(1): [there]})
    assert told(found, "review_id", "change") == [("a:1", "new")]


def test_who_says_the_same_of_the_same_again_repeats_it_but_not_the_first_time():
    said = {"author_id": "u1", "text": "최고"}
    rows = [
        {**said, "review_id": "late", "created_at": NOON},
        {**said, "review_id": "early", "created_at": NOON - dt.timedelta(hours=1)},
        {**said, "review_id": "other film", "subject": "200"},
        {**said, "review_id": "other author", "author_id": "u2"},
        {**said, "review_id": "nobody", "author_id": None},
        {**said, "review_id": "nobody too", "author_id": None},
    ]
    found = {row["review_id"]: row["is_repeat"] for row in voices(rows)}
    assert [name for name, is_so in found.items() if is_so] == ["naver_reviews:late"]
    again = voices([rows[1]], {before(2): [{**said, "review_id": "older"}]})
    assert told(again, "is_repeat") == [True]
    assert told(voices([rows[1]], {before(2): [rows[1]]}), "is_repeat") == [False]


@pytest.mark.parametrize(("author_count", "expected"), [(4, False), (5, True)])
def test_a_text_of_many_authors_is_copied(author_count: int, expected: bool):
    rows = [{"author_id": f"u{n}", "text": LONG} for n in range(author_count)]
    assert set(told(voices(rows), "is_flood")) == {expected}


def test_copies_differ_in_case_blanks_signs_and_laughs_and_are_not_short_or_of_one_author():
    forms = [LONG, LONG.replace(" ", ""), f"{LONG}!!!", f"{LONG} ㅋㅋㅋ", f"💜 {LONG}"]
    rows = [{"author_id": f"u{n}", "text": text} for n, text in enumerate(forms)]
    assert set(told(voices(rows), "is_flood")) == {True}
    short = [{**row, "text": "진짜 최고예요"} for row in rows]
    assert set(told(voices(short), "is_flood")) == {False}
    one = [{**row, "author_id": "u1"} for row in rows]
    assert set(told(voices(one), "is_flood")) == {False}


def test_a_flood_is_known_on_the_day_on_which_it_is_one_and_for_a_week():
    rows = [{"review_id": f"r{n}", "author_id": f"u{n}", "text": LONG} for n in range(5)]
    flood, calm = {before(6): rows[:4]}, {before(7): rows[:4]}
    assert told(voices(rows[4:], flood), "is_flood") == [True]
    assert told(voices(rows[4:], calm), "is_flood") == [False]


def test_whose_video_it_is_goes_before_all_names():
    videos = pl.DataFrame({"video_id": ["v1", "v2"], "artist": ["IVE", "OTHER"]})
    rows = [
        {"subject_kind": "video", "subject": "v1", "act": "BTS"},
        {"subject_kind": "video", "subject": "v2", "act": "방탄소년단"},
        {"subject_kind": "video", "subject": "v3"},
        {"subject_kind": "act", "subject": "aespa"},
        {"subject_kind": "release", "subject": "NewJeans - Ditto"},
        {"subject_kind": "title", "subject": "BTS"},
        {"subject_kind": "act", "subject": "nobody at all"},
    ]
    found = told(voices(rows, videos=videos), "artist")
    assert found == ["IVE", "BTS", "OTHER", "aespa", "NewJeans", "OTHER", "OTHER"]


def test_who_is_no_critic_is_a_user_and_demo_is_simulated():
    rows = [{}, {"author_kind": "critic", "outlet": "NME"}, {"source": "demo"}]
    found = sorted(told(voices(rows), "source", "author_kind", "is_simulated"))
    assert found == [
        ("demo", "user", True),
        ("naver_reviews", "critic", False),
        ("naver_reviews", "user", False),
    ]


def test_every_rule_is_counted_by_source_also_where_it_met_nothing():
    rows = [
        {"text": "ㅋㅋㅋ"},
        {"text": "좋다", "rating": 11.0, "rating_scale": "1-10"},
        {"source": "demo", "text": "💜"},
    ]
    counts = count_voice_rules(pl.DataFrame(voices(rows)))
    assert sorted(counts["rule"].unique()) == sorted(VOICE_RULES)
    met = counts.filter(pl.col("voice_count") > 0).sort("source", "rule").rows()
    assert met == [
        *(("demo", "emoji_only", 1), ("demo", "new", 1), ("demo", "received", 1)),
        *(("naver_reviews", "laughter", 1), ("naver_reviews", "new", 2)),
        *(("naver_reviews", "rating_fault", 1), ("naver_reviews", "received", 2)),
        ("naver_reviews", "text", 1),
    ]


ROW = st.fixed_dictionaries(
    {
        "review_id": st.sampled_from("abcd"),
        "author_id": st.sampled_from(["u1", "u2", None]),
        "text": st.sampled_from(["좋다", "싫다", LONG, "", None]),
        "deleted_at": st.sampled_from([None, None, NOON]),
    }
)
DAY = st.lists(ROW, max_size=6, unique_by=lambda row: row["review_id"])


@settings(max_examples=40, deadline=None)
@given(st.lists(DAY, min_size=3, max_size=5))
def test_days_are_the_same_in_any_order_and_no_later_day_changes_one_before(days: list):
    read = {before(len(days) - n): reviews(*rows) for n, rows in enumerate(days)}

    def made(known: dict, order: list[dt.date]) -> dict[dt.date, list[dict]]:
        maker = VoiceDays(lambda day: known.get(day, reviews()), lambda day: NO_VIDEOS, ACTS)
        return {day: maker.of_day(day).sort("review_id").to_dicts() for day in order}

    whole = made(read, sorted(read))
    assert made(read, sorted(read, reverse=True)) == whole
    *first, last = sorted(read)
    assert made({day: read[day] for day in first}, first) == {day: whole[day] for day in first}
    assert len(whole[last]) == read[last].height
    # An oracle in plain Python of what a review is to its words before.
    state = {}
    for day in sorted(read):
        for row in sorted(read[day].to_dicts(), key=lambda row: row["review_id"]):
            says = None if row["deleted_at"] else (row["text"] or None,)
            was = state.get(row["review_id"], "unseen")
            expected = "deleted" if says is None else "new" if was == "unseen" else None
            expected = expected or ("same" if was == says else "edited")
            [found] = [
                v for v in whole[day] if v["review_id"] == f"naver_reviews:{row['review_id']}"
            ]
            assert found["change"] == expected
            state[row["review_id"]] = says
    assert TODAY not in read
