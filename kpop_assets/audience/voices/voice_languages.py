"""In which language a text is: as its source states it, else by its letters and its words.

Belongs here: telling Korean, English and Japanese apart, and from all others. Does not belong
here: what a text without words is (voice_texts.py).

Letters decide between scripts: a Korean text keeps English names within, and one in English a
Korean name, so it is the share of Hangul that decides, not its presence. Between languages in
Latin letters py3langid decides, of those that audiences of K-POP write in. It errs in short texts
("slay queen"), so these are English, and so is what it is not sure of.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from kpop_assets.contracts import audience_rules as rules

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Letters that stand alone, as in ㅋㅋ, in all blocks of Unicode that have them.
JAMO = r"\x{1100}-\x{11ff}\x{3131}-\x{318e}\x{a960}-\x{a97f}\x{d7b0}-\x{d7ff}\x{ffa0}-\x{ffdc}"
_LEAST_LATIN_SHARE = 0.5
# Of the 97 that it knows: what is written under videos of acts.
_LATIN_LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "id", "ms", "vi", "tl", "tr", "pl", "nl")
# Words of English alone: a text with two of them need not be asked about, which takes longest.
_ENGLISH = (
    r"\b(?:the|this|that|and|you|your|are|my|with|was|they|she|her|what|when|have|just|not)\b"
)
_SURE_WORDS = 2
# "hahaha so good" is of no language to who counts runs of letters. Other languages laugh otherwise.
_LAUGHS = r"(?i)\b(?:a?(?:ha){2,}h?|(?:he){2,}h?|lo+l|lmf?ao+)\b"
# As sources write them; all else that is stated is another language.
_STATED = {
    **dict.fromkeys(("ko", "kor", "korean", "kr"), "ko"),
    **dict.fromkeys(("en", "eng", "english", "us", "gb", "uk"), "en"),
    **dict.fromkeys(("ja", "jpn", "japanese", "jp"), "ja"),
    "zxx": "none",
}
_NOT_STATED = ("", "und", "mul", "unknown")


def find_languages(texts: pl.DataFrame) -> pl.Series:
    """The language of each text: one of `audience_voices.LANGUAGES`.

    Args:
        texts: `text`, cleaned and perhaps null, and `lang` as the source states it, perhaps null.
    """
    primary = pl.col("lang").str.to_lowercase().str.extract(r"^\s*([a-z]*)")
    stated = (
        pl.when(primary.is_null() | primary.is_in(_NOT_STATED))
        .then(None)
        .otherwise(primary.replace_strict(_STATED, default="other", return_dtype=pl.String))
    )
    is_long = pl.col("words").str.count_matches(r"\p{Latin}") >= rules.LEAST_LATIN_LETTERS
    told = texts.select(
        pl.col("text").fill_null("").str.replace_all(_LAUGHS, "").alias("words"),
        stated.alias("stated"),
        _by_letters().alias("script"),
    )
    known = pl.col("words").str.to_lowercase().str.count_matches(_ENGLISH)
    is_open = pl.col("stated").is_null() & (pl.col("script") == "en") & is_long
    asked = told.filter(is_open & (known < _SURE_WORDS))
    by_words = _by_words(asked["words"].unique())
    found = told.join(by_words, on="words", how="left", maintain_order="left")
    return found.select(pl.coalesce("stated", "by_words", "script").alias("lang")).to_series()


def _by_letters() -> pl.Expr:
    text = pl.col("text").fill_null("")
    jamo = text.str.count_matches(f"[{JAMO}]").cast(pl.Int64)
    letters = text.str.count_matches(r"\p{L}").cast(pl.Int64) - jamo
    hangul = text.str.count_matches("[가-힣]")
    kana = text.str.count_matches(r"[\p{Hiragana}\p{Katakana}]")
    latin = text.str.count_matches(r"\p{Latin}")
    return (
        pl.when(letters == 0)
        .then(pl.when(jamo > 0).then(pl.lit("ko")).otherwise(pl.lit("none")))
        .when(hangul >= letters * rules.LEAST_HANGUL_SHARE)
        .then(pl.lit("ko"))
        .when(kana >= letters * rules.LEAST_KANA_SHARE)
        .then(pl.lit("ja"))
        .when(latin >= letters * _LEAST_LATIN_SHARE)
        .then(pl.lit("en"))
        .otherwise(pl.lit("other"))
    )


def _by_words(texts: pl.Series) -> pl.DataFrame:
    """`words` and `by_words`, en or other, of texts in Latin letters."""
    found = []
    for text in texts:
        language, chance = _identifier().classify(text)
        is_other = language != "en" and chance >= rules.LEAST_LANGUAGE_CHANCE
        found.append("other" if is_other else "en")
    return pl.DataFrame({"words": texts, "by_words": pl.Series(found, dtype=pl.String)})


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    # Its model takes 0.2 s and 40 MB: who reads no voices loads nothing.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(_LATIN_LANGUAGES)
    return found
