"""What a video shows of an act, by its title: kinds that can be compared with each other.

Belongs here: that one rule. Does not belong here: whether a video is a Short or a stream
(formats.py), or what each kind gained.

A music video has several times the views of a teaser, on every channel. So a question about hours,
or about anything else than kinds, has to compare videos of one kind.
"""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F


def _words(words: str) -> str:
    r"""A pattern of words in Latin letters, beside which no Latin letter stands; Hangul may.

    To no engine `\b` says that, and Rust's looks neither ahead nor behind.
    """
    return f"(?:^|[^a-zA-Z])(?:{words})(?:[^a-zA-Z]|$)"


_MV = _words("m ?/ ?v|mv")
_MUSIC_VIDEO = f"{_MV}|music video|official video|뮤직비디오|뮤비"
# What is about a music video, and is none.
_ABOUT_ONE = (
    "reaction|리액션|반응|메이킹|비하인드|커버|해석|리뷰|behind the scene|"
    + _words("review|making (?:of|film|video)|(?:dance|vocal|band) cover|cover(?:ed)? by")
    + r"|[\[(] ?(?:making|behind|cover) ?[\])]"
)
# Words of song titles too, which then stand before "MV".
_PERHAPS_ABOUT = _words("making|behind|cover")
_AFTER_MV = _words("(?:m ?/ ?v|mv)(?:[^a-zA-Z]|[^a-zA-Z].*[^a-zA-Z])(?:making|behind|cover)")
_TEASER = r"teaser|티저|trailer|트레일러|preview|예고|highlight medley|하이라이트 메들리"
_DANCE = (
    r"dance practice|choreography|안무|performance ver|relay dance|릴레이 ?댄스|moving ver|"
    r"dance ver"
)
_STAGE = (
    r"직캠|fancam|stage|무대|performance video|live clip|라이브 ?클립|뮤직뱅크|music bank|인기가요|"
    r"inkigayo|엠카|m ?countdown|음악중심|music core|쇼챔피언|더쇼|교차편집"
)
_LYRICS = f"lyric|가사|{_words('audio')}|오디오|visualizer|비주얼라이저|track video"


def video_kind(title: Column, video_format: Column) -> Column:
    """The kind of a video: `music_video`, `teaser`, `dance`, `stage`, `lyrics`, `other`.

    A Short and a stream are kinds of their own, whatever they show.
    """

    def says(words: str) -> Column:
        return title.rlike(f"(?i){words}")

    is_named_so = says(_MV) & ~says(_AFTER_MV)
    is_about = says(_ABOUT_ONE) | (says(_PERHAPS_ABOUT) & ~is_named_so)
    return (
        F.when(video_format.isin("short", "live"), video_format)
        .when(says(_TEASER), "teaser")
        .when(says(_DANCE) & ~is_about, "dance")
        .when(says(_MUSIC_VIDEO) & ~is_about, "music_video")
        .when(says(_LYRICS) & ~is_about, "lyrics")
        .when(says(_STAGE) & ~is_about, "stage")
        .otherwise("other")
    )
