"""How simulated tracks sound and what they are called: styles and words as data.

Belongs here: the centres of styles, and words of titles. Does not belong here: which act sounds
how, or when a track comes out (`demo_works.py`). Nothing here was measured of a real track.
"""

from __future__ import annotations

import numpy as np

# Audio features of a work in the order of the columns below.
SOUND_NAMES = (
    *("danceability", "energy", "valence", "tempo", "loudness"),
    *("speechiness", "acousticness", "instrumentalness", "liveness"),
)
# Centre of each style, by feature.
STYLES = np.array(
    [
        [0.78, 0.78, 0.75, 122, -4.5, 0.06, 0.12, 0.00, 0.15],  # bright dance pop
        [0.68, 0.88, 0.42, 140, -4.0, 0.12, 0.05, 0.01, 0.20],  # performance, dark and loud
        [0.80, 0.66, 0.50, 96, -6.0, 0.25, 0.15, 0.00, 0.18],  # hip hop
        [0.42, 0.35, 0.28, 76, -8.0, 0.04, 0.72, 0.00, 0.12],  # ballad
        [0.66, 0.50, 0.45, 92, -7.0, 0.08, 0.35, 0.00, 0.13],  # rhythm and blues
        [0.76, 0.72, 0.68, 112, -6.0, 0.05, 0.10, 0.03, 0.17],  # disco of the eighties
        [0.50, 0.86, 0.50, 148, -5.0, 0.07, 0.06, 0.01, 0.30],  # rock band
        [0.58, 0.42, 0.60, 104, -9.0, 0.04, 0.60, 0.02, 0.12],  # acoustic
    ]
)
# Within a style, tracks differ by so much; what is measured of a track differs by a fifth of it.
SOUND_SPREAD = np.array([0.07, 0.08, 0.11, 11.0, 1.3, 0.04, 0.12, 0.01, 0.06])
MEASURED_SPREAD = 0.2
SOUND_LIMITS = np.array(
    [
        *([(0.05, 0.98)] * 3),
        *((50, 210), (-20, -1), (0.02, 0.9), (0.001, 0.99), (0, 0.95), (0.03, 0.95)),
    ]
)
# What a taste for sounds goes by.
TASTE_NAMES = ("danceability", "energy", "valence", "tempo", "acousticness")

_FIRST_WORDS = (
    *(
        ("Neon", "네온"),
        ("Blue", "푸른"),
        ("Paper", "종이"),
        ("Silver", "은빛"),
        ("Quiet", "조용한"),
    ),
    *(
        ("Last", "마지막"),
        ("Golden", "금빛"),
        ("Secret", "비밀"),
        ("Summer", "여름"),
        ("Winter", "겨울"),
    ),
    *(
        ("Velvet", "벨벳"),
        ("Glass", "유리"),
        ("Wild", "거친"),
        ("Little", "작은"),
        ("Endless", "끝없는"),
    ),
    *(("Crystal", "수정"), ("Hidden", "숨은"), ("Burning", "타는"), ("Frozen", "얼어붙은")),
    *(
        ("Lucky", "행운의"),
        ("Lonely", "외로운"),
        ("Sweet", "달콤한"),
        ("Electric", "전기"),
        ("Distant", "먼"),
    ),
    *(("Broken", "부서진"), ("Shining", "빛나는"), ("Hollow", "텅 빈"), ("Gentle", "다정한")),
    *(("Crimson", "진홍"), ("Morning", "아침"), ("Evening", "저녁"), ("Rainy", "비 오는")),
)
_SECOND_WORDS = (
    *(
        ("Garden", "정원"),
        ("Signal", "신호"),
        ("Letter", "편지"),
        ("Window", "창문"),
        ("Station", "정거장"),
    ),
    *(
        ("Balloon", "풍선"),
        ("Mirror", "거울"),
        ("River", "강"),
        ("Thunder", "천둥"),
        ("Island", "섬"),
    ),
    *(
        ("Compass", "나침반"),
        ("Candle", "촛불"),
        ("Parade", "행진"),
        ("Forest", "숲"),
        ("Planet", "행성"),
    ),
    *(
        ("Market", "시장"),
        ("Harbor", "항구"),
        ("Shadow", "그림자"),
        ("Orbit", "궤도"),
        ("Umbrella", "우산"),
    ),
    *(
        ("Staircase", "계단"),
        ("Lantern", "등불"),
        ("Feather", "깃털"),
        ("Desert", "사막"),
        ("Bridge", "다리"),
    ),
    *(("Carousel", "회전목마"), ("Satellite", "위성"), ("Postcard", "엽서"), ("Meadow", "들판")),
    *(("Fountain", "분수"), ("Rooftop", "옥상"), ("Echo", "메아리")),
)
# A third of the titles is Korean, a third English, a third both; none has a word for a version.
TITLES = tuple(
    (f"{first} {second}", f"{korean} {noun}", f"{korean} {noun} ({first} {second})")[number % 3]
    for number, ((first, korean), (second, noun)) in enumerate(
        (one, other) for one in _FIRST_WORDS for other in _SECOND_WORDS
    )
)
