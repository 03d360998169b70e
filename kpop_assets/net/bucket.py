"""A bucket of quota: how much it holds, and when it is full again.

Belongs here: days and hours of the services' own. Does not belong here: what was spent (ledger.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_DAY, _HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@dataclass(frozen=True)
class QuotaBucket:
    """A daily quota that a service counts by itself; or an hourly one.

    Attributes:
        name: its key in the file, unique among all that use the file.
        limit: units a day that the service grants.
        zone: time zone in which its day begins.
        begins: when it begins there.
        is_hourly: whether the limit is of each hour of the clock (UTC) instead.
    """

    name: str
    limit: int
    zone: str = "UTC"
    begins: dt.time = dt.time(0)
    is_hourly: bool = False

    @property
    def period(self) -> dt.timedelta:
        """For how long a limit counts, where clocks are not changed."""
        return _HOUR if self.is_hourly else _DAY

    def day(self, instant: dt.datetime) -> dt.date:
        """The day whose quota an instant (aware) is charged to; the hour (naive, UTC) if hourly."""
        if self.is_hourly:
            hour = instant.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
            return hour.replace(tzinfo=None)
        local = instant.astimezone(ZoneInfo(self.zone))
        return local.date() if local.time() >= self.begins else local.date() - _DAY

    def parsed(self, text: str) -> dt.date:
        """A day, or an hour, as the file has it."""
        return (dt.datetime if self.is_hourly else dt.date).fromisoformat(text)

    def resets_at(self, instant: dt.datetime) -> dt.datetime:
        """When the next day or hour begins, in UTC: a day has 23, 24 or 25 hours."""
        if self.is_hourly:
            begun = instant.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
            return begun + _HOUR
        following = dt.datetime.combine(self.day(instant) + _DAY, self.begins, ZoneInfo(self.zone))
        return following.astimezone(dt.UTC)
