"""What is evidence and what is not: channels, labels, everyday words, guests, covers."""

from __future__ import annotations

import pytest

from kpop_assets.catalog.catalog import OTHER, load_catalog
from kpop_assets.catalog.matcher import matcher_of


def of(
    title: str, channel: str | None = None, channel_id: str | None = None, source: str = "youtube"
) -> str:
    """The answer in one line: artist, evidence, the others with their parts."""
    answer = matcher_of(load_catalog()).match(title, channel, channel_id, source)
    others = [f"{credit.artist} {credit.role}" for credit in answer.credits[1:]]
    return ", ".join([answer.artist, answer.evidence, *others])


NOBODY = "OTHER, none"

OWN_CHANNELS = {
    # the clear name, whatever stands around it
    ("Feel Special", "NMIXX"): "NMIXX, channel_name",
    ("hello", "MONSTA X Official"): "MONSTA X, channel_name",
    ("hello", "LE SSERAFIM JAPAN OFFICIAL"): "LE SSERAFIM, channel_name",
    ("hello", "aespaVEVO"): "aespa, channel_name",
    ("hello", "BTOB 비투비 (Official YouTube Channel)"): "BTOB, channel_name",
    ("hello", "이지금 [IU Official]"): "IU, channel_name",
    # an everyday word that hardly anybody else is called
    ("Feel Special", "TWICE"): "TWICE, channel_name",
    # a first name, or a thing: beside Hangul, a song's title, music
    ("기도 (A Prayer)", "APRIL"): "April, channel_name",
    ("Hold On", "LAY"): "LAY, channel_name",
    ("Ten hours of rain for sleep, no ads", "Rain"): NOBODY,
    ("6억원대 슈퍼카 또 샀습니다 【최초공개】", "케이"): NOBODY,
    ("Dayglow - Can I Call You Tonight?", "Vibe Music"): NOBODY,
    ("ReN - Life Saver (MV)", "ReN"): NOBODY,
    ("JOY - Touch By Touch official video", "Joy"): NOBODY,
    # a guest does not take it, a member does, several members are the group
    ("Song (Feat. IVE)", "NMIXX"): "NMIXX, channel_name, IVE featured",
    ("IU cover 'Celebrity'", "NMIXX"): "NMIXX, channel_name, IU cover_of",
    ("JENNIE practice", "BLACKPINK"): "JENNIE, channel_name",
    ("Push & Pull (JIHYO, TZUYU)", "TWICE"): "TWICE, channel_name",
    # who is called so and puts up songs of others
    ("IVE 'Rebel Heart' Lyrics (color coded han/rom/eng)", "Jennie"): "IVE, clear_name",
    # a company, broadcaster or stage
    ("hello", "HYBE LABELS"): NOBODY,
    ("hello", "SMTOWN"): NOBODY,
    ("WINNER", "1theK (원더케이)"): "WINNER, vague_name",
}


@pytest.mark.parametrize("case", OWN_CHANNELS, ids="|".join)
def test_the_name_of_a_channel(case: tuple[str, str]) -> None:
    expected = OWN_CHANNELS[case]
    answer = of(*case)
    assert answer == expected or answer.startswith(f"{expected}, ")


LABELS = {
    "DK": OTHER,
    "DK (SEVENTEEN)": "DK (SEVENTEEN)",
    "DK (From SEVENTEEN)": "DK (SEVENTEEN)",
    "Young K (DAY6)": "Young K",
    "Jimin (BTS)": "Jimin",
    "ROSÉ & Bruno Mars": "ROSÉ",
    "Lady Gaga & BLACKPINK": "BLACKPINK",
    "Lady Gaga&BLACKPINK": "BLACKPINK",
    "BLACKPINK, Cardi B": "BLACKPINK",
    "Coldplay X BTS": "BTS",
    "IU (Feat. SUGA)": "IU",
    "IU feat. SUGA": "IU",
    "Charlie Puth (Feat. Jung Kook)": OTHER,
    "LOOΠΔ": "LOONA",
    "LOOΠΔ / ODD EYE CIRCLE": "LOONA ODD EYE CIRCLE",
    "NCT U": "NCT",
    "BTS Tribute": OTHER,
    "MAMAMOO+": "MAMAMOO PLUS",
    "MAMAMOO": "MAMAMOO",
    "LISA": "LISA",
    "LiSA": OTHER,
    "The Rose": "The Rose",
    "ROSÉ": "ROSÉ",
    "T-ARA": "T-ARA",
}


@pytest.mark.parametrize("label", LABELS)
def test_a_label(label: str) -> None:
    match = matcher_of(load_catalog()).match
    assert match("Song", f"{label} - Topic").artist == LABELS[label]
    assert match("Song", label, None, "spotify_chart").artist == LABELS[label]


def test_the_catalogue_knows_where_the_name_ends_in_a_chart() -> None:
    unit = "Red Velvet - IRENE & SEULGI, label"
    assert of("IRENE & SEULGI - Paper Garden", "Red Velvet", None, "spotify_chart") == unit
    assert of("Paper Garden", "Red Velvet - IRENE & SEULGI", None, "spotify_chart") == unit
    assert of("Glass Pond", "Red Velvet", None, "spotify_chart") == "Red Velvet, label"


