"""From which day on API data may stand in the data folder.

Belongs here: the limit as a day. Does not belong here: what is removed (purge.py) or the limit's
setting (settings.py).
"""

from __future__ import annotations

import datetime as dt

from kpop_assets.days import seoul_now


def first_kept_day(now: dt.datetime, limit_days: int) -> dt.date:
    """The first ingest date whose API data may still be stored at `now`.

    A day goes as a whole, while its oldest instant is not yet `limit_days` old and will not be
    before the next purges: with 30 days, on the morning after it turned 28. Today stays.

    Args:
        now: an aware time.
        limit_days: how long API data may be stored, 1 or more.
    """
    return seoul_now(now).date() - dt.timedelta(days=max(0, limit_days - 2))
