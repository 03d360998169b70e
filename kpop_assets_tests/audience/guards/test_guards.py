"""Guards: what is one author, one moment, one burst, and which of them hold a campaign."""

import datetime as dt
import random
from typing import Any

import polars as pl
import pytest

from kpop_assets.audience.guards.bursts import number_bursts
from kpop_assets.audience.guards.guard_days import GUARD_COLUMNS, OPINION_COLUMNS, guard_day
from kpop_assets.audience.guards.review_weights import weigh_reviews
from kpop_assets.audience.guards.shared_moments import together_counts
from kpop_assets.contracts import guard_rules as rules
from kpop_assets.contracts.audience_scores import EARLIER_WORD
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.lake.rows import empty
from kpop_assets_tests.audience.kit import NOON, before, voices_of

START = dt.datetime(2026, 4, 1, 3, 7, tzinfo=dt.UTC)
NO_OPINIONS = pl.DataFrame(
    schema={"review_id": pl.String, "p_negative": pl.Float64, "p_positive": pl.Float64}
)
BOUGHT = "이번 앨범은 정말 실망입니다 돈이 아깝네요 절대 사지 마세요"
SCHEMA = {
    **dict.fromkeys(
        ("review_id", "subject_kind", "subject", "artist", "source", "author_id", "text"),
        pl.String,
    ),
    "rating_100": pl.Float64,
    "rating_scale": pl.String,
    "created_at": pl.Datetime("us", "UTC"),
}


def said(number: int, **more: Any) -> dict[str, Any]:
    """A review; every one by somebody else, in words of its own."""
    draw = random.Random(number)
    words = "".join(chr(draw.randint(0xAC00, 0xD7A3)) for _ in range(20))
    return {
        "review_id": f"r{number:05d}",
        "subject_kind": "video",
        "subject": "v1",
        "artist": "act 1",
        "source": "s",
        "author_id": f"u{number}",
        "text": words,
        "rating_100": 75.0,
        "rating_scale": "1-10",
        "created_at": START + dt.timedelta(hours=number),
        **more,
    }


def ordinary(count: int = 200) -> list[dict[str, Any]]:
    """A review each three hours, of all opinions."""
    return [
        said(
            number,
            rating_100=float(number * 37 % 101),
            created_at=START + dt.timedelta(hours=3 * number),
        )
        for number in range(count)
    ]


def wave(count: int, **more: Any) -> list[dict[str, Any]]:
    """So many within the hour after the ordinary ones."""
    at = START + dt.timedelta(hours=590)
    return [
        said(10_000 + number, created_at=at + dt.timedelta(seconds=37 * number), **more)
        for number in range(count)
    ]


def weigh(rows: list[dict[str, Any]], opinions: pl.DataFrame = NO_OPINIONS) -> pl.DataFrame:
    return weigh_reviews(pl.DataFrame(rows, SCHEMA), opinions)


def test_a_copied_wave_weighs_nearly_nothing_and_says_why() -> None:
    found = weigh(ordinary() + wave(60, rating_100=0.0, text=BOUGHT))
    planted = found.filter(pl.col("review_id") >= "r10000")
    assert planted["weight"].max() < 0.1
    assert all("copied" in reasons for reasons in planted["reasons"])
    others = found.filter(pl.col("review_id") < "r10000")
    assert others["weight"].min() > 0.75
    assert others["weight"].mean() > 0.99


def test_a_burst_of_newcomers_who_love_it_in_their_own_words_counts_whole() -> None:
    found = weigh(ordinary() + wave(300, rating_100=100.0))
    assert found["weight"].to_list() == [1.0] * len(found)
    assert found["burst"].max() == 1
    assert found["reasons"].list.len().max() == 0


