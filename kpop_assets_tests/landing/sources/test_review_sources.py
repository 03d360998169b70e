"""Ids of two tables are two, and the same table again is itself, also edited."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from pathlib import Path

import pytest

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.folders import epoch_ms_in_name, list_days, list_landed
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.sources.review_sources import source_of_name


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("melon.csv", "melon"),
        ("Melon Reviews.TSV.gz", "melon_reviews"),
        # When it was collected is no part of whose it is.
        ("melon_2025-11-04.csv", "melon"),
        ("20251105-melon.csv", "melon"),
        ("melon_1762259400000.json", "melon"),
        ("reviews_1762259400000_0123456789ab.json", "reviews"),
        ("2025-11-04.csv", "reviews"),
        # A year alone says nothing of that.
        ("melon_2024.csv", "melon_2024"),
        ("melon_251104.csv", "melon"),
        ("251104 melon.csv", "melon"),
        # No day: the 31st of November, and digits within a word.
        ("melon_251131.csv", "melon_251131"),
        ("melon251104.csv", "melon251104"),
        # Of two the first is the day, and one written out goes before.
        ("251104_190523.csv", "190523"),
        ("190523_2025-11-04.csv", "190523"),
        # A second download, and copies as systems call them.
        ("melon (1).csv", "melon"),
        ("melon_2025-11-04 (1).csv", "melon"),
        ("melon_251104(12).csv", "melon"),
        ("Copy of melon.csv", "melon"),
        ("Copy of Copy of melon_2025-11-04.csv", "melon"),
        ("melon - copy.csv", "melon"),
        ("melon - Copy (2).csv", "melon"),
        ("melon copy 2.csv.gz", "melon"),
        ("melon_copy.csv", "melon"),
        ("멜론 - 복사본.csv", "멜론"),
        (unicodedata.normalize("NFD", "멜론 - 복사본 (2).csv"), "멜론"),
        ("멜론의 사본.csv", "멜론"),
        ("멜론 사본 3.csv", "멜론"),
        ("멜론 (사본).csv", "멜론"),
        ("사본 - 멜론.csv", "멜론"),
        ("reviews_1762259400000_0123456789ab (1).json", "reviews"),
        ("youtube (1).csv", "file_youtube"),
        # These are no copies.
        ("melon (2024).csv", "melon_2024"),
        ("copy.csv", "copy"),
        ("photocopy.csv", "photocopy"),
        ("melon 2.csv", "melon_2"),
        ("(1).csv", "reviews"),
        ("멜론.csv", "멜론"),
        # As a Mac writes it.
        (unicodedata.normalize("NFD", "멜론.csv"), "멜론"),
        ("youtube.csv", "file_youtube"),
        ("demo_2025-11-04.csv", "file_demo"),
    ],
)
def test_a_file_s_name_says_whose_its_rows_are(name: str, source: str):
    assert source_of_name(Path(name)) == source


def imported(folder: Path, root: Path) -> tuple[ImportSummary, list[dict]]:
    summary = import_files("reviews", folder, root)
    files = [f for day in list_days(root, "reviews") for f in list_landed(root, day, "reviews")]
    return summary, [json.loads(line) for f in files for line in f.read_bytes().splitlines()]


def keys(lines: list[dict]) -> list[tuple[str, str]]:
    return sorted((line["source"], line["review_id"]) for line in lines)


def test_two_tables_that_number_their_rows_replace_nothing_of_each_other(tmp_path: Path):
    for name in ("melon_2025-11-04.csv", "genie_2025-11-04.csv"):
        (tmp_path / name).write_text(f"id,work,text\n1,Love,{name}\n2,Love,fine\n")
    (tmp_path / "bugs.ndjson").write_text('{"id": 1, "work": "Love", "text": "t"}\n')
    (tmp_path / "own.csv").write_text("id,work,text,source\n1,Love,t,mine\n2,Love,t,\n")
    summary, lines = imported(tmp_path, tmp_path / "landing")
    assert keys(lines) == [
        *(("bugs", "1"), ("genie", "1"), ("genie", "2"), ("melon", "1"), ("melon", "2")),
        *(("mine", "1"), ("own", "2")),
    ]
    assert summary.sources_by_name == ["bugs", "genie", "melon", "own"]


def test_two_tables_of_one_name_and_other_subjects_are_refused_before_anything_lands(
    tmp_path: Path,
):
    """Numbered rows of two days' charts, which would have replaced each other."""
    names = ("genie.csv", "melon_2025-11-04.csv", "melon_2025-11-05.csv")
    for name, subject in zip(names, ("IVE", "IVE", "aespa"), strict=True):
        (tmp_path / name).write_text(f"id,act,text\n1,{subject},fine\n2,{subject},good\n")
    with pytest.raises(LandingError) as caught:
        imported(tmp_path, tmp_path / "landing")
    assert all(str(tmp_path / name) in str(caught.value) for name in names[1:])
    assert "genie" not in str(caught.value).replace(str(tmp_path), "")
    assert "both of source melon" in str(caught.value)
    assert "a column `source`" in str(caught.value)
    assert list_days(tmp_path / "landing", "reviews") == []
    # Either way out, of which the message speaks, is one.
    (tmp_path / names[2]).write_text("id,act,text,source\n1,aespa,fine,a\n2,aespa,good,a\n")
    assert len(imported(tmp_path, tmp_path / "landing")[1]) == 6
    (tmp_path / names[2]).write_text("id,act,text\n1,aespa,fine\n2,aespa,good\n")
    (tmp_path / names[2]).rename(tmp_path / "melon_aespa_2025-11-05.csv")
    assert len(imported(tmp_path, tmp_path / "other")[1]) == 6


def test_a_table_of_another_day_that_says_its_reviews_again_is_no_other_table(tmp_path: Path):
    (tmp_path / "melon_2025-11-04.csv").write_text(
        "id,act,text\n1,아이브,fine\n1,아이브,twice\n2,IVE,good\n3,IVE,x\n3,BTS,x\n"
    )
    # Another spelling of a name is no other name, and a table may say an id twice.
    act = unicodedata.normalize("NFD", "아이브")
    (tmp_path / "melon_2025-11-05.csv").write_text(
        f"id,act,text\n1,{act},edited\n2,ive,good\n4,aespa,new\n"
    )
    assert len(imported(tmp_path, tmp_path / "landing")[1]) == 8


def test_the_same_table_again_changes_nothing_and_an_edited_one_says_the_same_ids(tmp_path: Path):
    root, path = tmp_path / "landing", tmp_path / "melon_2025-11-04.csv"
    path.write_text("id,work,text\n1,Love,fine\n2,Love,fine\n")
    _, first = imported(path, root)
    again, lines = imported(path, root)
    assert (again.landed, again.already_landed_lines, lines) == ([], 2, first)
    later = tmp_path / "melon_2025-11-05.csv"
    later.write_text("id,work,text\n1,Love,not that fine\n2,Love,fine\n")
    _, both = imported(later, root)
    assert len(both) == 4 and len(set(keys(both))) == 2
    # On the same day as well, where the table that came last was observed last.
    path.write_text("id,work,text\n1,Love,edited\n2,Love,fine\n")
    _, all_three = imported(path, root)
    assert len(all_three) == 6 and set(keys(all_three)) == set(keys(first))
    of_day = list_landed(root, dt.date(2025, 11, 4), "reviews")
    assert b"edited" in max(of_day, key=lambda file: epoch_ms_in_name(file.name) or 0).read_bytes()
    assert len({epoch_ms_in_name(file.name) for file in of_day}) == 2
    assert import_files("reviews", path, root).landed == []
