"""Words that tables of reviews have for kinds of subject and author, and for who has no name.

Belongs here: what a cell means by such a word. Does not belong here: names of columns
(review_columns.py), or what a rating's cell says (review_ratings.py).
"""

from __future__ import annotations

_SUBJECT_KINDS = {
    **dict.fromkeys(("movie", "film", "series", "drama", "영화", "드라마", "작품"), "title"),
    **dict.fromkeys(("song", "track", "single", "곡", "노래"), "work"),
    **dict.fromkeys(("album", "ep", "앨범", "음반"), "release"),
    **dict.fromkeys(("artist", "group", "idol", "가수", "그룹", "아티스트"), "act"),
    **dict.fromkeys(("clip", "mv", "영상", "동영상"), "video"),
}
_AUTHOR_KINDS = {
    **dict.fromkeys(("critics", "press", "expert", "평론가", "전문가", "기자"), "critic"),
    **dict.fromkeys(("users", "audience", "fan", "viewer", "관객", "관람객", "네티즌"), "user"),
}
# Thousands are called so: as one author they would count once.
_NOBODY = frozenset(
    {
        *("anonymous", "anon", "guest", "unknown", "deleted", "[deleted]", "[removed]", "user"),
        *(
            "익명",
            "비회원",
            "비공개",
            "알수없음",
            "알 수 없음",
            "탈퇴한 사용자",
            "탈퇴회원",
            "ㅇㅇ",
        ),
    }
)


def subject_kind_named(word: str | None) -> str | None:
    """One of `reviews.SUBJECT_KINDS`; the word as it came where it means none."""
    return _meant(word, _SUBJECT_KINDS)


def author_kind_named(word: str | None) -> str | None:
    """One of `reviews.AUTHOR_KINDS`; the word as it came where it means neither."""
    return _meant(word, _AUTHOR_KINDS)


def author_named(name: str | None) -> str | None:
    """The author, or None of a name that whoever has none is given."""
    return None if name is None or name.casefold() in _NOBODY else name


def _meant(word: str | None, known: dict[str, str]) -> str | None:
    if word is None:
        return None
    small = word.casefold()
    # The names of the contract are known in any case, too.
    return known.get(small, small if small in known.values() else word)
