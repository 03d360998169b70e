"""Who may ask: keys, of which only hashes are configured.

Belongs here: whether a request has a key that counts. Does not belong here: how much one may ask
for (rate_limits.py), or which addresses need none (entrance.py).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

BEARER = "bearer "


class ApiKeys:
    """The keys of an installation.

    Args:
        hashes: SHA-256 of each key, in hexadecimal digits; none lets everybody in.
    """

    def __init__(self, hashes: Sequence[str]) -> None:
        self._hashes = tuple(each.encode() for each in hashes)

    @property
    def are_asked_for(self) -> bool:
        """Whether a request needs a key at all."""
        return bool(self._hashes)

    def number_of(self, key: str) -> int | None:
        """Which of the keys it is; None for none of them.

        It takes as long for a key that is nearly right as for any other: all are compared, and in
        constant time.
        """
        digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest().encode()
        found = None
        for number, known in enumerate(self._hashes):
            if hmac.compare_digest(digest, known):
                found = number
        return found


def key_said(authorization: str, x_api_key: str) -> str:
    """The key of a request by either header; empty where there is none."""
    if authorization[: len(BEARER)].lower() == BEARER:
        return authorization[len(BEARER) :].strip()
    return x_api_key.strip()
