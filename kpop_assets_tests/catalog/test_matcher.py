"""Titles whose artist is known, one by one."""

from __future__ import annotations

import unicodedata

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.matcher import tag_artists

SCHEMA = "text string, author_id string, author_name string, source string"

TITLES = {
    # a name inside a longer word
    "I live for this": OTHER,
    "Exclusive interview": OTHER,
    "하이브 주가 전망": OTHER,
    "Five minutes of nature": OTHER,
    "bp and shell report profits": OTHER,
    "IVEXO": OTHER,
    "뉴진스럽다": OTHER,
    # punctuation, hashtags, emoji, scripts
    "IVE 'Rebel Heart' MV": "IVE",
    "[아이브]": "IVE",
    "IVE아이브": "IVE",
    "🔥뉴진스🔥": "NewJeans",
    "#NewJeans_of_Winter": "NewJeans",
    "#straykids": "Stray Kids",
    "ＢＴＳ 특집": "BTS",
    "fromis_9 컴백": "fromis_9",
    "&TEAM 'Lunatic'": "&TEAM",
    "our team 'Lunatic' MV": OTHER,
    "": OTHER,
    " | ": OTHER,
    "ㅋㅋㅋ": OTHER,
    "소녀시대ㅋㅋㅋㅋ": "Girls' Generation",
    # particles
    "뉴진스는 왜": "NewJeans",
    "르세라핌의 하루": "LE SSERAFIM",
    "스키즈에게 물었다": "Stray Kids",
    "에스파랑 아이브": "aespa",
    "지드래곤에게 연락하는 법": "G-DRAGON",
    # lost characters
    "아이���브": OTHER,
    "하���이브": OTHER,
    "뉴진스 ��� 무대": "NewJeans",
    # position and length
    "aespa x IVE": "aespa",
    "IVE x aespa": "IVE",
    "NCT DREAM 7 years": "NCT DREAM",
    "NCT 127 vs NCT": "NCT 127",
    "NCT to the world": "NCT",
    "레드벨벳-아이린&슬기": "Red Velvet - IRENE & SEULGI",
    "세븐틴 부석순": "BSS",
    "EXO-CBX 'Blooming Days'": "EXO-CBX",
    # members
    "BTS Jimin": "Jimin",
    "방탄소년단 지민": "Jimin",
    "방탄소년단의 지민": "Jimin",
    "BTS (방탄소년단) JIMIN": "Jimin",
    "지민 (BTS)": "Jimin",
    "Jimin of BTS": "Jimin",
    "BTS's Jimin": "Jimin",
    "BTS at the airport with Jimin": "BTS",
    "BTS V 'FRI(END)S'": "V",
    "[BTS] V LIVE": "BTS",
    "BLACKPINK JENNIE": "JENNIE",
    # everyday words
    "축구 하이라이트": OTHER,
    "[HIGHLIGHT] 두산 vs LG 하이라이트": OTHER,
    "하이라이트 윤두준": "Yoon Doo Joon",
    "하이라이트 신곡 두준": "Highlight",
    "하이라이트 (Highlight) 신곡": "Highlight",
    "nature documentary": OTHER,
    "the secret of a winner": OTHER,
    "WINNER 'EVERYDAY' M/V": "WINNER",
    "위너 컴백": "WINNER",
    "T1 vs TES | Day6 4강": OTHER,
    "데이식스 4강": "DAY6",
    "it happened twice": OTHER,
    "TWICE 직캠": "TWICE",
    "여자친구랑 100일": OTHER,
    "미국 연준 금리 동결": OTHER,
    "이세돌 알파고 대국": OTHER,
    "비가 오는 날 직캠": OTHER,
    "여자아이들이 좋아하는 장난감": OTHER,
    "I'm so fine LYRIC VIDEO": OTHER,
    "Red velvet cake recipe": OTHER,
}


def tag(spark: SparkSession, catalog: Catalog, *rows: tuple[object, ...]) -> dict[str, str]:
    tagged = tag_artists(spark.createDataFrame(list(rows), SCHEMA), catalog).collect()
    return {row.text: row.artist for row in tagged}


def test_titles(spark: SparkSession, catalog: Catalog) -> None:
    rows = [(title, None, None, "youtube") for title in TITLES]
    assert tag(spark, catalog, *rows) == TITLES


