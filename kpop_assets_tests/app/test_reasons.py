"""Reasons in words: every input has its sentence; effects decide what drives and what brakes."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from app.messages.catalogue import LANGUAGES, load_messages
from app.reasons import LEAST_EFFECT, MOST_REASONS, say_reasons
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.rules import REASON_COUNT, SINCE_NEW_DAYS

INPUTS = sorted(set(ARTIST_INPUTS.column_names) - set(ARTIST_INPUTS.primary_key))


def row(*reasons: tuple[str, float | None, float | None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, (name, value, effect) in enumerate(reasons, start=1):
        found |= {
            f"reason_{number}_name": name,
            f"reason_{number}_value": value,
            f"reason_{number}_effect": effect,
        }
    return found


SIGNED = ("trend", "trend_change", "pace_change_7d", "pace_change_week", "top_margin")


def english(*reasons: tuple[str, float | None, float | None]) -> tuple[str, ...]:
    return say_reasons(row(*reasons), "en").all


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_input_of_a_candidate_has_its_sentence(language: str):
    assert len(INPUTS) > 30
    for name in INPUTS:
        for value in (0.0, 0.5, -0.5, 3.0, 60.0):
            for effect in (0.2, -0.2):
                told = say_reasons(row((name, value, effect)), language).all
                if name in SIGNED and (value > 0) != (effect > 0):
                    assert told == (), "it would say the contrary"
                    continue
                (said,) = told
                assert "_" not in said, "an input's raw name is no word"
                assert not re.search(r"\bpp\b|%p|\{|\}|nan|\bNone\b", said), said


def test_reasons_are_as_many_as_a_forecast_has():
    assert MOST_REASONS == REASON_COUNT


def test_what_drives_comes_first_and_what_holds_back_has_a_but():
    said = say_reasons(
        row(
            ("pace_change_7d", math.log(1.8), 0.2),
            ("nowcast_3d", 0.934, 0.1),
            ("pace_change_week", math.log(0.7), -0.15),
        ),
        "en",
    )
    assert said.drivers == (
        "its last day ran at 1.8 times its week's pace",
        "at the pace of its last 3 days it would stand above 93% of all acts",
    )
    assert said.brakes == ("but its pace is 70% of that of a week ago",)


def test_a_new_video_and_its_share_are_one_sentence():
    both = (("days_since_new", 2, 0.2), ("new_share", 0.8, 0.1))
    assert english(*both) == ("a video 2 days old brings 80% of its pace",)
    assert english(("days_since_new", 0, 0.2), ("new_share", 0.8, 0.1)) == (
        "a video of today brings 80% of its pace",
    )
    korean = say_reasons(row(*both), "ko").all
    assert korean == ("2일 된 영상이 페이스의 80%를 만들고 있습니다",)


def test_they_stay_apart_where_they_say_different_things():
    apart = english(("days_since_new", 2, 0.2), ("new_share", 0.1, -0.1))
    assert len(apart) == 2
    assert apart[1].startswith("but ")
    old = english(("days_since_new", 40, 0.2), ("new_share", 0.0, 0.1))
    assert old[0] == "its newest video is 40 days old"


def test_the_ends_of_a_scale_have_words_of_their_own():
    assert english(("days_since_new", SINCE_NEW_DAYS, -0.1)) == (
        f"but no new video came for {SINCE_NEW_DAYS} days or more",
    )
    assert english(("days_since_new", 0, 0.1)) == ("a new video came out today",)
    faster, slower = english(("trend_change", 0.4, 0.1)), english(("trend_change", -0.4, -0.1))
    assert "speeding up" in faster[0]
    assert slower[0].startswith("but ")
    assert "slowing down" in slower[0]


def test_a_tiny_effect_is_no_reason():
    assert english(("tier", 3, LEAST_EFFECT * 0.99)) == ()
    assert english(("tier", 3, LEAST_EFFECT)) == ("it stands in tier 3",)


def test_what_nobody_knows_and_inputs_of_another_version_are_left_out():
    assert english(("trend", None, 0.2), ("of another version", 1.0, 0.2)) == ()
    assert say_reasons({}, "en").all == ()


def test_numbers_are_written_by_language():
    reasons = row(("total_engagement", 2_164_000, 0.2))
    assert "2.16M points" in say_reasons(reasons, "en").drivers[0]
    assert "216만점" in say_reasons(reasons, "ko").drivers[0]


def test_no_sentence_is_of_an_input_that_there_is_not():
    own = {"but", "nothing", "times", "part_of", "new_video", "new_video_zero"}
    found = {key.removeprefix("reasons.") for key in load_messages() if key.startswith("reasons.")}
    # What stands out of an act is no input: `say_lens_facts` says it.
    own |= {"lens_gain", "lens_news", "lens_outliers", "lens_outliers_one", "lens_wiki"}
    bare = {re.sub(r"_(zero|low|most)$", "", name) for name in found - own}
    # A line of each tier; the last one has no edge above it.
    assert {name for name in bare - set(INPUTS) if not name.startswith("distance_")} == set()


def test_a_ratio_of_one_is_no_share():
    assert english(("pace_change_week", -1e-9, -0.1)) == (
        "but its pace is 1.0 times that of a week ago",
    )
