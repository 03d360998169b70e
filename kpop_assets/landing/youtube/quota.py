"""What YouTube grants and limits.

Belongs here: its buckets, their day, the size of a call, and the ledger set up for them. Does not
belong here: counting (net/ledger.py) or what the quota is best spent on (calls.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.ledger import QuotaLedger, utc_now

# Items of a page, and ids of a call, at most.
PAGE_SIZE = 50


class Quota(StrEnum):
    """A quota that YouTube counts by itself."""

    SEARCH = "search"
    STATS = "batch_stats"
    READS = "reads"


# Calls (search) or units a Pacific day, as granted to every project since 2026-06-01.
LIMITS = {Quota.SEARCH: 100, Quota.STATS: 10_000, Quota.READS: 10_000}


def open_ledger(
    path: Path, share: float = 0.5, now: Callable[[], dt.datetime] = utc_now
) -> QuotaLedger:
    """The ledger of YouTube's quotas.

    Args:
        path: the file, created with its folder at the first spending.
        share: part of each limit that may be spent, above 0 up to 1.
        now: the clock (aware).
    """
    buckets = [QuotaBucket(name, limit, "America/Los_Angeles") for name, limit in LIMITS.items()]
    return QuotaLedger(
        path, buckets, "YouTube", share=share, share_name="KPOP_QUOTA_SHARE", now=now
    )
