"""The simulated reviews: the same bytes always, moods that follow the story, one campaign."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets.days import days_between
from kpop_assets.landing.choices import DEMO_SEED
from kpop_assets.landing.files import AlreadyLanded, LandedFile
from kpop_assets.landing.sources.demo_acts import DEMO_ACTS, OTHER
from kpop_assets.landing.sources.demo_lines import video_ids
from kpop_assets.landing.sources.demo_moods import ASPECTS, mood_of, scandal_days
from kpop_assets.landing.sources.demo_phrases import CAMPAIGN, CLAUSES
from kpop_assets.landing.sources.demo_review_lines import simulate_reviews_day, write_demo_reviews
from kpop_assets.landing.sources.demo_reviews import (
    CAMPAIGN_LINES,
    campaign_lines,
    campaign_of,
    collected_ms,
)
from kpop_assets.landing.sources.demo_videos import official_videos
from kpop_assets.landing.sources.demo_world import WORLD_START, simulate_world
from kpop_assets.landing.usable import problem_of

DAY = dt.date(2026, 3, 2)
QUARTER = days_between(dt.date(2026, 1, 1), dt.date(2026, 4, 1))


def test_a_day_is_the_same_bytes_always_whatever_was_written_before(tmp_path: Path):
    first = write_demo_reviews(tmp_path / "a" / "landing", DAY)
    assert isinstance(first, LandedFile)
    assert isinstance(write_demo_reviews(tmp_path / "a" / "landing", DAY), AlreadyLanded)
    assert simulate_reviews_day(DAY) == simulate_reviews_day(DAY)
    assert simulate_reviews_day(DAY, seed=1) != simulate_reviews_day(DAY)
    stored = first.path.read_bytes()
    assert b"demo-fan" not in stored and b"demo-viewer" not in stored


def test_every_line_can_be_used_and_says_that_it_is_simulated():
    for day in QUARTER[::10]:
        lines = simulate_reviews_day(day)
        assert not [line for line in lines if problem_of(line, REVIEW_LINES)]
        assert {line["source"] for line in lines} == {"demo"}
        assert {line["observed_at"] for line in lines} == {collected_ms(day)}
        assert all(line["created_at"] <= line["observed_at"] for line in lines)
        assert len({line["review_id"] for line in lines}) == len(lines)
        assert not any(mark in str(line.get("text")) for line in lines for mark in ("{k}", "{n}"))
        json.dumps(lines)


def test_what_is_said_is_of_videos_that_can_be_seen_and_of_acts_that_are_known():
    catalog = load_catalog()
    shown = official_videos(simulate_world(DEMO_SEED), DEMO_SEED, DAY - dt.timedelta(days=1))
    ids = {*video_ids(official_videos(simulate_world(DEMO_SEED), DEMO_SEED, DAY).id_bits)}
    ids |= {*video_ids(shown.id_bits)}
    kinds = Counter()
    for line in simulate_reviews_day(DAY):
        kinds[line["subject_kind"]] += 1
        if line["subject_kind"] == "video":
            assert line["subject"] in ids
        elif line["subject_kind"] == "act":
            assert catalog.find(line["subject"])
        else:
            assert line["subject"].split(" - ")[0] in {act.name for act in DEMO_ACTS}
    assert kinds["video"] > kinds["release"] > 0


def test_some_of_the_day_before_is_edited_gone_or_seen_again():
    marks = Counter[str]()
    for day in QUARTER:
        before = f"demo-{day - dt.timedelta(days=1):%Y%m%d}-"
        for line in simulate_reviews_day(day):
            if line["review_id"].startswith(before):
                kind = "gone" if "deleted_at" in line else "edited" if "updated_at" in line else ""
                marks[kind or "seen"] += 1
                assert ("text" in line) == (kind != "gone")
    assert all(marks[kind] > 50 for kind in ("edited", "gone", "seen"))


def test_a_comeback_lifts_its_acts_audience_or_sinks_it_and_a_scandal_always_does():
    world, lifted, sunk = simulate_world(DEMO_SEED), 0, 0
    today = (DAY - WORLD_START).days

    def level(act: int, day_number: int) -> float:
        return mood_of(DEMO_SEED, act, WORLD_START + dt.timedelta(days=int(day_number))).level

    for act in range(OTHER):
        scandals = scandal_days(DEMO_SEED, act)
        for comeback in world.comebacks[act][-4:]:
            if np.abs(scandals - comeback).min() > 60:
                change = level(act, comeback) - level(act, comeback - 1)
                lifted, sunk = lifted + (change > 0.15), sunk + (change < -0.15)
        for scandal in scandals[np.abs(scandals - today) < 2000]:
            assert level(act, scandal) < level(act, scandal - 1) - 0.4
    assert lifted > 3 * sunk > 0


def test_people_speak_of_the_agency_when_something_comes_out():
    [day] = scandal_days(DEMO_SEED, 5)[:1]
    mood = mood_of(DEMO_SEED, 5, WORLD_START + dt.timedelta(days=int(day) + 1))
    assert ASPECTS[int(np.argmax(mood.spoken_of))] == "promotion"
    assert mood.spoken_of.sum() == pytest.approx(1)


def test_each_quarter_has_one_campaign_against_one_act_by_accounts_nobody_saw_before():
    days = [day for day in QUARTER if campaign_of(DEMO_SEED, day) is not None]
    assert len(days) == 2
    lines = [line for day in days for line in campaign_lines(DEMO_SEED, day)]
    assert len(lines) == 2 * CAMPAIGN_LINES
    assert len({line["subject"] for line in lines}) == 1
    assert {line["rating"] for line in lines} == {1}
    accounts = {line["author_id"] for line in lines}
    assert len(accounts) == len(lines)
    others = {
        line.get("author_id")
        for day in QUARTER
        for line in simulate_reviews_day(day)
        if "-c" not in line["review_id"]
    }
    assert not accounts & others
    for day in days:
        times = [line["created_at"] for line in campaign_lines(DEMO_SEED, day)]
        assert max(times) - min(times) <= 3_600_000


def test_each_aspect_has_words_for_praise_and_complaint_in_both_languages():
    for aspect, tones in CLAUSES.items():
        assert set(tones) == {1, -1}, aspect
        for clauses in tones.values():
            assert all(c.english.isascii() and not c.ends.isascii() for c in clauses)
            assert all(clause.goes_on.endswith("지만") for clause in clauses)
    assert len(set(CAMPAIGN)) == len(CAMPAIGN)
