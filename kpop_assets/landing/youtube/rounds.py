"""Collections as rounds of a day: beginning one, finding one that stopped, how far it is.

Belongs here: the tables `collection` and `work`, read and begun. Does not belong here: what a page
changes in them (store.py).
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping

from kpop_assets.days import seoul_day
from kpop_assets.landing.youtube.schema import Database
from kpop_assets.landing.youtube.work import (
    LOOKUP,
    OPEN,
    REFRESH,
    SEARCH,
    UPLOAD,
    Collection,
    Counts,
    Work,
)

_UNREAD = {
    REFRESH: "videos to refresh",
    LOOKUP: "channels",
    UPLOAD: "upload pages",
    SEARCH: "search pages",
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

    def refusals(self, collection: int) -> list[str]:
        """What YouTube refused, in its words."""
        sql = "SELECT note FROM work WHERE collection = ? AND state = 'refused' ORDER BY id"
        return [row[0] for row in self.database.rows(sql, collection)]

    def unread(self, collection: int) -> dict[str, int]:
        """What the open items would still fetch, by the kinds of a plan's `left_out`."""
        left: Counter[str] = Counter()
        for work in self.works(collection, OPEN):
            kind = _UNREAD[work.kind]
            left[kind] += len(work.params.get("ids", ())) or work.pages_left
        return dict(left)

    def counts(self, collection: int) -> Counts:
        """Results found, new videos and refreshed videos of a collection."""
        found = self.database.number("SELECT sum(found) FROM work WHERE collection = ?", collection)
        sql = "SELECT count(*) FROM record WHERE collection = ? AND is_new = ?"
        new, old = (self.database.number(sql, collection, is_new) for is_new in (1, 0))
        return Counts(found, new, old)
