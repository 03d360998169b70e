"""Titles of other countries: what only looks like an act, and acts as they are written there."""

from __future__ import annotations

import pytest

from kpop_assets.catalog.catalog import OTHER, load_catalog
from kpop_assets.catalog.matcher import matcher_of

NOBODYS = [
    ("The secret history of the Roman Empire", "HISTORY"),
    ("Rain sounds for sleeping 10 hours", "Relaxing Sounds"),
    ("Diva - Beyoncé (Official Audio)", "Beyoncé"),
    ("Mimi the cat meets a puppy", "The Dodo"),
    ("Nature is healing | BBC Earth", "BBC Earth"),
    ("Everglow hike at Mount Rainier", "Hiking Diaries"),
    ("Gravity Falls - full episode 12", "Disney XD"),
    ("Ace Attorney Investigations OST - Logic and Trick", "GameMusic"),
    ("Astro Bot - Launch Trailer | PS5 Games", "PlayStation"),
    ("Seventeen magazine cover shoot BTS", "Seventeen Magazine"),
    ("It happened twice in one night! Real crash footage", "Dashcam Lessons"),
    ("I got 7 stitches after this fall", "skater boy"),
    ("Monsta bass drop official audio", "DJ Monsta"),
    ("Winter is coming - Game of Thrones recap", "HBO"),
    ("WINTER GAMES 2026: every gold medal", "Olympics"),
    ("HIGHLIGHTS: Arsenal 2-1 Chelsea", "Arsenal"),
    ("TREASURE hunt: we found gold coins!", "Nugget Noggin"),
    ("Infinite Craft: how to make everything", "gamer joe"),
    ("Boyfriend - Justin Bieber (Official Music Video)", "JustinBieberVEVO"),
    ("Key & Peele - Substitute Teacher", "Comedy Central"),
    ("Mark Rober builds a squirrel maze", "Mark Rober"),
    ("Joy Division - Love Will Tear Us Apart (Official Music Video)", "Joy Division"),
    ("Rosé all day wine tasting", "Wine Folly"),
    ("Irene Cara - Flashdance (Official Video)", "Irene Cara"),
    ("Felix Kjellberg returns", "PewDiePie"),
    ("Pentagon releases UFO videos", "ABC News"),
    ("CRUSH - Ethel Cain lyrics", "lyric cat"),
    ("Solar eclipse 2024 live from Texas", "NASA"),
    ("Blackpink paint colour mixing", "Art Tutorials"),
    ("BTS: The Making of Avatar", "20th Century Studios"),
    ("BTS with the cast of Stranger Things", "Netflix"),
    ("Photoshoot BTS with my camera", "Peter McKinnon"),
    ("Bridgerton S3 BTS", "Netflix"),
    ("Tour vlog BTS (Ep 3)", "Ed Sheeran"),
    ("ITZY BITZY SPIDER nursery rhyme", "CoComelon"),
    ("Super junior golf champion aged 9", "Golf Digest"),
    ("Girls Generation Z react", "FBE"),
    ("天気予報 WINTER 大雪", "ウェザーニュース"),
    ("【速報】Ken Matsudaira マツケンサンバ", "スポニチ"),
    ("SECRETな休日 vlog", "かんなチャンネル"),
    ("【MV】Diva - 初音ミク", "ボカロP"),
    ("KEY 最新作 PV", "Key Official"),
    ("Secret Base - ZONE (Kan/Rom/Eng Lyrics)", "jlyrics"),
    ("Rain - Motohiro Hata (Kan/Rom/Eng Lyrics)", "jlyrics"),
    ("Winter - Eve [Jap/Rom/Eng]", "jlyrics"),
    ("Bruno Mars That's What I Like Acoustic Remix | Charlie Rose", "Charlie Rose"),
    ("Pawn Stars: An Original 1978 Superman Costume (Season 14) | History", "HISTORY"),
    ("L'alcool - Roger et ses humains", "Roger et ses humains"),
    (
        "Miky Woodz, Wisin, Lenny Tavarez, Justin Quiles, Manuel Turizo - Provocame Remix",
        "MikyWoodz",
    ),
    ("Sushant की  Dil Bechara का BTS वीडियो वायरल", "FilmiBeat"),
    ("TWICE IN A ROW: he wins again", "ESPN"),
    ("SEVENTEEN - Official Trailer (2025)", "A24"),
    ("SPICA - the brightest star in Virgo", "NASA"),
    ("Charlie Rose interviews Bruno Mars", "CBS News"),
]

