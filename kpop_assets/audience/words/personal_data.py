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
    r"|[\w-]\.(?:com|net|org|kr|jp|gg|ly|io|tv|app|xyz)(?![a-z0-9])|[\w-]\.(?:be|me|to|co|us|gl|ee|gle|page)/|[\w-]\.social(?![a-z0-9])"
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
# Korean names of places that are other words, too (라인업, 스냅 사진): what stands behind them is a
# handle where it has a digit or a sign.
_KOREAN_PLACES_TOO = ("라인", "틱톡", "스냅", "스냅챗", "스레드", "위버스", "블루스카이")
_ENGLISH_PLACES_TOO = ("tiktok", "line", "threads", "weibo", "bluesky", "reddit")
# What people say behind these names of no person; what a handle begins with (so.yeon) is none.
_EVERYDAY = (
    r"(?:and|app|account|because|comments?|edits?|ent|everyone|everybody|fans?|feed|filter|for|guys|if"
    r"|live|lol|music|now|page|photos?|pics?|please|posts?|profile|reels?|server|so|story|stories"
    r"|though|tho|timeline|tl|today|too|trend(?:s|ing)?|tv|update|videos?)(?![a-z0-9_.]*[a-z0-9_])"
)
_HANDLE = rf"(?!{_EVERYDAY})[a-z0-9_.]"
_ODD_HANDLE = r"(?=[a-z][a-z0-9_.]*(?:[0-9_]|\.[a-z0-9_]))[a-z0-9_.]"
_ASKED = r"\W|아이디|계정|주소|맞팔|선팔|팔로우|친추|추가|id\b|[은는이가]\s"
_KOREAN_HANDLE = re.compile(
    rf"(?:{'|'.join(_KOREAN_PLACES)})(?:톡|그램)?(?:{_ASKED}){{0,8}}"
    rf"(?:{_HANDLE}{{3}}|[가-힣]{{2,5}}\d\d)"
    rf"|(?:{'|'.join(_KOREAN_PLACES_TOO)})(?:{_ASKED}){{0,8}}{_ODD_HANDLE}{{3}}"
)
# In English such a name stands in sentences, too (the insta live): there it takes a sign between,
# who asks to be followed, an end behind the handle, or a digit in it.
_PLACE = rf"(?:{'|'.join(_ENGLISH_PLACES)})"
_PLACE_TOO = rf"(?:{'|'.join(_ENGLISH_PLACES_TOO)})"
_ENGLISH_HANDLE = re.compile(
    rf"\b(?:{_PLACE}|tiktok|threads|weibo|bluesky|line\sid)(?:\s?id)?\s?[:=]\s?{_HANDLE}{{2}}"
    rf"|\b{_PLACE_TOO}(?:\s?id)?(?:\s?[:=]\s?|\s(?:is\s)?){_ODD_HANDLE}{{3}}"
    rf"|\b(?:my|(?:follow|add)(?:\s\w+){{0,2}}|me\son)\s(?:{_PLACE}|tiktok|line\sid)\s(?:is\s)?"
    rf"{_HANDLE}{{3}}"
    rf"|(?:^|[^\w\s]\s?){_PLACE}\s{_HANDLE}{{3,40}}\s?(?:$|[^\w\s]|[가-힣])"
    rf"|\b{_PLACE}\b(?:\sis)?\W{{0,8}}[a-z0-9_.]{{0,40}}[0-9_]"
)
# A name with its number of four digits, as Discord and games give them.
_NUMBERED = re.compile(r"[a-z0-9_.]{2,}#\d{4}(?!\d)")
_KOREAN_NAMES = (*_KOREAN_PLACES, *_KOREAN_PLACES_TOO)
_ENGLISH_NAMES = (*_ENGLISH_PLACES, *_ENGLISH_PLACES_TOO)


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
        or ("#" in plain and _NUMBERED.search(plain))
        or (any(name in plain for name in _KOREAN_NAMES) and _KOREAN_HANDLE.search(plain))
        or (any(name in plain for name in _ENGLISH_NAMES) and _ENGLISH_HANDLE.search(plain))
    )


def personal_digest() -> str:
    """A hash of the forms: other ones let other texts be quoted."""
    forms = (_ADDRESS, _SPELLED, _NUMBER, _NUMBERED, _KOREAN_HANDLE, _ENGLISH_HANDLE)
    told = "\n".join(form.pattern for form in forms)
    return hashlib.sha256(told.encode()).hexdigest()[:12]
