"""In which language a text is: as its source states it, else by its letters.

Belongs here: telling Korean, English and Japanese apart, and from all others. Does not belong
here: what a text without words is (voice_texts.py).

Letters decide, for most are of one language here. A Korean text keeps English names within, and
one in English a Korean name: so the share of Hangul decides, not its presence.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.contracts import audience_rules as rules

# Letters that stand alone, as in ㅋㅋ, in all blocks of Unicode that have them.
JAMO = r"\x{1100}-\x{11ff}\x{3131}-\x{318e}\x{a960}-\x{a97f}\x{d7b0}-\x{d7ff}\x{ffa0}-\x{ffdc}"
_LEAST_LATIN_SHARE = 0.5
# As sources write them; all else that is stated is another language.
_STATED = {
    **dict.fromkeys(("ko", "kor", "korean"), "ko"),
    **dict.fromkeys(("en", "eng", "english"), "en"),
    **dict.fromkeys(("ja", "jpn", "japanese"), "ja"),
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
    return texts.select(pl.coalesce(stated, _by_letters()).alias("lang")).to_series()


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
