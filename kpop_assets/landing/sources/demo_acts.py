"""The acts of the simulated source and the words its titles are made of.

Belongs here: names and title patterns as data, and the table of ready titles. The acts are real,
everything told about them in the demo is simulated: which act is big is drawn by lot. No title
outside an act's own patterns may hold an act's name.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np


class DemoAct(NamedTuple):
    """An act by its canonical name in the catalogue and its Korean name."""

    name: str
    korean: str
    is_rookie: bool = False


# Acts of every generation with no everyday word for a name, so that every title is decided by it.
DEMO_ACTS = (
    DemoAct("Seo Taiji and Boys", "서태지와 아이들"),
    DemoAct("Fin.K.L", "핑클"),
    DemoAct("Baby V.O.X", "베이비복스"),
    DemoAct("TVXQ!", "동방신기"),
    DemoAct("SUPER JUNIOR", "슈퍼주니어"),
    DemoAct("Girls' Generation", "소녀시대"),
    DemoAct("Wonder Girls", "원더걸스"),
    DemoAct("SHINee", "샤이니"),
    DemoAct("2NE1", "투애니원"),
    DemoAct("SISTAR", "씨스타"),
    DemoAct("Apink", "에이핑크"),
    DemoAct("IU", "아이유"),
    DemoAct("EXO", "엑소"),
    DemoAct("BTS", "방탄소년단"),
    DemoAct("GOT7", "갓세븐"),
    DemoAct("MAMAMOO", "마마무"),
    DemoAct("WJSN", "우주소녀"),
    DemoAct("BLACKPINK", "블랙핑크"),
    DemoAct("MONSTA X", "몬스타엑스"),
    DemoAct("BTOB", "비투비"),
    DemoAct("Stray Kids", "스트레이 키즈"),
    DemoAct("ATEEZ", "에이티즈"),
    DemoAct("CRAVITY", "크래비티"),
    DemoAct("aespa", "에스파"),
    DemoAct("ENHYPEN", "엔하이픈"),
    DemoAct("STAYC", "스테이씨"),
    DemoAct("IVE", "아이브"),
    DemoAct("LE SSERAFIM", "르세라핌"),
    DemoAct("NewJeans", "뉴진스"),
    DemoAct("NMIXX", "엔믹스"),
    DemoAct("VIVIZ", "비비지"),
    DemoAct("fromis_9", "프로미스나인"),
    DemoAct("ZEROBASEONE", "제로베이스원", is_rookie=True),
    DemoAct("BOYNEXTDOOR", "보이넥스트도어", is_rookie=True),
    DemoAct("izna", "이즈나", is_rookie=True),
    DemoAct("TWS", "투어스", is_rookie=True),
    DemoAct("ILLIT", "아일릿", is_rookie=True),
    DemoAct("BABYMONSTER", "베이비몬스터", is_rookie=True),
    DemoAct("CORTIS", "코르티스", is_rookie=True),
    DemoAct("Hearts2Hearts", "하츠투하츠", is_rookie=True),
)
OTHER = len(DEMO_ACTS)  # the row of the title table for videos about no act

# A pattern is formatted with {n} the Latin and {k} the Korean name; %s takes the song.
# A pattern is formatted with {n} the Latin and {k} the Korean name, {subject}, {topic}, {by} the
# Korean name with its particle; %s takes the song. Titles stand as JSON text: quotes escaped.
TOPIC_PATTERN = 5
OFFICIAL_PATTERNS = (
    "{n} ({k}) '%s' Official MV",
    "{n} {k} '%s' MV Teaser",
    "{n} ({k}) '%s' Dance Practice",
    "[{k}] %s 가사 Lyric Video",
    "[LIVE CLIP] {n} '%s' 무대 영상",
    "%s (Audio)",  # on the channel "<Artist> - Topic": only the channel tells the act
)
FAN_PATTERNS = (
    "[4K 직캠] {k} '%s' 음악방송 무대",
    "{n} - %s (Dance Cover) 🔥",
    "{k}의 %s 안무 배우기",
    "{subject} 부른 %s 라이브 반응",
    "{n} ‘%s’ reaction 😭💜",
    "오늘 {topic} 무대를 찢었다 #shorts %s",
    "{n} &#39;%s&#39; fancam @ 가요대전 &amp; encore",
    "[ENG SUB] {n} behind the scenes | %s",
    "{k}({n}) %s 교차편집 Stage Mix",
    '처음 듣는 {k} 노래 \\"%s\\" 리뷰',
    "Which {n} song is better? %s ranking 2️⃣",
    "{by} 함께 부르는 %s 커버 피아노",
)
OTHER_PATTERNS = (
    "초간단 김치찌개 끓이는 법 🍲 %s",
    "집에서 만드는 떡볶이 레시피 %s",
    "오늘의 날씨: 전국 대체로 흐림 %s",
    "Premier League goals | matchday %s",
    "축구 대표팀 평가전 다시 보기 %s",
    "Easy weeknight pasta &amp; salad %s",
    "부산 여행 브이로그 %s ✈️",
    "Relaxing ocean waves for sleep %s",
    "아파트 청약 전망 총정리 %s",
    "고양이가 상자를 좋아하는 까닭 %s",
    "How to fix a bicycle chain at home %s",
    "수능 영어 듣기 연습 %s",
)
_SONGS = (
    "타이틀곡",
    "수록곡 1번",
    "수록곡 2번",
    "수록곡 3번",
    "선공개곡",
    "B-side",
    "title track",
    "pre-release",
    "anniversary song",
    "겨울 스페셜",
    "summer special",
    "앙코르",
)
_VERSIONS = ("", " ver.2", " (full ver.)", " 1절", " (inst.)")
SONGS = np.array([song + version for song in _SONGS for version in _VERSIONS], dtype=object)
EPISODES = np.array([f"ep.{i}" for i in range(1, len(SONGS) + 1)], dtype=object)
# YouTube's categories: 10 music, 22 people and blogs, 24 entertainment, 26 how-to.
OTHER_CATEGORY = "26"
CATEGORIES = ("10",) * len(OFFICIAL_PATTERNS) + ("10", "24", "22", "10", "22", "24") * 2


@cache
def title_table() -> np.ndarray:
    """Return the title of every (act or OTHER, pattern) as a JSON-ready text with one `%s`.

    Official patterns come first; their columns are empty for OTHER, which publishes none.
    """
    patterns = OFFICIAL_PATTERNS + FAN_PATTERNS
    rows = [[pattern.format(**_words(act)) for pattern in patterns] for act in DEMO_ACTS]
    rows.append([""] * len(OFFICIAL_PATTERNS) + list(OTHER_PATTERNS))
    return np.array(rows, dtype=object)


def _words(act: DemoAct) -> dict[str, str]:
    """The act's names, with the particles that fit the last Korean syllable."""
    ends_in_consonant = (ord(act.korean[-1]) - ord("가")) % 28 != 0
    subject, topic, by = ("이", "은", "과") if ends_in_consonant else ("가", "는", "와")
    with_particles = {
        "subject": act.korean + subject,
        "topic": act.korean + topic,
        "by": act.korean + by,
    }
    return {"n": act.name, "k": act.korean, **with_particles}
