"""Spotify's client on our wire: spotipy says what to ask, net/ how it is asked.

Belongs here: carrying a request of spotipy's over a caller of net/, what a status means, whose
secrets travel. Does not belong here: what is asked for (collection.py), or what an application may
(abilities.py).

A 4xx other than 429 is an answer, which spotipy tells by its status; only silence, a cut, a 429 and
a 5xx are tried again, at the pace and within the count of net/.
"""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from spotipy import Spotify, SpotifyClientCredentials
from spotipy.cache_handler import MemoryCacheHandler

from kpop_assets.errors import KpopError
from kpop_assets.net.attempt import Answer, Http, HttpRequest
from kpop_assets.net.breaker import Breaker
from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.caller import Caller, RetryRule
from kpop_assets.net.errors import AnswerError
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets.net.pace import Pace
from kpop_assets.net.redaction import Secrets

SERVICE = "spotify"
# Spotify publishes no number: a ceiling of ours, and a request a second.
BUCKET = QuotaBucket(SERVICE, 5_000)
_A_MINUTE = 60
_RETRY = RetryRule(attempts=4, first_pause=1.0, longest_pause=16.0, longest_wait=120.0)
_API, _TOKENS = "https://api.spotify.com/v1/", "https://accounts.spotify.com/api/token"
_CARRIED = ("authorization", "accept-language", "content-type")


@dataclass(frozen=True)
class SpotifyAccess:
    """How Spotify is asked.

    Attributes:
        client_id: id of the application.
        secret: its secret.
        state: the file of what was spent, of pauses and turns.
        user_agent: who asks.
        endpoint: an address to use instead of Spotify's own; empty is its own.
        clock: seconds of the clock.
        sleep: waits (seconds).
    """

    client_id: str
    secret: str = field(repr=False)
    state: Path
    user_agent: str
    endpoint: str
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @property
    def ledger(self) -> QuotaLedger:
        """What was spent of the ceiling."""
        return QuotaLedger(self.state, [BUCKET], "Spotify")


def open_spotify(access: SpotifyAccess) -> Spotify:
    """The client, which has asked nothing yet."""
    # It logs tokens where somebody asks for everything, and every refusal as an error.
    logging.getLogger("spotipy").setLevel(logging.CRITICAL)
    basic = base64.b64encode(f"{access.client_id}:{access.secret}".encode()).decode()
    # A caller of its own: what hides a token would hide it in the answer that gives it, too.
    tokens = _session(access, Secrets(access.secret, basic))
    manager = SpotifyClientCredentials(
        access.client_id,
        access.secret,
        requests_session=tokens,
        cache_handler=MemoryCacheHandler(),
    )
    client = Spotify(
        auth_manager=manager,
        requests_session=_session(access, Secrets(access.secret, basic), True),
        requests_timeout=None,
    )
    elsewhere = access.endpoint.rstrip("/")
    manager.OAUTH_TOKEN_URL = f"{elsewhere}/spotify/api/token" if elsewhere else _TOKENS
    client.prefix = f"{elsewhere}/spotify/v1/" if elsewhere else _API
    return client


def _session(
    access: SpotifyAccess, secrets: Secrets, hides_tokens: bool = False
) -> requests.Session:
    session = requests.Session()
    # No netrc and no proxy of its own: the wire has what the environment says.
    session.trust_env = False
    adapter = _NetAdapter(_caller(access, secrets), secrets if hides_tokens else None)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def _caller(access: SpotifyAccess, secrets: Secrets) -> Caller:
    return Caller(
        SERVICE,
        Http(access.user_agent, secrets=secrets),
        _judge,
        Breaker(access.state, SERVICE, clock=access.clock),
        ledger=access.ledger,
        pace=Pace(
            access.state, SERVICE, a_minute=_A_MINUTE, clock=access.clock, sleep=access.sleep
        ),
        retry=_RETRY,
        sleep=access.sleep,
    )


def _judge(answer: Answer) -> KpopError | None:
    """Whether an answer is one: JSON, or a refusal."""
    status = answer.status
    is_momentary = status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500
    if is_momentary or not (200 <= status < 300 or 400 <= status < 500):
        return AnswerError(
            f"HTTP {status}",
            status=status,
            retry_after=answer.retry_after(),
            may_pass=is_momentary,
        )
    if status < 300 and not isinstance(answer.data(), dict):
        what = "the answer is not Spotify's: cut off, or of something between"
        return AnswerError(what, status=status, may_pass=True)
    return None


class _NetAdapter(BaseAdapter):
    """What requests sends, over a caller of net/."""

    def __init__(self, caller: Caller, hidden: Secrets | None) -> None:
        super().__init__()
        self._caller, self._hidden = caller, hidden

    def send(
        self, request: requests.PreparedRequest, *args: object, **more: object
    ) -> requests.Response:
        """A whole answer of any status.

        Raises:
            NetError: there was none.
        """
        headers = {k: str(v) for k, v in request.headers.items() if k.lower() in _CARRIED}
        if self._hidden and (token := headers.get("Authorization", "").removeprefix("Bearer ")):
            self._hidden.add(token)
        parts = urlsplit(request.url or "")
        body = request.body
        text = body.decode() if isinstance(body, bytes) else body
        asked = HttpRequest(
            (request.url or "").partition("?")[0],
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers,
            dict(parse_qsl(text)) if isinstance(text, str) else None,
        )
        return _response(request, self._caller.call(asked, SERVICE))

    def close(self) -> None:
        """Nothing is kept open."""


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    found = requests.Response()
    found.status_code = answer.status
    found.request, found.url = request, request.url or ""
    kept: Mapping[str, str] = {
        k: v for k, v in answer.headers.items() if k not in ("content-encoding", "content-length")
    }
    found.headers = CaseInsensitiveDict(kept)
    found.encoding = "utf-8"
    found.raw = io.BytesIO(answer.body)
    return found
