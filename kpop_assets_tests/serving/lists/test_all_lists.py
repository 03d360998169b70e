"""The registry of lists: complete, told apart, and of nobody's own doings."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from serving.lists.all_lists import LISTS
from serving.lists.entries import ListEntry

ROOT = Path(__file__).parents[3]
# Queries of the viewer that no list is made of, and why.
NOT_LISTED = {
    "artists.artist.list_ranked": "names of the ranking",
    "artists.compare.list_span": "two days of /v1/days",
    "artists.trends.classify_artists": "a part of /v1/trends",
    "audience.guards.find_last_day": "one day of /v1/audience/campaigns",
    "audience.guards.list_named_campaigns": "/v1/audience/campaigns with titles of videos",
    "audience.quotes.read_quotes": "words of single people, which the API hands to nobody",
    "audience.scores.list_reviewed_titles": "names of films, which are nobody's",
    "audience.scores.name_subjects": "a part of other queries",
    "gaps.list_gaps": "what a chart leaves open",
    "gaps.list_seen_days": "a part of other queries",
    "home.read_kept": "one figure of /v1/track-record/chances",
    "lake.list_other_sources": "names alone; every page says whether anything is simulated",
    "lake.list_regions": "names of a caption",
    "lens.days.find_channel_names": "a part of other queries",
    "lens.days.read_lens_day": "a part of other queries",
    "lens.days.read_lens_day_if_any": "a part of other queries",
    "lens.days.refuse_unfilled": "a part of other queries",
    "lens.days.with_titles": "a part of other queries",
    "lens.signals.find_entity": "a row of /v1/keywords",
    "lens.signals.find_signals": "a row of /v1/signals",
    "model_choice.find_decision": "two rows of champions: /v1/models/champion of two days",
    "plan.content_strategy.list_tiered": "names of /v1/tiers/scores",
    "plan.release_timing.list_standing": "columns of /v1/ranking",
    "plan.simulator.measure_ranges": "asks which inputs a model has, which a simulation knows",
    "releases.read_first_weeks": "a part of /v1/releases and /v1/release-timing",
    "search.find_last_seen": "one day of an act that no day ranks",
    "search.list_titles": "what a search looks into",
    "service.experiments.follow_experiment": "days of /v1/service/experiments",
    "service.weeks.read_weeks": "a part of other queries",
    "trust.duplicates.describe_day": "tries 100,000 ids: no answer within a second",
    "trust.duplicates.look_up": "one id in thirty filters: no list",
    "trust.duplicates.newest_searched_day": "one day",
    "trust.intake.sum_files": "a part of /v1/intake",
    "trust.viral_record.read_checked": "a part of /v1/track-record",
    "videos.find_driving_videos": "columns of /v1/ranking",
    "videos.find_fading_videos": "asks for acts that a page chose",
    "videos.find_titles": "a part of other queries",
    "videos.read_video_days": "a part of other queries",
}


def queries_of_the_viewer() -> Iterator[str]:
    """Functions that read a snapshot, by module and name."""
    for path in sorted((ROOT / "app" / "queries").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(name)
        for function in vars(module).values():
            if not inspect.isfunction(function) or function.__module__ != name:
                continue
            asks = next(iter(inspect.signature(function).parameters), None) == "snapshot"
            if asks and not function.__name__.startswith("_"):
                yield f"{name}.{function.__name__}".removeprefix("app.queries.")


def test_every_query_of_the_viewer_has_a_list_or_a_reason_for_none():
    listed = {
        f"{query.__module__}.{query.__name__}".removeprefix("app.queries.")
        for entry in LISTS
        for query in entry.queries
    }
    assert set(queries_of_the_viewer()) - listed == set(NOT_LISTED)


@pytest.mark.parametrize("entry", LISTS, ids=lambda entry: entry.path)
def test_every_column_has_a_meaning_and_says_nothing_of_one_listener(entry: ListEntry):
    assert entry.fields
    names = [field.name for field in entry.fields]
    assert len(names) == len(set(names))
    for field in entry.fields:
        assert field.description.strip(), field.name
        assert not field.is_person, field.name


def test_paths_are_told_apart_and_no_list_hides_another():
    paths = [entry.path for entry in LISTS]
    assert len(paths) == len(set(paths))
    assert all(re.fullmatch(r"(/(\{\w+\}|[a-z0-9-]+))+", path) for path in paths)
    for place, path in enumerate(paths):
        # An address that is this list's own, as a caller writes it.
        address = re.sub(r"\{\w+\}", "anything", path)
        patterns = [re.sub(r"\{\w+\}", "[^/]+", earlier) for earlier in paths[:place]]
        assert not [pattern for pattern in patterns if re.fullmatch(pattern, address)], path


def test_what_stands_in_a_path_is_a_parameter_and_the_other_way_round():
    for entry in LISTS:
        in_path = set(re.findall(r"\{(\w+)\}", entry.path))
        required = {param.name for param in entry.params if param.default is ...}
        assert in_path <= required
        assert all(param.example is not None for param in entry.params if param.default is ...)
