"""Collections as rounds of a day: what they are made of, beginning one, how far it is, its report.

Belongs here: a collection's plain values, and the tables `collection` and `work`, read and begun.
Does not belong here: what a page changes in them (store.py), fetching (collector.py), or how a
report is shown (cli/).
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kpop_assets.days import seoul_day
from kpop_assets.landing.files import LandedFile
from kpop_assets.landing.youtube.quota import Quota
from kpop_assets.landing.youtube.schema import Database
from kpop_assets.net.errors import QuotaSpentError

OPEN, DONE, REFUSED = "open", "done", "refused"
REFRESH, LOOKUP, UPLOAD, SEARCH = "refresh", "lookup", "upload", "search"
_UNREAD = {
    REFRESH: "videos to refresh",
    LOOKUP: "channels",
    UPLOAD: "upload pages",
    SEARCH: "search pages",
}


@dataclass(frozen=True)
class Collection:
    """One round of collecting, and what its plan left out, by kind."""

    id: int
    day: dt.date
    round: int
    left_out: dict[str, int]


@dataclass(frozen=True)
class Work:
    """One item of a collection: a batch of ids, a channel's uploads, or a query.

    Attributes:
        kind: `refresh`, `lookup`, `upload` or `search`.
        name: names it within its kind.
        params: what the call needs.
        pages_left: how many pages may still be read.
        token: the page that comes next.
        id: number in the store; 0 before it stands there.
    """

    kind: str
    name: str
    params: dict[str, Any]
    pages_left: int = 1
    token: str | None = None
    id: int = 0


@dataclass
class CollectionReport:
    """What a run of the collector did.

    Attributes:
        day: Seoul day of the collection.
        round: number of the collection on that day.
        is_resumed: whether it went on with a collection that had stopped.
        spent: calls of this run by bucket, retries included.
        left: calls left by bucket.
        found: results of searches and uploads.
        new: videos seen for the first time.
        refreshed: videos seen again.
        left_out: what did not fit into the quota, by kind.
        refused: what YouTube refused for itself.
        odd: items that answers held and that could not be used, by method.
        stopped: why calls of a bucket ended before their work, one line each.
        landed: the files written.
    """

    day: dt.date
    round: int
    is_resumed: bool
    spent: dict[Quota, int] = field(default_factory=dict)
    left: dict[Quota, int] = field(default_factory=dict)
    found: int = 0
    new: int = 0
    refreshed: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    odd: dict[str, int] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    landed: list[LandedFile] = field(default_factory=list)

    @contextmanager
    def until_spent(self) -> Iterator[None]:
        """End the block, not the collection, when a bucket is spent; note it once."""
        try:
            yield
        except QuotaSpentError as error:
            if str(error) not in self.stopped:
                self.stopped.append(str(error))

    def figures(self) -> dict[str, int | str]:
        """The figures by name, those worth plotting over time as numbers."""
        return {
            "collection_round": self.round,
            **{f"calls_{bucket}": count for bucket, count in self.spent.items()},
            **{f"calls_left_{bucket}": count for bucket, count in self.left.items()},
            "found_count": self.found,
            "new_video_count": self.new,
            "refreshed_video_count": self.refreshed,
            "left_out_count": sum(self.left_out.values()),
            "left_out": "; ".join(f"{count:,} {kind}" for kind, count in self.left_out.items()),
            "odd_item_count": sum(self.odd.values()),
            "refused": "; ".join(self.refused),
            "stopped": "; ".join(self.stopped),
        }


class Rounds:
    """The collections of a store."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(
        self, ask: str, now_ms: int, works: Iterable[Work], left_out: Mapping[str, int]
    ) -> Collection:
        """Start the next round of the day with its work."""
        day = seoul_day(now_ms).isoformat()
        with self.database.transaction() as store:
            number = 1 + self.database.number(
                "SELECT max(round) FROM collection WHERE day = ?", day
            )
            store.execute(
                "INSERT INTO collection (ask, day, round, started_ms, left_out)"
                " VALUES (?, ?, ?, ?, ?)",
                (ask, day, number, now_ms, json.dumps(left_out)),
            )
            key = self.database.number("SELECT last_insert_rowid()")
            store.executemany(
                "INSERT INTO work (collection, kind, name, params, pages_left, state)"
                " VALUES (?, ?, ?, ?, ?, 'open')",
                [(key, w.kind, w.name, json.dumps(w.params), w.pages_left) for w in works],
            )
        return Collection(key, dt.date.fromisoformat(day), number, dict(left_out))

    def unfinished(self, ask: str, since_ms: int) -> Collection | None:
        """The newest collection for the same thing that was started since then and not ended."""
        rows = self.database.rows(
            "SELECT * FROM collection WHERE is_open AND ask = ? AND started_ms >= ?"
            " ORDER BY id DESC LIMIT 1",
            ask,
            since_ms,
        )
        for row in rows:
            day = dt.date.fromisoformat(row["day"])
            return Collection(row["id"], day, row["round"], json.loads(row["left_out"]))
        return None

    def works(self, collection: int, state: str, kind: str | None = None) -> list[Work]:
        """The items in a state, in the order of the plan."""
        rows = self.database.rows(
            "SELECT * FROM work WHERE collection = ? AND state = ? AND kind = coalesce(?, kind)"
            " ORDER BY id",
            collection,
            state,
            kind,
        )
        return [
            Work(
                r["kind"], r["name"], json.loads(r["params"]), r["pages_left"], r["token"], r["id"]
            )
            for r in rows
        ]

    def sum_up(self, collection: Collection, report: CollectionReport) -> None:
        """Fill in what came of a collection so far, and what of its plan is still to do."""
        count = self.database.number
        sql = "SELECT count(*) FROM record WHERE collection = ? AND is_new = ?"
        report.found = count("SELECT sum(found) FROM work WHERE collection = ?", collection.id)
        report.new, report.refreshed = (count(sql, collection.id, is_new) for is_new in (1, 0))
        report.refused += self._refusals(collection.id)
        left_out = Counter(collection.left_out) + self._unread(collection.id)
        report.left_out = dict(left_out)

    def _refusals(self, collection: int) -> list[str]:
        """What YouTube refused, in its words."""
        sql = "SELECT note FROM work WHERE collection = ? AND state = 'refused' ORDER BY id"
        return [row[0] for row in self.database.rows(sql, collection)]

    def _unread(self, collection: int) -> Counter[str]:
        """What the open items would still fetch, by the kinds of a plan's `left_out`."""
        left: Counter[str] = Counter()
        for work in self.works(collection, OPEN):
            left[_UNREAD[work.kind]] += len(work.params.get("ids", ())) or work.pages_left
        return left