def test_decomposed_hangul(spark: SparkSession, catalog: Catalog) -> None:
    titles = {"뉴진스는 왜": "NewJeans", "방탄소년단 지민": "Jimin", "하이브": OTHER}
    rows = [(unicodedata.normalize("NFD", title), None, None, "youtube") for title in titles]
    tagged = tag(spark, catalog, *rows)
    assert {unicodedata.normalize("NFC", title): name for title, name in tagged.items()} == titles


@pytest.mark.parametrize(
    ("title", "author", "wanted"),
    [
        ("Secret", "CAMO - Topic", "CAMO"),
        ("MISMATCH", "&TEAM - Topic", "&TEAM"),
        ("winner takes all", "WINNER - Topic", "WINNER"),
        ("BTS", "Somebody Else - Topic", OTHER),
        ("EIO", "TEN - Topic", "TEN (NCT)"),
        ("EIO", "차이나 핫토픽 - China Hot Topic", OTHER),
        ("BTS", "Release - Topic", "BTS"),
        ("FOCUS", "하츠투하츠 Hearts2Hearts - Topic", "Hearts2Hearts"),
        ("WINNER daily", "WINNER", "WINNER"),
        ("nature daily", "A CAT IN NATURE", OTHER),
        ("Highlight reel", "하이라이트 모음", OTHER),
        ("twice a day", "TWICE Official", "TWICE"),
        ("day6 of my trip", "DAY6 데이식스", "DAY6"),
    ],
)
def test_authors(
    spark: SparkSession, catalog: Catalog, title: str, author: str, wanted: str
) -> None:
    assert tag(spark, catalog, (title, None, author, "youtube")) == {title: wanted}


def test_channel_goes_first_but_yields_to_its_members(
    spark: SparkSession, catalog: Catalog
) -> None:
    group = catalog["WINNER"].channels[0]
    solo = catalog["Lim Young Woong"].channels[0]
    tagged = tag(
        spark,
        catalog,
        ("hello", group, "any", "youtube"),
        ("IVE cover", group, "any", "youtube"),
        ("강승윤 M/V", group, "any", "youtube"),
        ("IVE and me", solo, None, "youtube"),
        ("unknown", "UC" + "x" * 22, "any", "youtube"),
    )
    assert tagged == {
        "hello": "WINNER",
        "IVE cover": "WINNER",
        "강승윤 M/V": "YOON (WINNER)",
        "IVE and me": "Lim Young Woong",
        "unknown": OTHER,
    }


def test_chart_rows_go_by_their_credit_alone(spark: SparkSession, catalog: Catalog) -> None:
    tagged = tag(
        spark,
        catalog,
        ("Who", None, "Jimin", "spotify_chart"),
        ("Slow Dancing", None, "V", "spotify_chart"),
        ("BTS", None, "Taylor Swift", "spotify_chart"),
        ("IVE", None, None, "spotify_chart"),
        ("yours", None, "데이먼스 이어 Damons year", "spotify_chart"),
    )
    assert tagged == {
        "Who": "Jimin",
        "Slow Dancing": "V",
        "BTS": OTHER,
        "IVE": OTHER,
        "yours": "DAMONS YEAR",
    }


def test_nulls_and_equal_titles_keep_their_own_row(spark: SparkSession, catalog: Catalog) -> None:
    rows = [
        (1, "winner", None, None, "youtube"),
        (2, "winner", None, "WINNER", "youtube"),
        (3, "winner", None, None, "youtube"),
        (4, "winner", None, "WINNER - Topic", None),
        (5, "winner", "WINNER", None, "youtube"),
    ]
    events = spark.createDataFrame(rows, f"number int, {SCHEMA}")
    tagged = {row.number: row.artist for row in tag_artists(events, catalog).collect()}
    assert tagged == {1: OTHER, 2: "WINNER", 3: OTHER, 4: "WINNER", 5: OTHER}


def test_other_columns_pass_and_an_old_artist_is_replaced(
    spark: SparkSession, catalog: Catalog
) -> None:
    events = spark.createDataFrame([("IVE", None, None, "youtube")], SCHEMA)
    events = events.select("*", F.lit("x").alias("artist"), F.lit(1).alias("a.b"))
    tagged = tag_artists(events, catalog)
    assert tagged.columns == [*events.columns[:4], "a.b", "artist"]
    assert [tuple(row) for row in tagged.collect()] == [("IVE", None, None, "youtube", 1, "IVE")]