@pytest.mark.parametrize(
    ("scale", "is_silenced"), [("thumbs", False), (None, False), ("1-10", True)]
)
def test_only_who_could_give_less_than_the_utmost_is_told_by_it(
    scale: str | None, is_silenced: bool
) -> None:
    """A thumb is always an end of its scale, and a comment without a rating is none."""
    more = {"rating_scale": scale, "rating_100": None if scale is None else 100.0}
    habits = [
        said(20_000 + 100 * act + n, artist=f"act {act}", subject=f"v{act}", author_id=f"f{n}")
        | more
        for act in (2, 3, 4)
        for n in range(60)
    ]
    fans = [row | more | {"author_id": f"f{n}"} for n, row in enumerate(wave(60))]
    opinions = pl.DataFrame(
        {"review_id": [row["review_id"] for row in fans], "p_negative": 0.0, "p_positive": 1.0}
    )
    found = weigh(ordinary() + habits + fans, opinions)
    burst = found.filter(pl.col("review_id").is_in([row["review_id"] for row in fans]))
    assert burst["burst"].min() == 1
    assert (burst["weight"].mean() < 0.5) == is_silenced


def test_of_five_stars_the_fifth_is_no_sign_of_a_campaign() -> None:
    """No other rating of five stands at a pole: all who like a thing very much give the end."""
    shared = "컴백 축하해 이번에도 일위 가자 우리 애들"
    fans = [
        row
        | {"rating_100": 100.0, "author_id": f"u{n}" if n % 2 else f"f{n}"}
        | ({"text": shared} if n % 11 in (0, 5) else {})
        for n, row in enumerate(wave(100))
    ]
    least = {
        scale: weigh(ordinary() + [row | {"rating_scale": scale} for row in fans])
        .tail(len(fans))["weight"]
        .min()
        for scale in ("1-5", "1-10")
    }
    assert least["1-5"] == 1.0
    assert least["1-10"] < 0.5


def of_known_people(count: int = 200) -> list[dict[str, Any]]:
    """Ordinary reviews by people who all spoke of other things before."""
    rows = [row | {"author_id": f"k{n % 40}"} for n, row in enumerate(ordinary(count))]
    return [row | {"subject": f"v{n // 40}"} for n, row in enumerate(rows)]


@pytest.mark.parametrize("text", [None, "별로"])
def test_strangers_who_rate_down_without_a_word_are_a_campaign(text: str | None) -> None:
    found = weigh(of_known_people() + wave(60, rating_100=0.0, rating_scale="1-5", text=text))
    planted = found.filter(pl.col("review_id") >= "r10000")
    assert planted["weight"].max() < 0.2
    assert all("newcomer" in reasons for reasons in planted["reasons"])
    assert found.filter(pl.col("review_id") < "r10000")["weight"].min() == 1.0


@pytest.mark.parametrize(
    "honest",
    [
        # Praise is a clip's, and the angry say why.
        of_known_people() + wave(60, rating_100=100.0, text=None),
        of_known_people() + wave(60, rating_100=0.0),
        # Where all are strangers, and where hardly anybody spoke before, nobody stands out.
        ordinary() + wave(60, rating_100=0.0, text=None),
        of_known_people()[-rules.LEAST_USUAL_REVIEWS + 1 :] + wave(60, rating_100=0.0, text=None),
        # A fandom that was there before is none.
        of_known_people()
        + [row | {"author_id": f"k{n % 40}"} for n, row in enumerate(wave(40, rating_100=0.0))],
    ],
)
def test_strangers_who_praise_or_speak_are_none(honest: list[dict[str, Any]]) -> None:
    assert weigh(honest)["weight"].min() in (0.0, 1.0)
    assert not weigh(honest)["reasons"].list.contains("newcomer").any()


