"""Words that stand where others stand, learnt of a corpus that was made so."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kpop_assets.audience.aspects.word_neighbours import learn_vectors, near_words, words_of

PLACES = {"acting": ["연기", "배우", "연기력"], "plot": ["내용", "결말", "줄거리"]}
BESIDE = {"acting": ["훌륭한", "어색한", "눈빛"], "plot": ["뻔한", "지루한", "반전"]}


def corpus(count: int) -> list[str]:
    chance = random.Random(19)
    texts = []
    for _ in range(count):
        kind = chance.choice([*PLACES])
        beside = chance.sample(BESIDE[kind], 2)
        texts.append(f"{beside[0]} {chance.choice(PLACES[kind])}는 {beside[1]} 영화")
    return texts


def test_words_lose_their_particle_and_keep_their_first_two_letters():
    assert words_of("연기는 배우의 LOVE, 나는") == ["연기", "배우", "love", "나는"]


def test_a_word_that_no_list_has_is_near_to_the_aspect_beside_whose_words_it_stands():
    learned = learn_vectors(corpus(600))
    assert np.linalg.norm(learned.vectors, axis=1) == pytest.approx(1)
    listed = {"acting": ["연기", "배우"], "plot": ["내용", "결말"]}
    near = {each.word: each for each in near_words(learned, listed)}
    assert (near["연기력"].aspect, near["줄거리"].aspect) == ("acting", "plot")
    assert near["연기력"].similarity > 0.9 > near["영화"].similarity
    assert near.keys().isdisjoint(["연기", "배우", "내용", "결말"])


def test_the_same_corpus_gives_the_same_vectors():
    first, again = learn_vectors(corpus(300)), learn_vectors(corpus(300))
    assert first.words == again.words
    assert np.array_equal(first.vectors, again.vectors)


def test_of_one_aspect_nothing_is_proposed():
    assert near_words(learn_vectors(corpus(300)), {"acting": ["연기"], "plot": ["없는말"]}) == []
