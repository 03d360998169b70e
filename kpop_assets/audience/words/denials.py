"""Whether what is said of a word is denied, in Korean and English.

Belongs here: what denies a word before or behind it, and what turns that back. Does not belong
here: what a denied word says (clause_signs.py), or marks of denial in runs of letters
(negation.py).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_BEFORE = re.compile(r"(?:^|[^가-힣])(?:(?P<verb>안|못)|별로|그닥|그다지|전혀|딱히)\s?$")
# A stem as it stands before a noun: 실망한, 지루할, 아쉬운. Syllables are whole letters, so their
# last consonant (ㄴ, ㄹ) is no letter of its own.
_STEM = (
    f"[{''.join(chr(code) for code in range(0xAC00, 0xD7A4) if (code - 0xAC00) % 28 in (4, 8))}]"
)
# There is none such: 적이 없다, 점이 하나도 없다. Who asks (없나요, 없을까) or takes away (없애다)
# denies nothing.
_NONE = (
    r"(?:이|가|은|는|도|을|를)?\s?"
    r"(?:단 ?)?(?:한 ?번도 |하나도 |한 ?명도 |전혀 |아예 |거의 |별로 |정말 |진짜 )?"
    r"없(?!나|니|냐|을까|애|앴|앤|앨)"
)
_NOUN = (
    r"(?:적|점|게|것|거|건|곳|새|틈|곡|노래|멤버|부분|구석|파트|무대|장면|트랙|앨범|순간|일|사람|이유|겨를"
    r"|(?<=\s)데|데(?=가|도))"
)
_NONE_SUCH = rf"{_STEM}(?: ?만한)?\s?{_NOUN}{_NONE}"
_CANNOT = rf"{_STEM}\s?수(?:가|는|도|조차)?\s?없"
# -지 않다, -지 못하다, -지도 않고; 은 아니다, 이 하나도 없다, 추천 안 한다. 아니 alone opens a
# sentence, 최고 아니냐 asks for a yes, and 좋지 안무도 goes on to the dance.
_AFTER = re.compile(
    r"(?:(?!없)[가-힣]){0,4}?(?:지(?:는|도|가|를|만은|만도)?|진|질)\s?(?:않|안(?!무|경|녕)|못|아니|모)"
    r"|[는도가]? ?않"
    r"|[은는이가을를도]? ?(?:안|못) ?"
    r"(?:하[겠고는지네]|한|할|함|해|했|합|시[키킨켜켰]|보[이인여였])"
    r"|(?:[을를]? ?(?:시키|주|느끼|찾)|[은는이가]? ?보이)지(?:는|도|를)? ?(?:않|못|안)"
    r"|[가-힣]{0,2}[을를은이도]? ?(?:찾|찾아볼|느낄|볼)을? ?수(?:가|는|도|조차)? ?없"
    r"|(?![가-힣]{0,2}\s?(?:밖에|짝이|그지))"
    r"[가-힣]{0,2}(?:은|는|이|가|도|을|를|까지는|까진|정도는)?(?: 편은| 편이)?\s?"
    r"(?:아니(?:다|네|었|였|고|지만|지 |에요|예요|어서|라서|야|라 )|아닌(?!가)|아님|아닙|아녔|"
    r"(?:하나도 |전혀 |아예 |별로 )?없|제로|1도)(?! ?\?)"
)
_AFTER_NOUN = re.compile(rf"[가-힣]{{0,5}}?(?:{_NONE_SUCH}|(?P<cannot>{_CANNOT}))")
# What cannot be is not missing: 좋아하지 않을 수 없다.
_CANNOT_BE = re.compile(rf"{_STEM}\s?수(?:가|는|도|밖에)?\s?$")
# A denial that is denied: 않을 수 없다, 않은 노래가 없다, 없지 않다, 없는 것은 아니다;
# 않을 수 있을까 asks so.
_BACK = re.compile(
    rf"[가-힣]{{0,2}}?(?:{_CANNOT}|{_NONE_SUCH})"
    r"|을 ?수 ?있(?:을까|나|겠|는가)|지(?:는|도|만은)? ?않|는 ?(?:것|건|게)(?:은|도)? ?아니"
)
# What nothing equals is not denied: 이보다 더 좋은 노래는 없다, 이렇게 지루할 수가 없다.
_EQUALLED = re.compile(r"(?:보다|만큼|처럼|이렇게|그렇게|이리|(?:^|\s)더)\s?(?:[가-힣]+\s)?$")
# No cap, no doubt and never been so assure; isn't she asks for a yes.
_ENGLISH_NOT = re.compile(
    r"\b(?:not(?! only)|no(?! (?:cap|lie|doubt|joke|way|wonder|kidding)\b)|"
    r"never(?! (?:[a-z]+ )?(?:so|this|such|more)\b)|hardly|without|lacks?|"
    r"(?:isn'?t|wasn'?t|aren'?t)(?! (?:she|he|it|they)\b)|don'?t|doesn'?t|didn'?t|"
    r"can'?t|ain'?t|won'?t|couldn'?t|nothing|none)(?: [a-z']+){0,2} $"
)
# Who doubts it denies all that follows: "I don't think the song is good".
_ENGLISH_DOUBT = re.compile(
    r"\b(?:(?:don'?t|didn'?t|doesn'?t) (?:really )?(?:think|find|feel)|(?:can'?t|wouldn'?t) say)\b"
    r"(?!.*\b(?:but|although|though|however|yet|except)\b)"
)
# So far behind a word its denial ends: 실망 + "시킨 적이 단 한 번도 없".
_REACH = 28


class Denial(NamedTuple):
    """Whether a word is denied, and where in its clause what says so behind it ends, else 0."""

    is_denied: bool
    end: int


def denial_of(clause: str, start: int, end: int, *, is_praise: bool) -> Denial:
    """Whether a word of a clause is denied; a denial that is denied is none.

    Args:
        clause: of `phrases.phrase_text`.
        start: of the word.
        end: behind it.
        is_praise: "cannot be better" is one way to praise, "cannot be bored" another.
    """
    before = clause[:start]
    found = _AFTER.match(clause, end, end + _REACH) or _none_such(clause, start, end, is_praise)
    behind = found.end() if found else 0
    back = is_turned_back(clause, behind) if found else 0
    is_denied = bool(found) and not back
    verb = _BEFORE.search(before[-5:])
    if verb:
        # 안 좋아할 수 없다 denies twice, 별로 좋지 않다 once.
        is_denied = not (verb["verb"] and is_denied)
    is_denied |= bool(_ENGLISH_NOT.search(before[-30:]) or _ENGLISH_DOUBT.search(before))
    return Denial(is_denied, max(behind, back))


def is_turned_back(clause: str, behind: int) -> int:
    """Where what denies a denial ends; 0 where nothing does.

    Args:
        clause: of `phrases.phrase_text`.
        behind: where the denial ends.
    """
    back = _BACK.match(clause, behind, behind + _REACH)
    return back.end() if back else 0


def is_of_cannot(before: str) -> bool:
    """Whether the 없다 behind this is that of 수 없다."""
    return bool(_CANNOT_BE.search(before[-6:]))


def _none_such(clause: str, start: int, end: int, is_praise: bool) -> re.Match[str] | None:
    # Most words have none behind them, and the search is slow.
    if "없" not in clause[end : end + _REACH]:
        return None
    # The stem may be the last letter of the word itself: 나쁜 곡이 없다.
    found = _AFTER_NOUN.match(clause, end - 1, end + _REACH)
    if not found or _EQUALLED.search(clause[:start]):
        return None
    # 좋을 수 없다 is as good as can be, 추천할 수 없다 is not.
    return None if is_praise and found["cannot"] and clause[end : end + 1] != "할" else found
