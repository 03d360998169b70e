"""The words of the simulated comments: clauses by aspect and tone, in two languages, as data.

Belongs here: what simulated people say. Does not belong here: who says what of whom
(`demo_reviews.py`), or how glad people are (`demo_moods.py`).

All clauses were written for the demo. A clause says one thing of one aspect; two of them are
joined as people join them, by 지만, 는데, but or and. A Korean clause stands in the form in which
it ends a sentence and in the one that goes on.
"""

from __future__ import annotations

from typing import NamedTuple

GLAD, CALM, SAD = 1, 0, -1


class Clause(NamedTuple):
    """A clause as it ends a Korean sentence, as it goes on (`...지만`), and in English."""

    ends: str
    goes_on: str
    english: str


def _c(stem: str, ending: str, goes_on: str, english: str) -> Clause:
    return Clause(stem + ending, stem + goes_on, english)


# By aspect: what is praised, and what is complained of.
CLAUSES: dict[str, dict[int, tuple[Clause, ...]]] = {
    "vocal": {
        GLAD: (
            _c("보컬이 정말 탄탄하", "다", "지만", "the vocals are so solid"),
            _c("음색이 너무 좋", "다", "지만", "their voices sound gorgeous"),
            _c("고음이 시원하", "다", "지만", "those high notes are insane"),
        ),
        SAD: (
            _c("보컬이 많이 아쉽", "다", "지만", "the vocals are weak"),
            _c("음정이 불안하", "다", "지만", "they sound off key"),
            Clause("목소리가 너무 묻힌다", "목소리가 너무 묻히지만", "the voices drown in the mix"),
        ),
    },
    "rap": {
        GLAD: (
            _c("랩이 찢었", "다", "지만", "the rap ate"),
            Clause("래핑이 귀에 박힌다", "래핑이 귀에 박히지만", "the rap verse is fire"),
        ),
        SAD: (
            _c("랩 파트가 어색하", "다", "지만", "the rap part is cringe"),
            _c("랩이 너무 짧", "다", "지만", "the rap is way too short"),
        ),
    },
    "dance": {
        GLAD: (
            _c("안무가 미쳤", "다", "지만", "the choreo is crazy good"),
            _c("칼군무가 소름이", "다", "지만", "the dance is so sharp"),
            _c("춤선이 예쁘", "다", "지만", "they dance so beautifully"),
        ),
        SAD: (
            _c("안무가 심심하", "다", "지만", "the choreography is boring"),
            _c("동작이 안 맞", "는다", "지만", "the dance is not in sync"),
        ),
    },
    "visuals": {
        GLAD: (
            _c("비주얼이 미쳤", "다", "지만", "the visuals are unreal"),
            _c("얼굴이 다 했", "다", "지만", "they look stunning"),
        ),
        SAD: (
            Clause("화장이 안 어울린다", "화장이 안 어울리지만", "the makeup does not suit them"),
            _c("머리가 촌스럽", "다", "지만", "the hair looks awful"),
        ),
    },
    "song": {
        GLAD: (
            _c("노래가 너무 좋", "다", "지만", "this song is so good"),
            Clause("후렴이 계속 맴돈다", "후렴이 계속 맴돌지만", "the chorus is stuck in my head"),
            _c("이번 곡은 명곡이", "다", "지만", "this is a masterpiece"),
            _c("멜로디가 예쁘", "다", "지만", "the melody is lovely"),
        ),
        SAD: (
            _c("노래가 별로", "다", "지만", "the song is mid"),
            _c("후렴이 지루하", "다", "지만", "the chorus is boring"),
            _c("곡이 전보다 못하", "다", "지만", "this song is worse than the last one"),
        ),
    },
    "lyrics": {
        GLAD: (
            _c("가사가 마음에 와닿", "는다", "지만", "the lyrics hit hard"),
            _c("가사가 예쁘", "다", "지만", "the lyrics are beautiful"),
        ),
        SAD: (
            _c("가사가 유치하", "다", "지만", "the lyrics are childish"),
            _c("가사에 내용이 없", "다", "지만", "the lyrics make no sense"),
        ),
    },
    "video": {
        GLAD: (
            _c("뮤비 색감이 예쁘", "다", "지만", "the MV looks amazing"),
            _c("뮤비 연출이 영화 같", "다", "지만", "the video is like a film"),
        ),
        SAD: (
            _c("뮤비가 성의 없", "다", "지만", "the MV looks cheap"),
            _c("편집이 정신없", "다", "지만", "the editing is a mess"),
        ),
    },
    "concept": {
        GLAD: (
            _c("컨셉이 찰떡이", "다", "지만", "the concept fits them perfectly"),
            _c("스타일링이 완벽하", "다", "지만", "the styling is perfect"),
        ),
        SAD: (
            _c("컨셉이 식상하", "다", "지만", "the concept is so overdone"),
            _c("코디가 너무하", "다", "지만", "the stylist did them dirty"),
        ),
    },
    "live": {
        GLAD: (
            _c("라이브가 씨디를 삼켰", "다", "지만", "they sound better live"),
            _c("무대 폼 미쳤", "다", "지만", "the stage was unforgettable"),
        ),
        SAD: (
            _c("라이브가 실망스럽", "다", "지만", "the live was disappointing"),
            _c("무대에서 힘이 빠졌", "다", "지만", "they looked tired on stage"),
        ),
    },
    "promotion": {
        GLAD: (
            _c("소속사가 이번엔 일 잘하", "네", "지만", "the agency finally did its job"),
            _c("홍보가 좋", "다", "지만", "the promotion is great this time"),
        ),
        SAD: (
            Clause(
                "소속사가 일을 안 한다",
                "소속사가 일을 안 하지만",
                "the agency does nothing for them",
            ),
            _c("홍보가 너무 없", "다", "지만", "there is no promotion at all"),
            _c("소속사 대응이 답답하", "다", "지만", "the company handled this badly"),
        ),
    },
    "fan_service": {
        GLAD: (
            _c("팬서비스가 최고", "다", "지만", "they are so sweet to fans"),
            _c("팬들한테 다정하", "다", "지만", "the fan service is the best"),
        ),
        SAD: (
            Clause("팬을 너무 홀대한다", "팬을 너무 홀대하지만", "they ignore their fans"),
            _c("팬사인회가 성의 없", "다", "지만", "the fan meeting was lazy"),
        ),
    },
}
# What says nothing of how it is, with names of the act: {k} Korean, {n} Latin.
CALM_TEXTS = {
    "ko": (
        "{k} 컴백 언제예요?",
        "오늘 {k} 무대 몇 시에 해요?",
        "{k} 이거 몇 년도 영상이에요?",
        "{k} 보러 왔습니다",
        "출근길에 {k} 듣는 중",
        "{k} 멤버가 몇 명이에요?",
        "{k} 콘서트 표 구하신 분 있나요",
        "유튜브가 추천해서 {k} 봅니다",
    ),
    "en": (
        "who is still watching {n}?",
        "when is the next {n} comeback",
        "came here from the {n} fancam",
        "what is the name of the second song by {n}",
        "first time listening to {n}",
        "how many members does {n} have",
        "is there a {n} tour this year",
        "my sister showed me {n}",
    ),
}
# What stands before an opinion: people who think the same do not say it in the same words.
LEADS = {
    "ko": (
        *(
            "",
            "",
            "{k} ",
            "역시 {k} ",
            "이번에 {k} ",
            "우리 {k} ",
            "솔직히 {k} ",
            "팬은 아닌데 {k} ",
        ),
        *("오늘 처음 들었는데 ", "개인적으로 ", "다시 봐도 ", "몇 번을 들어도 ", "{k} 이번 거 "),
    ),
    "en": (
        *("", "", "{n}: ", "honestly ", "not a {n} fan but ", "as always with {n}, ", "for me "),
        *("been with {n} for years and ", "just found {n} and ", "third listen and ", "again, "),
    ),
}
# Behind or before what is said, by tone.
SPICE = {
    "ko": {
        GLAD: ("", "", " ㅠㅠ", " 💜", " 갓{k}", " ㅋㅋㅋ", "!!", " 진짜로"),
        CALM: ("", "", " ㅎㅎ", "..."),
        SAD: ("", "", " ㅋㅋ", " ㅠㅠ", " 솔직히", " 탈덕각"),
    },
    "en": {
        GLAD: ("", "", " 😭", " slay", " periodt", "!!", " stan {n}"),
        CALM: ("", "", " lol"),
        SAD: ("", "", " ngl", " flop", " 💀"),
    },
}
OTHERS_SAY = ("かっこいい", "大好きです", "曲がすごく好き", "muy buena canción", "que lindos 😍")
NO_WORDS = ("ㅋㅋㅋㅋ", "ㅠㅠㅠ", "💜💜💜", "🔥🔥", "😭😭😭", "lol", "ㅎㅎ")
SPAM = (
    "무료 포인트 이벤트 진행 중입니다 프로필 링크에서 확인하세요",
    "get free followers now, check the link on my profile page",
    "이 영상 보시는 분들 구독하시면 상품권 드립니다 프로필 클릭",
)
# Of the campaign: one text with small changes, as such are handed out.
CAMPAIGN = (
    "이번 {k} 노래는 표절입니다 모두 평점 1점 주세요",
    "이번 {k} 노래 표절입니다 다 같이 평점 1점 주세요",
    "이번에 {k} 노래 표절이에요 모두 평점 1점 줍시다",
    "{k} 노래 표절입니다! 모두 평점 1점 주세요!!",
)
EDITED_MARK = {"ko": " (수정: 다시 들어도 그래요)", "en": " (edit: still think so)"}
# Made up, as are their critics.
OUTLETS = (
    "Seoul Sound Weekly (simulated)",
    "Han River Review (simulated)",
    "Morning Chart Daily (simulated)",
    "Idol Quarterly (simulated)",
    "소리와 무대 (simulated)",
)