OF_ACTS = [
    ("【MV】TWICE「Feel Special」", "ソニーミュージック", "TWICE"),
    ("IVE(アイヴ) ‘LIKE’ 日本語", "somebody", "IVE"),
    ("LE SSERAFIM Tiny Desk Concert", "NPR Music", "LE SSERAFIM"),
    ("BTS on Carpool Karaoke", "The Late Late Show with James Corden", "BTS"),
    ("Ellen Makes 'Friends' with BTS!", "TheEllenShow", "BTS"),
    ("BTS: Dynamite | America's Got Talent 2020", "America's Got Talent", "BTS"),
    ("BTS: Tiny Desk (Home) Concert", "NPR Music", "BTS"),
    ('BTS Performs "Butter" on The Late Show', "The Late Show with Stephen Colbert", "BTS"),
    ("BLACKPINK: Pink Venom (LIVE) | VMAs 2022", "MTV", "BLACKPINK"),
    ("BLACKPINK and James Take the Metro", "The Late Late Show with James Corden", "BLACKPINK"),
    (
        "TWICE: Set Me Free | The Tonight Show Starring Jimmy Fallon",
        "The Tonight Show Starring Jimmy Fallon",
        "TWICE",
    ),
    ('TWICE Performs "MOONLIGHT SUNRISE" | MTV Fresh Out Live', "MTV", "TWICE"),
    ("TWICE reacts to K-pop covers", "Teen Vogue", "TWICE"),
    ("SEVENTEEN Answers the Web's Most Searched Questions (K-POP)", "WIRED", "SEVENTEEN"),
    ("SEVENTEEN - MAESTRO @ Glastonbury 2024", "BBC Music", "SEVENTEEN"),
    ("Stray Kids Play With Puppies", "BuzzFeed Celeb", "Stray Kids"),
    (
        "Jung Kook: Standing Next to You | The Tonight Show",
        "The Tonight Show Starring Jimmy Fallon",
        "Jung Kook",
    ),
    ("NewJeans performs 'ETA' at Lollapalooza", "ABC News", "NewJeans"),
    ("ROSÉ & Bruno Mars - APT. (Official Music Video)", "Atlantic", "ROSÉ"),
    ("LISA - LALISA M/V", "somebody", "LISA"),
    ("JENNIE - Mantra (Official Video)", "JENNIEofficial", "JENNIE"),
    ("ATEEZ at Coachella 2024 full set", "Coachella", "ATEEZ"),
    ("aespa - Supernova 【カラオケ】", "JOYSOUND", "aespa"),
    (
        "TWICE「What is Love? -Japanese ver.-」Music Video",
        "TWICE JAPAN OFFICIAL YouTube Channel",
        "TWICE",
    ),
    ("SEVENTEEN - 舞い落ちる花びら MV", "SEVENTEEN Japan official Youtube", "SEVENTEEN"),
    ("【SEVENTEEN】 '今 -明日 世界が終わっても-' 日本語字幕", "carat", "SEVENTEEN"),
    ("NiziU「Make you happy」M/V", "NiziU Official", "NiziU"),
    ("JO1｜'Trigger' PERFORMANCE VIDEO", "JO1", "JO1"),
    ("ENHYPEN (엔하이픈) 'Tamed-Dashed [Japanese Ver.]' Official MV", "HYBE LABELS", "ENHYPEN"),
    ("TXT: Sugar Rush Ride (K-POP)", "Today Show", "TXT"),
    ("TOMORROW X TOGETHER Performs on GMA", "Good Morning America", "TXT"),
    ("ILLIT 'Magnetic' 歌ってみた", "cover girl", "ILLIT"),
    ("東方神起 / 「どうして君を好きになってしまったんだろう？」", "avex", "TVXQ!"),
    ("少女時代「MR.TAXI」MV", "universal", "Girls' Generation"),
    ("防弾少年団（BTS）‘FOR YOU’ MV", "Pony Canyon", "BTS"),
    ("KARA「ミスター」Music Video", "universal", "KARA"),
    ("BIGBANG - FANTASTIC BABY M/V", "BIGBANG", "BIGBANG"),
    ("IU Tiny Desk Korea", "tiny desk", "IU"),
    ("BTS - 'Butter' @ AMAs 2021", "somebody", "BTS"),
    ("GOT7 takes a lie detector test", "Vanity Fair", "GOT7"),
    ("MONSTA X - GAMBLER live on Good Morning America", "Good Morning America", "MONSTA X"),
    ("The Rose: Tiny Desk Concert (K-POP rock)", "NPR Music", "The Rose"),
    ("Red Velvet 'Psycho' @ SMTOWN LIVE", "SMTOWN", "Red Velvet"),
    ("BABYMONSTER - 'SHEESH' M/V", "BABYMONSTER", "BABYMONSTER"),
    ("Kep1er | 'WA DA DA' M/V", "1theK", "Kep1er"),
    ("TWICE's Nayeon Takes Us Through Her Day", "Vogue", "NAYEON"),
    ("BLACKPINK's Jennie Gets Ready for the Met Gala", "Vogue", "JENNIE"),
    ("BTS Answers Fans' Biggest Questions", "The Tonight Show", "BTS"),
]

