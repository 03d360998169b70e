"""What can go wrong between the collector and YouTube; every text is one line for its reader.

Belongs here: the classes, and what each tells its catcher to do. Does not belong here: how an
answer of YouTube is told apart (refusals.py) or what the collector does about it (collector.py).
"""

from __future__ import annotations

import datetime as dt

from kpop_assets.errors import KpopError


class YouTubeError(KpopError):
    """Collecting from YouTube failed; the text is one line that names the thing and the way out."""


class KeyRefusedError(YouTubeError):
    """The key is missing, or YouTube does not accept it: no call can work until it is mended."""


class QuotaSpentError(YouTubeError):
    """The day's quota is spent; nothing was sent, or YouTube itself refused for the quota.

    Attributes:
        bucket: the `quota.Bucket` that is empty.
        resets_at: when calls are possible again (aware, UTC).
    """

    def __init__(self, text: str, bucket: str, resets_at: dt.datetime) -> None:
        super().__init__(text)
        self.bucket = bucket
        self.resets_at = resets_at


class UnavailableError(YouTubeError):
    """YouTube still failed after every retry, or failed so often that calls are paused."""


class RefusedError(YouTubeError):
    """YouTube refuses this one request for itself; others can go on.

    Attributes:
        status: HTTP status code.
        reason: YouTube's word for it, such as `playlistNotFound`.
    """

    def __init__(self, text: str, status: int = 0, reason: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.reason = reason
