"""Texts of reviews: cleaned, hashed, classed, and in the form by which copies are known.

Belongs here: what is taken out of a text, and what a text without words is. Does not belong here:
its language (voice_languages.py), or who said it before (voices.py).
"""

from __future__ import annotations

import hashlib

import polars as pl

from kpop_assets.audience.voices.voice_languages import JAMO

# Of laughs and cries alone: ㅋㅋㅋ, ㅎㅎ, ㅠㅠ, 하하하, lol, haha, kkk, jaja, www. Other letters
# that stand alone are words (ㅇㅈ, ㄹㅈㄷ).
_LAUGHS = (
    r"^(?:[ㅋㅎㅠㅜ]+|하{2,}|허{2,}|호{2,}|히{2,}|흐{2,}|크{2,}|푸하+|l(?:o+l)+|lmf?ao+|rofl"
    r"|a?(?:ha){2,}h?|(?:he){2,}h?|k{2,}|(?:ja){2,}|w{3,}|xd+|笑+|草+)+$"
)
# What people cannot see, blanks aside: controls, marks of direction, blanks of no width, fillers
# of Hangul (3164 and its like). The joiner of emoji (200d) stays.
_UNSEEN = (
    r"[[\p{Cc}\x{ad}\x{200b}\x{200c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}"
    r"\x{feff}\x{115f}\x{1160}\x{3164}\x{ffa0}]--\s]"
)
_WORD_LETTERS = r"[^\p{L}\p{N}]"


def cleaned(text: pl.Expr) -> pl.Expr:
    """A text as people see it, on one line; null where nothing is left."""
    seen = text.str.replace_all(_UNSEEN, "").str.normalize("NFC")
    trimmed = seen.str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(trimmed.str.len_chars() > 0).then(trimmed)


def hash_texts(texts: pl.Series) -> pl.Series:
    """SHA-256 of each text, in hex; null where there is none."""
    return pl.Series(
        "text_hash",
        [None if text is None else hashlib.sha256(text.encode()).hexdigest() for text in texts],
        pl.String,
    )


def kind_of_voice() -> pl.Expr:
    """One of `audience_voices.VOICE_KINDS`, of `text` (cleaned), `lang` and `deleted_at`."""
    text = pl.col("text").fill_null("")
    has_word = text.str.contains(r"[\p{L}\p{N}]")
    has_sign = text.str.contains(r"[\p{So}\p{Sk}\p{Sm}\p{Extended_Pictographic}]")
    words = text.str.to_lowercase().str.replace_all(_WORD_LETTERS, "")
    return (
        pl.when(pl.col("deleted_at").is_not_null())
        .then(pl.lit("deleted"))
        .when(~has_word & ~has_sign)
        .then(pl.lit("empty"))
        .when(~has_word)
        .then(pl.lit("emoji_only"))
        .when(words.str.contains(_LAUGHS))
        .then(pl.lit("laughter"))
        .when(pl.col("lang").is_in(["ja", "other"]))
        .then(pl.lit("other_language"))
        .otherwise(pl.lit("text"))
    )


def copied_form(text: pl.Expr) -> pl.Expr:
    """What copies of a text have in common: its letters and digits, in small, laughs left out."""
    letters = text.str.to_lowercase().str.replace_all(_WORD_LETTERS, "")
    return letters.str.replace_all(f"[{JAMO}]", "")
