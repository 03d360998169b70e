"""The collector's SQLite file: its tables, its lock, one transaction at a time.

Belongs here: the tables and how a transaction begins and ends. Does not belong here: what stands
in them (store.py, known.py); the quota ledger keeps tables of its own in the same file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kpop_assets.landing.youtube.errors import YouTubeError

_TABLES = """
CREATE TABLE IF NOT EXISTS collection (
    id INTEGER PRIMARY KEY, ask TEXT NOT NULL, day TEXT NOT NULL, round INTEGER NOT NULL,
    started_ms INTEGER NOT NULL, left_out TEXT NOT NULL, is_open INTEGER NOT NULL DEFAULT 1,
    UNIQUE (day, round));
CREATE TABLE IF NOT EXISTS work (
    id INTEGER PRIMARY KEY, collection INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    params TEXT NOT NULL, token TEXT, pages_left INTEGER NOT NULL, state TEXT NOT NULL,
    found INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '',
    UNIQUE (collection, kind, name));
CREATE TABLE IF NOT EXISTS hit (
    work INTEGER NOT NULL, position INTEGER NOT NULL, video_id TEXT NOT NULL,
    PRIMARY KEY (work, position));
CREATE TABLE IF NOT EXISTS pending (
    video_id TEXT PRIMARY KEY, query TEXT NOT NULL, region TEXT NOT NULL,
    found_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS record (
    collection INTEGER NOT NULL, video_id TEXT NOT NULL, observed_ms INTEGER NOT NULL,
    day TEXT NOT NULL, is_new INTEGER NOT NULL, line BLOB, batch INTEGER,
    PRIMARY KEY (collection, video_id));
CREATE TABLE IF NOT EXISTS video (
    video_id TEXT PRIMARY KEY, about TEXT, published_ms INTEGER, observed_ms INTEGER NOT NULL,
    view_count INTEGER, pace REAL NOT NULL DEFAULT 0, is_gone INTEGER NOT NULL DEFAULT 0,
    missed_day TEXT, about_ms INTEGER);
CREATE TABLE IF NOT EXISTS playlist (
    channel_id TEXT PRIMARY KEY, playlist_id TEXT, fetched_ms INTEGER NOT NULL, rest TEXT);
CREATE TABLE IF NOT EXISTS channel (
    channel_id TEXT PRIMARY KEY, subscriber_count INTEGER, fetched_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS searched (query TEXT PRIMARY KEY, searched_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS comment (
    comment_id TEXT PRIMARY KEY, video_id TEXT NOT NULL, published_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS commented (
    video_id TEXT PRIMARY KEY, state TEXT NOT NULL, read_ms INTEGER NOT NULL);
"""
# Columns of `video` that an earlier version of the file does not have.
_LATER = {"missed_day": "TEXT", "about_ms": "INTEGER"}


class CollectionBusyError(YouTubeError):
    """Another collection is running on the same store."""

    may_pass = True


def unusable(path: Path, error: Exception) -> YouTubeError:
    """The error for a file that SQLite or the system does not let us use."""
    return YouTubeError(
        f"cannot use the collector's file {path} ({' '.join(str(error).split())})",
        "check that its folder can be written and has room, or move the file away: the next "
        "collection makes a new one",
    )


class Database:
    """The file, created if it is missing; close it.

    Raises:
        YouTubeError: the file cannot be made, or is no database.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        except (sqlite3.Error, OSError) as error:
            raise unusable(path, error) from error
        try:
            self._set_up()
        except sqlite3.Error as error:
            self.connection.close()
            raise unusable(path, error) from error

    def _set_up(self) -> None:
        self.connection.row_factory = sqlite3.Row
        # A commit is one write to the disk this way, and three without it.
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.executescript(_TABLES)
        there = {row["name"] for row in self.rows("PRAGMA table_info(video)")}
        for name, kind in _LATER.items():
            if name not in there:
                self.connection.execute(f"ALTER TABLE video ADD COLUMN {name} {kind}")

    def close(self) -> None:
        """Close the connection; what was committed stays."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing: what is done inside is committed at the end, or undone."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            # A full disk makes SQLite roll back by itself.
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a query."""
        return self.connection.execute(sql, values).fetchall()

    def number(self, sql: str, *values: object) -> int:
        """The one number that a query gives; 0 where it gives none."""
        row = self.connection.execute(sql, values).fetchone()
        return int(row[0]) if row and row[0] is not None else 0


@contextmanager
def collecting_alone(path: Path) -> Iterator[None]:
    """Keep a second collection off a store; the system frees the lock when its holder dies.

    Raises:
        CollectionBusyError: another process or thread holds it.
        YouTubeError: the lock cannot be made.
    """
    lock = FileLock(path.with_suffix(".lock"), timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise CollectionBusyError(
            f"a collection is running on {path}", "wait for it, it lands what it reads"
        ) from error
    except OSError as error:
        raise unusable(path, error) from error
    try:
        yield
    finally:
        lock.release()
