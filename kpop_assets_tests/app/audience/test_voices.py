"""What people say of an act: cards, days, aspects and what is quoted, on two pages."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from app.charts.audience.moods import draw_aspect_bars, draw_mood_days
from app.messages.catalogue import LANGUAGES, plain
from app.notices import PageEnd
from app.queries.audience import quotes, scores
from app.queries.audience.verdicts import judge_aspects
from app.snapshot import Snapshot
from app.views.audience.quoted import mark_clause
from kpop_assets.contracts.audience_scores import SUBJECT_SCORES
from kpop_assets.settings import Settings
from kpop_assets_tests.app.audience.voice_lake import VIDEO, score, write_voices
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows
from kpop_assets_tests.app.recommend.test_shared import write_acts


def shown(page: AppTest) -> str:
    """All words of a page."""
    parts = [*page.markdown, *page.caption, *page.info]
    return "\n".join(each.value.replace("\\", "") for each in parts)


def test_acts_stand_by_how_much_is_said_of_them(tmp_path: Path):
    lake = write_voices(tmp_path)
    assert scores.list_reviewed_acts(lake, None) == ("IVE", "aespa")
    assert scores.list_reviewed_acts(lake, days_ago(1)) == ("IVE",)
    made = scores.list_reviewed_subjects(lake, None, "IVE")
    assert made.select("subject_kind", "subject", "subject_name").rows() == [
        ("video", VIDEO, VIDEO)
    ]


def test_without_scores_there_is_a_way_out(tmp_path: Path):
    with pytest.raises(PageEnd) as told:
        scores.list_reviewed_acts(Snapshot(Settings(home=tmp_path)), None)
    assert told.value.key == "voices.none"


def test_days_and_aspects_are_those_of_the_subject(tmp_path: Path):
    lake = write_voices(tmp_path)
    days = scores.read_sentiment_days(lake, DAY, 7, "act", "IVE")
    assert days.select("ingest_date", "score_value").rows() == [(days_ago(1), 0.2), (DAY, 0.4)]
    last, found = scores.compare_aspects(lake, None, ("IVE", "aespa"))
    assert last == DAY
    assert found.select("artist", "aspect", "score_value").rows() == [
        ("IVE", "dance", 0.7),
        ("aespa", "dance", 0.3),
        ("IVE", "song", -0.5),
    ]


def test_what_may_not_be_shown_was_copied_or_is_of_another_act_is_not_quoted(tmp_path: Path):
    lake = write_voices(tmp_path)
    of_act = quotes.read_quotes(lake, DAY, "act", "IVE")
    assert of_act.praise["clause_text"].to_list() == ["안무가 최고다 진짜로"]
    assert of_act.complaints["clause_text"].to_list() == ["노래는 너무 별로였다"]
    of_video = quotes.read_quotes(lake, DAY, "video", VIDEO)
    assert of_video.praise["review_id"].to_list() == ["youtube:70"]
    assert quotes.read_quotes(lake, DAY, "video", "other").praise.is_empty()


def test_what_may_not_be_quoted_is_counted(tmp_path: Path) -> None:
    lake = write_voices(tmp_path)
    counts = {
        ("act", "IVE"): (1, 9),
        ("act", "aespa"): (0, 1),
        ("video", VIDEO): (1, 10),
        ("video", "other"): (0, 0),
    }
    for subject, expected in counts.items():
        assert quotes.read_quotes(lake, DAY, *subject).withheld == expected
        assert quotes.read_withheld(lake, DAY, *subject).rows() == [expected]


def test_what_asks_borrows_its_opinion_or_leans_the_other_way_is_no_praise(tmp_path: Path):
    lake = write_voices(tmp_path)
    praise = quotes.read_quotes(lake, DAY, "act", "IVE").praise
    assert not {"live", "rap", "lyrics"} & set(praise["aspect"])


def test_a_quotation_is_the_text_with_its_clause_in_bold_and_only_text():
    assert mark_clause("오늘 처음 듣는데 안무가 최고다!!", "안무가 최고다") == (
        r"오늘 처음 듣는데 **안무가 최고다**\!\!"
    )
    assert mark_clause("안무가 최고다 😭", "안무가 최고다") == "안무가 최고다 😭"
    assert mark_clause("so <b>good</b> and", "<b>good") == r"so \<b\>good\</b\> and"
    long = mark_clause("가" * 500 + " 안무가 최고다 " + "나" * 500, "안무가 최고다")
    assert long.startswith("…가") and long.endswith("나…") and len(long) < 180
    # What is no part of the text is shown by itself.
    assert mark_clause("다른 글", "안무가 최고다") == "안무가 최고다"


def test_marks_of_a_chart_are_named_and_nothing_is_named_that_is_not_drawn():
    titles = dict.fromkeys(("ingest_date", "score_value", "low", "high", "review_count"), "x")
    titles |= {"release_date": "day", "release": "Release", "aspect_name": "y", "cohort_value": "z"}
    values = {"score_value": [0.2], "low": [0.1], "high": [0.3], "review_count": [24]}
    days = pl.DataFrame({"ingest_date": [DAY], **values})
    assert "Release" in draw_mood_days(days, [DAY], titles).to_json()
    assert "Release" not in draw_mood_days(days, [days_ago(400)], titles).to_json()
    rows = pl.DataFrame({"aspect_name": ["Song"], **values, "cohort_value": [None]})
    alone = rows.with_columns(pl.col("cohort_value").cast(pl.Float64))
    assert "Song (24)" in (drawn := draw_aspect_bars(alone, titles).to_json())
    assert "mark_tick" not in drawn and '"tick"' not in drawn


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cards_say_each_score_with_its_interval_and_what_it_would_be(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_voices(tmp_path)
    page = open_page(tmp_path, "voices", lang)
    values = {metric.label: metric.value for metric in page.metric}
    label = plain(lang, "voices.card_weighted_rating_all")
    assert values[label] == "8.25"
    assert values[plain(lang, "voices.card_net_sentiment_all")] == "+0.40"
    helps = {metric.label: metric.help for metric in page.metric}
    assert plain(lang, "voices.left_no_rating", count="3") in helps[label].replace("\\", "")
    assert values[plain(lang, "voices.card_metascore_critic")] == "61"
    assert values[plain(lang, "voices.card_tomatometer_critic")] == "–"
    said = shown(page)
    assert plain(lang, "voices.verdict_green") in said
    assert plain(lang, "voices.unguarded", value="50") in said
    # The mean of all is another without guards: no review of the act itself counts less.
    assert plain(lang, "voices.unguarded", value="8.00") in said
    assert said.count(plain(lang, "voices.unguarded", value="")) == 2
    assert "안무가 최고다" in said and "욕설이 들어" not in said
    assert plain(lang, "voices.withheld", count="1", total="9") in said
    assert len(page.get("vega_lite_chart")) == 2
    linked = [link.proto.label for link in page.get("page_link")]
    assert plain(lang, "voices.to_guards", count="2") in linked


def test_a_video_of_the_act_can_be_chosen_and_its_quotes_lead_to_it(
    tmp_path: Path, open_page: OpenPage
):
    write_voices(tmp_path)
    page = open_page(tmp_path, "voices", artist="IVE", subject=f"video:{VIDEO}")
    values = {metric.label: metric.value for metric in page.metric}
    assert values[plain("en", "voices.card_metascore_critic")] == "61", "green begins at 61"
    assert f"https://www.youtube.com/watch?v={VIDEO}" in shown(page)


def test_on_paper_the_page_says_whom_it_is_about(tmp_path: Path, open_page: OpenPage):
    write_voices(tmp_path)
    page = open_page(tmp_path, "voices", "ko", artist="IVE", subject=f"video:{VIDEO}", print="1")
    assert [header.value for header in page.header] == [rf"아이브 · 영상 {VIDEO} \(제목 모름\)"]
    assert not open_page(tmp_path, "voices", "ko", artist="IVE").header


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_film_can_be_chosen_where_the_data_has_any(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_voices(tmp_path)
    assert not open_page(tmp_path, "voices", lang).radio
    films = {"subject_kind": "title"}
    rows = [
        score("OTHER", "net_sentiment", 0.5, subject="A film", **films, review_count=9),
        score("OTHER", "net_sentiment", 0.7, subject="A film", **films, aspect="acting"),
        score("OTHER", "net_sentiment", -0.5, subject="12345", **films, review_count=3),
    ]
    write_rows(tmp_path, SUBJECT_SCORES, rows)
    page = open_page(tmp_path, "voices", lang, of="titles", title="title:A film")
    assert page.radio[0].value == "titles"
    label = plain(lang, "voices.untitled", id="12345")
    assert page.selectbox(key="chosen_title").options == [
        plain(lang, "voices.subject_option", name=name, count=count)
        for name, count in (("A film", "9"), (label, "3"))
    ]
    values = {metric.label: metric.value for metric in page.metric}
    assert values[plain(lang, "voices.card_net_sentiment_all")] == "+0.50"
    assert plain(lang, "voices.days_releases", artist="")[:6] not in shown(page)
    acting = plain(lang, "voices.aspect_acting")
    assert plain(lang, "voices.next_show", aspect=acting) in shown(page)


def test_data_of_films_alone_is_shown_and_of_nothing_to_choose_is_no_crash(
    tmp_path: Path, open_page: OpenPage
):
    film = {"subject_kind": "title"}
    write_rows(
        tmp_path, SUBJECT_SCORES, [score("OTHER", "net_sentiment", 0.5, subject="A film", **film)]
    )
    page = open_page(tmp_path, "voices")
    assert not page.radio and page.metric[0].value == "+0.50"
    page = open_page(tmp_path, "voices", title="title:Another film")
    assert plain("en", "voices.unknown", artist="Another film") in shown(page)
    assert not page.metric
    other = score("OTHER", "net_sentiment", 0.5, subject=VIDEO, subject_kind="video")
    write_rows(tmp_path / "other", SUBJECT_SCORES, [other])
    assert plain("en", "voices.none") in shown(open_page(tmp_path / "other", "voices"))


def test_what_stands_out_is_told_in_short_and_what_chance_explains_is_not(
    tmp_path: Path, open_page: OpenPage
):
    rows = pl.DataFrame(
        [
            ("song", -0.5, -0.7, -0.3, 9, None),
            ("dance", 0.7, 0.6, 0.8, 5, 0.3),
            ("rap", 0.1, -0.1, 0.3, 40, 0.35),
            ("live", 0.1, -0.1, 0.3, 30, 0.2),
        ],
        orient="row",
        schema=["aspect", "score_value", "low", "high", "review_count", "cohort_value"],
    )
    found = judge_aspects(rows)
    assert (found.liked, found.disliked) == ({"dance": 0.7}, {"song": -0.5})
    assert (found.ahead, found.behind) == ({"dance": 0.7}, {"rap": 0.1})
    assert (found.to_mend, found.to_show) == ("song", "dance")
    # What others do better is mended and not shown more of, however well it is liked.
    usual = pl.lit(0.9).alias("cohort_value")
    found = judge_aspects(rows.filter(pl.col("aspect") == "dance").with_columns(usual))
    assert (found.to_mend, found.to_show) == ("dance", None)
    none = judge_aspects(rows.filter(pl.col("aspect") == "live"))
    assert (none.to_mend, none.to_show) == (None, None)
    write_voices(tmp_path)
    said = shown(open_page(tmp_path, "voices"))
    assert plain("en", "voices.short_liked", aspects="Dance (+0.70)") in said
    assert plain("en", "voices.next_mend", aspect="Song") in said
    said = shown(open_page(tmp_path, "voices", artist="aespa"))
    assert plain("en", "voices.short_liked", aspects="Dance (+0.30)") in said
    assert plain("en", "voices.short_disliked", aspects="")[:12] not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_acts_are_compared_by_aspect(tmp_path: Path, open_page: OpenPage, lang: str):
    write_voices(tmp_path)
    page = open_page(tmp_path, "aspects", lang, artists="IVE,aespa")
    assert page.get("vega_lite_chart")
    assert plain(lang, "aspects.caption", day=DAY.isoformat()) in shown(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_artist_has_what_people_say_of_it(tmp_path: Path, open_page: OpenPage, lang: str):
    write_acts(tmp_path, "IVE", "TWICE")
    page = open_page(tmp_path, "artist", lang, artist="IVE", tab="voices")
    assert [info.value for info in page.info] == [plain(lang, "voices.none")]
    write_voices(tmp_path)
    page = open_page(tmp_path, "artist", lang, artist="IVE", tab="voices")
    values = {metric.label: metric.value for metric in page.metric}
    assert values[plain(lang, "voices.card_weighted_rating_all")] == "8.25"
    assert "안무가 최고다" in shown(page) and len(page.get("vega_lite_chart")) == 2
    page = open_page(tmp_path, "artist", lang, artist="TWICE", tab="voices")
    names = {"artist": {"en": "TWICE", "ko": "트와이스"}[lang], "day": DAY.isoformat()}
    assert plain(lang, "voices.nobody", **names) in shown(page)
