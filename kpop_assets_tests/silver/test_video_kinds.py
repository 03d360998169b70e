"""Titles say what a video shows, to both engines alike."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.silver.video_kinds import video_kind


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("title", "video_format", "kind"),
    [
        ("IVE 아이브 'HEYA' MV", "video", "music_video"),
        ("[M/V] SEVENTEEN(세븐틴) - 음악의 신", "video", "music_video"),
        ("LE SSERAFIM (르세라핌) 'EASY' OFFICIAL M/V", "premiere", "music_video"),
        ("aespa 에스파 'Armageddon' MV Teaser", "video", "teaser"),
        ("aespa 에스파 'Armageddon' MV", "short", "short"),
        ("IVE 'HEYA' MV Reaction", "video", "other"),
        ("IVE 'HEYA' MV 비하인드", "video", "other"),
        ("IVE 'HEYA' Dance Practice", "video", "dance"),
        ("아이브 안무 영상", "unknown", "dance"),
        ("[LIVE CLIP] 아이유 무대 영상", "video", "stage"),
        ("[4K 직캠] 장원영 @인기가요", "video", "stage"),
        ("NewJeans (뉴진스) 'ETA' Lyric Video", "video", "lyrics"),
        ("[LIVE] 아이브 컴백 라이브", "live", "live"),
        ("아이브 브이로그", None, "other"),
        ("CHUNG HA 'Recover' Official MV", "video", "music_video"),
        ("A.C.E(에이스) - UNDER COVER M/V", "video", "music_video"),
        ('TWICE "Behind" MV', "video", "music_video"),
        ("'Making Love' M/V", "video", "music_video"),
        ("아이브MV", "video", "music_video"),
        ("MV공개 아이브", "video", "music_video"),
        ("IVE 'HEYA' MV Behind", "video", "other"),
        ("IVE 'HEYA' M/V Making", "video", "other"),
        ("[MAKING] IVE 'HEYA' MV", "video", "other"),
        ("Making of IVE 'HEYA' MV", "video", "other"),
        ("IVE 'HEYA' Official MV (Cover by fans)", "video", "other"),
        ("IVE 'HEYA' 비하인드MV", "video", "other"),
        ("아이브Audio", "video", "lyrics"),
        ("동해물과 백두산이 HMV 매장에서", "video", "other"),
    ],
)
def test_titles_say_what_a_video_shows(
    spark: SparkSession, title: str, video_format: str | None, kind: str
):
    rows = spark.createDataFrame([(title, video_format)], "title string, format string")
    assert rows.select(video_kind(F.col("title"), F.col("format"))).first()[0] == kind