EVERYDAY = {
    # words of any country beside a general word of music
    "BTS of our new film, music video": OTHER,
    "Behind the scenes (BTS) - official music video": OTHER,
    "Wedding BTS": OTHER,
    "Ken Carson official audio": OTHER,
    "The history of rain, official video": OTHER,
    "Rain On Me (Official Music Video)": OTHER,
    "Winter wonderland lyric video": OTHER,
    "Diva 2025 mv": OTHER,
    "No Bap official audio": OTHER,
    "oh my god performance video": OTHER,
    "I've been here. Ive never seen it": OTHER,
    "Things ive learned in Japan": OTHER,
    "G.O.D. - A Sermon": OTHER,
    "How We Made the Movie | BTS": OTHER,
    "Making the Album (BTS)": OTHER,
    "Dynamite - BTS": "BTS",
    "A Day with BTS": "BTS",
    "IVE in Paris": "IVE",
    "god (지오디) - 길": "g.o.d",
    "g.o.d 거짓말": "g.o.d",
    "TXT file to PDF converter music video maker": OTHER,
    "Engine idle sound with music video": OTHER,
    "우리 아이들 간식 뮤직비디오 찍는 날": OTHER,
    # the same words as names
    "BTS 'Dynamite'": "BTS",
    "BTS (방탄소년단) 'Butter' Official MV": "BTS",
    "WINNER 'EVERYDAY' 뮤직비디오": "WINNER",
    "WINNER - really really (color coded lyrics han/rom/eng)": "WINNER",
    "[MPD직캠] WINTER": "WINTER",
    "TWICE 'Feel Special' Official MV": "TWICE",
    "winter with aespa": "WINTER",
    "(여자)아이들 - TOMBOY": "i-dle",
    "SEVENTEEN『今』": "SEVENTEEN",
    "KARAの新曲 MV": "KARA",
    "ライズ 進化 MV": OTHER,
    "アイヴの新曲": "IVE",
    "ウォニョン すっぴん": "JANG WONYOUNG",
    # case, where nothing else decides
    "ROSÉ brings snacks": "ROSÉ",
    "rosé wine guide": OTHER,
    "LiSA 『炎』 MUSIC VIDEO kpop": OTHER,
    "I'm With Her - See You Around [Official Audio]": OTHER,
    "Girls' Generation - B-side": "Girls' Generation",
    # a group has members, a thing has none
    "빅뱅 멤버들이 결혼 안 하길 바라는 이유": "BIGBANG",
    "우주의 빅뱅 이론": OTHER,
    # an act named surely goes before a word
    "spring rain - 샤이니 (color coded lyrics)": "SHINee",
    "The Rose - Back To Me (kpop)": "The Rose",
}


@pytest.mark.parametrize("title", EVERYDAY)
def test_an_everyday_word(title: str) -> None:
    assert matcher_of(load_catalog()).match(title).artist == EVERYDAY[title]


ROLES = {
    "MEOVV x KiiiKiii 'Paper Planes' Special Stage": "MEOVV, clear_name, KiiiKiii main",
    "aespa, IVE & NMIXX at the airport": "aespa, clear_name, IVE main, NMIXX main",
    "TWS (Feat. 민니 of i-dle) 'Second Bell' MV": (
        "TWS, clear_name, MINNIE featured, i-dle mentioned"
    ),
    "aespa talks about IVE": "aespa, clear_name, IVE mentioned",
    "Somebody Else - Song (Feat. IVE)": NOBODY,
    "Somebody Else - Song (Prod. ZICO)": NOBODY,
    "NewJeans 'Paper Boat' dance cover by Purple Lemon Crew": "NewJeans, clear_name",
    "[리액션] 아일릿 MV 처음 본 아저씨": "ILLIT, clear_name",
    "NewJeans 'Ditto' cover by IVE": "IVE, clear_name, NewJeans cover_of",
    "ATEEZ covers BTS": "ATEEZ, clear_name, BTS cover_of",
    "IVE album cover": "IVE, clear_name",
    "BTS Jimin": "Jimin, clear_name, BTS mentioned",
}


@pytest.mark.parametrize("title", ROLES)
def test_the_part_of_every_act(title: str) -> None:
    assert of(title) == ROLES[title]


def test_a_guest_of_somebody_who_is_no_act_is_kept_as_a_guest() -> None:
    answer = matcher_of(load_catalog()).match("Somebody Else - Song (Feat. IVE)")
    assert answer.artist == OTHER
    assert [(credit.artist, credit.role) for credit in answer.credits] == [("IVE", "featured")]


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("NewJeans 'Paper Boat' dance cover by Purple Lemon Crew", "cover_of"),
        ("[리액션] 아일릿 MV 처음 본 아저씨", "cover_of"),
        ("IVE 노래방", "cover_of"),
        ("IVE album cover", "main"),
        ("IVE 'Rebel Heart'", "main"),
    ],
)
def test_covers_by_others_can_be_told_apart(title: str, role: str) -> None:
    assert [credit.role for credit in matcher_of(load_catalog()).match(title).credits] == [role]


def test_a_word_written_as_the_act_writes_it_is_its_clear_name() -> None:
    assert of("ROSÉ brings snacks") == "ROSÉ, clear_name"
    assert of("ROSE\u0301 brings snacks") == "ROSÉ, clear_name"
    assert of("A GLASS OF ROSÉ") == NOBODY


def test_what_was_turned_down_is_told_with_its_reason() -> None:
    doubts = matcher_of(load_catalog()).match("the secret of a true winner!", "Rain").doubts
    assert {doubt.artist for doubt in doubts} == {"SECRET", "WINNER", "Rain"}
    assert all(doubt.reason for doubt in doubts)
