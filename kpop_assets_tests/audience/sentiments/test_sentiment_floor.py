"""What answers where nothing was learnt: fans' English and Korean, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kpop_assets.audience.sentiments.sentiment_model import untrained_model
from kpop_assets.audience.sentiments.sentiment_parts import VaderPart
from kpop_assets.audience.sentiments.sentiment_vader import VaderReader
from kpop_assets.audience.words.clause_signs import opinions_of, sign_of
from kpop_assets.audience.words.clauses import split_clauses
from kpop_assets.audience.words.phrases import phrase_text

SENTENCES = Path(__file__).with_name("fan_sentences.tsv")
ENGLISH_PRAISE = (
    *(
        "insane vocals",
        "this is sick",
        "the choreo is so sick",
        "she killed it",
        "killed the stage",
    ),
    *("she ate", "they ate fr", "she ate and left no crumbs", "crazy good", "crazy vocals"),
    *("I'm obsessed", "goosebumps", "I'm crying she's so good", "this slaps", "no skips"),
    *("it's giving main character", "this goes so hard", "this is fire", "10/10", "no notes"),
    *("they don't miss", "holy shit this is amazing", "killer chorus", "it never gets old"),
)
ENGLISH_COMPLAINT = (
    *("mid", "this is so mid", "flop", "total flop era", "it's giving nothing", "I expected more"),
    *("she deserves better", "sounds like every other song", "kind of boring honestly", "flopped"),
    *(
        "pretty boring",
        "I can't get into it",
        "it fell flat",
        "a bit disappointing",
        "not her best",
    ),
    *("fire your stylist", "I'm so tired of this", "the song is all over the place"),
)
ENGLISH_NEITHER = (
    *("I ate dinner", "she ate dinner at eight", "we ate", "he is sick at home", "she got sick"),
    *("the mid 2000s", "a mid-week release", "he served in the army", "what time does it start"),
    *("I'm crying", "this is crazy", "who killed him in the drama"),
)


def lean(lang: str, text: str) -> float:
    [[negative, _, positive]] = untrained_model(lang).moods([text])
    return positive - negative


def in_clauses(text: str) -> float:
    plain = [phrase_text(clause) for clause in split_clauses(text)]
    return sign_of(opinion for some in opinions_of(plain) for opinion in some)


@pytest.mark.parametrize("text", ENGLISH_PRAISE)
def test_what_fans_praise_in_english_is_praise(text: str):
    assert lean("en", text) > 0.1
    assert in_clauses(text) > 0


@pytest.mark.parametrize("text", ENGLISH_COMPLAINT)
def test_what_they_complain_of_is_a_complaint(text: str):
    assert lean("en", text) < -0.1
    assert in_clauses(text) < 0


@pytest.mark.parametrize("text", ENGLISH_NEITHER)
def test_words_of_a_meal_a_cold_or_a_murder_are_no_praise(text: str):
    assert abs(lean("en", text)) < 0.1
    assert in_clauses(text) == 0


def called(lang: str, text: str) -> str:
    [chances] = untrained_model(lang).moods([text])
    return ("negative", "neutral", "positive")[int(chances.argmax())]


@pytest.mark.parametrize(
    ("lang", "text", "mood"),
    [
        *(
            ("ko", text, "negative")
            for text in ("좀 아쉽다", "후렴이 밋밋하다", "별로였음", "지루해요")
        ),
        *(
            ("ko", text, "positive")
            for text in ("노래 좋다", "안무 예뻐요", "소름", "재밌네", "입덕함")
        ),
        *(("ko", text, "neutral") for text in ("6시에 나온대요", "앨범 샀어요", "누가 짰어요?")),
        *(
            ("en", text, "negative")
            for text in ("a bit disappointing", "boring", "his live was pitchy")
        ),
        *(("en", text, "positive") for text in ("good song", "so catchy", "love it", "a banger")),
        *(
            ("en", text, "neutral")
            for text in ("out on friday", "when is the show", "I ate dinner")
        ),
    ],
)
def test_one_plain_saying_is_called_and_a_text_without_any_is_neutral(
    lang: str, text: str, mood: str
):
    assert called(lang, text) == mood


# As many as decision 0039 says: of the first every miss was looked at, of the second none.
@pytest.mark.parametrize(("name", "right", "of"), [("read", 59, 60), ("unread", 38, 40)])
def test_own_sentences_are_called_as_often_as_the_document_says(name: str, right: int, of: int):
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.startswith(f"{name}\t")]
    moods = {"+": "positive", "-": "negative", "0": "neutral"}
    assert len(rows) == of
    assert sum(called(lang, text) == moods[sign] for _, lang, sign, text in rows) >= right


def test_a_text_without_a_saying_leans_to_no_side():
    assert lean("ko", "오늘 6시") == lean("en", "at six today") == 0


def test_a_death_is_no_praise():
    assert lean("en", "two people were killed in the accident") < 0.1


def test_vader_reads_beside_the_lists_what_they_do_not_know():
    beside = VaderReader(is_beside=True).read(
        ["insane vocals", "not good", "marvelous", "the show"]
    )
    alone = VaderReader().read(["insane vocals", "not good", "marvelous", "the show"])
    assert list(beside) == [0, 0, alone[2], 0]
    assert alone[0] < 0


def test_what_vader_reads_beside_the_lists_is_kept_as_such():
    told, _ = untrained_model("en").arrays
    assert told["parts"][0] == {"kind": "vader", "is_beside": True}
    assert VaderPart().reader != VaderPart(is_beside=True).reader


def test_moods_are_chances():
    chances = untrained_model("en").moods([*ENGLISH_PRAISE, *ENGLISH_NEITHER])
    assert np.allclose(chances.sum(axis=1), 1)
