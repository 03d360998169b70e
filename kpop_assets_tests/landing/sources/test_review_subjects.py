"""What rows of tables of reviews are about, and which columns nothing was made of."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import polars as pl
import pytest

from kpop_assets.audience.voices.voice_subjects import acts_of_subjects
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.sources.review_subjects import subject_of
from kpop_assets_tests.audience.kit import ACTS, NO_VIDEOS


@pytest.mark.parametrize(
    ("cells", "subject"),
    [
        ({"title": "Love", "act": "IVE"}, ("work", "IVE - Love")),
        ({"work": "Love", "act": "IVE"}, ("work", "IVE - Love")),
        ({"release": "Love", "act": "IVE"}, ("release", "IVE - Love")),
        # What a subject is nobody said.
        ({"subject": "Love", "act": "IVE"}, ("title", "Love")),
        ({"subject": "Love", "subject_kind": "song", "act": "IVE"}, ("work", "IVE - Love")),
        # An act beside itself is no work of its own.
        ({"subject": "IVE", "act": "IVE"}, ("act", "IVE")),
        ({"subject": "ive", "act": "IVE"}, ("act", "IVE")),
        ({"title": " Ive ", "act": "IVE"}, ("act", "IVE")),
        ({"title": unicodedata.normalize("NFD", "아이브"), "act": "아이브"}, ("act", "아이브")),
        ({"title": "IVE"}, ("title", "IVE")),
        # Albums and songs may be called as their act, where a row says that they are such.
        ({"release": "MAMAMOO", "act": "MAMAMOO"}, ("release", "MAMAMOO - MAMAMOO")),
        (
            {"title": "MAMAMOO", "subject_kind": "album", "act": "MAMAMOO"},
            ("release", "MAMAMOO - MAMAMOO"),
        ),
        ({"work": "IVE", "act": "IVE"}, ("work", "IVE - IVE")),
        ({"title": "IVE", "subject_kind": "film", "act": "IVE"}, ("title", "IVE")),
        (
            {"subject": "Love", "subject_kind": "album", "act": "IVE"},
            ("release", "IVE - Love"),
        ),
        # Whose it is stands there already.
        ({"work": "IVE - Love", "act": "ive"}, ("work", "IVE - Love")),
        (
            {"work": unicodedata.normalize("NFD", "아이브") + " - Love", "act": "아이브"},
            ("work", unicodedata.normalize("NFD", "아이브") + " - Love"),
        ),
        ({"work": "I AM", "act": "I"}, ("work", "I - I AM")),
        # A film is nobody's, and an id says no name.
        ({"movie": "Love", "act": "IVE"}, ("title", "Love")),
        ({"title": "Love", "subject_kind": "movie", "act": "IVE"}, ("title", "Love")),
        ({"video": "v1", "act": "IVE"}, ("video", "v1")),
        ({"act": "IVE"}, ("act", "IVE")),
        ({"title": "Love"}, ("title", "Love")),
        ({"movie": "F", "title": "A headline"}, ("title", "F")),
        ({"movie": " ", "title": "T"}, ("title", "T")),
        ({}, (None, None)),
    ],
)
def test_a_subject_is_named_with_the_act_whose_it_is(cells: dict[str, str], subject: tuple):
    assert subject_of(cells)[:2] == subject


def imported(path: Path, root: Path) -> tuple[ImportSummary, list[dict]]:
    summary = import_files("reviews", path, root)
    files = [f for day in list_days(root, "reviews") for f in list_landed(root, day, "reviews")]
    return summary, [json.loads(line) for f in files for line in f.read_bytes().splitlines()]


def test_songs_of_one_title_are_as_many_subjects_as_acts_have_one(tmp_path: Path):
    acts = ("IVE", "방탄소년단", "Nobody Yet", "Nobody Else")
    rows = [f"{number},{act},Love,fine" for number, act in enumerate(acts)]
    (tmp_path / "r.csv").write_text("\n".join(["id,artist,title,review", *rows]))
    summary, lines = imported(tmp_path / "r.csv", tmp_path / "landing")
    frame = pl.DataFrame(lines).select("subject_kind", "subject", "act")
    assert frame["subject"].to_list() == [f"{act} - Love" for act in acts]
    assert frame["subject_kind"].unique().to_list() == ["work"]
    assert acts_of_subjects(frame, NO_VIDEOS, ACTS).to_list() == ["IVE", "BTS", OTHER, OTHER]
    assert summary.unread_columns == []


def test_an_import_says_which_columns_it_made_nothing_of(tmp_path: Path):
    """Of two files; one that some rows are read of is read."""
    (tmp_path / "a.csv").write_text(
        "id,comment_id,movie,title,critic_score,text,work\n7,8,F,Headline,9,fine,\n9,1,,,,fine,W\n"
    )
    (tmp_path / "b.ndjson").write_text(
        '{"review_id": 3, "work": "W", "text": "t", "mood": {"a": 1}}\n'
    )
    summary, lines = imported(tmp_path, tmp_path / "landing")
    assert len(lines) == 3
    assert summary.unread_columns == ["id", "title", "critic_score", "mood"]
    # What one import passed over is nothing of the next.
    again, _ = imported(tmp_path / "b.ndjson", tmp_path / "landing")
    assert again.unread_columns == ["mood"]


def test_a_format_that_knows_its_columns_names_none(tmp_path: Path):
    (tmp_path / "events_1766892339.json").write_text('{"video_id": "a", "more": 1}\n')
    summary = import_files("landing", tmp_path, tmp_path / "landing")
    assert summary.unread_columns == []
