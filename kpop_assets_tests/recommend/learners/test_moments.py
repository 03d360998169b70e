"""What is known at the end of a day: nothing of what comes after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.recommend.learners.moments import ActNews, Moment, seconds_at_end
from kpop_assets.recommend.learners.play_families import play_families
from kpop_assets.recommend.learners.play_parts import RisingActs
from kpop_assets.recommend.matrices.top_items import top_items
from kpop_assets.recommend.training.week_scores import figures_of_lists
from kpop_assets_tests.recommend.listening_world import (
    LAST,
    ListeningWorld,
    make_world,
    no_news,
)

WEEK = dt.timedelta(days=7)
CUT = LAST - WEEK


@pytest.fixture(scope="module")
def world() -> ListeningWorld:
    return make_world(listeners=20, works=40, days=28, acts=5)


def at(world: ListeningWorld, day: dt.date = CUT, news: ActNews | None = None) -> Moment:
    works = world.works()
    return Moment(day, works, world.played(works), news or no_news())


def test_what_came_after_the_day_changes_nothing_that_is_known_or_learnt(
    world: ListeningWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "LEAST_GIVEN_RATINGS", 10)
    rated = world.listened.with_columns(
        rating=(pl.col("track_id").str.slice(1).cast(pl.Int64) % 5 + 1).cast(pl.Float64)
    )
    after = pl.col("ingest_date") > CUT
    later = rated.filter(after)
    # Afterwards all is played of other works, all is rated anew, and strangers come.
    other_work = (pl.col("track_id").str.slice(1).cast(pl.Int64) + 17) % 40
    otherwise = pl.concat(
        [
            rated.filter(~after),
            later.with_columns(
                track_id=pl.format("t{}", other_work.cast(pl.String).str.zfill(5)),
                play_count=pl.lit(100, pl.Int64),
            ),
            rated.filter(~after).with_columns(ingest_date=pl.lit(LAST), rating=pl.lit(0.5)),
            later.with_columns(user_id=pl.format("v{}", "user_id")),
        ]
    )
    one, other = (at(replace(world, listened=rows)) for rows in (rated, otherwise))
    assert other.plays.user_count > one.plays.user_count

    assert one.is_known.tolist() == other.is_known.tolist()
    for name, values in one.facts.items():
        assert np.array_equal(values, other.facts[name], equal_nan=True), name
    users = np.arange(one.plays.user_count, dtype=np.int32)
    for family in play_families():
        scores = [moment.fitted(family.grid[0]).score(users) for moment in (one, other)]
        assert np.array_equal(*scores), family.name
        shown = [
            top_items(moment.fitted(family.grid[0]), moment.plays, users, 10, moment.is_known)
            for moment in (one, other)
        ]
        told = [figures_of_lists(*pair) for pair in zip(shown, (one, other), strict=True)]
        assert told[0] == told[1], family.name


def test_what_is_first_heard_is_what_was_never_played_before_each_once(world: ListeningWorld):
    moment = at(world)
    rows = world.listened
    before = set(rows.filter(pl.col("ingest_date") <= CUT).select("user_id", "track_id").rows())
    later = set(rows.filter(pl.col("ingest_date") > CUT).select("user_id", "track_id").rows())

    heard = moment.first_heard(LAST)
    ids = moment.works.work_ids
    listeners = moment.all_plays.listeners
    told = [
        (listeners[user], ids[item]) for user, item in zip(heard.users, heard.items, strict=True)
    ]
    assert len(told) == len(set(told))
    assert set(told) == later - before


def test_what_nobody_had_told_of_nor_played_and_who_had_not_played_cannot_be_foreseen():
    world = make_world(listeners=20, works=40, days=28, acts=5)
    late, early = "t00000", "u00000"
    told = world.told.with_columns(
        ingest_date=pl.when(pl.col("track_id") == late).then(LAST).otherwise("ingest_date")
    )
    is_cut = (pl.col("track_id") == late) | (pl.col("user_id") == early)
    rows = world.listened.filter(~is_cut | (pl.col("ingest_date") > CUT))
    added = rows.head(2).with_columns(
        ingest_date=pl.lit(LAST),
        user_id=pl.Series([early, "u00001"]),
        track_id=pl.Series(["t00001", late]),
    )
    moment = at(replace(world, told=told, listened=pl.concat([rows, added])))
    heard = moment.first_heard(LAST)
    open_ = moment.foreseeable(heard)

    item = moment.works.work_ids.index(late)
    user = moment.all_plays.listeners.tolist().index(early)
    assert not moment.is_known[item]
    assert item in heard.items and user in heard.users
    assert item not in open_.items and user not in open_.users
    before = rows.filter(pl.col("ingest_date") <= CUT)
    known = {*told.filter(pl.col("ingest_date") <= CUT)["track_id"], *before["track_id"]}
    had = set(before["user_id"])
    ids = np.array(moment.works.work_ids)
    pairs = zip(moment.all_plays.listeners[heard.users], ids[heard.items], strict=True)
    assert len(open_) == sum(one in had and work in known for one, work in pairs) > 0


def test_of_too_many_works_those_stay_that_were_most_played_by_the_day(
    world: ListeningWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "MOST_TRAINING_WORKS", 10)
    counts = world.listened.group_by("track_id").agg(
        (pl.col("play_count") * (pl.col("ingest_date") <= CUT)).sum()
    )
    ordered = counts.sort("play_count", "track_id", descending=[True, False])["track_id"].to_list()
    least = ordered[-1]
    # What comes last by then is what all play afterwards.
    more = world.listened.filter(pl.col("track_id") == least).head(1)
    hit = more.with_columns(
        ingest_date=pl.lit(LAST), user_id=pl.lit("v00000"), play_count=pl.lit(10_000, pl.Int64)
    )
    later = replace(world, listened=pl.concat([world.listened, hit]))
    moment = at(later)
    ids = np.array(moment.works.work_ids)

    assert sorted(ids[moment.is_known]) == sorted(ordered[:10])
    assert set(ids[moment.plays.items]) == set(ordered[:10])
    heard = moment.first_heard(LAST)
    assert {*ids[moment.foreseeable(heard).items]} <= {*ordered[:10]}
    assert least in ids[heard.items]
    # What was played before is not heard anew, also of works that are not kept.
    plays = moment.all_plays.plays
    assert not plays.where(plays.times < seconds_at_end(CUT)).has(heard).any()
    assert least in ids[at(later, LAST).is_known]


def test_facts_are_as_of_the_day(world: ListeningWorld):
    moment = at(world)
    released = moment.works.rows["release_date"].to_list()
    assert moment.facts["age_days"].tolist() == [(CUT - day).days for day in released]
    month = world.listened.filter(
        pl.col("ingest_date").is_between(CUT - 4 * WEEK, CUT, closed="right")
    )
    plays = dict(month.group_by("track_id").agg(pl.col("play_count").sum()).iter_rows())
    ids = moment.works.work_ids
    assert moment.facts["month_plays"].tolist() == [plays.get(one, 0) for one in ids]


def test_chances_are_the_newest_of_the_week_and_older_ones_are_unknown(world: ListeningWorld):
    act = world.works().act_names[0]
    other = world.works().act_names[1]
    chances = pl.DataFrame(
        {
            "ingest_date": [CUT, CUT - dt.timedelta(days=1), CUT + WEEK, CUT - WEEK],
            "artist": [act, act, act, other],
            "p_rise": [0.75, 0.25, 1.0, 1.0],
        }
    )
    outliers = pl.DataFrame({"ingest_date": [CUT, CUT - WEEK], "artist": [act, act]})
    moment = at(world, news=ActNews(chances, outliers))
    of_act = moment.works.acts == 0

    assert set(moment.rise_chances[of_act]) == {0.75}
    assert np.isnan(moment.rise_chances[~of_act]).all()
    assert set(moment.facts["outlier_days"][of_act]) == {1.0}


def test_a_setting_learns_once(world: ListeningWorld):
    moment = at(world)
    setting = play_families()[0].grid[0]
    assert moment.fitted(setting) is moment.fitted(setting)
    moment.let_go(lambda one: one == setting)
    kept = moment.fitted(setting)
    moment.let_go(lambda one: False)
    assert moment.fitted(setting) is not kept


def test_age_is_counted_from_what_may_be_learned_from_and_by_then(world: ListeningWorld):
    api, later = "t00000", "t00001"
    is_one = pl.col("track_id").is_in([api, later])
    told = world.told.with_columns(
        release_date=pl.when(is_one).then(None).otherwise("release_date"),
        may_learn_text=pl.col("track_id") != api,
        ingest_date=pl.when(pl.col("track_id") == later).then(LAST).otherwise("ingest_date"),
    )
    otherwise = replace(world, told=told)
    ages = [at(otherwise, day).age_days[:2].tolist() for day in (CUT, LAST)]
    assert np.isnan(ages[0]).all()
    assert np.isnan(ages[1][0]) and ages[1][1] == 0


def test_an_act_whose_name_may_not_be_learned_from_is_nobody_elses(world: ListeningWorld):
    first = world.works().rows.filter(pl.col("artist_name") == "Act 0")["work_id"].to_list()[:2]
    told = world.told.with_columns(may_learn_text=~pl.col("track_id").is_in(first))
    works = replace(world, told=told).works()
    counts = np.bincount(works.acts)
    places = [works.work_ids.index(one) for one in first]
    assert counts[works.acts[places]].tolist() == [1, 1]
    assert not any("act 0" in works.act_names[works.acts[place]].lower() for place in places)
    assert counts.max() > 1


def test_an_act_that_stands_out_is_above_one_of_which_nothing_is_said(world: ListeningWorld):
    first, second = world.works().act_names[:2]
    chances = pl.DataFrame({"ingest_date": [CUT], "artist": [second], "p_rise": [0.5]})
    days = [CUT - dt.timedelta(days=back) for back in range(7)]
    outliers = pl.DataFrame({"ingest_date": days, "artist": [first] * 7})
    moment = at(world, news=ActNews(chances, outliers))
    scores, acts = RisingActs(outlier_weight=0.25).fit(moment).item_scores, moment.works.acts
    assert scores[acts == 0].min() >= 0.25 > scores[acts > 1].max()
    assert scores[acts == 1].min() >= 0.5 > scores[acts == 0].max()
