"""What to hear next from a bundle alone: whom it suits, its page, its reasons."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse as sp

from kpop_assets.contracts.recommend_rules import MOST_OF_AN_ACT
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.bundle.kept_parts import served_parts
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.bundle.served_parts import Heard, HeardScorer, Histories
from kpop_assets.recommend.learners.hour_popularity import may_be_in, popular_by_hour
from kpop_assets.recommend.learners.item_facts import SoundsAlike
from kpop_assets.recommend.matrices.bundle_parts import ServedPart
from kpop_assets.recommend.matrices.interactions import Interactions
from kpop_assets.recommend.matrices.top_items import top_items
from kpop_assets.recommend.service.answer import ListeningWish, onboarding, recommend
from kpop_assets.recommend.service.served_candidates import served_candidates, served_fit
from kpop_assets_tests.recommend.bundles import (
    CHANCES,
    ITEM_ACTS,
    LISTENER_IDS,
    bundle_parts,
    fitted_hybrid,
    sound_vectors,
    works_told,
)
from kpop_assets_tests.recommend.listeners import ITEMS, listeners_of_two_tastes

EVEN, ODD = str(LISTENER_IDS[4]), str(LISTENER_IDS[7])


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    home = tmp_path_factory.mktemp("answers")
    write_bundle(home, bundle_parts())
    return open_bundle(home)


def items_of(answer) -> list[int]:
    return [row.work.item for row in answer.rows]


@pytest.mark.parametrize(("listener", "taste"), [(EVEN, 0), (ODD, 1)])
def test_a_listener_gets_what_their_taste_is_and_nothing_they_have(bundle, listener, taste):
    # Of a taste there are four acts, and of an act two works on a page.
    heard = bundle.heard(listener)
    answer = recommend(bundle, ListeningWish(heard=heard, count=6))

    assert answer.basis == "history"
    assert len(answer.rows) == 6
    assert not {*items_of(answer)} & {*heard.items.tolist()}
    assert [seed.item for seed in answer.seeds] == heard.last(5).items.tolist()
    suited = [item % 2 == taste for item in items_of(answer) if CHANCES[item % 8] < 0.5]
    # A place that is kept for rising acts is of an act that odd listeners like, and the last
    # places are given to what is unlike those above.
    assert [item % 2 for item in items_of(answer)[:3]] == [taste] * 3
    assert np.mean(suited) >= 0.75


def test_the_page_holds_its_rules_and_every_row_its_reason(bundle):
    for listener in LISTENER_IDS[::9]:
        heard = bundle.heard(listener)
        answer = recommend(bundle, ListeningWish(heard=heard, with_parts=True))
        shown = items_of(answer)
        assert len({*shown}) == len(shown)
        assert np.bincount(ITEM_ACTS[shown]).max() <= MOST_OF_AN_ACT
        assert sum(CHANCES[ITEM_ACTS[item]] > 0.5 for item in shown) >= 1
        for row in answer.rows:
            assert {*row.parts} == {*bundle.parts}
            assert all(0 <= share <= 1 for share in row.parts.values())
            if row.reason.kind == "played":
                assert row.because.item in heard.items
                assert row.because.item != row.work.item
            if row.reason.kind == "seed":
                assert row.because in answer.seeds
            if row.reason.kind == "rising":
                assert row.reason.rise_chance == CHANCES[ITEM_ACTS[row.work.item]]


def test_a_kept_place_says_that_the_act_is_rising_and_a_place_of_its_own_does_not(bundle):
    kinds = {}
    for listener in (EVEN, ODD):
        answer = recommend(bundle, ListeningWish(heard=bundle.heard(listener)))
        of_act = [row for row in answer.rows if ITEM_ACTS[row.work.item] == 3]
        kinds[listener] = [row.reason.kind for row in of_act]

    # Act 3 is odd: who likes even works sees it only because a place is kept.
    assert {*kinds[EVEN]} == {"rising"}
    assert "played" in kinds[ODD]


def test_a_named_seed_is_what_a_page_is_about(bundle):
    heard = bundle.heard(EVEN)
    answer = recommend(bundle, ListeningWish(seeds=[7, 9], heard=heard, count=6))

    assert answer.basis == "seeds"
    assert [seed.item for seed in answer.seeds] == [7, 9]
    shown = items_of(answer)
    assert not {7, 9, *heard.items.tolist()} & {*shown}
    assert np.mean([item % 2 for item in shown]) > 0.8
    near = [row for row in answer.rows if row.reason.kind == "seed"]
    assert len(near) > 3
    assert {row.because.item for row in near} <= {7, 9}
    assert {row.reason.sound for row in near if row.work.item % 2} == {"slow, calm"}


def test_chosen_acts_and_clusters_stand_for_a_history(bundle):
    of_acts = recommend(bundle, ListeningWish(acts=["ACT 1", "ACT 5", "unheard of"], count=6))
    of_cluster = recommend(bundle, ListeningWish(clusters=[0], count=6))

    assert (of_acts.basis, of_cluster.basis) == ("choices", "choices")
    assert np.mean([item % 2 for item in items_of(of_acts)[:4]]) == 1
    assert np.mean([item % 2 for item in items_of(of_cluster)]) < 0.2
    assert recommend(bundle, ListeningWish(acts=["unheard of"])).basis == "popular"


def test_who_played_nothing_is_never_told_that_they_did(bundle):
    kinds = {}
    for name, wish in {
        "history": ListeningWish(heard=bundle.heard(ODD)),
        "choices": ListeningWish(acts=["ACT 1", "ACT 5"]),
        "sound": ListeningWish(clusters=[0]),
        "seeds": ListeningWish(seeds=[7]),
    }.items():
        answer = recommend(bundle, wish)
        kinds[name] = {row.reason.kind for row in answer.rows}
        chosen = {"ACT 1", "ACT 5"}
        for row in answer.rows:
            if name == "choices" and row.reason.kind == "together":
                assert row.because.artist in chosen
    assert "played" in kinds["history"] and "together" not in kinds["history"]
    for name in ("choices", "sound"):
        assert "together" in kinds[name] and "played" not in kinds[name]
    assert "played" not in kinds["seeds"]


def test_whom_nobody_knows_gets_what_is_popular(bundle):
    for wish in (ListeningWish(), ListeningWish(heard=Heard.of(np.zeros(0, np.int32)))):
        answer = recommend(bundle, wish)
        assert answer.basis == "popular"
        assert answer.seeds == ()
        assert len(answer.rows) == 10
        assert {row.reason.kind for row in answer.rows} <= {"popular", "rising"}
        first = answer.rows[0].work.item
        assert bundle.item_listeners[first] == bundle.item_listeners.max()


def test_the_hour_and_the_language_say_what_is_popular(tmp_path):
    works = works_told()
    titles = ["봄날 (Spring Day)" if row < 20 else "桜 さくら" for row in range(ITEMS)]
    by_hour = np.ones((24, ITEMS))
    by_hour[8, 30:] = 50
    parts = bundle_parts(works=works.with_columns(title=np.array(titles)), popular_by_hour=by_hour)
    write_bundle(tmp_path, parts)
    bundle = open_bundle(tmp_path)

    morning = items_of(recommend(bundle, ListeningWish(hour=8)))
    assert sum(item >= 30 for item in morning) > 6
    korean = items_of(recommend(bundle, ListeningWish(hour=8, language="ko")))
    assert korean
    assert all(item < 20 for item in korean)


def test_a_work_that_nobody_has_is_found_and_leads_to_others(tmp_path):
    # Work 39 of act 7 has just come out: nobody has played it.
    known, _ = listeners_of_two_tastes()
    known = known.where(known.items != 39)
    write_bundle(tmp_path, bundle_parts(known=known))
    bundle = open_bundle(tmp_path)
    heard = Heard.of(np.array([39], np.int32))
    found = served_candidates(bundle, heard, bundle.item_listeners.astype(float))
    shown = items_of(recommend(bundle, ListeningWish(seeds=[39], count=6)))

    # Parts of plays take the act's other works for it, and the act's works are not shut out.
    assert np.ptp(found.told.scores["items"]) > 0
    assert np.mean([item % 2 for item in shown]) > 0.8
    odd = bundle.heard(ODD)
    proposed = served_candidates(bundle, odd, bundle.item_listeners.astype(float))
    assert 39 in proposed.items


def test_trees_order_candidates_as_the_fitted_hybrid_does(tmp_path):
    known, _ = listeners_of_two_tastes()
    hybrid = fitted_hybrid(known)
    parts = bundle_parts(
        parts=served_parts(hybrid.parts),
        quotas=hybrid.quotas,
        trees=hybrid.order.trees.booster_.model_to_string(),
    )
    write_bundle(tmp_path, parts)
    bundle = open_bundle(tmp_path)
    nothing_more = np.full(ITEMS, -np.inf)

    for user in (0, 5, 31):
        users = np.array([user], np.int32)
        told = hybrid.candidates(users)
        heard = bundle.heard(LISTENER_IDS[user])
        found = served_candidates(bundle, heard, nothing_more)
        assert found.items.tolist() == told.items.tolist()
        assert served_fit(bundle, heard, found) == pytest.approx(hybrid.ordered(told))
        best = found.items[np.argmax(served_fit(bundle, heard, found))]
        expected = top_items(hybrid, known, users, 1)[0, 0]
        scores = dict(zip(told.items.tolist(), hybrid.ordered(told), strict=True))
        assert scores[int(best)] == pytest.approx(scores[int(expected)])


def test_where_the_best_are_of_one_act_a_page_goes_no_deeper_than_it_must(tmp_path):
    # Of nine works for three places all are of one act. The next nine suit better than the rest,
    # which is unlike anything: among all forty that would count for more.
    acts = [*["ONE"] * 9, *["TWO"] * 9, *(f"OF {row}" for row in range(18, ITEMS))]
    works = works_told().with_columns(artist=np.array(acts), rise_chance=np.full(ITEMS, 0.1))
    vectors = np.eye(ITEMS, dtype=np.float32)
    vectors[:18] = vectors[0]
    popular = np.tile(np.arange(ITEMS, 0.0, -1), (24, 1))
    write_bundle(tmp_path, bundle_parts(works=works, vectors=vectors, popular_by_hour=popular))

    page = recommend(open_bundle(tmp_path), ListeningWish(hour=8, count=3))
    assert items_of(page) == [0, 1, 9]


def test_a_listener_with_everything_gets_an_empty_page(bundle):
    heard = Heard.of(np.arange(ITEMS, dtype=np.int32))

    assert recommend(bundle, ListeningWish(heard=heard)).rows == ()


def test_the_same_question_has_the_same_answer(bundle):
    wish = ListeningWish(heard=bundle.heard(EVEN), hour=8)

    assert recommend(bundle, wish) == recommend(bundle, wish)


def test_an_answer_takes_neither_an_engine_nor_what_learnt_to_be_loaded(bundle):
    program = f"""
