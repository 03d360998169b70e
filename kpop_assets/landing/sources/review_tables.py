"""Imports reviews: tables and JSON lines, whatever their columns are called.

Belongs here: the names that such files give their columns, in English and Korean, and what a file
of Naver's says by its form alone. Does not belong here: how an author is hidden (door.py), what a
rating's cell says (review_ratings.py), or what is made of a review (audience/).

A review goes to the day on which it was collected, which the file says in a column, in its name, or
by its last change: never to that on which it was written.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

from kpop_assets.contracts.record import FIRST_INSTANT_MS
from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets.landing.sources.base import (
    SET_ASIDE,
    Repairs,
    SourceRecord,
    file_day,
    ingest_day,
    without_empty,
)
from kpop_assets.landing.sources.landing_files import LandingFiles, is_landing_name, landing_lines
from kpop_assets.landing.sources.layouts import CellColumn, Format, Header, Layout
from kpop_assets.landing.sources.readings import counter, is_no_id
from kpop_assets.landing.sources.review_names import (
    author_kind_named,
    author_named,
    subject_kind_named,
)
from kpop_assets.landing.sources.review_ratings import read_rating, scale_named
from kpop_assets.landing.sources.table_files import date_order, rows_in, tables_in
from kpop_assets.landing.sources.times import DateOrder, day_in_name, noon_ms, read_instant

NAVER_SOURCE = "naver_reviews"
TABLE_SOURCE = "reviews"

_NAVER = Layout("Naver", ("review_id", "movie_id", "date", "rating", "review"), True)
# What a column makes of its cell: the subject's kind.
_KINDS = ("video", "release", "work", "title", "act")
_SUBJECTS = {"movie": "title"} | {kind: kind for kind in _KINDS}
FORMAT = Format(
    "reviews",
    (
        CellColumn("review_id", ("review_id", "comment_id", "id", "리뷰ID", "댓글ID", "번호")),
        CellColumn("subject", ("subject", "subject_id", "대상")),
        CellColumn("subject_kind", ("subject_kind", "대상 종류")),
        CellColumn("movie", ("movie_id", "movie", "film", "film_id", "영화", "영화ID")),
        CellColumn("video", ("video_id", "video", "영상", "영상ID")),
        CellColumn("release", ("release", "album", "앨범")),
        CellColumn("work", ("work", "song", "track", "곡", "노래")),
        # Beside one of those above it may be a review's own headline.
        CellColumn("title", ("title", "제목")),
        CellColumn("act", ("act", "artist", "가수", "아티스트")),
        CellColumn(
            "text",
            (
                *("text", "review", "comment", "content", "document", "body", "review_text"),
                *("review_detail", "review_content", "textOriginal", "textDisplay"),
                *("리뷰", "댓글", "내용", "본문", "한줄평"),
            ),
        ),
        CellColumn("rating", ("rating", "score", "stars", "grade", "평점", "별점", "점수")),
        CellColumn("rating_letter", ("rating_letter",)),
        CellColumn("rating_scale", ("rating_scale", "scale", "척도")),
        CellColumn(
            "author_id",
            (
                *("author_id", "author", "user_id", "user", "reviewer", "nickname", "작성자"),
                *("닉네임", "authorChannelId", "critic", "critic_name"),
            ),
        ),
        CellColumn("author_kind", ("author_kind", "작성자 구분")),
        CellColumn("outlet", ("outlet", "publication", "publisher_name", "매체")),
        CellColumn("lang", ("lang", "language", "언어")),
        # Called `day` because that is the column by which a table's order of day and month is told.
        CellColumn(
            "day",
            (
                *("created_at", "date", "written_at", "published_at", "review_date", "timestamp"),
                *("작성일", "등록일", "날짜"),
            ),
        ),
        CellColumn("updated_at", ("updated_at", "edited_at", "수정일")),
        CellColumn("deleted_at", ("deleted_at", "삭제일")),
        CellColumn("observed_at", ("observed_at", "collected_at", "수집일")),
        CellColumn(
            "likes", ("likes", "like_count", "upvotes", "좋아요", "공감", "추천수"), "number"
        ),
        CellColumn("source", ("source", "출처")),
    ),
    (
        *(
            Layout(f"{said} of {name}", ("review_id", name, said))
            for name in ("subject", "movie_id", "video_id", "release", "work", "title", "act")
            for said in ("text", "rating")
        ),
        # Last: of layouts that fit alike the first counts, and a table is Naver's by all its names.
        _NAVER,
    ),
)
# As Naver writes its days: year, month, day.
_KOREAN_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{2})")


class ReviewTables:
    """Reads `reviews` files."""

    kind = REVIEW_LINES.kind
    looks_for = "tables with an id, a subject and a text or rating, or JSON lines with these fields"

    def __init__(self) -> None:
        self._lines = LandingFiles(REVIEW_LINES)

    def for_import(self, landing_root: Path) -> ReviewTables:
        """Nothing that was landed before matters to it."""
        return self

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the tables in a folder that have such columns, and the files of JSON lines."""
        return sorted(chain(tables_in(folder, FORMAT), self._lines.sources_in(folder)))

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield a review for each row, on the day on which it was collected.

        Raises:
            LandingError: the table has no such columns, or nothing says when it was collected.
        """
        told = _told(path)
        read = _json_reviews if is_landing_name(path) else _table_reviews
        for review in read(path, repairs):
            observed = review.get("observed_at") if isinstance(review, dict) else None
            day = ingest_day(observed)
            if day is None or not isinstance(observed, int):
                yield SourceRecord(*told, review)
            else:
                yield SourceRecord(day, observed, review)


def _told(path: Path) -> tuple[dt.date, int]:
    """Day and instant of rows that do not say when they were collected."""
    named = day_in_name(path.name)
    noon = noon_ms(named)
    return file_day(path) if named is None or noon is None else (named, noon)


def _table_reviews(path: Path, repairs: Repairs) -> Iterator[dict[str, object]]:
    order = date_order(path, FORMAT)
    for row in rows_in(path, FORMAT, repairs):
        if row.is_torn:
            repairs[f"row_torn_{SET_ASIDE}"] += 1
            yield {"torn_row": True}
            continue
        yield _review(row.cells, row.header.layout, order, repairs)


def _json_reviews(path: Path, repairs: Repairs) -> Iterator[object]:
    for line in landing_lines(path, repairs):
        if not line.strip():
            continue
        try:
            came = json.loads(line)
        except (ValueError, RecursionError):
            came = None
        header = _header_of(tuple(came)) if isinstance(came, dict) else None
        if header is None:
            # What it lacks is said by the next layer.
            yield line
            continue
        values = ["" if value is None else value for value in came.values()]
        cells = {name: values[place] for name, place in header.places.items()}
        yield _review(cells, header.layout, "", repairs)


@lru_cache(maxsize=256)
def _header_of(names: Sequence[str]) -> Header | None:
    return FORMAT.header(names)


def _review(
    given: Mapping[str, object], layout: Layout, order: DateOrder, repairs: Repairs
) -> dict[str, object]:
    cells = {name: value if isinstance(value, str) else str(value) for name, value in given.items()}
    is_naver = layout == _NAVER
    kind, subject = _subject(cells)
    scale = scale_named(_text(cells, "rating_scale")) or ("1-10" if is_naver else None)
    review = {
        "review_id": _text(cells, "review_id"),
        "source": _text(cells, "source") or (NAVER_SOURCE if is_naver else TABLE_SOURCE),
        "subject_kind": kind,
        "subject": subject,
        "act": _text(cells, "act"),
        "author_id": author_named(_text(cells, "author_id")),
        # Who writes for an outlet is a critic.
        "author_kind": author_kind_named(_text(cells, "author_kind"))
        or ("critic" if _text(cells, "outlet") else None),
        **{name: _text(cells, name) for name in ("outlet", "lang")},
        "text": cells.get("text"),
        **read_rating(_text(cells, "rating") or _text(cells, "rating_letter"), scale),
        "created_at": _created(cells.get("day"), order, repairs),
        **{
            name: _instant(cells.get(name), order)
            for name in ("updated_at", "deleted_at", "observed_at")
        },
        "likes": counter(cells.get("likes"), "likes", repairs),
    }
    return without_empty(review)


def _subject(cells: Mapping[str, str]) -> tuple[str | None, str | None]:
    """What a review is about: as the file says it, else by the column that names it."""
    if subject := _text(cells, "subject"):
        return subject_kind_named(_text(cells, "subject_kind")) or "title", subject
    for name, kind in _SUBJECTS.items():
        if subject := _text(cells, name):
            stated = _text(cells, "subject_kind") if name == "title" else None
            return subject_kind_named(stated) or kind, subject
    return None, None


def _text(cells: Mapping[str, str], name: str) -> str | None:
    cell = cells.get(name)
    return None if cell is None or is_no_id(cell) else cell.strip()


def _instant(cell: str | None, order: DateOrder) -> object:
    """Epoch milliseconds of a cell; as it came where it is no time."""
    if cell is None or not cell.strip():
        return None
    if found := _KOREAN_DAY.fullmatch(cell.strip()):
        cell = f"20{found[1]}-{found[2]}-{found[3]}"
    instant = read_instant(cell, order)
    return cell if instant is None else instant


def _created(cell: str | None, order: DateOrder, repairs: Repairs) -> object:
    """When a review was written; what tables have no time for is left out, and not the review."""
    instant = _instant(cell, order)
    if isinstance(instant, int) and instant < FIRST_INSTANT_MS:
        repairs["created_at_before_2005_left_out"] += 1
        return None
    return instant
