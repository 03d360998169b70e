"""How many posts of Reddit's K-POP board spoke of a subject, day by day.

Belongs here: Reddit's form. Does not belong here: what is made of the counts (signals.py).

Since 2025-11 Reddit gives access by approval alone, to an application with an id and a secret; off
where none is set.
"""

from __future__ import annotations

import base64
import datetime as dt

from kpop_assets.contracts import signal_rules
from kpop_assets.lens.outside.answers import (
    CEILING,
    NO_NAME,
    ODD_ANSWER,
    DaySeries,
    UntoldError,
    are_objects,
    fields_of,
    objects_in,
    series_until,
    text_in,
)
from kpop_assets.lens.outside.services import REDDIT, REDDIT_TOKENS, Asker, Line
from kpop_assets.net.redaction import Secrets

_BOARD = "/r/kpop/search"
_PAGE_SIZE, _MOST_PAGES = 100, 3
_DAY = dt.timedelta(days=1)


class Reddit:
    """Posts about a subject.

    Args:
        asker: who asks.
        application: `id:secret` of the application that Reddit approved.
    """

    def __init__(self, asker: Asker, application: str) -> None:
        self._asker = asker
        self._secrets = Secrets(application, application.partition(":")[2])
        basic = base64.b64encode(application.encode()).decode()
        self._secrets.add(basic)
        headers = {"authorization": f"Basic {basic}"}
        self._tokens = Line(asker, REDDIT_TOKENS, _is_token, headers, self._secrets)
        self._line: Line | None = None

    def count_by_day(self, name: str | None, today: dt.date) -> DaySeries:
        """Posts with a name, for the last whole days (UTC).

        Args:
            name: as posts write it.
            today: the day in UTC, which has not ended.

        Raises:
            NetError: there is no name, no answer, or more posts than can be counted.
        """
        phrase = " ".join((name or "").replace('"', " ").split())
        if not phrase:
            raise UntoldError("no name is known", NO_NAME)
        first, last = today - signal_rules.SIGNAL_DAYS * _DAY, today - _DAY
        counts: dict[dt.date, int] = {}
        after: str | None = ""
        for _ in range(_MOST_PAGES):
            days, after = self._page(phrase, after or "")
            for day in days:
                counts[day] = counts.get(day, 0) + 1
            if not after or (days and min(days) < first):
                return _series(counts, first, last)
        raise UntoldError("there are more posts than can be counted", CEILING)

    def _page(self, phrase: str, after: str) -> tuple[list[dt.date], str | None]:
        params = {
            "q": f'"{phrase}"',
            "restrict_sr": "1",
            "sort": "new",
            "t": "month",
            "limit": str(_PAGE_SIZE),
            **({"after": after} if after else {}),
        }
        data = fields_of(self._authorised().ask(params, _BOARD).data(), "data")
        stamps = [
            fields_of(post, "data").get("created_utc") for post in objects_in(data["children"])
        ]
        days = [_day(stamp) for stamp in stamps]
        known = [day for day in days if day]
        if len(known) < len(days):
            raise UntoldError("a post has no time", ODD_ANSWER)
        return known, text_in(data, "after")

    def _authorised(self) -> Line:
        if self._line is None:
            token = text_in(
                self._tokens.ask(form={"grant_type": "client_credentials"}).data(), "access_token"
            )
            if token is None:
                raise UntoldError("Reddit gave no token", ODD_ANSWER)
            self._secrets.add(token)
            headers = {"authorization": f"Bearer {token}"}
            self._line = Line(self._asker, REDDIT, _is_listing, headers, self._secrets)
        return self._line


def _series(counts: dict[dt.date, int], first: dt.date, last: dt.date) -> DaySeries:
    if not any(first <= day <= last for day in counts):
        raise UntoldError("nobody posted about it")
    return series_until(last, counts, signal_rules.SIGNAL_DAYS)


def _is_token(body: object) -> bool:
    return text_in(body, "access_token") is not None


def _is_listing(body: object) -> bool:
    return are_objects(fields_of(body, "data").get("children"))


def _day(stamp: object) -> dt.date | None:
    if not isinstance(stamp, int | float) or isinstance(stamp, bool):
        return None
    try:
        return dt.datetime.fromtimestamp(stamp, dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
