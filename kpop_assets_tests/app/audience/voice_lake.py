"""A small lake of what people say of two acts: scores, clauses, voices and moods.

Belongs here: rows written out. Does not belong here: a test.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.snapshot import Snapshot
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.contracts.audience_scores import SUBJECT_SCORES
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows

VIDEO = "abcdefghijk"


def score(artist: str, measure: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A row of scores about an act, of `DAY` unless it says otherwise."""
    return {
        **{"ingest_date": DAY, "subject_kind": "act", "subject": artist, "artist": artist},
        **{"measure": measure, "said_by": "all", "aspect": "all", "score_value": value},
        **{"low": value and value - 0.1, "high": value and value + 0.1, "review_count": 40},
        **{"plain_score_value": value, "left_out": '{"no_rating": 3}', **more},
    }


def clause(number: int, part: str, aspect: str, sentiment: float, **voice: Any) -> dict[str, Any]:
    """A clause of a voice about IVE, with what the voice and its mood are."""
    return {
        **{"ingest_date": DAY, "review_id": f"youtube:{number}", "source": "youtube"},
        **{"clause_text": part, "aspect": aspect, "sentiment": sentiment, "artist": "IVE"},
        **{"subject_kind": "video", "subject": VIDEO, "voice_kind": "text", "likes": number},
        **{"text": f"오늘 {part}! 진짜로", "is_quotable": True},
        **{"p_positive": max(sentiment, 0.0), "p_negative": max(-sentiment, 0.0)},
        **voice,
    }


SCORES = [
    score("IVE", "net_sentiment", 0.4, review_count=90),
    score("IVE", "net_sentiment", 0.2, ingest_date=days_ago(1)),
    score("IVE", "net_sentiment", 0.7, aspect="dance", cohort_value=0.3),
    score("IVE", "net_sentiment", -0.5, aspect="song"),
    score("IVE", "weighted_rating", 8.25, prior_mean=7.0, prior_count=20, plain_score_value=8.0),
    score("IVE", "tomatometer", 81.0, said_by="user", score_verdict="fresh"),
    score(
        *("IVE", "metascore", 61.4),
        **{"said_by": "critic", "score_verdict": "green", "down_weighted_count": 2},
        plain_score_value=50.0,
    ),
    score("aespa", "net_sentiment", 0.1),
    score("aespa", "net_sentiment", 0.3, aspect="dance"),
    score("IVE", "net_sentiment", 0.6, subject_kind="video", subject=VIDEO, review_count=12),
    score(
        *("IVE", "metascore", 60.5),
        **{"said_by": "critic", "score_verdict": "green"},
        **{"subject_kind": "video", "subject": VIDEO},
    ),
]
CLAUSES = [
    clause(1, "안무가 정말 좋다 <b>", "dance", 0.6),
    clause(9, "안무가 최고다 진짜로", "dance", 0.8),
    clause(5, "노래는 너무 별로였다", "song", -0.6),
    clause(50, "안무 욕설이 들어 있다", "dance", 0.9, is_quotable=False),
    clause(60, "안무가 좋다 복사한 글", "dance", 0.9, is_flood=True),
    clause(70, "안무가 좋다 다른 팀의", "dance", 0.9, artist="aespa"),
    clause(80, "보컬이 그냥 그랬다고", "vocal", 0.1),
    clause(90, "라이브가 최고라고 하던데", "live", 0.8, p_positive=0.2, p_negative=0.7),
    clause(93, "third listen", "lyrics", 0.8, text="third listen and they look stunning"),
    clause(95, "이거 랩이 최고인가요", "rap", 0.8, text="이거 랩이 최고인가요? 궁금해요"),
]


def write_voices(home: Path) -> Snapshot:
    """The lake."""
    write_rows(home, SUBJECT_SCORES, SCORES)
    for table in (ASPECTS, VOICES, SENTIMENTS):
        names = set(table.column_names)
        rows = [{k: v for k, v in row.items() if k in names} for row in CLAUSES]
        snapshot = write_rows(home, table, rows)
    return snapshot