import sys
from pathlib import Path
from kpop_assets.recommend.service.answer import ListeningWish, recommend
from kpop_assets.recommend.matrices.bundle_parts import ServedPart
from kpop_assets.recommend.bundle.bundle_read import open_bundle
bundle = open_bundle(Path({str(bundle.folder.parents[2])!r}))
assert recommend(bundle, ListeningWish(seeds=[3])).rows
print(*{{name.partition(".")[0] for name in sys.modules}})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    heavy = {"pyspark", "pysail", "dagster", "mlflow", "torch", "implicit", "sklearn", "deltalake"}
    assert not heavy & {*done.stdout.split()}


def test_the_list_for_newcomers_has_no_act_twice(bundle):
    asked = onboarding(bundle)

    assert len(asked) == len({work.artist for work in asked}) == 8
    assert {work.item % 2 for work in asked} == {0, 1}


def test_an_hour_lifts_what_belongs_to_it_and_calm_keeps_what_is_played_seldom():
    # Item 0 is of the morning, item 1 of all hours, item 2 was played once, in the morning.
    items = np.array([0] * 240 + [1] * 240 + [2], np.int32)
    hours = np.array([8] * 240 + [*range(24)] * 10 + [8], np.int32)
    found = popular_by_hour(items, hours, np.ones(len(items)), 4)

    assert found[8].argmax() == 0
    assert found[20].argmax() == 1
    assert found[:, 3].tolist() == [0] * 24
    assert found[8, 2] < 1.1
    # Without any difference between hours popularity is left as it is.
    even = popular_by_hour(
        np.repeat(np.arange(3, dtype=np.int32), 24), np.tile(np.arange(24), 3), np.ones(72), 3
    )
    assert even == pytest.approx(np.full((24, 3), 24.0))


