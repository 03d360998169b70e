"""Which thing a word means: one with its very name, an act for an act, else nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.lens.entity_ranks import pick_item, pick_thing
from kpop_assets.lens.outside.things import GROUP, PLACE, SONG, THING, TYPES, Thing, type_of
from kpop_assets.lens.outside.wikidata import FoundItem

RIVER = FoundItem("Q1", "IVE", "river in Sweden")
BAND = FoundItem("Q2", "IVE", "South Korean girl group")
KOREAN = FoundItem("Q3", "아이브", "대한민국의 걸 그룹")
OTHER_BAND = FoundItem("Q4", "Ivey", "British rock band")


@pytest.mark.parametrize(
    ("names", "found", "is_act", "expected"),
    [
        (("IVE",), [RIVER, BAND], True, "Q2"),
        (("IVE",), [RIVER], True, None),
        (("IVE", "아이브"), [OTHER_BAND, KOREAN], True, "Q3"),
        (("ive",), [RIVER, BAND], False, "Q2"),
        (("ive",), [RIVER], False, "Q1"),
        (("iv",), [RIVER, BAND], False, None),
        (("IVE",), [], False, None),
    ],
)
def test_an_item_has_the_name_and_is_what_people_watch(
    names: tuple[str, ...], found: list[FoundItem], is_act: bool, expected: str | None
):
    picked = pick_item(names, found, is_act)
    assert (picked.wikidata_id if picked else None) == expected


def test_songs_come_before_places_and_what_has_an_article_before_what_has_none():
    place = Thing(name_en="Ditto", type=PLACE, wikipedia_en="Ditto, Texas")
    song = Thing(name_en="Ditto", type=SONG, wikipedia_en="Ditto (song)")
    bare = Thing(name_en="Ditto", type=SONG)
    assert pick_thing("ditto", [place, bare, song]) == (song, 0.94)
    assert pick_thing("ditto", [bare, place]) == (place, 0.82)
    assert pick_thing("dit", [place, song]) is None


@given(st.lists(st.sampled_from([None, "IVE", "아이브", "ive", "x"]), max_size=5), st.booleans())
def test_what_is_picked_has_the_name_and_a_score_from_half_to_one(names: list, has_article: bool):
    article = "A" if has_article else None
    things = [Thing(name_en=n, type=TYPES[i], wikipedia_ko=article) for i, n in enumerate(names)]
    picked = pick_thing("IVE", things)
    assert (picked is not None) == any(n in ("IVE", "ive") for n in names)
    if picked:
        assert picked[0].name_en in ("IVE", "ive")
        assert 0.5 < picked[1] <= 1


def test_the_first_type_of_several_counts_and_an_unknown_class_is_a_thing():
    assert type_of(["Thing", "Person", "MusicGroup"]) == GROUP
    assert type_of(["Q7366", "Q482994"]) == SONG
    assert type_of(["Q999999"]) == type_of([]) == THING
