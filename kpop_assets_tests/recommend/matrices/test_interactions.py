"""Plays and ratings as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from kpop_assets.recommend.matrices.interactions import Interactions, coded, rated_by_counts


def played(*rows: tuple[int, int, float, int], users: int = 3, items: int = 4) -> Interactions:
    table = np.array(rows, dtype=float).reshape(-1, 4)
    return Interactions(
        table[:, 0].astype(np.int32),
        table[:, 1].astype(np.int32),
        table[:, 2],
        table[:, 3].astype(np.int64),
        users,
        items,
    )


def test_several_plays_of_an_item_are_one_presence_and_a_sum():
    told = played((0, 1, 2, 10), (0, 1, 3, 20), (2, 0, 1, 5))

    assert told.matrix().toarray().tolist() == [[0, 5, 0, 0], [0] * 4, [1, 0, 0, 0]]
    assert told.presence().toarray().tolist() == [[0, 1, 0, 0], [0] * 4, [1, 0, 0, 0]]
    assert told.items_per_user().tolist() == [1, 0, 1]
    assert told.users_per_item().tolist() == [1, 1, 0, 0]


def test_what_a_listener_has_of_others_entries():
    told = played((0, 1, 2, 10), (2, 0, 1, 5))

    assert told.has(played((0, 1, 1, 0), (1, 0, 1, 0), (2, 0, 1, 0))).tolist() == [
        True,
        False,
        True,
    ]
    # A sparse matrix that is asked for no pair answers with a matrix.
    assert told.has(played()).tolist() == played().has(played()).tolist() == []
    assert played().has(told).tolist() == [False, False]


def test_codes_beyond_their_count_and_arrays_of_two_lengths_are_refused():
    with pytest.raises(ValueError, match="items: codes must lie in 0 to 3"):
        played((0, 4, 1, 0))
    with pytest.raises(ValueError, match="lengths"):
        Interactions(
            np.zeros(2, np.int32), np.zeros(1, np.int32), np.ones(2), np.zeros(2, np.int64), 1, 1
        )


def test_codes_stand_for_the_ids_they_came_from():
    users, items = np.array(["b", "a", "b"]), np.array([30, 10, 10])
    told, user_ids, item_ids = coded(users, items, np.ones(3), np.zeros(3))

    assert user_ids[told.users].tolist() == users.tolist()
    assert item_ids[told.items].tolist() == items.tolist()
    assert (told.user_count, told.item_count) == (2, 2)


def test_counts_become_ratings_by_the_listeners_own_quantiles():
    told = played(
        (0, 0, 1, 1), (0, 1, 7, 2), (0, 2, 7, 3), (0, 3, 100, 4), (1, 0, 9, 5), (1, 0, 1, 9)
    )
    rated = rated_by_counts(told)

    # Ranks 1, 2.5, 2.5 and 4 of four; a single item is in the middle.
    assert rated.values.tolist() == [0.625, 2.5, 2.5, 4.375, 2.5]
    assert rated.users.tolist() == [0, 0, 0, 0, 1]
    assert rated.times.tolist() == [1, 2, 3, 4, 9]


def test_a_listener_who_plays_everything_ten_times_as_often_rates_the_same():
    rows = [(0, 0, 1, 0), (0, 1, 4, 0), (0, 2, 2, 0)]
    more = [(user, item, 10 * count, time) for user, item, count, time in rows]

    assert (rated_by_counts(played(*rows)).values == rated_by_counts(played(*more)).values).all()