def test_letters_say_of_which_language_a_title_cannot_be():
    titles = ["봄날", "さくら", "Dynamite", "봄날 (Spring Day)"]

    assert may_be_in(titles, "ko").tolist() == [True, False, True, True]
    assert may_be_in(titles, "ja").tolist() == [False, True, True, False]
    assert may_be_in(titles, "en").tolist() == [False, False, True, False]
    with pytest.raises(ValueError, match="none of"):
        may_be_in(titles, "xx")


def test_where_nobody_has_played_anything_what_sounds_alike_answers(tmp_path):
    nobody = Interactions(*(np.zeros(0, t) for t in ("i4", "i4", "f8", "i8")), 0, ITEMS)
    sounds = SoundsAlike.of(nobody.presence(), sound_vectors())
    write_bundle(
        tmp_path,
        bundle_parts(
            known=nobody,
            listener_ids=np.zeros(0, "S1"),
            parts=served_parts({"content": sounds}),
            quotas={"content": 12},
            weights={"content": 1.0},
        ),
    )
    bundle = open_bundle(tmp_path)
    answer = recommend(bundle, ListeningWish(seeds=[3], count=6))

    assert all(item % 2 for item in items_of(answer))
    assert recommend(bundle, ListeningWish()).basis == "popular"


def test_what_is_played_lately_goes_by_days_as_in_a_training():
    # The last play was at 20:00; of the day 21 days before, a play at 9:00 is within 21 days.
    hours = np.array([50 * 24 + 20, 29 * 24 + 9, 28 * 24 + 23], np.int64)
    heard = Heard(np.arange(3, dtype=np.int32), np.ones(3), hours * 3_600)
    lately = ServedPart("acts", {"acts": np.arange(3, dtype=np.int32)}, {"days": 21})
    scorer = HeardScorer(lately, heard, Histories.of(sp.csr_matrix((1, 3))))

    assert scorer.score(np.array([0], np.int32)).tolist() == [[0.5, 0.5, 0]]
