"""An object spelled: what it is set to is there, the same in every process, or it is refused."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from kpop_assets.ml.baselines import Markov
from kpop_assets.ml.digest import spelled
from kpop_assets.models.candidates import candidates


class Adds:
    """Something to call that has settings and no name."""

    def __init__(self, much: int) -> None:
        self.much = much

    def __call__(self, number: int) -> int:
        """That much more."""
        return number + self.much


def test_a_class_and_a_function_are_their_module_and_name():
    assert spelled(Markov) == "kpop_assets.ml.baselines.Markov"
    assert spelled(spelled) == "kpop_assets.ml.digest.spelled"


def test_a_partial_is_its_function_and_what_is_bound_to_it():
    found = [
        spelled(one)
        for one in (
            partial(Markov, (1, 2), "tier"),
            partial(Markov, (1, 2), "class"),
            partial(Markov, (1, 2), label="tier"),
            partial(Markov, (1, 2)),
            partial(dict, (1, 2), "tier"),
            partial(Adds, partial(Adds, 1)),
            partial(Adds, partial(Adds, 2)),
        )
    ]
    assert len(set(found)) == len(found)
    assert "kpop_assets.ml.baselines.Markov" in found[0]
    assert spelled(partial(dict, a=1, b=2)) == spelled(partial(dict, b=2, a=1))


def test_what_is_called_and_has_no_name_is_what_it_is_set_to():
    assert spelled(Adds(1)) == spelled(Adds(1)) != spelled(Adds(2))


@pytest.mark.parametrize("value", [object(), [].append, {"in": (object(),)}, partial([].append)])
def test_what_has_nothing_but_an_address_is_refused(value: Any):
    with pytest.raises(TypeError, match="cannot spell"):
        spelled(value)


def test_nothing_is_spelled_as_nothing_and_each_way_to_build_is_another():
    built = [spelled(one.build) for one in candidates("spark")]
    assert all(built)
    assert len(set(built)) == len(built)
