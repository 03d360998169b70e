"""Which columns tables of reviews have, under which names, in English and Korean.

Belongs here: the names that such files give their columns, and the form that is Naver's alone.
Does not belong here: reading a row (review_tables.py), or what a cell means (review_subjects.py,
review_ratings.py, review_names.py).
"""

from __future__ import annotations

from kpop_assets.landing.sources.layouts import CellColumn, Format, Layout

NAVER = Layout("Naver", ("review_id", "movie_id", "date", "rating", "review"), True)
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
        NAVER,
    ),
)
