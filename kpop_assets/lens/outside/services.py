"""The services that are asked what the world says: their addresses, ceilings and caches.

Belongs here: what each service grants and how long an answer of it serves, and a caller for it.
Does not belong here: what a request or an answer looks like (a module a service), or what is made
of what they told (signals.py, entities.py).

Ceilings are ours where a service publishes none, and below its own where it does: Wikimedia takes
200 requests a minute and three at once from who says how to be reached (10 a minute from others,
who are not asked for), GDELT one in five seconds.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path

from kpop_assets.lens.outside.answers import judge_of
from kpop_assets.net.attempt import Answer, Http, HttpRequest
from kpop_assets.net.breaker import Breaker
from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.cache import Cache
from kpop_assets.net.caller import Caller, RetryRule
from kpop_assets.net.ledger import QuotaLedger, utc_now
from kpop_assets.net.pace import Pace
from kpop_assets.net.redaction import Secrets

SILENT_SECONDS = 10.0
_DAY_SECONDS = 86_400
# A second try mends what is momentary; what fails then is shown as missing, and nothing waits.
_RETRY = RetryRule(attempts=2, first_pause=1.0, longest_pause=2.0, longest_wait=10.0)


@dataclass(frozen=True)
class Offer:
    """A service as it is offered.

    Attributes:
        bucket: its name, and how often it may be asked.
        address: where its requests begin.
        fresh_seconds: for how long an answer serves the same question.
        a_minute: requests a minute, at most.
        at_once: requests under way at the same time, at most; 0 is any number.
    """

    bucket: QuotaBucket
    address: str
    fresh_seconds: int
    a_minute: float
    at_once: int = 0

    @property
    def name(self) -> str:
        """Its name, in files and reasons."""
        return self.bucket.name


WIKIPEDIA = Offer(
    QuotaBucket("wikipedia", 500, is_hourly=True),
    "https://wikimedia.org/api/rest_v1/metrics/pageviews/per-article",
    fresh_seconds=3_600,
    a_minute=200,
    at_once=3,
)
WIKIDATA = Offer(
    QuotaBucket("wikidata", 300, is_hourly=True),
    "https://www.wikidata.org/w/api.php",
    fresh_seconds=_DAY_SECONDS,
    a_minute=200,
    at_once=3,
)
NEWS = Offer(
    QuotaBucket("gdelt", 1_000),
    "https://api.gdeltproject.org/api/v2/doc/doc",
    fresh_seconds=1_800,
    a_minute=12,
    at_once=1,
)
KNOWLEDGE_GRAPH = Offer(
    QuotaBucket("knowledge_graph", 10_000, "America/Los_Angeles"),
    "https://kgsearch.googleapis.com/v1/entities:search",
    fresh_seconds=_DAY_SECONDS,
    a_minute=300,
)
REDDIT = Offer(
    QuotaBucket("reddit", 1_800, is_hourly=True),
    "https://oauth.reddit.com",
    fresh_seconds=600,
    a_minute=30,
)
REDDIT_TOKENS = Offer(REDDIT.bucket, "https://www.reddit.com/api/v1/access_token", 0, 30)
OFFERS = (WIKIPEDIA, WIKIDATA, NEWS, KNOWLEDGE_GRAPH, REDDIT)


@dataclass(frozen=True)
class Asker:
    """Who asks, and where the account of it is kept.

    Attributes:
        home: the data folder.
        contact: how the asker can be reached, in each request's User-Agent.
        endpoint: an address to use instead of every service's own; empty is theirs.
        now: the clock (aware).
        sleep: waits (seconds).
        silent_seconds: for how long a service may say nothing.
    """

    home: Path
    contact: str
    endpoint: str = ""
    now: Callable[[], dt.datetime] = utc_now
    sleep: Callable[[float], None] = time.sleep
    silent_seconds: float = SILENT_SECONDS

    def clock(self) -> float:
        """Seconds of the clock."""
        return self.now().timestamp()

    @property
    def account(self) -> Path:
        """The file of what was spent, of pauses and turns."""
        return self.home / "outside.db"

    def ledger(self) -> QuotaLedger:
        """What was spent of every service's ceiling."""
        buckets = [offer.bucket for offer in OFFERS]
        return QuotaLedger(self.account, buckets, "the service", now=self.now)


class Line:
    """A line to one service, for one thread.

    Args:
        asker: who asks.
        offer: the service.
        is_wanted: whether a body has the form of what was asked for.
        headers: sent with every request, secrets too.
        secrets: values that may be shown nowhere.
    """

    def __init__(
        self,
        asker: Asker,
        offer: Offer,
        is_wanted: Callable[[object], bool],
        headers: Mapping[str, str] | None = None,
        secrets: Secrets | None = None,
    ) -> None:
        self._asker, self._offer, self._judge = asker, offer, judge_of(is_wanted)
        self._headers, self._secrets = headers, secrets
        self._address = offer.address
        if asker.endpoint:
            elsewhere = asker.endpoint.rstrip("/")
            self._address = re.sub(r"^https://[^/]+", f"{elsewhere}/{offer.name}", offer.address)

    def ask(
        self,
        params: Mapping[str, str] | None = None,
        path: str = "",
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """A good answer.

        Raises:
            NetError: there is none; `answers.reason_of` says why in a word.
        """
        request = HttpRequest(self._address + path, params or {}, form=form)
        fresh = self._offer.fresh_seconds
        return self._caller.call(request, self._offer.bucket.name, ttl_seconds=fresh)

    @cached_property
    def _caller(self) -> Caller:
        """Made at the first request: what cannot be set up is why there is no answer."""
        asker, offer, name = self._asker, self._offer, self._offer.name
        return Caller(
            name,
            Http(
                f"kpop-assets/{metadata.version('kpop-assets')} ({asker.contact})",
                self._headers,
                self._secrets,
                timeout_seconds=asker.silent_seconds,
                most_seconds=2 * asker.silent_seconds,
            ),
            self._judge,
            Breaker(asker.account, name, clock=asker.clock),
            ledger=asker.ledger(),
            pace=Pace(
                asker.account,
                name,
                a_minute=offer.a_minute,
                at_once=offer.at_once,
                clock=asker.clock,
                sleep=asker.sleep,
            ),
            cache=Cache(
                asker.home / f"outside-{name}.db", keep_seconds=_DAY_SECONDS, clock=asker.clock
            ),
            retry=_RETRY,
            sleep=asker.sleep,
        )
