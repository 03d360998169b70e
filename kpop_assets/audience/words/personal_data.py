"""Whether somebody can be found by what a text says: handles, mail, links, numbers.

Belongs here: the forms in which people write them. Does not belong here: words of abuse (abuse.py),
or what follows from either (quotable.py).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from kpop_assets.audience.words.plain_texts import seen_text

# @name of any platform, mail, links of a profile or of who advertises.
_ADDRESS = re.compile(
    r"@\s?[^\W_]|https?://|\bwww\."
    r"|[\w-]\.(?:com|net|org|kr|jp|gg|ly|io|tv|app|xyz)(?![a-z0-9])|[\w-]\.(?:be|me|to|co|us|gl)/"
)
_SPELLED = re.compile(
    r"\b(?:gmail|hotmail|hanmail|naver|daum)\W{0,3}(?:dot|닷|점)|[a-z0-9_.]\s?골뱅이\s?[a-z0-9]"
    r"|[공영]\s?일\s?[공영]\W{0,3}[공영일이삼사오육칠팔구\d]"
)
# Eight digits and more that are no day (telephones, accounts, residents), and a telephone whatever
# signs stand between its parts. The composed form of ㅡ is another sign.
_BETWEEN = r"(?:[\s\-._()/~·•–—\u1173]{0,3}|\s?,\s?)"
_NUMBER = re.compile(
    r"(?<!\d)(?!20\d\d[-./ ]\d\d?[-./ ]\d\d?)\d(?:[\s\-._()]{0,2}\d){7}"
    rf"|(?<![\d,.])0\d\d?{_BETWEEN}\d{{3,4}}{_BETWEEN}\d{{4}}(?!\d)"
)
_FEWEST_DIGITS = 8
# Names of messengers and platforms as they stand before a handle.
_KOREAN_PLACES = (
    *(
        "카톡",
        "카카오",
        "인스타",
        "텔레",
        "오픈채팅",
        "오픈 채팅",
        "디스코드",
        "디코",
        "트위터",
        "페북",
    ),
    *("페이스북", "위챗", "아이디", "라인 id"),
)
_ENGLISH_PLACES = (
    *("ig", "insta", "instagram", "discord", "telegram", "kakao", "kakaotalk", "twitter", "snap"),
    *("snapchat", "wechat", "whatsapp", "facebook", "fb"),
)
# What people say behind these names of no person.
_EVERYDAY = (
    r"(?:app|account|comments?|edits?|feed|filter|ent|fans?|live|lol|music|page|photos?|pics?|posts?"
    r"|profile|reels?|server|so|story|stories|though|tho|timeline|tl|today|too|trend(?:s|ing)?|tv"
    r"|update|videos?)\b"
)
_HANDLE = rf"(?!{_EVERYDAY})[a-z0-9_.]"
_KOREAN_HANDLE = re.compile(
    rf"(?:{'|'.join(_KOREAN_PLACES)})(?:톡|그램)?"
    rf"(?:\W|아이디|계정|주소|id\b|[은는이가]\s){{0,8}}{_HANDLE}{{3}}"
)
# In English such a name stands in sentences, too (the insta live): there it takes a sign between,
# who asks to be followed, an end behind the handle, or a digit in it.
_NAMED = (*_ENGLISH_PLACES, "line", "tiktok")
_PLACE = rf"(?:{'|'.join(_ENGLISH_PLACES)})"
_ENGLISH_HANDLE = re.compile(
    rf"\b(?:{_PLACE}|line|tiktok)(?:\s?id)?\s?[:=]\s?{_HANDLE}{{2}}"
    rf"|\b(?:my|(?:follow|add)(?:\s\w+){{0,2}}|me\son)\s{_PLACE}\s(?:is\s)?{_HANDLE}{{3}}"
    rf"|(?:^|[^\w\s]\s?){_PLACE}\s{_HANDLE}{{3,40}}\s?(?:$|[^\w\s]|[가-힣])"
    rf"|\b{_PLACE}\b\W{{0,8}}[a-z0-9_.]{{0,40}}[0-9_]"
)


def has_personal_data(text: str) -> bool:
    """Whether a text, as people wrote it, has an address or number by which anybody is found.

    All of a text is to be looked at: a clause keeps a part of a name that has a point in it.
    """
    # Of one width: ０１０ and ＠ are numbers and signs like others.
    plain = seen_text(unicodedata.normalize("NFKC", text)).lower()
    # Most texts have nothing that a handle stands behind, and few digits.
    return bool(
        _ADDRESS.search(plain)
        or _SPELLED.search(plain)
        or (sum(map(str.isdecimal, plain)) >= _FEWEST_DIGITS and _NUMBER.search(plain))
        or (any(name in plain for name in _KOREAN_PLACES) and _KOREAN_HANDLE.search(plain))
        or (any(name in plain for name in _NAMED) and _ENGLISH_HANDLE.search(plain))
    )


def personal_digest() -> str:
    """A hash of the forms: other ones let other texts be quoted."""
    forms = (_ADDRESS, _SPELLED, _NUMBER, _KOREAN_HANDLE, _ENGLISH_HANDLE)
    told = "\n".join(form.pattern for form in forms)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