@pytest.mark.parametrize(("known", "is_found"), [(0, True), (3, True), (12, False)])
def test_where_three_of_four_are_strangers_a_wave_of_hardly_any_other_is_found(
    known: int, is_found: bool
) -> None:
    """Of 60 as many as usual, or a few more, say nothing."""
    usual = [
        row if n % 4 else row | {"author_id": f"k{n % 40}", "subject": f"v{n // 40}"}
        for n, row in enumerate(ordinary())
    ]
    rows = wave(60, rating_100=0.0, text=None)
    rows = [
        row | {"author_id": f"k{4 * n % 40}"} if n < known else row for n, row in enumerate(rows)
    ]
    found = weigh(usual + rows)
    assert found["reasons"].list.contains("newcomer").any() == is_found


def test_a_few_copies_make_no_campaign() -> None:
    found = weigh(ordinary() + wave(rules.LEAST_GROUP // 2, rating_100=0.0, text=BOUGHT))
    assert found["weight"].min() == 1.0


def test_only_the_last_word_of_an_author_on_a_subject_counts() -> None:
    rows = [
        said(1, author_id="a", rating_100=0.0),
        said(2, author_id="a", rating_100=100.0),
        said(3, author_id="a", subject="v2"),
        said(4, author_id=None),
        said(5, author_id=None),
    ]
    found = weigh(rows)
    assert found["weight"].to_list() == [0.0, 1.0, 1.0, 1.0, 1.0]
    assert found["reasons"].to_list() == [[EARLIER_WORD], [], [], [], []]


def test_an_edit_of_an_earlier_review_is_no_later_word() -> None:
    """Edited today, behind another review: the words are new, the place among them is not."""
    one = {"author_id": "a", "source": "s", "rating": 2.0, "rating_scale": "1-10"}
    earlier = {"created_at": NOON - dt.timedelta(days=3), "updated_at": NOON}
    later = {"created_at": NOON - dt.timedelta(days=2)}
    said_before = {before(1): [{**one, "review_id": "r1", "rating": 9.0, **later}]}
    today = [{**one, "review_id": "r0", **earlier}, {**one, "review_id": "r1", **later}]
    for days in ({}, said_before):
        voices = pl.DataFrame(voices_of(today, days))
        found = weigh_reviews(voices, NO_OPINIONS).sort("review_id")
        assert found["weight"].to_list() == [0.0, 1.0]
        assert found["reasons"].to_list() == [[EARLIER_WORD], []]


def test_a_laugh_behind_a_rating_makes_no_earlier_word_of_it() -> None:
    rows = [
        said(1, author_id="a", rating_100=0.0),
        said(2, author_id="a", rating_100=100.0),
        said(3, author_id="a", rating_100=None),
        said(4, author_id="a", rating_100=None),
    ]
    earlier = weigh(rows)["reasons"].list.contains(EARLIER_WORD)
    assert earlier.to_list() == [True, False, True, False]


def test_one_id_of_two_sources_is_two_authors() -> None:
    rows = [said(1, author_id="17"), said(2, author_id="17", source="another")]
    assert weigh(rows)["weight"].to_list() == [1.0, 1.0]


def test_crews_who_meet_on_other_acts_are_found_and_fans_of_one_are_not() -> None:
    at = START + dt.timedelta(days=30)
    crew = [f"c{number}" for number in range(8)]
    meetings = [
        said(
            100 * act + number,
            author_id=one,
            artist=f"act {act}",
            subject=f"v{act}",
            created_at=at + dt.timedelta(days=act, minutes=number % 5),
        )
        for act in (2, 3)
        for number, one in enumerate(crew)
    ]
    fans = [
        said(
            5_000 + 100 * video + number,
            author_id=f"f{number}",
            artist="act 9",
            subject=f"w{video}",
            created_at=at + dt.timedelta(days=video, minutes=number % 5),
        )
        for video in (1, 2)
        for number in range(8)
    ]
    crowd = [said(9_000 + number, author_id=f"x{number}") for number in range(100)]
    found = together_counts(pl.DataFrame(meetings + fans + crowd, SCHEMA))
    assert dict(found.rows()) == dict.fromkeys(crew, 8)


@pytest.mark.parametrize("hour", [0, 15])
def test_times_without_a_clock_say_no_moment(hour: int) -> None:
    # At 15:00 UTC a day of Seoul begins.
    day = dt.datetime(2026, 4, 1, hour, tzinfo=dt.UTC)
    rows = [
        said(100 * act + number, author_id=f"c{number}", artist=f"act {act}", created_at=day)
        for act in (1, 2)
        for number in range(8)
    ]
    assert together_counts(pl.DataFrame(rows, SCHEMA)).is_empty()


def test_ratings_that_no_source_dates_were_not_all_given_at_one_moment() -> None:
    """A table without times is seen at one instant: whoever rated two films would be a crew."""
    day = dt.date(2026, 5, 4)
    rated = [
        {
            **said(1_000 * film + person, rating_100=25.0 * ((film + person) % 5), text=None),
            "ingest_date": day,
            "subject_kind": "title",
            "subject": f"film {film}",
            "artist": "OTHER",
            "author_id": f"u{person}",
            "created_at": None,
            "observed_at": START,
            "voice_kind": "empty",
        }
        for film in range(40)
        # Those who like one kind of film rate three of its four.
        for person in range(40 * (film // 4), 40 * (film // 4 + 1))
        if person % 4 != film % 4
    ]
    voices = pl.DataFrame(rated, empty(VOICES).select(GUARD_COLUMNS).schema)
    opinions = empty(SENTIMENTS).select(OPINION_COLUMNS)
    found = guard_day(voices, opinions, day)
    assert found["weight"].min() == 1.0


def test_a_burst_is_one_against_the_subjects_own_rhythm() -> None:
    busy = [
        said(n, subject="busy", created_at=START + dt.timedelta(minutes=20 * n))
        for n in range(2_000)
    ]
    calm = [
        said(5_000 + n, subject="calm", created_at=START + dt.timedelta(hours=30 * n))
        for n in range(20)
    ]
    more = [
        said(9_000 + n, subject=subject, created_at=START + dt.timedelta(days=26, minutes=n))
        for subject in ("busy", "calm")
        for n in range(30)
    ]
    frame = pl.DataFrame(busy + calm + more, SCHEMA).with_columns(pl.lit("high").alias("pole"))
    bursts = number_bursts(frame)["burst"]
    late = frame["review_id"] >= "r09000"
    assert bursts.filter(late & (frame["subject"] == "calm")).min() == 1
    # A subject's first days have no rhythm before them and may be a burst of their own.
    settled = frame["created_at"] > START + dt.timedelta(days=14)
    assert bursts.filter(settled & (frame["subject"] == "busy")).max() == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_weights_do_not_depend_on_the_order_of_reviews(seed: int) -> None:
    rows = ordinary(80) + wave(40, rating_100=0.0, text=BOUGHT)
    again = list(rows)
    random.Random(seed).shuffle(again)
    key = "review_id"
    one, other = weigh(rows).sort(key), weigh(again).sort(key)
    assert one["weight"].to_list() == pytest.approx(other["weight"].to_list())
    assert one["reasons"].to_list() == other["reasons"].to_list()


def test_no_review_needs_no_weight() -> None:
    assert weigh([]).is_empty()


def test_a_wave_of_hours_inside_a_comeback_of_days_is_found() -> None:
    at = START + dt.timedelta(hours=590)
    comeback = [
        said(
            20_000 + n,
            rating_100=100.0 if n % 4 else 55.0,
            created_at=at + dt.timedelta(minutes=9 * n),
        )
        for n in range(500)
    ]
    later = at + dt.timedelta(hours=40)
    planted = [
        said(30_000 + n, rating_100=100.0, text=BOUGHT, created_at=later + dt.timedelta(minutes=n))
        for n in range(50)
    ]
    found = weigh(ordinary() + comeback + planted)
    is_planted = found["review_id"] >= "r30000"
    assert found.filter(is_planted)["weight"].max() < 0.25
    assert found.filter(~is_planted)["weight"].mean() > 0.95
