"""What the collector keeps for itself, beyond the limit.

Belongs here: the collector's file as a place where API data stands. Does not belong here: its
tables (landing/youtube/).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kpop_assets.days import day_start_ms
from kpop_assets.landing.youtube.schema import CollectionBusyError, collecting_alone
from kpop_assets.landing.youtube.store import Store


def forget_collected(path: Path, before: dt.date) -> int:
    """Remove what the collector saw before a day, and its bytes from the file.

    A collection that is at work keeps the file to itself: the next purge comes back to it.

    Args:
        path: the collector's SQLite file; it may not exist.
        before: first day that is kept.

    Returns:
        Rows removed or emptied.

    Raises:
        YouTubeError: the file cannot be used.
    """
    if not path.exists():
        return 0
    try:
        with collecting_alone(path), Store(path) as store:
            connection = store.database.connection
            earlier = connection.total_changes
            with store.database.transaction() as transaction:
                # Read but never landed: too late for that now.
                transaction.execute("DELETE FROM record WHERE day < ?", (before.isoformat(),))
            store.forget(day_start_ms(before))
            removed = connection.total_changes - earlier
            if removed:
                # SQLite leaves what was deleted in free pages of the file.
                connection.execute("VACUUM")
            return removed
    except CollectionBusyError:
        return 0
