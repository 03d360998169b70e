"""What the tests of the collector's store share: records, a collection, what waits.

Belongs here: set-up without an assertion. Does not belong here: a collector (kit.py).
"""

from __future__ import annotations

from kpop_assets.landing.youtube.rounds import OPEN, UPLOAD, Collection, Work
from kpop_assets.landing.youtube.store import Store

NOW = 1_772_409_600_000  # 2026-03-02 09:00 in Seoul
DAY_MS = 86_400_000
UPLOADS = Work(UPLOAD, "UCx", {}, 3)
QUERY = {
    "region": "KR",
    "max_items": 100,
    "reservoir_k": 64,
    "seed": 1,
    "is_again": False,
    "before": None,
}


def record(video_id: str, at: int = NOW, views: int = 1) -> dict:
    return {"video_id": video_id, "text": "t", "observed_at": at, "view_count": views}


def begin(store: Store, *works: Work) -> Collection:
    return store.begin("ask", NOW, works, {})


def first(store: Store, collection: Collection) -> Work:
    return store.works(collection.id, OPEN)[0]


def waiting(store: Store) -> list[str]:
    return [pending.video_id for pending in store.known.pending()]
