"""Tables and JSON lines of reviews: columns by their names, ratings of any writing, no author."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from kpop_assets.bronze.account import account_for_files, select_quarantine, select_rows
from kpop_assets.bronze.line_frame import parse_files
from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets.days import day_end, day_start_ms
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.found import find_files
from kpop_assets.landing.import_summary import ImportSummary
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.persons import person_ids
from kpop_assets.landing.sources.review_ratings import read_rating, scale_named
from kpop_assets.landing.usable import problem_of, value_behind

DAY = dt.date(2025, 11, 4)
# 2025-11-04T12:30:00Z
AT = 1_762_259_400_000


def imported(path: Path, root: Path) -> tuple[ImportSummary, list[dict]]:
    summary = import_files("reviews", path, root)
    files = [f for day in list_days(root, "reviews") for f in list_landed(root, day, "reviews")]
    lines = [line for f in files for line in f.read_bytes().splitlines()]
    return summary, [json.loads(line) for line in lines if line[:1] == b"{"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "home" / "landing"


def test_a_file_of_naver_says_by_its_form_whose_it_is_and_of_ten(tmp_path: Path, root: Path):
    path = tmp_path / "reviews_2025-11-04.csv"
    rows = ["1,100,15.08.25,5,별로", '2,100,03.12.30,10,"좋다, 정말"', "3,100,15.08.25,11,"]
    path.write_text("\n".join(["review_id,movie_id,date,rating,review", *rows]))
    summary, lines = imported(path, root)
    assert lines[0] == {
        "review_id": "1",
        "source": "naver_reviews",
        "subject_kind": "title",
        "subject": "100",
        "text": "별로",
        "rating": 5.0,
        "rating_scale": "1-10",
        "created_at": 1_440_460_800_000,
    }
    assert (lines[1]["text"], lines[1]["rating"]) == ("좋다, 정말", 10.0)
    assert "created_at" not in lines[1]
    assert summary.repairs["created_at_before_2005_left_out"] == 1
    assert list_days(root, "reviews") == [DAY]
    assert not import_files("reviews", path, root).landed


@pytest.mark.parametrize(
    "header",
    [
        *("review_id,movie_id,text,rating", "리뷰ID,영화,내용,별점"),
        *("review_id,movie_id,rating,review", "id,movie,score,review,date"),
        *("review_id,movie,stars,review,date",),
    ],
)
def test_a_table_of_films_that_is_not_naver_s_says_no_scale(
    tmp_path: Path, root: Path, header: str
):
    row = "7,F,5,4" + (",2025-11-04" if header.endswith("date") else "")
    (tmp_path / "r.csv").write_text(f"{header}\n{row}\n")
    _, [line] = imported(tmp_path, root)
    assert line["source"] == "r" and "rating_scale" not in line


@pytest.mark.parametrize(
    ("header", "kind", "subject"),
    [
        ("id,movie,title,text", "title", "F"),
        ("id,가수,제목,text", "work", "F - A headline"),
        ("id,subject_kind,title,text", "work", "A headline"),
    ],
)
def test_a_headline_is_no_subject_beside_what_the_review_is_about(
    tmp_path: Path, root: Path, header: str, kind: str, subject: str
):
    first = "work" if "subject_kind" in header else "F"
    (tmp_path / "r.csv").write_text(f"{header}\n7,{first},A headline,fine\n")
    _, [line] = imported(tmp_path, root)
    assert (line["subject_kind"], line["subject"]) == (kind, subject)


@pytest.mark.parametrize(
    ("header", "row", "kind", "subject"),
    [
        ("id\tvideo_id\tcomment\tuser\tlang", "7\tv1\t좋다\tkim\tko", "video", "v1"),
        ("리뷰ID;가수;리뷰;작성자;언어", "7;아이브;좋다;kim;ko", "act", "아이브"),
        ("comment_id,album,text,author,language", "7,I've IVE,좋다,kim,ko", "release", "I've IVE"),
        ("id,subject,subject_kind,body,user_id,lang", "7,S,work,좋다,kim,ko", "work", "S"),
    ],
)
def test_columns_are_found_by_name_and_the_author_is_hidden(
    tmp_path: Path, root: Path, header: str, row: str, kind: str, subject: str
):
    (tmp_path / "r.csv").write_text(f"{header}\n{row}\n")
    summary, [line] = imported(tmp_path, root)
    wanted = {"review_id": "7", "source": "r", "subject_kind": kind, "subject": subject}
    hidden = {"author_id": person_ids(root, "reviews").id_of("kim")}
    assert line == wanted | hidden | {"text": "좋다", "lang": "ko"} | (
        {"act": "아이브"} if kind == "act" else {}
    )
    assert summary.lines_read == 1
    assert all(b"kim" not in p.read_bytes() for p in root.rglob("*") if p.is_file())


def test_kinds_are_known_in_words_and_who_has_no_name_is_no_author(tmp_path: Path, root: Path):
    rows = ["1,S,song,Critic,익명", "2,S,앨범,관람객,[Deleted]", "3,S,Act,fan club,kim"]
    header = "id,subject,subject_kind,author_kind,author,text"
    (tmp_path / "r.csv").write_text("\n".join([header, *(f"{row},fine" for row in rows)]))
    _, lines = imported(tmp_path, root)
    told = [(line["subject_kind"], line["author_kind"], "author_id" in line) for line in lines]
    # What no word means is kept for quarantine.
    assert told == [
        ("work", "critic", False),
        ("release", "user", False),
        ("act", "fan club", True),
    ]


def test_json_lines_and_arrays_come_in_by_the_same_names(tmp_path: Path, root: Path):
    said = {"id": 7, "film": "F", "score": 4.5, "scale": "1-5", "date": AT, "likes": None}
    exact = {
        "review_id": "8",
        "source": "mine",
        "subject_kind": "act",
        "subject": "IVE",
        "rating_letter": "B+",
        "observed_at": AT + 86_400_000,
        "likes": 3,
        "text": "",
    }
    (tmp_path / "a.ndjson").write_text(json.dumps(said) + "\n\n{broken\n" + json.dumps(exact))
    (tmp_path / "b.json").write_text(json.dumps([{**said, "id": 9}]))
    _, lines = imported(tmp_path, root)
    found = {line["review_id"]: line for line in lines}
    assert found["7"]["rating"] == 4.5 and found["7"]["rating_scale"] == "1-5"
    assert (found["7"]["subject"], found["7"]["created_at"]) == ("F", AT)
    assert found["8"] == {
        **{k: v for k, v in exact.items() if k != "text"},
        "rating_scale": "letters",
    }
    assert "9" in found
    assert dt.date(2025, 11, 5) in list_days(root, "reviews")


def test_a_line_without_a_subject_or_with_an_unknown_scale_is_kept_for_quarantine(
    tmp_path: Path, root: Path
):
    rows = ["1,S,좋다,5,1-5", "2,,좋다,5,1-5", "3,S,좋다,5,1-7", "4,S,좋다,good,1-5"]
    (tmp_path / "r.csv").write_text("\n".join(["id,subject,text,rating,scale", *rows]))
    _, lines = imported(tmp_path, root)
    assert [problem_of(line, REVIEW_LINES) for line in lines] == [
        *("", "subject_kind_missing", "rating_scale_impossible", "rating_of_wrong_type")
    ]


def test_a_table_without_a_text_or_a_rating_is_refused(tmp_path: Path, root: Path):
    (tmp_path / "r.csv").write_text("id,subject,date\n1,S,2025-11-04\n")
    with pytest.raises(LandingError, match="no known layout fits"):
        import_files("reviews", tmp_path / "r.csv", root)


@pytest.mark.parametrize(
    ("cell", "scale", "expected"),
    [
        ("8", "1-10", {"rating": 8.0, "rating_scale": "1-10"}),
        ("8,5", "1-10", {"rating": 8.5, "rating_scale": "1-10"}),
        ("8", None, {"rating": 8.0}),
        ("9점", "1-10", {"rating": 9.0, "rating_scale": "1-10"}),
        # A part of a whole begins at nothing, unless the table says where.
        ("4/5", "1-10", {"rating": 80.0, "rating_scale": "0-100"}),
        ("4/5", "1-5", {"rating": 4.0, "rating_scale": "1-5"}),
        ("7.5 / 10", None, {"rating": 75.0, "rating_scale": "0-100"}),
        *((cell, None, {"rating": 0.0, "rating_scale": "0-100"}) for cell in ("0/10", "0 of 5")),
        *(
            (cell, None, {"rating": 90.0, "rating_scale": "0-100"})
            for cell in ("9/10점", "10점 만점에 9점", "4.5 stars", "★★★★½", "90%", "별 4.5개")
        ),
        ("5", "0-10", {"rating": 50.0, "rating_scale": "0-100"}),
        ("0", "0-5", {"rating": 0.0, "rating_scale": "0-100"}),
        ("87 %", None, {"rating": 87.0, "rating_scale": "0-100"}),
        ("★★★★☆", None, {"rating": 80.0, "rating_scale": "0-100"}),
        ("☆☆☆☆☆", None, {"rating": 0.0, "rating_scale": "0-100"}),
        ("★★", None, {"rating": 40.0, "rating_scale": "0-100"}),
        ("★★★", "1-5", {"rating": 3.0, "rating_scale": "1-5"}),
        ("⭐⭐⭐⭐⭐", None, {"rating": 100.0, "rating_scale": "0-100"}),
        ("Ａ－", None, {"rating_letter": "A-", "rating_scale": "letters"}),
        ("A-", None, {"rating_letter": "A-", "rating_scale": "letters"}),
        ("b−", None, {"rating_letter": "B-", "rating_scale": "letters"}),
        ("E", "letters", {"rating": "E", "rating_scale": "letters"}),
        ("up", None, {"rating": 1.0, "rating_scale": "thumbs"}),
        *(
            (cell, None, {"rating": 1.0, "rating_scale": "thumbs"})
            for cell in ("좋아요", "thumbs_up", "👍🏻", "True", "Fresh", "liked")
        ),
        *(
            (cell, None, {"rating": 0.0, "rating_scale": "thumbs"})
            for cell in (
                "비추천",
                "싫어요",
                "비추",
                "thumbs_down",
                "👎🏽",
                "False",
                "Rotten",
                "disliked",
            )
        ),
        ("good", "1-5", {"rating": "good", "rating_scale": "1-5"}),
        (None, "1-5", {}),
    ],
)
def test_a_rating_is_read_as_it_is_written(cell: str | None, scale: str | None, expected: dict):
    assert read_rating(cell, scale) == expected


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        *(("0-10", "0-10"), ("5", "1-5"), ("Stars", "1-5"), ("10점 만점", "1-10"), ("1-7", "1-7")),
        *(("1~5", "1-5"), ("0–10", "0-10"), ("5-star", "1-5"), ("out of 10", "1-10")),
    ],
)
def test_a_scale_is_known_by_several_names(name: str, scale: str):
    assert scale_named(name) == scale


def test_of_two_names_of_a_column_the_better_known_counts_and_outlets_are_of_critics(
    tmp_path: Path, root: Path
):
    header = "id,review_id,movie,reviewer,publication,review_summary,review_date,review_detail"
    rows = ["77,r1,F,kim,IZM,short,,whole", "78,r2,F,lee,,short,25/12/2025,whole"]
    (tmp_path / "r.csv").write_text("\n".join([header, *rows]))
    _, lines = imported(tmp_path, root)
    assert [line["review_id"] for line in lines] == ["r1", "r2"]
    assert [line["text"] for line in lines] == ["whole", "whole"]
    assert [line.get("author_kind") for line in lines] == ["critic", None]
    # The first row has no day, and others are read by what they say all the same.
    assert [line.get("created_at") for line in lines] == [None, 1_766_620_800_000]


def test_no_value_is_shown_of_who_somebody_is_or_what_they_wrote():
    assert value_behind("author_id_impossible", {"author_id": "kim"}, REVIEW_LINES) == ""
    assert value_behind("text_of_wrong_type", {"text": "fine"}, REVIEW_LINES) == ""
    assert value_behind("rating_of_wrong_type", {"rating": "good"}, REVIEW_LINES) == "'good'"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("-3", "'-3'"),
        ("별 다섯 개", "'별 다섯 개'"),
        ("a\x1bb", "'a?b'"),
        (101.5, "'101.5'"),
        ("123456", "'123456'"),
        # A row whose columns are shifted: prose, a mail, a telephone.
        ("call me 010-1234-5678 kim", "a text of 25 letters"),
        ("정말 너무 좋았어요 최고", "a text of 13 letters"),
        ("k@x.com", "a text of 7 letters"),
        ("k＠x.com", "a text of 7 letters"),
        ("01012345678", "a text of 11 letters"),
        ("123-4567", "a text of 8 letters"),
        ("１２３４５６７", "a text of 7 letters"),
        ("٣٣٣٣٣٣٣", "a text of 7 letters"),
        (10_000_000.0, "a text of 10 letters"),
        ("x" * 1_000, "a text of 1,000 letters"),
    ],
)
@pytest.mark.parametrize("field", ["rating", "rating_scale", "subject_kind", "created_at"])
def test_no_value_is_shown_that_may_be_somebody_s_words(field: str, value: object, told: str):
    assert value_behind(f"{field}_impossible", {field: value}, REVIEW_LINES) == told


@pytest.mark.both_engines
def test_the_quarantine_names_the_rating_and_has_the_line_with_its_value(
    tmp_path: Path, root: Path, spark: SparkSession
):
    (tmp_path / "r_2025-11-04.csv").write_text("id,work,text,rating\n1,S,fine,good\n2,S,fine,4\n")
    import_files("reviews", tmp_path / "r_2025-11-04.csv", root)
    files = find_files(root, DAY, day_end(DAY), "reviews")
    [row] = select_quarantine(parse_files(spark, files, REVIEW_LINES), REVIEW_LINES).collect()
    assert (row["reason"], row["field"]) == ("wrong_type", "rating")
    line = json.loads(row["line"])
    assert (line["rating"], line["text"]) == ("good", "fine")


@pytest.mark.realdata
def test_every_review_of_the_public_set_is_a_row_a_duplicate_or_set_aside(
    real_data: Path, root: Path, spark: SparkSession
):
    summary, lines = imported(real_data / "reviews_ko", root)
    assert summary.lines_read == len(lines) == 74_480
    assert not [line for line in lines if problem_of(line, REVIEW_LINES)]
    assert {line["source"] for line in lines} == {"naver_reviews"}
    assert {line["rating"] for line in lines} == {float(n) for n in range(1, 11)}
    written = [line["created_at"] for line in lines if "created_at" in line]
    assert len(written) + summary.repairs["created_at_before_2005_left_out"] == 74_480
    assert min(written) >= day_start_ms(dt.date(2005, 1, 1))
    [day] = list_days(root, "reviews")
    files = find_files(root, day, day_end(day), "reviews")
    parsed = parse_files(spark, files, REVIEW_LINES)
    [account] = account_for_files(parsed, files, REVIEW_LINES).collect()
    rows = select_rows(parsed, REVIEW_LINES).count()
    assert account["line_count"] == 74_480
    assert account["event_count"] == rows
    assert rows + account["duplicate_count"] + account["quarantine_count"] == 74_480
    assert (account["quarantine_count"], account["unusable_count"]) == (0, 0)
