"""Titles whose artist is known, one by one."""

from __future__ import annotations

import pytest

from kpop_assets.catalog.catalog import OTHER, Catalog
from kpop_assets.catalog.credits import EVIDENCE, Match
from kpop_assets.catalog.matcher import Matcher, matcher_of

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


@pytest.fixture(scope="module")
def matcher(catalog: Catalog) -> Matcher:
    return matcher_of(catalog)


def of(match: Match) -> str:
    """The answer in one line: artist, evidence, others with their parts."""
    others = [f"{credit.artist} {credit.role}" for credit in match.credits[1:]]
    return ", ".join([match.artist, match.evidence, *others])


@pytest.mark.parametrize("title", TITLES)
def test_titles(matcher: Matcher, title: str) -> None:
    assert matcher.match(title).artist == TITLES[title]


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
def test_authors(matcher: Matcher, title: str, author: str, wanted: str) -> None:
    assert matcher.match(title, author, None, "youtube").artist == wanted


def test_channel_goes_first_but_yields_to_its_members(matcher: Matcher, catalog: Catalog) -> None:
    group = catalog["WINNER"].channels[0]
    solo = catalog["Lim Young Woong"].channels[0]
    answers = [
        of(matcher.match(*row, "youtube"))
        for row in (
            ("hello", "any", group),
            ("IVE cover", "any", group),
            ("강승윤 M/V", "any", group),
            ("IVE and me", None, solo),
            ("unknown", "any", "UC" + "x" * 22),
        )
    ]
    assert answers == [
        "WINNER, channel_id",
        "WINNER, channel_id, IVE cover_of",
        "YOON (WINNER), channel_id",
        "Lim Young Woong, channel_id, IVE mentioned",
        "OTHER, none",
    ]


def test_chart_rows_go_by_their_credit_alone(matcher: Matcher) -> None:
    rows = [
        ("Who", "Jimin", "Jimin"),
        ("Slow Dancing", "V", "V"),
        ("BTS", "Taylor Swift", OTHER),
        ("IVE", None, OTHER),
        ("yours", "데이먼스 이어 Damons year", "DAMONS YEAR"),
    ]
    for title, label, wanted in rows:
        assert matcher.match(title, label, None, "spotify_chart").artist == wanted


def test_every_kind_of_evidence_is_one_of_the_list(matcher: Matcher) -> None:
    assert {matcher.match(title).evidence for title in TITLES} < set(EVIDENCE)
