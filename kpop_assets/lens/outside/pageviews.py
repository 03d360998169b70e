"""How often Wikipedia's articles about a subject were read, day by day.

Belongs here: the pageviews API's form. Does not belong here: which articles (entities.py).

Only readers are counted (agent `user`), Korean and English together. A day comes hours after it
ended, now and then a day later, so the series ends with the last day that every article has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from urllib.parse import quote

from kpop_assets.contracts import signal_rules
from kpop_assets.lens.outside.answers import (
    LATE_DAYS,
    NO_NAME,
    DaySeries,
    UntoldError,
    are_objects,
    counted_days,
    fields_of,
    objects_in,
    series_until,
)
from kpop_assets.lens.outside.services import WIKIPEDIA, Asker, Line

_DAY = dt.timedelta(days=1)


class Pageviews:
    """Readers of articles.

    Args:
        asker: who asks.
    """

    def __init__(self, asker: Asker) -> None:
        self._line = Line(asker, WIKIPEDIA, _is_list)

    def read_by_day(self, articles: Mapping[str, str | None], today: dt.date) -> DaySeries:
        """Readers of all the articles, for `signal_rules.SIGNAL_DAYS` days.

        Args:
            articles: title by language, as `ko`.
            today: the day in UTC, which has not ended.

        Raises:
            NetError: there is no title, no answer, or nothing in it.
        """
        titles = {language: title for language, title in articles.items() if title}
        if not titles:
            raise UntoldError("no article is known", NO_NAME)
        found = [self._counts(language, title, today) for language, title in titles.items()]
        # An article has readers every day: one without them would make a sum of the others alone.
        last = min(max(counts, default=dt.date.min) for counts in found)
        if last < today - LATE_DAYS * _DAY:
            raise UntoldError("an article has no readers of late")
        sums: dict[dt.date, int] = {}
        for day, count in (pair for counts in found for pair in counts.items()):
            sums[day] = sums.get(day, 0) + count
        return series_until(last, sums, signal_rules.SIGNAL_DAYS)

    def _counts(self, language: str, title: str, today: dt.date) -> dict[dt.date, int]:
        """Readers by day."""
        first, last = today - (signal_rules.SIGNAL_DAYS + LATE_DAYS) * _DAY, today - _DAY
        name = quote(title.replace(" ", "_"), safe="")
        days = f"{first:%Y%m%d}00/{last:%Y%m%d}00"
        path = f"/{language}.wikipedia.org/all-access/user/{name}/daily/{days}"
        body = self._line.ask(path=path).data()
        items = objects_in(body["items"])
        counts = counted_days((item.get("timestamp"), item.get("views")) for item in items)
        return {day: count for day, count in counts.items() if day <= last}


def _is_list(body: object) -> bool:
    return are_objects(fields_of(body).get("items"))