# A group in two scripts, then a name in the second of them: the group. In the first: the member.
GROUP_OR_MEMBER = {
    "i-dle(아이들) 미연 직캠": "i-dle",
    "aespa(에스파) 카리나 직캠": "aespa",
    "에스파 카리나 직캠": "KARINA",
    "BTS (방탄소년단) JIMIN": "Jimin",
    "미연 (MIYEON) of i-dle": "MIYEON",
    "i-dle 미연 직캠": "MIYEON",
}


@pytest.mark.parametrize(("title", "channel"), NOBODYS)
def test_what_only_looks_like_an_act_is_nobodys(title: str, channel: str) -> None:
    assert matcher_of(load_catalog()).match(title, channel, None, "youtube").artist == OTHER


@pytest.mark.parametrize(("title", "channel", "artist"), OF_ACTS)
def test_an_act_as_other_countries_write_it(title: str, channel: str, artist: str) -> None:
    assert matcher_of(load_catalog()).match(title, channel, None, "youtube").artist == artist


@pytest.mark.parametrize("title", GROUP_OR_MEMBER)
def test_a_group_in_two_scripts_goes_before_a_member_behind_it(title: str) -> None:
    assert matcher_of(load_catalog()).match(title).artist == GROUP_OR_MEMBER[title]


@pytest.mark.parametrize(
    ("title", "channel", "artist"),
    [
        ("두 번째 데이트 my second date", "red velvet", "Red Velvet"),
        ("tgif (dong woo solo) (tgif (dong woo solo))", "infinite", "INFINITE"),
        ("be your doll (be your doll)", "홍기종기 (이홍기)", "Lee Hong Gi"),
        ("오늘 점심은 김밥", "홍기종기 (이홍기)", OTHER),
        ("starlight", "LOOΠΔ ODD EYE CIRCLE - Topic", "LOONA ODD EYE CIRCLE"),
        ("kara - whisper (rom/eng/port lyrics)", "kara world subtitles", "KARA"),
        ("[AOA Italy] Love Gave Me You . sub ita", "AOA Italy", "AOA"),
        ("BTS - Dynamite (แปลไทย)", "somebody", "BTS"),
    ],
)
def test_second_cues_of_channels_labels_and_lyrics(title: str, channel: str, artist: str) -> None:
    assert matcher_of(load_catalog()).match(title, channel, None, "youtube").artist == artist
